"""Dumps a database to a stream of bytes, and loads a dump atomically.

SQLite: its online backup, to and from a scratch file. Postgres: `pg_dump -Fc` inside an exported snapshot; back through
`pg_restore` and `psql` in one transaction, so running servers see either the old data or the new.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import hashlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from syncserver.backup import backup_crypto
from syncserver.config import Config
from syncserver.db import connecting
from syncserver.db.database import Connection
from syncserver.db.postgres_address import PostgresAddress

SAMPLE_SIZE = 100
LOCK_WAIT = "60s"
NO_TIMEOUT_SECONDS = 86_400.0


class DumpError(Exception):
    """A database could not be dumped or filled. The message names the program that failed and quotes its output."""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Facts about a database's contents, to compare it with its copy."""

    revision: str
    epoch: str
    counts: dict[str, int]  # rows by table
    heads: str  # SHA-256 over every account's id and head: the cursors
    sample: list[list[Any]]  # account, id, etag, number, SHA-256 of the blob, of some records


def database_kind(config: Config) -> str:
    """Returns `postgres` or `sqlite`."""
    return "postgres" if config.on_postgres else "sqlite"


def scratch_sqlite(config: Config, folder: Path) -> Config:
    """Returns settings for a SQLite database in `folder`."""
    return dataclasses.replace(config, database_url="", data_folder=str(folder))


def table_names() -> list[str]:
    """Returns the names of all tables of the server, then of the one that holds the schema revision."""
    from syncserver.db.schema import metadata  # noqa: PLC0415 - SQLAlchemy loads slowly

    return [*sorted(metadata.tables), "alembic_version"]


async def read_facts(connection: Connection) -> DatabaseFacts:
    """Reads the facts; from one snapshot if `connection` is in one."""
    revision = await connection.row("SELECT version_num FROM alembic_version")
    server = await connection.row("SELECT epoch FROM server")
    counts = {}
    for table in table_names()[:-1]:
        if table in ("links", "commit_markers"):  # short-lived, and a database backed up before its migration has none
            continue
        row = await connection.row(f"SELECT count(*) AS rows FROM {table}")  # noqa: S608 - our own names
        counts[table] = int(row["rows"]) if row else 0
    heads = hashlib.sha256()
    for row in await connection.rows("SELECT id, head FROM accounts ORDER BY id"):
        heads.update(f"{row['id']} {row['head']}\n".encode())
    sample = await connection.rows(
        f"SELECT account, id, etag, number, blob FROM records ORDER BY etag LIMIT {SAMPLE_SIZE}"  # noqa: S608
    )
    return DatabaseFacts(
        str(revision["version_num"]) if revision else "",
        str(server["epoch"]) if server else "",
        counts,
        heads.hexdigest(),
        [[r["account"], r["id"], r["etag"], r["number"], hashlib.sha256(r["blob"]).hexdigest()] for r in sample],
    )


CHECKS = {
    "records with a number beyond their account's head": (
        "SELECT count(*) AS bad FROM records r JOIN accounts a ON a.id = r.account WHERE r.number > a.head"
    ),
    "records without an account": (
        "SELECT count(*) AS bad FROM records r LEFT JOIN accounts a ON a.id = r.account WHERE a.id IS NULL"
    ),
    "accounts whose count of records is wrong": (
        "SELECT count(*) AS bad FROM accounts a WHERE a.records <> "
        "(SELECT count(*) FROM records r WHERE r.account = a.id AND NOT r.deleted)"
    ),
    "accounts without a keyring": (
        "SELECT count(*) AS bad FROM accounts a LEFT JOIN keyrings k ON k.account = a.id WHERE k.account IS NULL"
    ),
    "receipts beyond their account's head": (
        "SELECT count(*) AS bad FROM receipts r JOIN accounts a ON a.id = r.account WHERE r.head > a.head"
    ),
}


