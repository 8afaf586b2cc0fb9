"""In-memory twins of sync's ports: records, a vault, and a profile whose disk can be copied, restored and crashed."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from desktop.domain.records.merge import STATE_DIGEST, HeldRecord, UnreadableRecord
from desktop.domain.records.records import Record, Stamp

_name_numbers = itertools.count()


def new_name() -> str:
    """A name for stamps that looks random, and is the same at every replay of a schedule (see `reset_names`)."""
    return hashlib.sha256(str(next(_name_numbers)).encode()).hexdigest()[:8]


def reset_names() -> None:
    global _name_numbers  # noqa: PLW0603 -- one schedule at a time
    _name_numbers = itertools.count()


class Crash(BaseException):
    """The process ended here: only the test may catch this."""


class Disk:
    """The state of a profile that survives a crash."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], HeldRecord] = {}
        self.order: dict[tuple[str, str], int] = {}
        self.memos: dict[str, str] = {}
        self.asides: dict[str, UnreadableRecord] = {}
        self.counter = 0
        self.device = new_name()

    def copied(self) -> Disk:
        return copy.copy(self)._own()

    def _own(self) -> Disk:
        self.held, self.order = dict(self.held), dict(self.order)
        self.memos, self.asides = dict(self.memos), dict(self.asides)
        return self


class MemoryMoment:
    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    def device(self) -> str:
        return self.disk.device

    def held(self, kind: str, key: str) -> HeldRecord | None:
        return self.disk.held.get((kind, key))

    def all_held(self) -> Iterable[HeldRecord]:
        return list(self.disk.held.values())

    def pending(self, limit: int) -> Sequence[HeldRecord]:
        found = [each for each in self.disk.held.values() if each.pending and each.refused is None]
        return sorted(found, key=lambda each: self.disk.order[each.record.name])[:limit]

    def refused(self) -> Sequence[HeldRecord]:
        return [each for each in self.disk.held.values() if each.refused is not None]

    def counts(self) -> tuple[int, int]:
        live = sum(not each.record.is_deleted for each in self.disk.held.values())
        return live, len(self.disk.held) - live

    def memo(self, name: str) -> str | None:
        return self.disk.memos.get(name)

    def set_asides(self) -> Sequence[UnreadableRecord]:
        return list(self.disk.asides.values())

    def put(self, held: HeldRecord) -> None:
        name = held.record.name
        before = self.disk.held.get(name)
        if held.pending and (before is None or not before.pending):
            self.disk.order[name] = max(self.disk.order.values(), default=0) + 1
        self.disk.held[name] = held

    def drop(self, kind: str, key: str) -> None:
        self.disk.held.pop((kind, key), None)

    def next_stamp(self) -> Stamp:
        self.disk.counter += 1
        return Stamp(self.disk.counter, self.disk.device)

    def observe_counter(self, counter: int) -> None:
        self.disk.counter = max(self.disk.counter, counter)

    def renew_device(self) -> str:
        self.disk.device = new_name()
        return self.disk.device

    def set_memo(self, name: str, text: str | None) -> None:
        self.disk.memos.pop(name, None)
        if text is not None:
            self.disk.memos[name] = text

    def set_aside(self, item: UnreadableRecord) -> None:
        self.disk.asides[item.record_id] = item

    def remove_aside(self, record_id: str) -> None:
        self.disk.asides.pop(record_id, None)


class MemoryReplica:
    """`before_commit` and `after_commit` are called around each commit; they may raise Crash."""

    def __init__(self, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.recovery_points: list[tuple[str, Disk]] = []
        self.before_commit: Callable[[], None] = lambda: None
        self.after_commit: Callable[[], None] = lambda: None
        self._busy = False

    @contextmanager
    def transaction(self) -> Iterator[MemoryMoment]:
        assert not self._busy, "a moment inside a moment would wait for itself in SQLite"
        self._busy = True
        try:
            working = self.disk.copied()
            yield MemoryMoment(working)
            self.before_commit()
            self.disk = working
        finally:
            self._busy = False
        self.after_commit()

    def recovery_point(self, why: str) -> None:
        self.recovery_points.append((why, self.disk.copied()))

    # an act of the student, as the store keeps one

    def act(self, kind: str, key: str, **values: object) -> Stamp:
        with self.transaction() as transaction:
            held = transaction.held(kind, key) or HeldRecord(Record(kind, key))
            stamp = transaction.next_stamp()
            transaction.put(
                HeldRecord(held.record.with_values(values, stamp), True, held.etag, held.base, held.sent, None)
            )
        return stamp

    def delete(self, kind: str, key: str) -> None:
        held = self.disk.held[kind, key]
        self.act(kind, key, deleted=held.record.deletion())

    def everything(self) -> list[HeldRecord]:
        return list(self.disk.held.values())

    def asides(self) -> list[UnreadableRecord]:
        return list(self.disk.asides.values())

    def record(self, kind: str, key: str) -> Record:
        held = self.disk.held.get((kind, key))
        return Record(kind, key) if held is None else held.record

    def live(self) -> dict[tuple[str, str], dict[str, object]]:
        """The values of all live records that a person created or would miss."""
        return {
            name: {field: each.value for field, each in held.record.fields.items() if each.value is not None}
            for name, held in self.disk.held.items()
            if not held.record.is_deleted and held.record.kind != STATE_DIGEST
        }


class MemoryVault:
    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        return self.entries.get(name)

    def save(self, name: str, secret: str) -> None:
        self.entries[name] = secret

    def remove(self, name: str) -> None:
        self.entries.pop(name, None)
