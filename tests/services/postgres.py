"""Runs a real PostgreSQL for tests: a temporary folder, a free port on loopback, removed afterwards.

Postgres refuses to run as root: there it is started as the system's `postgres` user. `fsync` is on only if the test is
about what survives.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "unix_socket_directories": "",
}


SHARED_MEMORY_IN_USE = "pre-existing shared memory block"
"""What Postgres says when it is started while processes of one that was killed are still ending."""


def binaries() -> Path | None:
    """Returns the folder of the newest installed PostgreSQL's programs, or None."""
    for folder in sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    ):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def unavailable_reason() -> str:
    """Returns why PostgreSQL cannot be started here, or ''."""
    if sys.platform == "win32" or binaries() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def free_port() -> int:
    """Returns a port on loopback that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user() -> dict[str, Any]:
    """Returns arguments for `Popen` to run as a user that is not root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}


@dataclass
class PostgresServer:
    """A cluster that can be started and killed repeatedly; its data stays until the end."""

    folder: Path
    port: int = field(default_factory=free_port)
    fsync: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    databases: int = 0

    @property
    def program(self) -> Path:
        folder = binaries()
        assert folder is not None, unavailable_reason()
        return folder

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def initialise(self) -> None:
        command = [self.program / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run([*command, "--locale=C"], check=True, stdout=subprocess.DEVNULL, **unprivileged_user())

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        settings = SETTINGS | {"port": str(self.port)} | ({} if self.fsync else {"fsync": "off"}) | self.settings
        command: list[str | Path] = [self.program / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + 60
        process = self._launch(command)
        while not self.ready():
            ended = process.poll() is not None
            said = (self.folder / "log").read_text()[-2000:]
            if time.monotonic() > deadline or (ended and SHARED_MEMORY_IN_USE not in said):
                raise RuntimeError(said)
            time.sleep(0.02)
            if ended:
                process = self._launch(command)

    def _launch(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **unprivileged_user()
            )
        return self.process

    def replica(self, *, synchronous: bool = False) -> "PostgresServer":
        """Starts a replica of this server; with `synchronous`, commits wait for it from now on."""
        folder = Path(tempfile.mkdtemp(prefix="replica-", dir=self.folder))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        replica = PostgresServer(folder, fsync=self.fsync, settings=dict(self.settings))
        source = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-c", "fast", "--no-sync", "-R"]
        subprocess.run(
            [self.program / "pg_basebackup", "-D", replica.data, *source],
            check=True,
            capture_output=True,
            **unprivileged_user(),
        )
        replica.start()
        if synchronous:
            self.run_sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
            self.run_sql("SELECT pg_reload_conf()")
            while self.run_sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1":
                time.sleep(0.02)
        return replica

    def promote(self) -> None:
        """Promotes a replica to a primary that waits for no replica."""
        self.run_sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.run_sql("SELECT pg_promote()")

    def ready(self) -> bool:
        command = [self.program / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def freeze(self) -> None:
        """Stops all its processes without ending them: nothing answers any more."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """Sends a signal to the postmaster and everything it started."""
        assert self.process is not None
        postmaster = psutil.Process(self.process.pid)
        for process in (postmaster, *postmaster.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill(self) -> None:
        """Kills the postmaster and everything it started at once, as a power failure would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        time.sleep(0.05)  # its children are not ours to wait for: the next start tries until they have gone

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def run_sql(self, statement: str, database: str = "postgres") -> str:
        command = [self.program / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def new_database(self, template: str = "") -> str:
        """Returns the address of a new database: an empty one, or a copy of the one with the address `template`."""
        self.databases += 1
        name = f"test_{os.getpid()}_{self.databases}"
        like = f" TEMPLATE {template.rpartition('/')[2]}" if template else ""
        self.run_sql(f"CREATE DATABASE {name}{like}")
        return self.url(name)


@contextlib.contextmanager
def running_postgres(*, fsync: bool = False, settings: dict[str, str] | None = None) -> Iterator[PostgresServer]:
    """Runs a fresh cluster for the block."""
    folder = Path(tempfile.mkdtemp(prefix="upschedule-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = PostgresServer(folder, fsync=fsync, settings=settings or {})
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
