"""The database file of a profile: opens it safely, provides transactions, and turns SQLite errors into our own.

The file is in WAL mode with `synchronous=FULL`, so that a committed transaction is on the disk before it is reported as
saved (https://sqlite.org/pragma.html#pragma_synchronous), and a reader never waits for a writer. A file that is damaged
or belongs to another program is never written to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from desktop.domain.errors import AppError, DamagedData, InvalidInput, MissingData, NewerData, StorageError, cause
from desktop.domain.messages import msg, named
from desktop.private_files import create_private_file, make_private_folder
from desktop.store import schema
from desktop.store.copies import COPIES_FOLDER, saved_copies
from desktop.store.documents import DOCUMENTS_FOLDER

_BUSY_SECONDS = 10  # how long one connection waits for another's transaction
_NO_TEXT = "Could not decode to UTF-8"
_BESIDE = ("", "-wal", "-shm")  # the files that make up one database


class Database:
    """One open database. Safe to use from several threads; transactions are short and one writes at a time."""

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """Opens the database at `path`; creates it if there is none, and migrates it if it is older.

        `is_new` says that none is expected, even if copies or documents beside it show that there was one; otherwise
        that raises MissingData. Also raises NewerData, DamagedData, or StorageError if the folder or disk prevents
        its use.
        """
        self.path = path
        left_open = _size(path.with_name(path.name + "-wal")) > 0  # closing removes it: the last run was killed
        with _translate_errors(path):
            try:
                make_private_folder(path.parent)
            except OSError as wrong:
                raise StorageError(
                    msg("The folder {folder} cannot be made: {why}.", folder=str(path.parent), why=cause(wrong)),
                    "Check the rights of the folder above it, or start with another profile folder.",
                ) from wrong
            if not is_new and _size(path) == 0:
                _check_that_nothing_is_missing(path)
            if not path.exists():
                _make_empty(path)
            self._engine = sa.create_engine(
                sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": _BUSY_SECONDS}
            )
            sa.event.listen(self._engine, "connect", _prepare)
            sa.event.listen(self._engine, "begin", _begin)
            try:
                self._bring_up_to_date(left_open)
            except BaseException:
                self.close()
                raise

    def _bring_up_to_date(self, suspicious: bool) -> None:
        with self._engine.connect() as connection:
            tables = int(connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one())
        if not tables:
            with self.writing() as connection:
                schema.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
            return
        version = self._known_version()
        if suspicious:
            self.check()
        if version < schema.VERSION:
            from desktop.store import migrations  # noqa: PLC0415 - only where there is something to migrate

            migrations.migrate(self, version)

    def _known_version(self) -> int:
        """The version of the schema. Raises DamagedData if the file belongs to another program, NewerData."""
        with self._engine.connect() as connection:
            application = int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if application != schema.APPLICATION_ID:
            raise DamagedData(
                msg("{path} is a database of another program.", path=str(self.path)),
                "Move it away, or start with another profile folder.",
            )
        if version > schema.VERSION:
            raise NewerData(
                msg(
                    "The stored timetable was written by a newer version of this program (format {version}, "
                    "this version knows {known}).",
                    version=version,
                    known=schema.VERSION,
                ),
                "Install the newest version to open it. Nothing was changed.",
            )
        return version

    def check(self) -> None:
        """Checks the integrity of the whole file. Raises DamagedData."""
        with self.reading() as connection:
            answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if answer != "ok":
            raise _damaged(self.path, str(answer))

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A read transaction: it sees one consistent state."""
        with _translate_errors(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that holds the write lock from its start; committed when the block ends, or not at all."""
        with (
            _translate_errors(self.path),
            self._engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection

    def copy_to(self, target: Path) -> None:
        """Writes a compact, consistent copy of the database to `target`, a new file. Raises StorageError."""
        with _translate_errors(target), self._engine.connect() as connection:
            _make_empty(target)  # SQLite would make it readable by everybody
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM INTO ?", (str(target),))

    def close(self) -> None:
        self._engine.dispose()


class ReadOnlyDatabase(Database):
    """A database opened for reading only, while another program may write to it. Writing raises StorageError."""

    def __init__(self, path: Path) -> None:
        """Raises InvalidInput if there is none, MissingData, NewerData, DamagedData, or StorageError."""
        self.path = path
        with _translate_errors(path):
            if _size(path) == 0:
                _check_that_nothing_is_missing(path)
                raise InvalidInput("There is no timetable in this profile.", "Import one in the window first.")

            def connect() -> sqlite3.Connection:
                where = f"{path.absolute().as_uri()}?mode=ro"
                return sqlite3.connect(where, timeout=_BUSY_SECONDS, uri=True, check_same_thread=False)

            self._engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.pool.NullPool)
            sa.event.listen(self._engine, "connect", _prepare_to_read)
            sa.event.listen(self._engine, "begin", _begin)
            try:
                self._check_version()
            except BaseException:
                self.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A read transaction, for callers that write only sometimes; writing in it raises StorageError."""
        with self.reading() as connection:
            yield connection

    def _check_version(self) -> None:
        if self._known_version() < schema.VERSION:
            raise StorageError(
                "The stored timetable was written by an older version of this program.",
                "Open the window once: it brings it up to date.",
            )


def set_aside(path: Path) -> Path | None:
    """Renames an unusable database and its WAL files; returns the new path, None if there was no database.

    Raises StorageError.
    """
    moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    target = path.with_name(f"{path.stem}.damaged-{moment}{path.suffix}")
    count = 1
    while target.exists():
        count += 1
        target = path.with_name(f"{path.stem}.damaged-{moment}-{count}{path.suffix}")
    try:
        for beside in _BESIDE:
            each = path.with_name(path.name + beside)
            if each.exists():
                each.rename(target.with_name(target.name + beside))
    except OSError as wrong:
        raise StorageError(
            msg("The damaged file {path} cannot be set aside: {why}.", path=str(path), why=cause(wrong)),
            "Move it to another folder by hand.",
        ) from wrong
    return target if target.exists() else None


def _check_that_nothing_is_missing(path: Path) -> None:
    """Raises MissingData if there are copies or documents, which exist only if something was stored before."""
    copies = saved_copies(path.parent / COPIES_FOLDER)
    if not copies and not any((path.parent / DOCUMENTS_FOLDER).glob("*.pdf")):
        return
    title = msg(
        "The stored timetable in {path} is empty, although it was used before."
        if path.exists()
        else "The stored timetable {path} is gone, although it was used before.",
        path=str(path),
    )
    if copies:
        raise MissingData(title, msg("The newest backup is of {date}.", date=copies[0].at.date()))
    raise MissingData(title, "There is no backup beside it, but the PDFs that it was made of.")


def _make_empty(path: Path) -> None:
    """Makes an empty private file for SQLite to fill; SQLite gives the files beside it the same permissions."""
    try:
        create_private_file(path).close()
    except OSError as wrong:
        raise StorageError(
            msg("The stored timetable in {folder} cannot be written.", folder=str(path.parent)),
            "Check that the folder exists and that you may write to it, or start with another profile folder.",
        ) from wrong


def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # `_begin` starts transactions explicitly, not the driver implicitly
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")


def _prepare_to_read(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: sa.Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _damaged(path: Path, detail: str) -> DamagedData:
    return DamagedData(
        msg("The stored timetable in {path} is damaged ({detail}).", path=str(path), detail=named(detail)),
        "It can be set aside, and what is still readable and the newest backup brought back together.",
    )


@contextmanager
def _translate_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except AppError:
        raise
    except (sa.exc.DBAPIError, sqlite3.Error) as wrong:
        cause = wrong.orig if isinstance(wrong, sa.exc.DBAPIError) else wrong
        raise _to_app_error(path, cause) from wrong


def _to_app_error(path: Path, cause: BaseException | None) -> AppError:
    name = str(getattr(cause, "sqlite_errorname", ""))
    if str(cause).startswith(_NO_TEXT):  # Python's own message, without an SQLite error code
        return _damaged(path, "database disk image is malformed")
    match name.split("_")[1:2]:
        case ["CORRUPT" | "NOTADB"]:
            return _damaged(path, str(cause))
        case ["FULL"]:
            return StorageError(
                "The disk is full, so nothing more can be saved.",
                "Make room on the disk and try again. Everything that was saved before is kept.",
            )
        case ["READONLY" | "PERM" | "CANTOPEN" | "AUTH"]:
            return StorageError(
                msg("The stored timetable in {folder} cannot be written.", folder=str(path.parent)),
                "Check that the folder exists and that you may write to it, or start with another profile folder.",
            )
        case ["BUSY" | "LOCKED"]:
            return StorageError(
                "The stored timetable is in use by another program.", "Close the other program and try again."
            )
        case ["IOERR"]:
            return StorageError(
                msg("The disk did not do what was asked of it ({name}).", name=name),
                "Check the disk and its free room, then try again. Everything that was saved before is kept.",
            )
    return StorageError(msg("The stored timetable cannot be used: {why}.", why=str(cause)), "Start the program again.")
