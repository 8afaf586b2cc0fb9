"""Undo and redo are exact inverses, whatever was done and whatever came from other machines between."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.domain.messages import Translator, msg
from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import DELETED, Act, Change, Json, Record, Stamp
from desktop.store import Store
from desktop.store.schema import acts

NAMES = [("module", "2026/COS 212"), ("event", "2026/ab12"), ("term", "2026/S1"), ("settings", "shared")]
VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.text("abc", max_size=2))


def shown(store: Store) -> dict[tuple[str, str], dict[str, Json]]:
    """The visible part of the records: live ones with the fields that are set."""
    seen = {}
    for record in store.records().by_name.values():
        values = {name: each.value for name, each in record.fields.items() if each.value is not None}
        if not record.is_deleted and values:
            seen[record.name] = values
    return seen


class UndoMachine(RuleBasedStateMachine):
    """Acts, deletions, undo and redo against a model that keeps whole states."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store.open(Path(self.folder.name) / "timetable.sqlite3")
        self.states = [shown(self.store)]
        self.at = 0

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def done(self) -> None:
        self.states[self.at + 1 :] = [shown(self.store)]
        self.at += 1

    @rule(
        sets=st.lists(
            st.tuples(st.sampled_from(NAMES), st.dictionaries(st.sampled_from("pqr"), VALUES, min_size=1, max_size=3)),
            min_size=1,
            max_size=3,
        )
    )
    def act(self, sets: list[tuple[tuple[str, str], dict[str, Json]]]) -> None:
        self.store.apply(Act("Set", tuple(Change(kind, key, values) for (kind, key), values in sets)))
        self.done()

    @rule(name=st.sampled_from(NAMES[1:3]))
    def delete(self, name: tuple[str, str]) -> None:
        record = self.store.records().get(*name)
        if record.fields and not record.is_deleted:
            self.store.apply(Act("Deleted", (Change(*name, {DELETED: record.deletion()}),)))
            self.done()

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        assert self.store.undo() is not None
        self.at -= 1

    @precondition(lambda self: self.at + 1 < len(self.states))
    @rule()
    def redo(self) -> None:
        assert self.store.redo() is not None
        self.at += 1

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(Path(self.folder.name) / "timetable.sqlite3")

    @invariant()
    def shows_what_it_should(self) -> None:
        if hasattr(self, "store"):
            assert shown(self.store) == self.states[self.at]
            reach = self.store.undo_titles()
            assert (reach.undo is not None) == (self.at > 0)
            assert (reach.redo is not None) == (self.at + 1 < len(self.states))


UndoMachine.TestCase.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestUndo = UndoMachine.TestCase


@pytest.mark.slow
class TestUndoLong(UndoMachine.TestCase):
    settings = settings(UndoMachine.TestCase.settings, max_examples=100)


@pytest.fixture
def store(tmp_path: Path):
    with_store = Store.open(tmp_path / "timetable.sqlite3")
    yield with_store
    with_store.close()


def set_elsewhere(store: Store, kind: str, key: str, name: str, value: Json, counter: int) -> None:
    """Does what sync does when another device set a field."""
    with store.sync_repository.transaction() as transaction:
        held = transaction.held(kind, key)
        record = held.record if held else Record(kind, key)
        transaction.put(HeldRecord(record.with_values({name: value}, Stamp(counter, "other")), pending=False))
        transaction.observe_counter(counter)


def test_undo_leaves_what_another_device_set_since(store: Store) -> None:
    store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "mine", "colour": "Sage"}),)))
    set_elsewhere(store, "module", "2026/COS 212", "name", "theirs", 9)
    assert store.undo() == "Named"
    record = store.records().get("module", "2026/COS 212")
    assert record.get("name") == "theirs"
    assert record.get("colour") is None
    assert store.redo() == "Named"
    record = store.records().get("module", "2026/COS 212")
    assert (record.get("name"), record.get("colour")) == ("theirs", "Sage")


def test_an_act_of_which_nothing_is_left_is_passed_over(store: Store) -> None:
    store.apply(Act("First", (Change("module", "2026/A", {"name": "a"}),)))
    store.apply(Act("Second", (Change("module", "2026/B", {"name": "b"}),)))
    set_elsewhere(store, "module", "2026/B", "name", "theirs", 9)
    assert store.undo_titles().undo == "First"
    assert store.undo() == "First"
    assert store.undo() is None
    assert store.records().get("module", "2026/B").get("name") == "theirs"


def test_undoing_what_made_an_event_keeps_another_devices_edit_alive(store: Store) -> None:
    store.apply(Act("Added", (Change("event", "2026/x", {"title": "Gym"}),)))
    set_elsewhere(store, "event", "2026/x", "venue", "Court 2", 9)
    store.undo()
    record = store.records().get("event", "2026/x")
    assert not record.is_deleted
    assert record.get("venue") == "Court 2"


def test_a_stamp_used_twice_is_out_of_reach(store: Store) -> None:
    """A copy of the profile made another act under the stamp of ours; undo cannot tell them apart, and keeps off."""
    applied = store.apply(Act("Named", (Change("module", "2026/A", {"name": "mine"}),)))
    with store.sync_repository.transaction() as transaction:
        transaction.put(
            HeldRecord(Record("module", "2026/A").with_values({"name": "theirs"}, applied.stamp), pending=False)
        )
    assert store.undo() is None
    assert store.records().get("module", "2026/A").get("name") == "theirs"


def test_stamps_are_above_all_seen(store: Store) -> None:
    with store.sync_repository.transaction() as transaction:
        transaction.observe_counter(70)
    assert store.apply(Act("Set", (Change("module", "2026/A", {"name": "a"}),))).stamp.counter == 71
    store.undo()
    assert store.records().get("module", "2026/A").stamp.counter == 72


def test_history_is_bounded(store: Store) -> None:
    for number in range(205):
        store.apply(Act(f"Act {number}", (Change("module", "2026/A", {"name": str(number)}),)))
    undone = 0
    while store.undo():
        undone += 1
    assert undone == 200
    assert store.records().get("module", "2026/A").get("name") == "4"


def test_the_history_can_be_said_in_another_language(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "timetable.sqlite3")
    afrikaans = Translator({"Hid {what}": "Versteek: {what}"})
    change = (Change("module", "2026/COS 212", {"hidden": True}),)
    store.apply(Act("As it was", change))
    store.apply(Act(msg("Hid {what}", what="COS 212"), change))
    titles = (store.undo_titles().undo, store.undo(), store.undo_titles().redo, store.redo())
    assert [afrikaans.localise(title or "") for title in titles] == ["Versteek: COS 212"] * 4
    with store.database.writing() as connection:
        connection.execute(acts.update().values(phrase='{"say": 3}'))
    assert afrikaans.localise(store.undo_titles().undo or "") == "Hid COS 212", "what cannot be said is in English"
    store.close()