async def find_inconsistencies(connection: Connection) -> list[str]:
    """Returns the inconsistencies that no database written by the server can have; empty if there are none."""
    found = []
    for what, query in CHECKS.items():
        row = await connection.row(query)
        if row and row["bad"]:
            found.append(f"{row['bad']} {what}")
    return found


async def is_empty(config: Config) -> bool:
    """Whether the database has no account (or no tables yet)."""
    async with open_connection(config) as connection:
        if config.on_postgres:
            there = await connection.row("SELECT to_regclass('accounts') IS NOT NULL AS there")
        else:
            there = await connection.row("SELECT count(*) AS there FROM sqlite_master WHERE name = 'accounts'")
        if not there or not there["there"]:
            return True
        return await connection.row("SELECT 1 AS one FROM accounts LIMIT 1") is None


@contextlib.asynccontextmanager
async def open_connection(config: Config, *, snapshot: bool = False) -> AsyncIterator[Connection]:
    """Opens a connection for long statements; with `snapshot`, all reads see one moment (Postgres)."""
    database = await connecting.connect(
        dataclasses.replace(config, lock_seconds=10, statement_seconds=NO_TIMEOUT_SECONDS, pool_size=1)
    )
    try:
        async with database.write() as connection:
            if config.on_postgres:
                isolation = "REPEATABLE READ" if snapshot else "READ COMMITTED"
                await connection.run(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
                await connection.run("SET LOCAL statement_timeout = 0")
                await connection.run("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield connection
    finally:
        await database.close()


def dump_database(config: Config, folder: Path, consume: Callable[[Iterable[bytes]], None]) -> DatabaseFacts:
    """Passes a consistent dump of the database to `consume` as a stream; returns the facts about its contents.

    `folder` is for scratch files. Raises `DumpError`, and the problem `unavailable` where the database is away.
    """
    if config.on_postgres:
        return asyncio.run(_dump_postgres(config, consume))
    with tempfile.TemporaryDirectory(dir=folder, prefix=".dump-") as scratch:
        copy = scratch_sqlite(config, Path(scratch))
        copy.sqlite_path.touch(0o600)
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{quote(str(config.sqlite_path))}?mode=rw", uri=True)
            ) as live:
                _copy_sqlite(live, copy.sqlite_path)
        except sqlite3.Error as error:
            raise DumpError(f"The database {config.sqlite_path} could not be copied: {error}.") from error
        held = asyncio.run(_read_facts_of(copy))
        _leave_wal_mode(copy.sqlite_path)
        with copy.sqlite_path.open("rb") as file:
            consume(backup_crypto.read_pieces(file))
        return held


async def _read_facts_of(config: Config) -> DatabaseFacts:
    async with open_connection(config) as connection:
        return await read_facts(connection)


async def _dump_postgres(config: Config, consume: Callable[[Iterable[bytes]], None]) -> DatabaseFacts:
    async with open_connection(config, snapshot=True) as connection:
        row = await connection.row("SELECT pg_export_snapshot() AS name")
        held = await read_facts(connection)
        command = [
            find_program("pg_dump"),
            "--format=custom",
            "--compress=1",
            f"--snapshot={row['name'] if row else ''}",
        ]
        command += [f"--lock-wait-timeout={LOCK_WAIT}", "--no-owner", "--no-privileges"]
        command += [f"--table={table}" for table in table_names()]
        await asyncio.to_thread(_run_dump, command, config.database_url, consume)
        return held


def _run_dump(command: Sequence[str], url: str, consume: Callable[[Iterable[bytes]], None]) -> None:
    with _process(command, url, stdout=subprocess.PIPE) as process:
        consume(backup_crypto.read_pieces(_require_pipe(process.stdout)))


@contextlib.contextmanager
def postgres_scratch(config: Config, server_url: str = "") -> Iterator[Config]:
    """Creates an empty database on the server of `server_url` (else the configured one), dropped at the end of the
    block.

    The role needs CREATEDB there. Raises `DumpError`.
    """
    url = server_url or config.database_url
    name = f"syncserver_scratch_{secrets.token_hex(6)}"
    run_psql(url, f'CREATE DATABASE "{name}"')
    try:
        address = PostgresAddress(PostgresAddress.parse(url).parameters | {"dbname": name})
        yield dataclasses.replace(config, database_url=address.dsn)
    finally:
        run_psql(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def load_into_postgres(config: Config, dumped: Path, statements: Sequence[str]) -> None:
    """Replaces the server's tables with the dump and runs `statements`, in one transaction. Raises `DumpError`."""
    names = ", ".join(f"public.{table}" for table in table_names())
    before = (
        f"SET lock_timeout = '{LOCK_WAIT}'; SET client_min_messages = warning; DROP TABLE IF EXISTS {names} CASCADE;\n"
    )
    after = "\nSET search_path = public;\n" + "".join(f"{statement};\n" for statement in statements)
    restore = [find_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dumped)]
    load = [find_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "--single-transaction", "--file=-"]
    with (
        _process(load, config.database_url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as loading,
        _process(restore, None, stdout=subprocess.PIPE) as restoring,
    ):
        sink, source = _require_pipe(loading.stdin), _require_pipe(restoring.stdout)
        with contextlib.suppress(BrokenPipeError):  # psql ended early: `_process` raises its error
            sink.write(before.encode())
            for piece in backup_crypto.read_pieces(source):
                sink.write(piece)
            # psql commits at the end of its input: a dump that broke off has to end in an error.
            ended = restoring.wait()
            sink.write(after.encode() if ended == 0 else b"\nthe dump broke off;\n")
            sink.close()


def load_into_sqlite(config: Config, prepared: Path) -> None:
    """Replaces the live database with the file `prepared`, in one transaction. Raises `DumpError`."""
    config.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not config.sqlite_path.exists():
        config.sqlite_path.touch(0o600)
    try:
        with contextlib.closing(sqlite3.connect(prepared)) as source:
            _copy_sqlite(source, config.sqlite_path)
    except sqlite3.Error as error:
        raise DumpError(
            f"The database {config.sqlite_path} could not be replaced: {error}. Stop the server."
        ) from error


def disconnect_servers(config: Config) -> None:
    """Closes the running servers' connections: their prepared statements belong to the replaced tables."""
    run_psql(
        config.database_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name LIKE 'syncserver%' AND pid <> pg_backend_pid()",
    )


def run_psql(url: str, statement: str) -> str:
    """Runs one statement with `psql`; returns the rows as text. Raises `DumpError`."""
    command = [find_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement]
    with _process(command, url, stdout=subprocess.PIPE) as process:
        return _require_pipe(process.stdout).read().decode().strip()


def find_program(name: str) -> str:
    """Returns the path of a Postgres client program: Debian's newest, else the one on the path. Raises `DumpError`."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    newest = next((folder / name for folder in folders if (folder / name).exists()), None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise DumpError(f"{name} is not installed. Install the client programs of Postgres, of its version or newer.")
    return found


def client_environment(url: str) -> dict[str, str]:
    """Returns the environment for a Postgres client program: a password is never an argument that others can see."""
    return os.environ | PostgresAddress.parse(url).environment() | {"PGAPPNAME": "sync backup"}


@contextlib.contextmanager
def _process(command: Sequence[str], url: str | None, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stderr=errors, env=client_environment(url) if url else None, **pipes)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            process.wait()
        if process.returncode != 0:
            raise DumpError(f"{Path(command[0]).name} failed: {_first_error_line(errors)}")


def _require_pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise DumpError("A program of Postgres was started without a pipe.")
    return pipe


def _first_error_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    text = errors.read().decode("utf-8", "replace").strip()
    return text.splitlines()[0][:500] if text else "it printed nothing."


def _copy_sqlite(source: sqlite3.Connection, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(target, timeout=30)) as copy:
        source.backup(copy, sleep=0.05)  # in one step: a live source changes between steps, and it would begin again


def _leave_wal_mode(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
