"""The real counterparts of the twins: a profile's SQLite store, and the client over sockets, with injected faults."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.domain.errors import NotReachable
from desktop.domain.records.merge import STATE_DIGEST, HeldRecord, UnreadableRecord
from desktop.domain.records.records import Act, Change, Record, Stamp
from desktop.store import Store
from desktop.sync.client import Client


class StoreReplica:
    """The store of a real profile, with the hooks of `memory.MemoryReplica`. It uses `time.time` for its clock."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="profile"))
        self.store = Store.open(self.folder / "timetable.sqlite3", lambda: datetime.fromtimestamp(time.time(), UTC))
        self.before_commit: Callable[[], None] = lambda: None
        self.after_commit: Callable[[], None] = lambda: None

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        with self.store.sync_repository.transaction() as transaction:
            yield transaction
            self.before_commit()
        self.after_commit()

    def recovery_point(self, why: str) -> None:
        self.store.sync_repository.recovery_point(why)

    def act(self, kind: str, key: str, **values: object) -> Stamp:
        return self.store.apply(Act("Did something", (Change(kind, key, values),))).stamp

    def delete(self, kind: str, key: str) -> None:
        self.act(kind, key, deleted=self.record(kind, key).deletion())

    def everything(self) -> list[HeldRecord]:
        with self.store.sync_repository.transaction() as transaction:
            return list(transaction.all_held())

    def asides(self) -> list[UnreadableRecord]:
        with self.store.sync_repository.transaction() as transaction:
            return list(transaction.set_asides())

    def record(self, kind: str, key: str) -> Record:
        return self.store.records().get(kind, key)

    def live(self) -> dict[tuple[str, str], dict[str, object]]:
        return {
            name: {field: each.value for field, each in record.fields.items() if each.value is not None}
            for name, record in self.store.records().by_name.items()
            if not record.is_deleted and record.kind != STATE_DIGEST
        }

    def close(self) -> None:
        self.store.close()


class FaultyClient(Client):
    """The real client on an unreliable line: see `twin.TwinClient`."""

    fate: Callable[[str, str], str] = staticmethod(lambda method, path: "")

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], **how: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        fate = self.fate(method, path)
        if fate == "lost request":
            raise NotReachable("lost request")
        answer = super()._send(method, path, body, headers, **how)
        if fate == "lost answer":
            raise NotReachable("lost answer")
        return answer
