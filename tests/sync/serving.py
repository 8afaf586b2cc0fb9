"""The real server as a separate process on a free port of this machine, on SQLite in a folder of the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.sync.clocks import ClockFile

ROOT = Path(__file__).parents[2]
_LIMITS = ("REQUESTS_PER_MINUTE", "BATCHES_PER_MINUTE", "PUBLICATIONS_PER_HOUR", "REGISTRATIONS_PER_HOUR")
_MORE = ("LOGINS_PER_MINUTE", "ANONYMOUS_PER_MINUTE", "FAILURES_BEFORE_DELAY")
GENEROUS = {f"SYNC_{name}": "1000000" for name in (*_LIMITS, *_MORE)}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class ServerProcess:
    """`syncserver serve`; started, stopped and killed by the test, which also sets its clock."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.clock = ClockFile(folder / "clock")
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self.log_path = folder / "server.log"
        self.start()

    @property
    def environment(self) -> dict[str, str]:
        return (
            os.environ
            | GENEROUS
            | self.clock.environment
            | {
                "SYNC_DATA_FOLDER": str(self.folder),
                "SYNC_PORT": str(self.port),
                "SYNC_DRAIN_SECONDS": "0",
                **self._settings,
            }
        )

    def start(self) -> None:
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("serve"), env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        until = time.monotonic() + 120  # a machine may be busy
        while not self._is_ready():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError(self.log_path.read_text()[-2000:])
            time.sleep(0.05)

    def clean_up(self) -> str:
        """Remove what is old by the server's clock; returns the command's output."""
        done = subprocess.run(
            self._command("tidy"),
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    @staticmethod
    def _command(verb: str) -> list[str]:
        return [sys.executable, "-m", "tests.sync.clocked_server", verb]

    def _is_ready(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
        except (OSError, urllib.error.URLError):
            return False
        return True

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None
