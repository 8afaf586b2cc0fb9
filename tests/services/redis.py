"""Runs a real Redis (or Valkey) for tests: nothing on disk, a free port on loopback, removed afterwards."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.postgres import free_port


def program() -> str | None:
    """Returns the server's program, or None if neither Redis nor Valkey is installed."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


def unavailable_reason() -> str:
    """Returns why Redis cannot be started here, or ''."""
    return "" if program() else "neither Redis nor Valkey is installed (Debian: apt-get install redis-server)"


@dataclass
class RedisServer:
    """A server that can be started and stopped repeatedly; it keeps no data in between."""

    port: int = field(default_factory=free_port)
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [str(program()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += self.options
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        deadline = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Redis did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@dataclass
class Sentinel:
    """A Sentinel that decides alone, half a second after it lost sight of the primary."""

    folder: Path
    primary: RedisServer
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = self.folder / "sentinel.conf"
        settings.write_text(
            f"""port {self.port}
bind 127.0.0.1
sentinel monitor limits 127.0.0.1 {self.primary.port} 1
sentinel down-after-milliseconds limits 500
sentinel failover-timeout limits 3000
"""
        )
        command = [str(program()), str(settings), "--sentinel"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

    def knows_replica(self) -> bool:
        return b"num-slaves\r\n$1\r\n1" in send_command(self.port, "SENTINEL MASTER limits")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def send_command(port: int, command: str) -> bytes:
    """Returns the raw answer to a command; b'' if there is none."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2) as connection:
        connection.sendall(command.encode() + b"\r\n")
        return connection.recv(65536)
    return b""


@contextlib.contextmanager
def running_redis(*options: str) -> Iterator[RedisServer]:
    """Runs a fresh server for the block."""
    server = RedisServer(options=options)
    try:
        server.start()
        yield server
    finally:
        server.kill()
