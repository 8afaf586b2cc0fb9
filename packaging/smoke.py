"""Smoke test of a built or installed application, used as a student would.

    python packaging/smoke.py dist/upschedule/upschedule

It runs commands, reads a PDF through its own child process and writes a calendar; its window opens, imports what a
second start hands over, accepts it, shows the week and remembers it; offscreen and, if Xvfb is installed, on an X
display.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.drawing import semester  # noqa: E402 - the drawn documents that the tests read too

TIMEOUT_SECONDS = 40.0  # seconds for anything the window does


def wait_until(what: str, done: Callable[[], bool]) -> None:
    """Waits for a condition; fails the test if it does not come true."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not done():
        if time.monotonic() > end:
            raise SystemExit(f"smoke: {what} did not happen within {TIMEOUT_SECONDS:.0f} s")
        time.sleep(0.1)


def count_imports(profile: Path) -> int:
    """Returns the number of imports in the profile."""
    path = profile / "timetable.sqlite3"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM records WHERE kind = 'import'").fetchone()[0])


def try_commands(program: Path, pdf: Path, folder: Path) -> None:
    """Tests version, parse and export on the command line, and a calendar in the other shipped language."""
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=60)
    print("version:", version.stdout.strip())
    parsed = subprocess.run([program, "parse", "--json", pdf], capture_output=True, check=True, timeout=60)
    (document,) = json.loads(parsed.stdout)
    assert document["entries"], "the child read no rows"
    assert not document["problems"], document["problems"]
    print("parse:", len(document["entries"]), "rows of", document["kind"])
    calendar = folder / "timetable.ics"
    subprocess.run(
        [program, "export", pdf, "--ics", calendar, "--language", "af", "--term", "S1=2026-02-09..2026-05-22"],
        check=True,
        timeout=60,
        capture_output=True,
    )
    body = calendar.read_bytes().replace(b"\r\n ", b"")
    events = body.count(b"BEGIN:VEVENT")
    assert events, "the calendar is empty"
    assert b"Bron: die dokument" in body, "no Afrikaans came with it"
    print("export:", events, "events")


def check_running(window: subprocess.Popen[bytes]) -> None:
    """Fails the test if the window has ended, with all that is known of why."""
    if window.poll() is not None:
        output = window.stderr.read().decode(errors="replace") if window.stderr else ""
        raise SystemExit(f"smoke: the window ended with {window.returncode}: {output}")


@contextmanager
def running(program: Path, *arguments: object, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Runs the window: it has to stay alive until it is closed, and then exit by itself."""
    window = subprocess.Popen([program, *map(str, arguments)], env=env, stderr=subprocess.PIPE)
    try:
        yield window
        check_running(window)
    finally:
        window.send_signal(signal.SIGTERM)
        try:
            window.wait(20)
        except subprocess.TimeoutExpired:
            window.kill()
            window.wait()


def try_offscreen(program: Path, pdf: Path, folder: Path) -> None:
    """Tests the window offscreen: it starts, opens its profile and reads the file it was given."""
    profile = folder / "offscreen"
    with running(program, "--profile", profile, pdf, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}) as window:
        wait_until("the profile", (profile / "timetable.sqlite3").exists)
        time.sleep(2)
        check_running(window)
    print("offscreen: started")


def try_on_screen(program: Path, pdf: Path, folder: Path) -> None:
    """Tests the window on an X display, used by mouse and keyboard."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        print("on screen: skipped, Xvfb or xdotool is not installed")
        return
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        display = f":{os.fdopen(read).readline().strip()}"
        env = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        profile = folder / "screen"

        def xdo(*arguments: object) -> str:
            done = subprocess.run(
                ["xdotool", *map(str, arguments)], env=env, capture_output=True, text=True, check=False
            )
            return done.stdout.strip()

        def find() -> str:
            return xdo("search", "--onlyvisible", "--name", "UP Schedule Generator").split("\n")[0]

        with running(program, "--profile", profile, env=env):
            wait_until("the window", lambda: bool(find()))
            second = subprocess.run([program, "--profile", profile, pdf], env=env, timeout=TIMEOUT_SECONDS, check=False)
            assert second.returncode == 0, "a second start did not hand its file over"
            print("on screen: a second start handed over its file")
            # The review opens by itself once the file is read, with a picture of its page; its one button stands at the
            # top right, where the page before has another.
            wait_until("the review", lambda: screen_colours(env) > 500)
            _, _, *size = xdo("getwindowgeometry", "--shell", find()).split("\n")
            width = int(next(line for line in size if line.startswith("WIDTH=")).partition("=")[2])

            def accept() -> bool:
                xdo("mousemove", "--window", find(), width - 50, 33, "click", 1)  # left of it is Discard
                time.sleep(0.5)
                return count_imports(profile) > 0

            wait_until("accepting the import", accept)
        print("on screen: imported and accepted")
        with running(program, "--profile", profile, env=env):
            wait_until("the window again", lambda: bool(find()))
            xdo("key", "--window", find(), "ctrl+2")
            wait_until("the week", lambda: screen_colours(env) > 20)
        print("on screen: the week is shown again")
    finally:
        screen.terminate()
        screen.wait()


def screen_colours(env: dict[str, str]) -> int:
    """Returns the number of colours on the screen: a blank window has a handful."""
    code = (
        "from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
        "image = app.primaryScreen().grabWindow(0).toImage();"
        "print(len({image.pixel(x, y) for x in range(200, image.width(), 3) for y in range(60, image.height(), 3)}))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return int(done.stdout)


def main() -> int:
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="smoke-") as name:
        folder = Path(name)
        pdf = semester.write_documents(folder)[0]
        try_commands(program, pdf, folder)
        try_offscreen(program, pdf, folder)
        try_on_screen(program, pdf, folder)
    print("smoke: all well")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
