"""Installs the Windows program into a fresh Wine prefix and uses it as a student would."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import trial_runtime
from PIL import Image
from wine import Prefix, windows_path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.drawing import semester  # noqa: E402 - the drawn documents that the tests read too

NAME = "UP Schedule Generator"
TIMEOUT_SECONDS = 120.0  # seconds for anything the window does
SCREENSHOT_CODE = (
    "import sys; from PySide6.QtGui import QGuiApplication; app = QGuiApplication([]);"
    "app.primaryScreen().grabWindow(0).save(sys.argv[1])"
)
UNINSTALL = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\UPScheduleGenerator"


def run(installer: Path, work: Path) -> None:
    """Runs all steps; each one that fails ends the trial with a message. Screenshots are in `work`/pictures."""
    folder = work / "trial"
    shutil.rmtree(folder, ignore_errors=True)
    pictures = work / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    with x_display() as display:
        prefix = Prefix(folder / "prefix", display)
        prefix.create()
        install_icu_stub(prefix)
        trial = Trial(prefix, installer, folder, pictures)
        trial.install()
        trial.use_commands()
        trial.use_window()
        trial.upgrade()
        trial.uninstall()
    print("Windows: all well")


def install_icu_stub(prefix: Prefix) -> None:
    qt = next((ROOT / "dist" / "windows" / "upschedule").rglob("Qt6Core.dll"))
    trial_runtime.write_icu_stub(qt, prefix.drive / "windows" / "system32" / "icuuc.dll")


class Trial:
    def __init__(self, prefix: Prefix, installer: Path, folder: Path, pictures: Path) -> None:
        self.prefix = prefix
        self.installer = installer
        self.pictures = pictures
        self.documents = folder / "documents"
        self.documents.mkdir(parents=True)
        self.pdf = semester.write_documents(self.documents)[0]
        # Wine's user has the name of the user who runs it.
        (self.home,) = [each for each in (prefix.drive / "users").iterdir() if each.name != "Public"]
        self.program = self.home / "AppData/Local/Programs" / NAME
        self.profile = self.home / "AppData/Local" / NAME

    def install(self) -> None:
        self.prefix.run(self.installer, "/S", timeout=300)
        for name in ("upschedule.exe", "upschedule.com", "uninstall.exe"):
            expect(f"{name} is installed", (self.program / name).exists())
        shortcut = self.home / f"AppData/Roaming/Microsoft/Windows/Start Menu/Programs/{NAME}.lnk"
        expect("the Start menu has it", shortcut.exists())
        expect(
            "PDFs can be opened with it",
            ".pdf" in self.prefix.registry(r"HKCU\Software\Classes\Applications\upschedule.exe"),
        )
        expect(
            "the address scheme is known", "upschedule.exe" in self.prefix.registry(r"HKCU\Software\Classes\upschedule")
        )
        expect("it can be uninstalled", NAME in self.prefix.registry(UNINSTALL))
        print("installed in silence", flush=True)

    def use_commands(self) -> None:
        console = self.program / "upschedule.com"
        version = self.prefix.run(console, "--version").decode().strip()
        expect("the version is told", version.startswith(NAME))
        (document,) = json.loads(self.prefix.run(console, "parse", "--json", windows_path(self.pdf)))
        expect("rows are read", len(document["entries"]) > 0 and not document["problems"])
        calendar = self.documents / "timetable.ics"
        self.prefix.run(console, "export", windows_path(self.pdf), "--ics", windows_path(calendar), status=None)
        events = calendar.read_bytes().count(b"BEGIN:VEVENT")
        expect("a calendar is written", events > 0)
        (document,) = json.loads(
            self.prefix.run(self.program / "upschedule.exe", "parse", "--json", windows_path(self.pdf))
        )
        expect("the windowed program answers into a pipe too", len(document["entries"]) > 0)
        print(f"commands: {version}, {len(document['entries'])} rows, {events} events", flush=True)

    def use_window(self) -> None:
        with self.window(windows_path(self.pdf)) as window:
            self.wait_until("the profile", (self.profile / "timetable.sqlite3").exists)
            self.wait_until("the document is read", lambda: self.count_colours() > 20, 30)
            time.sleep(10)
            self.take_screenshot("review")

            def accept() -> bool:
                # The review's one button stands at the top right; Enter presses it as well once it has the keyboard.
                geometry = dict(
                    line.split("=") for line in self.run_xdotool("getwindowgeometry", "--shell", window()).splitlines()
                )
                self.run_xdotool("mousemove", "--window", window(), int(geometry["WIDTH"]) - 120, 33, "click", 1)
                time.sleep(2)
                return self.count_imports() > 0

            self.wait_until("the import is accepted", accept)
        with self.window() as window:
            time.sleep(8)
            self.run_xdotool("key", "--window", window(), "ctrl+2")
            time.sleep(4)
            self.take_screenshot("week")
            expect("the week is shown after a second start", self.count_colours() > 20)
        print("window: imported, accepted, shown again", flush=True)

    def upgrade(self) -> None:
        before = self.count_imports()
        self.prefix.run(self.installer, "/S", timeout=300)
        version = self.prefix.run(self.program / "upschedule.com", "--version").decode()
        expect("it runs after an upgrade", version.startswith(NAME))
        expect("the profile is as it was", self.count_imports() == before > 0)
        print("upgraded", flush=True)

    def uninstall(self) -> None:
        # The uninstaller copies itself elsewhere and goes on there.
        self.prefix.run(self.program / "uninstall.exe", "/S", timeout=120)
        self.wait_until("the program is gone", lambda: not self.program.exists())
        expect("the registry is clean", NAME not in self.prefix.registry(UNINSTALL))
        expect("the timetable stays", self.count_imports() > 0)
        print("uninstalled; the timetable is still there", flush=True)

    @contextmanager
    def window(self, *arguments: object) -> Iterator[Callable[[], str]]:
        process = self.prefix.start(self.program / "upschedule.exe", *arguments)

        def find() -> str:
            return self.run_xdotool("search", "--onlyvisible", "--name", NAME).partition("\n")[0]

        try:
            self.wait_until("the window", lambda: bool(find()))
            yield find
            expect("the window is still open", process.poll() is None)
            self.prefix.run("taskkill", "/IM", "upschedule.exe")  # which asks it to close, as the cross does
            process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()

    def count_imports(self) -> int:
        """Returns the number of imports in the profile."""
        path = self.profile / "timetable.sqlite3"
        if not path.exists():
            return 0
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM records WHERE kind = 'import'").fetchone()[0])

    def run_xdotool(self, *arguments: object) -> str:
        environment = {**os.environ, "DISPLAY": self.prefix.display}
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.strip()

    def take_screenshot(self, name: str) -> Path:
        target = self.pictures / f"windows-{name}.png"
        environment = {**os.environ, "DISPLAY": self.prefix.display, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([sys.executable, "-c", SCREENSHOT_CODE, target], env=environment, check=True)
        return target

    def count_colours(self) -> int:
        """Returns the number of colours on the screen: a blank window has a handful."""
        with Image.open(self.take_screenshot("now")) as image:
            return len(image.convert("RGB").resize((300, 200), Image.Resampling.NEAREST).getcolors(100_000) or ())

    @staticmethod
    def wait_until(what: str, done: Callable[[], bool], timeout: float = TIMEOUT_SECONDS) -> None:
        end = time.monotonic() + timeout
        while not done():
            if time.monotonic() > end:
                raise SystemExit(f"Windows: {what} did not happen within {timeout:.0f} s")
            time.sleep(0.5)


def expect(what: str, holds: bool) -> None:
    if not holds:
        raise SystemExit(f"Windows: not so: {what}")


@contextmanager
def x_display() -> Iterator[str]:
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        yield f":{os.fdopen(read).readline().strip()}"
    finally:
        screen.terminate()
        screen.wait()
