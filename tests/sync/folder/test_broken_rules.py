"""Each rule of sync through a folder, left out, is noticed: some schedule goes wrong, or asks where it need not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desktop.sync.folder import engine, receiving
from desktop.sync.folder.state import FolderState
from tests.sync.folder.schedules import Life
from tests.sync.memory import MemoryMoment

Patch = Callable[[pytest.MonkeyPatch], None]
MOST = 400


def a_part_is_believed_across_a_gap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "follows_what_was_merged", lambda state, head: True)


def the_file_is_written_before_the_transaction(patch: pytest.MonkeyPatch) -> None:
    keep = engine._Run._keep

    def early(run: Any, transaction: Any, state: FolderState, content: bytes) -> None:
        part = len(state.parts) - 1 if state.parts else 0
        run._files.put(engine.file_name(state.file, state.generation, part), content)
        run._files.written[engine.file_name(state.file, state.generation, part)] = content
        run._files.before_write("early")
        keep(run, transaction, state, content)

    patch.setattr(engine._Run, "_keep", early)


def a_vector_says_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "believable", lambda state, head: {})
    patch.setattr(engine, "covers", lambda seen, stamp: True)


def what_both_did_is_no_conflict(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receiving, "was_seen", lambda *given: True)


def the_vector_of_a_copy_is_believed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "forget_names", lambda state, names: None)
    patch.setattr(engine, "is_used_twice", lambda mine, theirs, seen: set())


def a_copy_goes_on_under_the_same_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine._Run, "_fork", lambda run, transaction, state: None)


def a_missing_own_file_is_left_missing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "own_files_are_there", lambda state: True)


def a_missing_file_means_that_its_records_are_deleted(patch: pytest.MonkeyPatch) -> None:
    run_check = engine._Run._check_own_files

    def drop(run: Any) -> None:
        run_check(run)
        with run._repository.transaction() as transaction:
            state = engine._loaded(transaction)
            shown = {mark.file for mark in state.files.values()}
            for peer in [each for file, each in state.peers.items() if file not in shown]:
                for held in list(transaction.every()):
                    if held.record.kind == "module" and held.record.stamp.device == peer.device:
                        transaction.drop(*held.record.name)

    patch.setattr(engine._Run, "_check_own_files", drop)


def the_vector_goes_without_what_it_speaks_of(patch: pytest.MonkeyPatch) -> None:
    next_part = engine._Run._next_part

    def own_only(run: Any, transaction: Any, state: FolderState, pending: Any, now: float) -> tuple[str, bytes]:
        return next_part(
            run, transaction, state, [each for each in pending if engine._is_own_act(each.record, state)], now
        )

    patch.setattr(engine._Run, "_next_part", own_only)


def stamps_do_not_learn_from_others(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryMoment, "observe", lambda transaction, counter: None)


def what_was_replaced_without_being_covered_is_not_named(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "note_replaced", lambda loose, record, device: {})


LOSES: tuple[Patch, ...] = (
    a_part_is_believed_across_a_gap,
    the_file_is_written_before_the_transaction,
    what_both_did_is_no_conflict,
    the_vector_of_a_copy_is_believed,
    a_copy_goes_on_under_the_same_names,
    a_missing_own_file_is_left_missing,
    a_missing_file_means_that_its_records_are_deleted,
    the_vector_goes_without_what_it_speaks_of,
)
ASKS: tuple[Patch, ...] = (a_vector_says_nothing,)


@pytest.mark.parametrize("rule", LOSES, ids=lambda rule: rule.__name__)
def test_a_rule_left_out_loses_something(rule: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch)
    assert any(_goes_wrong(seed) for seed in range(MOST)), "no schedule noticed"


@pytest.mark.parametrize("rule", ASKS, ids=lambda rule: rule.__name__)
def test_a_rule_left_out_asks_needlessly(rule: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch)
    for seed in range(MOST):
        life = Life(seed, faults=False)
        life.live(60)
        life.settle()
        life.check()
        if life.needless:
            return
    pytest.fail("no schedule noticed")


def _goes_wrong(seed: int) -> bool:
    try:
        life = Life(seed)
        life.live(60)
        life.check()
    except (AssertionError, KeyError, ValueError):
        return True
    return False
