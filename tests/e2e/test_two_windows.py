"""Two real windows, a real server, a real Postgres: both show the same timetable, through all kinds of faults."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.drawing.semester import write_documents
from tests.e2e.x_display import x_display
from tests.services.postgres import PostgresServer
from tests.sync.server.process import ROOT, ServerProcess, server_process

pytestmark = pytest.mark.display
HERE = Path(__file__).parent
PASSWORD = "a long enough sentence"
LONGEST = 40.0  # seconds for anything that is waited for


class Window:
    """The program on the display over one profile, driven through `window_driven`."""

    def __init__(self, profile: Path, environment: dict[str, str]) -> None:
        profile.mkdir(exist_ok=True)
        self.profile = profile
        self._environment = environment
        self.errors = profile.with_suffix(".errors")

    def open(self) -> None:
        self.shown: dict[str, Any] = {}
        self._changed = threading.Condition()
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, str(HERE / "window_driven.py"), str(self.profile)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=self._environment,
            )
        self._listener = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        self._listener.start()
        self.until("its profile is open and sync is there", lambda shown: shown["open"] and shown["sync"])

    def _listen(self, stream: Any) -> None:
        for line in stream:
            with self._changed:
                self.shown = json.loads(line)
                self._changed.notify_all()

    def do(self, verb: str, *what: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([verb, *what]) + "\n")
        self.process.stdin.flush()

    def until(self, what: str, shows: Callable[[dict[str, Any]], object]) -> None:
        """Waits until what the window shows is so."""
        end = time.monotonic() + LONGEST
        with self._changed:
            while not (self.shown and shows(self.shown)):
                self._changed.wait(0.5)
                if self.process.poll() is not None or time.monotonic() > end:
                    pytest.fail(f"never: {what}. Shown: {self.shown} {self.errors.read_text()[-2000:]}")

    def until_in_step(self) -> None:
        """Presses “Sync now” until it is in step: that is quicker than the pauses it makes by itself."""
        end = time.monotonic() + LONGEST
        self.do("sync_now")
        while self.shown["sync"] != "in step":
            assert time.monotonic() < end, self.shown
            time.sleep(0.5)
            self.do("sync_now")

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self._ended()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self._ended()

    def _ended(self) -> None:
        self.process.wait(20)
        self._listener.join(20)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def opened(profile: Path, environment: dict[str, str]) -> Iterator[Window]:
    """A window for the block; it may be killed and opened again in between."""
    window = Window(profile, environment)
    try:
        window.open()
        yield window
    finally:
        window.close()


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    with x_display(tmp_path) as shown:
        yield shown | {
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_DATA_HOME": str(tmp_path / "data"),
        }


@pytest.fixture
def server(tmp_path: Path, postgres: PostgresServer) -> Iterator[ServerProcess]:
    folder = tmp_path / "server"
    folder.mkdir()
    with server_process(folder, database_url=postgres.new_database()) as running:
        yield running


def named(module: str, name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda shown: bool(shown["names"].get(module) == name)


def test_two_windows_through_everything(environment: dict[str, str], server: ServerProcess, tmp_path: Path) -> None:
    operator = Operator(server, tmp_path)
    with ExitStack() as stack:
        one, two = (stack.enter_context(opened(tmp_path / name, environment)) for name in ("one", "two"))

        # Imported in one, seen in the other.
        one.do("create", server.url, "ann", PASSWORD)
        one.until("signed in", lambda shown: shown["in"])
        one.do("read", *map(str, write_documents(tmp_path)))
        one.until("the documents are to be looked at", lambda shown: shown["page"] == "review")
        one.until("they are accepted", _accepts(one))
        two.do("sign_in", server.url, "ann", PASSWORD)
        two.until("the same timetable", lambda shown: shown["items"] and shown["items"] == one.shown["items"])
        assert len(two.shown["items"]) > 20
        one.until_in_step()

        # Both are edited without a server: what can be joined is, and what lost is kept and can be taken instead.
        server.stop()
        one.do("name_module", "2026/PHY 114", "Waves")
        one.do("name_module", "2026/WTW 158", "Calculus")
        two.do("name_module", "2026/PHY 114", "Physics")
        two.do("name_module", "2026/CHM 172", "Chemistry")
        one.until("its own names", named("2026/WTW 158", "Calculus"))
        two.until("its own names", named("2026/CHM 172", "Chemistry"))
        one.do("sync_now")
        one.until("it says that it is offline", lambda shown: shown["sync"] == "offline")
        server.start()
        for window in (one, two, one):
            window.until_in_step()
        for window in (one, two):
            window.until("the other's name", named("2026/CHM 172", "Chemistry"))
            window.until("the other's name", named("2026/WTW 158", "Calculus"))
            window.until("what lost", lambda shown: shown["lost"])
            assert sorted(window.shown["lost"][0]) == ["Physics", "Waves"]
        (value, _standing) = one.shown["lost"][0]
        one.do("use_other")
        for window in (one, two):
            window.until("the other value", named("2026/PHY 114", value))
            window.until("nothing is left to settle", lambda shown: not shown["lost"])
        for window in (one, two):
            window.until_in_step()

        # The server is restored from a backup that was made before what both did then.
        operator.back_up()
        one.do("name_module", "2026/EBN 111", "Circuits")
        two.do("name_module", "2026/MOW 217", "Drawing")
        one.until("the name of the other", named("2026/MOW 217", "Drawing"))
        two.until("the name of the other", named("2026/EBN 111", "Circuits"))
        for window in (one, two):
            window.until_in_step()
        operator.restore()
        for window in (one, two, one):
            window.until_in_step()
        third = stack.enter_context(opened(tmp_path / "three", environment))
        third.do("sign_in", server.url, "ann", PASSWORD)
        third.until("what the server had lost", named("2026/EBN 111", "Circuits"))
        third.until("what the server had lost", named("2026/MOW 217", "Drawing"))
        assert third.shown["items"] == one.shown["items"] == two.shown["items"]
        for profile in ("one", "two"):
            assert list((tmp_path / profile / "backups").glob("*restored*"))

        # One is killed while it sends, and opened again.
        one.do("name_many", 400, "before the power cut")
        one.until("it is stored", named("2026/BBB 399", "before the power cut"))
        one.kill()
        one.open()
        one.until_in_step()
        two.until("all of it", lambda shown: shown["names"] == one.shown["names"])
        assert named("2026/BBB 399", "before the power cut")(two.shown)
        assert one.shown["items"] == two.shown["items"]


def _accepts(window: Window) -> Callable[[dict[str, Any]], bool]:
    """Presses the one button while the documents are still being read, until the first steps are there."""

    def shows(shown: dict[str, Any]) -> bool:
        if shown["page"] == "first-run" and shown["notice"].startswith("Accepted"):
            return True
        if shown["page"] == "review":
            window.do("accept")
        return False

    return shows


class Operator:
    """The server's operator, at its command line."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self._server = server
        self._key = folder / "backup.key"
        made = self._type("backup-key", str(self._key))
        server.environment["SYNC_BACKUP_PUBLIC_KEY"] = made.strip().removeprefix("SYNC_BACKUP_PUBLIC_KEY=")

    def back_up(self) -> None:
        """While the server runs, as a timer does it."""
        self._type("backup")

    def restore(self) -> None:
        """The backup in the place of what the database holds now."""
        self._server.stop()
        said = self._type(
            "restore", "latest", "--replace", "--no-safety-copy", "--unsigned", "--key-file", str(self._key)
        )
        assert "New epoch" in said
        self._server.start()

    def _type(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "syncserver", *words],
            env=self._server.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
