"""The commits last acknowledged to clients, in memory and in a file outside the database.

Postgres' log is sequential: a server that has a commit has every earlier one. So a server that has the last
acknowledged commits, on whatever timeline, has lost nothing that a client was told. (The point at which a timeline
begins would show the same, but only superusers may read it.) A commit is identified by a random key that it wrote: a
batch by its receipt, any other transaction by a row of `commit_markers`.

The file survives the process, and is read by the next process to start on the machine. It is flushed to disk only when
the process stops in order: after a crash of the machine, the last acknowledged commits are unknown.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from syncserver import wire

log = structlog.get_logger()

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
KEPT_SECONDS = 43_200.0  # half of the shortest time that a receipt is kept
FILE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class CommitMarker:
    """A row that a commit wrote: the receipt `key` of `account`, or `key` in `commit_markers` if `account` is empty."""

    account: str
    key: str

    @classmethod
    def new(cls) -> CommitMarker:
        """Returns a new marker for a row of `commit_markers`."""
        return cls("", wire.encode_base64url(secrets.token_bytes(16)))

    @classmethod
    def parse(cls, text: str) -> CommitMarker | None:
        """Parses the `str` of a marker; returns None for anything else."""
        account, _, key = text.partition(".")
        if not wire.is_identifier(key) or not (account == "" or wire.is_identifier(account)):
            return None
        return cls(account, key)

    def __str__(self) -> str:
        return f"{self.account}.{self.key}"


class AcknowledgedCommits:
    """The last acknowledged commits: of this process, of those that announced theirs, and of those that ended here.

    Only as many are kept as were in flight at the same time: a commit that was sent after another one had been
    acknowledged is later in the log, and implies it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._sender = secrets.token_urlsafe(6)
        self._sequence = 0
        self._own_markers: dict[CommitMarker, int] = {}
        self._received_markers: dict[str, tuple[set[CommitMarker], int]] = {}
        self._last_announcement = ""
        self._server = ""
        self._boot_id = _read_boot_id()
        self._file: int | None = None
        self._orphan_files: list[tuple[Path, int]] = []
        self._orphan_states: list[dict[str, Any]] = []
        if folder is not None:
            self._open(folder)

    def next_sequence(self) -> int:
        """Returns the sequence number of sending a commit, for `acknowledge`."""
        self._sequence += 1
        return self._sequence

    def acknowledge(self, marker: CommitMarker, sent: int) -> None:
        """Records a commit; call it before its success is reported to anybody."""
        self._sequence += 1
        self._own_markers = {known: at for known, at in self._own_markers.items() if at > sent}
        self._own_markers[marker] = self._sequence
        self._received_markers = {
            sender: (markers, at) for sender, (markers, at) in self._received_markers.items() if at > sent
        }
        self._save()

    def receive(self, text: str) -> None:
        """Records the commits in the `announcement` of another process."""
        sender, _, listed = text.partition(":")
        markers = {marker for part in listed.split(",") if (marker := CommitMarker.parse(part))}
        if sender != self._sender and markers:
            self._sequence += 1
            self._received_markers[sender] = (markers, self._sequence)
            self._save()

    def announcement(self) -> str:
        """Returns the message for other processes; '' if nothing is new."""
        told = ",".join(map(str, self._own_markers))
        if told == self._last_announcement:
            return ""
        self._last_announcement = told
        return f"{self._sender}:{told}"

    def last_acknowledged(self, server: str) -> set[CommitMarker] | None:
        """Returns the last acknowledged commits in the database of `server`; None if they are not known."""
        if self._server == server:
            return set(self._own_markers).union(*(markers for markers, _ in self._received_markers.values()))
        left = [self._orphan_markers(values, server) for values in self._orphan_states]
        known = [markers for markers in left if markers]
        return set().union(*known) if known and None not in left else None

    def start_from(self, server: str, marker: CommitMarker, sent: int) -> None:
        """Lets `marker` stand for everything before it, in the database of `server`."""
        self._server = server
        self.acknowledge(marker, sent)
        self._orphan_states = []
        for path, file in self._orphan_files:
            path.unlink(missing_ok=True)
            os.close(file)
        self._orphan_files = []

    def close(self) -> None:
        """Flushes the file to disk, so that it is valid after a restart of the machine too."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._save(flushed=True)
                os.fsync(self._file)
            os.close(self._file)
            self._file = None
        for _, file in self._orphan_files:
            os.close(file)
        self._orphan_files = []

    def _orphan_markers(self, values: dict[str, Any], server: str) -> set[CommitMarker] | None:
        """Returns what an ended process acknowledged on `server`: None if that may be more than its file says."""
        if values.get("server") != server:
            return set()
        if time.time() - float(values.get("at", 0)) > KEPT_SECONDS:
            return set()
        if values.get("boot") != self._boot_id and not values.get("flushed"):
            return None
        return {marker for text in values.get("commits", ()) if (marker := CommitMarker.parse(text))}

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in sorted(folder.glob("*.json")):
                self._adopt_file(path)
            path = folder / f"{self._sender}.json"
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            _lock(self._file)
        except OSError as error:
            log.warning("acknowledged commits are kept in memory only", folder=str(folder), error=error.strerror)
            self._file = None

    def _adopt_file(self, path: Path) -> None:
        """Reads the file of a process that has ended; a running process holds its lock."""
        file = os.open(path, os.O_RDWR)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            return
        self._orphan_files.append((path, file))
        if values := _parse_state(os.read(file, FILE_BYTES)):
            self._orphan_states.append(values)

    def _save(self, flushed: bool = False) -> None:
        if self._file is None or not self._server:
            return
        markers = set(self._own_markers).union(*(markers for markers, _ in self._received_markers.values()))
        values = {
            "server": self._server,
            "boot": self._boot_id,
            "at": int(time.time()),
            "flushed": flushed,
            "commits": [str(marker) for marker in markers],
        }
        # One line at the beginning of the file: the rest of an earlier, longer one is not read.
        try:
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, json.dumps(values).encode() + b"\n")
        except OSError as error:
            log.warning("acknowledged commits are kept in memory only", error=error.strerror)
            os.close(self._file)
            self._file = None


def _lock(file: int) -> None:
    """Locks the file; raises OSError if another process holds it."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415 - Windows, where one process alone is the server, has none

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read_boot_id() -> str:
    with contextlib.suppress(OSError):
        return BOOT_ID_FILE.read_text("ascii").strip()
    return ""


def _parse_state(data: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        values = json.loads(data.partition(b"\n")[0])
        if isinstance(values, dict):
            return values
    return {}
