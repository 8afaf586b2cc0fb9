"""The real server as a process of its own on a free port of this machine, on SQLite in a folder of the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

_LIMITS = ("REQUESTS_PER_MINUTE", "BATCHES_PER_MINUTE", "PUBLICATIONS_PER_HOUR", "REGISTRATIONS_PER_HOUR")
_MORE = ("LOGINS_PER_MINUTE", "ANONYMOUS_PER_MINUTE", "FAILURES_BEFORE_DELAY")
GENEROUS = {f"SYNC_{name}": "1000000" for name in (*_LIMITS, *_MORE)}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class ServerProcess:
    """`syncserver serve`; started, stopped and killed by the test."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
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
            | {
                "SYNC_DATA_FOLDER": str(self.folder),
                "SYNC_PORT": str(self.port),
                "SYNC_DRAIN_SECONDS": "0",
                **self._settings,
            }
        )

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "syncserver", "serve"], env=self.environment, stdout=log, stderr=log
            )
        until = time.monotonic() + 30
        while not self._answers():
            if time.monotonic() > until or self._process.poll() is not None:
                raise AssertionError(self.log_path.read_text()[-2000:])
            time.sleep(0.05)

    def _answers(self) -> bool:
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
