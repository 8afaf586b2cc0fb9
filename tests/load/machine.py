"""Starts the system under load: Postgres with fsync on, Redis, and server processes with the shipped limits."""

import contextlib
import dataclasses
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from syncserver.backup import archive, backup_crypto, restore
from syncserver.config import Config
from tests.load import seeding
from tests.services.postgres import PostgresServer, free_port, running_postgres
from tests.services.redis import RedisServer, running_redis

ROOT = Path(__file__).parents[2]
POSTGRES = {"shared_buffers": "256MB", "max_connections": "100", "synchronous_commit": "on", "max_wal_size": "2GB"}


@dataclass
class ServerProcess:
    """One `syncserver serve` process."""

    environment: dict[str, str]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SYNC_")}
        environment |= self.environment | {"SYNC_PORT": str(self.port)}
        command = [sys.executable, "-m", "syncserver", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 120
        while not self.ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def memory(self) -> int:
        """Returns its resident memory in bytes."""
        if self.process is None:
            raise RuntimeError("the server was not started")
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * resource.getpagesize()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@dataclass
class Machine:
    """The running processes, and who is signed in."""

    postgres: PostgresServer
    redis: RedisServer
    config: Config
    servers: list[ServerProcess]
    seeded: list[seeding.Seeded]
    folder: Path

    def tokens(self) -> Path:
        """Writes a file with everybody's account, device and token, for generators in other processes."""
        path = self.folder / "tokens.json"
        if not path.exists():
            path.write_text(json.dumps([[s.account, s.device, s.token] for s in self.seeded]))
        return path

    def restore(self) -> None:
        """Makes a backup of everything and restores it with the servers stopped: a new epoch, no sessions."""
        public, private = backup_crypto.generate_keys()
        signer, signing = backup_crypto.generate_signing_keys()
        file = self.folder / "signing.key"
        file.write_text(signing)
        config = dataclasses.replace(
            self.config, backup_public_key=public, backup_signing_key_file=str(file), backup_signers=(signer,)
        )
        made = archive.make_backup(config)
        for server in self.servers:
            server.stop()
        restore.restore_backup(config, made.path, private, replace=True, safety_copy=False)
        for server in self.servers:
            server.start()

    def epoch(self) -> str:
        return self.postgres.run_sql("SELECT epoch FROM server", self.config.database_url.rsplit("/", 1)[1])

    def sql(self, statement: str) -> str:
        return self.postgres.run_sql(statement, self.config.database_url.rsplit("/", 1)[1])


@contextlib.contextmanager
def running(accounts: int, records: int, servers: int = 1, **settings: str) -> Iterator[Machine]:
    """Runs the machine, with `accounts` seeded, for the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(65536, hard), hard))
    with (
        tempfile.TemporaryDirectory(prefix="upschedule-load-") as folder,
        running_postgres(fsync=True, settings=POSTGRES) as postgres,
        running_redis() as redis,
    ):
        config = Config(database_url=postgres.new_database(), data_folder=folder)
        seeded = seeding.seed(config, accounts, records, now=int(time.time()))
        environment = {
            "DATABASE_URL": config.database_url,
            "REDIS_URL": redis.url,
            "SYNC_DATA_FOLDER": folder,
            "SYNC_LOG_LEVEL": "warning",
            **settings,
        }
        processes = [ServerProcess(environment, Path(folder) / f"server-{number}.log") for number in range(servers)]
        machine = Machine(postgres, redis, config, processes, seeded, Path(folder))
        machine.sql("VACUUM ANALYZE")
        try:
            for process in processes:
                process.start()
            yield machine
        finally:
            for process in processes:
                process.stop()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
