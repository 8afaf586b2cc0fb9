"""The real server as a separate process that tests stop, kill and restart."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.services.postgres import free_port
from tests.sync.server.harness import GENEROUS_LIMITS, Person

ROOT = Path(__file__).parents[3]
SERVE = (sys.executable, "-m", "syncserver", "serve")


class ServerProcess:
    """`syncserver serve` on loopback. Has the interface of a harness for a `Person`."""

    def __init__(self, folder: Path, command: tuple[str, ...] = SERVE, **settings: Any) -> None:
        self.port = free_port()
        self.command = command
        self.folder = folder
        names = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}
        values = GENEROUS_LIMITS | {"drain_seconds": 0.1, "log_level": "warning"} | settings
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("SYNC_")} | {
            names.get(name, f"SYNC_{name.upper()}"): str(value) for name, value in values.items()
        }
        self.environment |= {"SYNC_PORT": str(self.port), "SYNC_DATA_FOLDER": str(folder)}
        self.log = folder / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=self.url, timeout=40)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
        deadline = time.monotonic() + 600  # a machine may be busy
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text()[-3000:])
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Sends SIGTERM; returns the exit code."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def request(self, method: str, path: str, **keywords: Any) -> httpx.Response:
        return self.client.request(method, path, **keywords)

    def somebody(self) -> Person:
        """Returns a new account, signed in."""
        person = Person(self, f"student-{os.urandom(4).hex()}", host=self.host)  # type: ignore[arg-type]
        response = person.register()
        assert response.status_code == 201, response.text
        return person


@contextlib.contextmanager
def server_process(folder: Path, command: tuple[str, ...] = SERVE, **settings: Any) -> Iterator[ServerProcess]:
    """Runs a server for the block."""
    running = ServerProcess(folder, command, **settings)
    try:
        running.start()
        yield running
    finally:
        running.client.close()
        if running.process is not None and running.process.poll() is None:
            running.kill()
