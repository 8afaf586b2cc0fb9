"""Runs a real pgbouncer in front of a test's Postgres."""

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.services.postgres import PostgresServer, free_port, unprivileged_user


def program() -> str | None:
    return shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")


def unavailable_reason() -> str:
    """Returns why pgbouncer cannot be started here, or ''."""
    return "" if program() else "pgbouncer is not installed (Debian: apt-get install pgbouncer)"


@contextlib.contextmanager
def running_pgbouncer(postgres: PostgresServer, pool_mode: str) -> Iterator[int]:
    """Runs pgbouncer for the block; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as folder:
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            f"""[databases]
* = host=127.0.0.1 port={postgres.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = {pool_mode}
default_pool_size = 20
unix_socket_dir =
"""
        )
        Path(folder).chmod(0o755)
        process = subprocess.Popen(
            [str(program()), str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **unprivileged_user()
        )
        try:
            deadline = time.monotonic() + 20
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("pgbouncer did not start")
                time.sleep(0.02)
            yield port
        finally:
            process.kill()
            process.wait()
