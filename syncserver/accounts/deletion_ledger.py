"""The deletion ledger: a file outside the database, so that restoring a backup brings no deleted account back.

One line per account: SHA-256 of its id (random, so the line identifies nobody), and the time. The file is append-only,
and flushed to disk before the database deletes the account. Every backup copies it, every restore applies it
(`backup/ledger_copy.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from syncserver.errors import Problem, unavailable

LINE = re.compile(r"([0-9a-f]{64}) ([0-9]{1,16})")
WRITE_TIMEOUT_SECONDS = 2.0
TRUNCATED_LINE = re.compile(r"[0-9a-f]{0,64} ?")


class DamagedLedgerError(Exception):
    """The ledger has lines in an unknown format. The message names the file and the first of them."""


def fingerprint(account: str) -> bytes:
    """Returns the digest of a deleted account's id, which is all that is kept of it."""
    return hashlib.sha256(account.encode()).digest()


class _Attempt:
    """Decides whether a line was written in time: the first of writer and waiter to call `decide` wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decided = False

    def decide(self) -> bool:
        """Returns True for the first caller only."""
        with self._lock:
            first, self._decided = not self._decided, True
            return first

    @property
    def is_over(self) -> bool:
        return self._decided


def append(path: Path, account: bytes, deleted: int, attempt: _Attempt | None = None) -> None:
    """Appends one deletion; raises the problem `unavailable` if it cannot be written.

    Safe for several processes at the same time.
    """
    try:
        _write(path, {account: deleted}, attempt)
    except OSError as error:
        raise unavailable(f"The deletion cannot be recorded: {error.strerror}.", 60) from error


async def append_with_timeout(path: Path, account: bytes, deleted: int, seconds: float = WRITE_TIMEOUT_SECONDS) -> None:
    """Like `append`, but also raises `unavailable` if the line is not on the disk within `seconds`; a line that gets
    there later is taken back."""
    loop, attempt = asyncio.get_running_loop(), _Attempt()
    written: asyncio.Future[None] = loop.create_future()

    def finish(problem: Problem | None) -> None:
        if not written.done():
            written.set_exception(problem) if problem else written.set_result(None)

    def write() -> None:
        problem = None
        try:
            append(path, account, deleted, attempt)
        except Problem as refused:
            problem = refused
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(finish, problem)

    # A daemon thread: a file system that hangs must not keep the process from stopping.
    threading.Thread(target=write, name="deletion ledger", daemon=True).start()
    try:
        await asyncio.wait_for(written, seconds)
    except TimeoutError as error:
        if attempt.decide():
            raise unavailable("The deletion cannot be recorded: its file does not respond.", 60) from error


def merge(path: Path, deletions: Mapping[bytes, int]) -> int:
    """Appends those of `deletions` that the file lacks; returns how many. Raises OSError and `DamagedLedgerError`."""
    known = read(path)
    new = {account: deleted for account, deleted in deletions.items() if account not in known}
    if new:
        _write(path, new)
    return len(new)


def read(path: Path) -> dict[bytes, int]:
    """Returns all deletions, fingerprint to time; none if there is no file.

    Lines that a crash cut short were never acted on, and are skipped. Raises `DamagedLedgerError` for any other line in
    an unknown format: a restore must not guess who was deleted.
    """
    try:
        return parse(path.read_bytes(), path)
    except FileNotFoundError:
        return {}


def parse(data: bytes, path: Path) -> dict[bytes, int]:
    """Parses the bytes of the file at `path`; the rest as `read`."""
    deletions: dict[bytes, int] = {}
    for number, line in enumerate(data.decode("ascii", "replace").replace("\r\n", "\n").split("\n"), 1):
        match = LINE.fullmatch(line)
        if match:
            deletions.setdefault(bytes.fromhex(match[1]), int(match[2]))
        elif not TRUNCATED_LINE.fullmatch(line):
            raise DamagedLedgerError(
                f"Line {number} of the deletion ledger {path} was not written by the server. Put back the copy that "
                "lies beside the last backup, or correct the line by hand."
            )
    return deletions


def format_lines(deletions: Mapping[bytes, int]) -> bytes:
    return "".join(f"\n{account.hex()} {deleted}\n" for account, deleted in deletions.items()).encode()


def _write(path: Path, deletions: Mapping[bytes, int], attempt: _Attempt | None = None) -> None:
    """Writes all lines at once, after a line feed: an earlier line that a power failure cut short cannot spoil them."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = format_lines(deletions)
    with path.open("ab", buffering=0) as file:
        path.chmod(0o600)
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - Windows, where one process alone is the server, has none

            fcntl.flock(file, fcntl.LOCK_EX)
        if attempt is not None and attempt.is_over:
            return
        before = os.fstat(file.fileno()).st_size
        if file.write(lines) != len(lines):
            raise OSError(28, "the disk wrote only a part of it")
        os.fsync(file.fileno())
        if attempt is not None and not attempt.decide():
            os.ftruncate(file.fileno(), before)
            os.fsync(file.fileno())
