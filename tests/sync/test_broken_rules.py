"""Leaving any rule of sync out is detected, which shows that `test_schedules` depends on each of them.

Each variant below is the program with one rule removed. Some scenario (`scenarios`) then has to fail; the long run
checks that random schedules find it as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from desktop.domain.errors import AppError, NotAllowed
from desktop.domain.records import merge
from desktop.domain.records.merge import HeldRecord, ReceiveResult
from desktop.domain.records.records import Record, Stamp
from desktop.sync import account, authentication, cipher, engine, incoming, outgoing, wire
from desktop.sync.account import Account
from desktop.sync.checkpoint import Checkpoint, save_checkpoint
from desktop.sync.cipher import DataKeys, RecordCipher
from desktop.sync.client import Client
from desktop.sync.problem_errors import ChallengeStale
from tests.sync.memory import MemoryMoment, MemoryReplica
from tests.sync.scenarios import SCENARIOS, Scenario, run_scenario
from tests.sync.schedules import Schedule
from tests.sync.twin import TwinServer
from tests.sync.world import World, fast_stretch

SEARCH = settings(
    max_examples=1500,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
Patch = Callable[[pytest.MonkeyPatch], None]


def cursor_moves_over_what_others_wrote(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "after_batch", lambda checkpoint, receipt: replace(checkpoint, cursor=receipt.cursor))


def etags_are_counted(patch: pytest.MonkeyPatch) -> None:
    def counted(held: HeldRecord) -> str:
        before = 0 if held.etag is None else int.from_bytes(wire.unb64(held.etag), "big")
        return wire.b64((before + 1).to_bytes(16, "big"))

    patch.setattr(outgoing, "new_etag", counted)


def absent_after_a_restore_means_deleted(patch: pytest.MonkeyPatch) -> None:
    begin_again = engine._Run._begin_again
    patch.setattr(engine._Run, "_begin_again", lambda run, checkpoint, reason: begin_again(run, checkpoint, "gc"))


def what_is_written_while_a_restored_server_is_looked_over_counts_as_seen(patch: pytest.MonkeyPatch) -> None:
    reconcile = engine._Run._reconcile

    def hasty(run: Any, checkpoint: Checkpoint) -> None:
        theirs = run._remote.manifest()
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(run._remote, "manifest", lambda: replace(theirs, cursor=checkpoint.cursor), raising=False)
            reconcile(run, checkpoint)

    patch.setattr(engine._Run, "_reconcile", hasty)


def cursor_moves_before_the_rows_are_applied(patch: pytest.MonkeyPatch) -> None:
    apply = engine._Run._apply

    def early(run: Any, checkpoint: Checkpoint, opened: Any, page: wire.ChangesPage) -> None:
        with run._repository.transaction() as transaction:
            save_checkpoint(transaction, replace(checkpoint, cursor=page.cursor))
        apply(run, checkpoint, opened, page)

    patch.setattr(engine._Run, "_apply", early)


def an_answer_settles_what_was_edited_meanwhile(patch: pytest.MonkeyPatch) -> None:
    acknowledge = merge.acknowledge
    for module in (outgoing, incoming):
        patch.setattr(module, "acknowledge", lambda held, sent: replace(acknowledge(held, sent), pending=False))


def the_server_always_wins(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merge, "join", lambda one, other: Record(one.kind, one.key, {**one.fields, **other.fields}))


def nobody_hears_of_a_conflict(patch: pytest.MonkeyPatch) -> None:
    receive = incoming.receive

    def quiet(*given: Any, **named: Any) -> ReceiveResult:
        return replace(receive(*given, **named), conflicts=())

    patch.setattr(incoming, "receive", quiet)


def a_conflict_is_judged_by_what_was_common_before_a_restore(patch: pytest.MonkeyPatch) -> None:
    receive = incoming.receive
    patch.setattr(incoming, "receive", lambda *given, restored: receive(*given))  # noqa: PLW0108 -- it drops `restored`


def stamps_do_not_learn_from_others(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryMoment, "observe_counter", lambda transaction, counter: None)


def stamps_are_told_by_the_wall_clock(patch: pytest.MonkeyPatch) -> None:
    def by_the_clock(transaction: MemoryMoment) -> Stamp:
        transaction.disk.counter = int(time.time() * 1000)
        return Stamp(transaction.disk.counter, transaction.disk.device)

    patch.setattr(MemoryMoment, "next_stamp", by_the_clock)


def a_stale_challenge_is_the_end_of_it(patch: pytest.MonkeyPatch) -> None:
    def once(client: Client, name: str, action: str, request: Callable[[wire.Challenge], Any]) -> Any:
        try:
            return request(client.challenge(name, action))
        except ChallengeStale as stale:
            raise NotAllowed("The server took too long to answer.") from stale

    for module in (account, authentication):
        patch.setattr(module, "request_with_challenge", once)


def an_older_keyring_is_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Account, "_desired_keyring", lambda account, theirs: theirs)


def rotation_throws_old_keys_away(patch: pytest.MonkeyPatch) -> None:
    rotated = DataKeys.rotated

    def only_new(keys: DataKeys) -> DataKeys:
        new = rotated(keys)
        return DataKeys(new.current, {new.current: new.by_id[new.current]})

    patch.setattr(DataKeys, "rotated", only_new)


def record_ids_change_with_the_data_key(patch: pytest.MonkeyPatch) -> None:
    record_id = RecordCipher.record_id
    patch.setattr(
        RecordCipher, "record_id", lambda cipher, kind, key: record_id(cipher, kind, key + cipher.keys.current)
    )


VARIANTS: list[Patch] = [
    cursor_moves_over_what_others_wrote,
    etags_are_counted,
    absent_after_a_restore_means_deleted,
    what_is_written_while_a_restored_server_is_looked_over_counts_as_seen,
    cursor_moves_before_the_rows_are_applied,
    an_answer_settles_what_was_edited_meanwhile,
    the_server_always_wins,
    nobody_hears_of_a_conflict,
    a_conflict_is_judged_by_what_was_common_before_a_restore,
    stamps_do_not_learn_from_others,
    stamps_are_told_by_the_wall_clock,
    a_stale_challenge_is_the_end_of_it,
    an_older_keyring_is_believed,
    rotation_throws_old_keys_away,
    record_ids_change_with_the_data_key,
]


@pytest.fixture
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)


def gone_wrong(make_world: Callable[[], World]) -> list[str]:
    """The stories that do not end well."""
    wrong = []
    for story in SCENARIOS:
        try:
            run_scenario(story, make_world())
        except (AssertionError, LookupError, AppError):
            wrong.append(story.__name__)
    return wrong


@pytest.mark.parametrize("story", SCENARIOS, ids=lambda each: each.__name__)
@pytest.mark.usefixtures("quick_stretching")
def test_a_story_ends_well_with_all_rules(story: Scenario) -> None:
    run_scenario(story, World())


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.__name__)
@pytest.mark.usefixtures("quick_stretching")
def test_a_rule_left_out_is_noticed(variant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    variant(monkeypatch)
    assert gone_wrong(World)


@pytest.mark.parametrize("rule", ["R6", "R8", "gc"])
@pytest.mark.usefixtures("quick_stretching")
def test_a_rule_that_the_server_leaves_out_is_noticed(rule: str) -> None:
    assert gone_wrong(lambda: World(TwinServer(broken=rule)))


def found_out(schedule: type[Schedule]) -> None:
    with pytest.raises((AssertionError, LookupError, AppError, Flaky)):
        run_state_machine_as_test(schedule, settings=SEARCH)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.__name__)
def test_schedules_find_a_rule_left_out(variant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    variant(monkeypatch)
    found_out(Schedule)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rule", ["R6", "R8", "gc"])
def test_schedules_find_a_rule_that_the_server_leaves_out(rule: str) -> None:
    class Broken(Schedule):
        def make_world(self) -> World:
            return World(TwinServer(broken=rule))

    found_out(Broken)


class StaleReplica(MemoryReplica):
    """R9 left out: merges with what was read before the network request."""

    def __init__(self) -> None:
        super().__init__()
        self.read = self.disk.copied()

    @contextmanager
    def transaction(self) -> Iterator[MemoryMoment]:
        read = self.read
        with super().transaction() as transaction:
            transaction.held = lambda kind, key: read.held.get((kind, key))  # type: ignore[method-assign]
            yield transaction
        self.read = self.disk.copied()

    def act(self, kind: str, key: str, **values: object) -> Any:
        with super().transaction() as transaction:
            held = transaction.held(kind, key) or HeldRecord(Record(kind, key))
            stamp = transaction.next_stamp()
            transaction.put(
                HeldRecord(held.record.with_values(values, stamp), True, held.etag, held.base, held.sent, None)
            )
        return stamp


@pytest.mark.usefixtures("quick_stretching")
def test_a_row_read_before_the_transaction_is_noticed() -> None:
    assert gone_wrong(lambda: World(make_replica=StaleReplica))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_schedules_find_a_row_read_before_the_transaction() -> None:
    class Stale(Schedule):
        def make_world(self) -> World:
            return World(make_replica=StaleReplica)

    found_out(Stale)
