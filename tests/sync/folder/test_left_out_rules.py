"""The rules with a scenario in `test_rules`, each left out: its scenario then fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from desktop.domain.errors import AppError
from desktop.domain.records.merge import HeldRecord
from desktop.sync.folder import engine, health, keyring, merging, publishing
from desktop.sync.folder.health import DeviceProblem
from desktop.sync.folder.keyring import FolderKeyring, UnlockSlot
from desktop.sync.folder.publishing import MAX_FROZEN_PARTS, FolderPublisher
from desktop.sync.folder.state import FileMark, FolderState
from tests.sync.folder import test_rules as stories
from tests.sync.folder.schedules import Schedule

Patch = Callable[[pytest.MonkeyPatch], None]
Story = Callable[[Schedule], None]


# rule 5


def what_was_merged_is_written_at_once(patch: pytest.MonkeyPatch) -> None:
    def is_due(state: FolderState, own: Iterable[HeldRecord], pending: Iterable[HeldRecord], now: float) -> bool:
        return not state.is_whole or any(True for _ in pending)

    patch.setattr(publishing, "is_due", is_due)


def what_was_merged_is_never_written(patch: pytest.MonkeyPatch) -> None:
    def is_due(state: FolderState, own: Iterable[HeldRecord], pending: Iterable[HeldRecord], now: float) -> bool:
        return not state.is_whole or any(True for _ in own)

    patch.setattr(publishing, "is_due", is_due)


# rule 7


def nobody_compares_tokens(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging, "names_of_two", lambda mine, theirs: set())


# rule 9


def an_edit_compacts(patch: pytest.MonkeyPatch) -> None:
    there = publishing.own_files_are_there
    patch.setattr(
        publishing, "own_files_are_there", lambda state: len(state.parts) <= MAX_FROZEN_PARTS and there(state)
    )


def the_old_generation_goes_with_the_compaction(patch: pytest.MonkeyPatch) -> None:
    tidy = FolderPublisher.tidy

    def at_once(publisher: FolderPublisher) -> None:
        tidy(publisher)
        if publisher._run.state().old:
            tidy(publisher)

    patch.setattr(FolderPublisher, "tidy", at_once)


def a_compaction_forgets_deletions(patch: pytest.MonkeyPatch) -> None:
    snapshot = FolderPublisher._snapshot

    def without(publisher: FolderPublisher, transaction: Any, state: FolderState, now: float) -> tuple[str, bytes]:
        for held in list(transaction.all_held()):
            if held.record.is_deleted:
                transaction.drop(*held.record.name)
        return snapshot(publisher, transaction, state, now)

    patch.setattr(FolderPublisher, "_snapshot", without)


def files_of_others_go_before_theirs_was_published(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "is_published", lambda state, seen: True)


# rule 10


def nobody_remembers_what_was_read(patch: pytest.MonkeyPatch) -> None:
    troubles = health._troubles

    def forgetful(state: FolderState, file: str, marks: list[FileMark]) -> tuple[DeviceProblem, ...]:
        state.peers[file] = replace(state.peers[file], mark=(-1, -1, -1))
        return troubles(state, file, marks)

    patch.setattr(health, "_troubles", forgetful)


def nobody_compares_what_others_have_seen(patch: pytest.MonkeyPatch) -> None:
    troubles = health._troubles

    def alone(state: FolderState, file: str, marks: list[FileMark]) -> tuple[DeviceProblem, ...]:
        only = replace(state, peers={file: state.peers[file]})
        return troubles(only, file, marks)

    patch.setattr(health, "_troubles", alone)


# rule 11


def each_piece_is_judged_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging, "QUIET", -1.0)


# rule 12


def keyrings_are_taken_as_a_whole(patch: pytest.MonkeyPatch) -> None:
    def whole(mine: FolderKeyring, others: Iterable[FolderKeyring]) -> FolderKeyring:
        return max([mine, *others], key=lambda each: (each.rotation, each.key, each.data_rotation))

    patch.setattr(keyring, "merged", whole)


def an_older_slot_is_believed(patch: pytest.MonkeyPatch) -> None:
    def oldest(slots: Iterable[UnlockSlot]) -> UnlockSlot:
        return min(slots, key=lambda each: each.order)

    patch.setattr(keyring, "newest_slot", oldest)


LEFT_OUT: list[tuple[Patch, Story]] = [
    (what_was_merged_is_written_at_once, stories.test_merging_alone_writes_nothing_but_once_a_day),
    (what_was_merged_is_never_written, stories.test_merging_alone_writes_nothing_but_once_a_day),
    (nobody_compares_tokens, stories.test_what_was_set_under_the_name_of_a_copy_is_not_taken_for_seen),
    (an_edit_compacts, stories.test_compaction_is_a_write_of_its_own),
    (the_old_generation_goes_with_the_compaction, stories.test_compaction_is_a_write_of_its_own),
    (a_compaction_forgets_deletions, stories.test_a_deletion_outlives_every_compaction),
    (
        files_of_others_go_before_theirs_was_published,
        stories.test_files_of_a_removed_device_go_only_after_all_that_it_had_was_published,
    ),
    (nobody_remembers_what_was_read, stories.test_a_rolled_back_file_and_a_stuck_cloud_are_told_by_device),
    (nobody_compares_what_others_have_seen, stories.test_a_device_of_which_others_have_seen_more_is_told),
    (each_piece_is_judged_alone, stories.test_deletions_in_pieces_are_asked_about_together),
    (keyrings_are_taken_as_a_whole, stories.test_two_password_changes_at_once_end_with_one_and_it_is_said_whose),
    (an_older_slot_is_believed, stories.test_a_slot_older_than_one_that_was_seen_is_refused),
]


@pytest.mark.parametrize(("rule", "story"), LEFT_OUT, ids=lambda each: each.__name__.removeprefix("test_"))
def test_a_story_ends_badly_without_its_rule(rule: Patch, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    life = Schedule(0, faults=False)
    rule(monkeypatch)
    with pytest.raises((AssertionError, AppError)):
        story(life)
