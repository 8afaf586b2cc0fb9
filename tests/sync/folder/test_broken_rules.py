"""Rules of sync through a folder, each left out: some schedule then fails, or asks a needless question.

`test_rules` has a scenario for each of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desktop.sync.folder import merging, publishing, receiving, run
from desktop.sync.folder.state import FolderState
from tests.sync.folder.schedules import Schedule

Patch = Callable[[pytest.MonkeyPatch], None]
MOST = 150


def nobody_says_what_was_seen(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging, "trusted_vector", lambda state, head: {})
    patch.setattr(publishing, "replaced_values", lambda loose, record, device: {})


def what_both_did_is_no_conflict(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receiving, "was_seen", lambda *given: True)


def the_vector_of_a_copy_is_believed(patch: pytest.MonkeyPatch) -> None:
    for module in (merging, run):
        patch.setattr(module, "mark_forked", lambda state, names: None)
    patch.setattr(merging, "is_used_twice", lambda mine, theirs, seen: set())


def a_copy_goes_on_under_the_same_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(run.FolderRun, "fork", lambda run, transaction, state: None)


def a_missing_own_file_is_left_missing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(publishing, "own_files_are_there", lambda state: True)


def the_vector_goes_without_what_it_speaks_of(patch: pytest.MonkeyPatch) -> None:
    next_part = publishing.FolderPublisher._next_part

    def own_only(publisher: Any, transaction: Any, state: FolderState, pending: Any, now: float) -> tuple[str, bytes]:
        return next_part(
            publisher, transaction, state, [each for each in pending if publishing.is_own_act(each.record, state)], now
        )

    patch.setattr(publishing.FolderPublisher, "_next_part", own_only)


# With the first of the schedules that notice it today, where the search begins.
LOSES: dict[Patch, int] = {
    what_both_did_is_no_conflict: 0,
    the_vector_of_a_copy_is_believed: 9,
    a_copy_goes_on_under_the_same_names: 11,
    a_missing_own_file_is_left_missing: 92,
    the_vector_goes_without_what_it_speaks_of: 1,
}


@pytest.mark.parametrize("rule", LOSES, ids=lambda rule: rule.__name__)
def test_a_rule_left_out_loses_something(rule: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(monkeypatch)
    first = LOSES[rule]
    assert any(_goes_wrong((first + number) % MOST) for number in range(MOST)), "no schedule noticed"


def test_where_nobody_says_what_was_seen_somebody_is_asked_about_edits_that_followed_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody_says_what_was_seen(monkeypatch)
    life = Schedule(0, faults=False)
    for number in range(4):
        life.devices[number % 2].replica.act("module", "2026/COS 212", name=f"{number}")
        life.settle()
    assert any(held.record.kind == "conflict" for held in life.devices[0].replica.everything())


def _goes_wrong(seed: int) -> bool:
    try:
        life = Schedule(seed)
        life.run(60)
        life.check()
    except (AssertionError, KeyError, ValueError):
        return True
    return False
