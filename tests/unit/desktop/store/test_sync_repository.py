"""The outbox in SQLite and sync's in-memory twin behave the same, whatever the operations."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from desktop.domain.records.merge import HeldRecord, SentVersion, UnreadableRecord
from desktop.domain.records.records import Record, Stamp
from desktop.store import Store
from tests.sync.memory import MemoryReplica

if TYPE_CHECKING:
    from desktop.sync.repository import SyncRepository

NAMES = st.sampled_from([("module", "2026/A"), ("settings", "shared"), ("import", "2026/lectures/ab")])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-5, 2**60), st.text(max_size=5), st.lists(st.text(max_size=2)))
LARGE = st.builds(lambda text, times: text * times, st.text("abc é", min_size=1, max_size=3), st.integers(900, 2000))
STAMPS = st.builds(Stamp, st.integers(0, 50), st.sampled_from(["d1", "d2"]))
FIELDS = st.dictionaries(st.sampled_from(["p", "q", "deleted"]), st.tuples(VALUES | LARGE, STAMPS), max_size=3)


@st.composite
def held(draw: st.DrawFn) -> HeldRecord:
    kind, key = draw(NAMES)

    def record() -> Record:
        made = Record(kind, key)
        for name, (value, stamp) in draw(FIELDS).items():
            made = made.with_values({name: {} if name == "deleted" else value}, stamp)
        return made

    return HeldRecord(
        record(),
        draw(st.booleans()),
        draw(st.none() | st.just("etag")),
        record() if draw(st.booleans()) else None,
        SentVersion("sent", record()) if draw(st.booleans()) else None,
        draw(st.none() | st.just("too large")),
    )


class TwinMachine(RuleBasedStateMachine):
    """Every step is taken by both, and everything that can be read is compared."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "timetable.sqlite3")
        self.memory = MemoryReplica()
        self.memory.disk.device = self.store.device
        sync_repository: SyncRepository = self.store.sync_repository
        self.both: tuple[SyncRepository, SyncRepository] = (sync_repository, self.memory)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(new=st.lists(held(), min_size=1, max_size=5), dropped=st.none() | NAMES, crash=st.booleans())
    def put(self, new: list[HeldRecord], dropped: tuple[str, str] | None, crash: bool) -> None:
        """Changes of a transaction are visible in it at once, and nowhere else if it fails."""
        inside = []
        for repository in self.both:
            try:
                with repository.transaction() as transaction:
                    for each in new[:-1]:
                        transaction.put(each)
                    if dropped is not None:
                        transaction.drop(*dropped)
                    transaction.put(new[-1])
                    inside.append([transaction.held(*each.record.name) for each in new])
                    if len(new) > 2:
                        inside[-1] += transaction.pending(3)
                        transaction.put(new[1])
                        inside[-1] += sorted(transaction.all_held(), key=lambda each: each.record.name)
                    transaction.set_memo("cursor", str(len(new)))
                    _ = 1 // (not crash)
            except ZeroDivisionError:
                continue
        assert inside[0] == inside[1]

    @rule(name=NAMES)
    def drop(self, name: tuple[str, str]) -> None:
        for repository in self.both:
            with repository.transaction() as transaction:
                transaction.drop(*name)

    @rule(counter=st.integers(0, 2**53))
    def observe(self, counter: int) -> None:
        stamps = []
        for repository in self.both:
            with repository.transaction() as transaction:
                transaction.observe_counter(counter)
                stamps.append(transaction.next_stamp())
        assert stamps[0] == stamps[1]

    @rule(name=st.sampled_from(["cursor", "epoch"]), text=st.none() | st.text(max_size=3))
    def memo(self, name: str, text: str | None) -> None:
        for repository in self.both:
            with repository.transaction() as transaction:
                transaction.set_memo(name, text)

    @rule(record=st.sampled_from("ab"), sealed=st.binary(max_size=4), take_back=st.booleans())
    def aside(self, record: str, sealed: bytes, take_back: bool) -> None:
        for repository in self.both:
            with repository.transaction() as transaction:
                transaction.set_aside(UnreadableRecord(record, "e", take_back, 2, "k", sealed, "newer"))
                if take_back:
                    transaction.remove_aside(record)

    @invariant()
    def read_the_same(self) -> None:
        read = []
        for repository in self.both:
            with repository.transaction() as transaction:
                every = sorted(transaction.all_held(), key=lambda each: each.record.name)
                read.append(
                    (
                        transaction.device(),
                        every,
                        [transaction.held(*each.record.name) for each in every],
                        list(transaction.pending(2)),
                        sorted(transaction.refused(), key=lambda each: each.record.name),
                        transaction.memo("cursor"),
                        transaction.memo("epoch"),
                        sorted(transaction.set_asides(), key=lambda each: each.record_id),
                    )
                )
        assert read[0] == read[1]


TwinMachine.TestCase.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestTwin = TwinMachine.TestCase
