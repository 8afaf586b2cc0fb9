"""Detects devices that are late, lost or rolled back, as far as the files in the folder show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from desktop.sync.folder.state import DAMAGED, GAP, FileMark, FolderState


class DeviceProblem(Enum):
    """A problem with the files of a device."""

    LATE = "late"  # other devices have seen more of it than its own files contain here
    GAP = "gap"  # a part of its files is missing
    LOST = "lost"  # its files are gone
    ROLLED_BACK = "rolled back"  # its files are older than those read here before


@dataclass(frozen=True, slots=True)
class FolderDevice:
    """A device as this one sees it.

    `unseen` is True if it has not seen everything that this device wrote. Then `has_seen_until` is the time (seconds
    since 1970) of this device's last write that it has seen; None if it has seen none, or all.
    """

    file: str
    label: str
    is_this_one: bool
    problems: tuple[DeviceProblem, ...] = ()
    unseen: bool = False
    has_seen_until: float | None = None


def devices_of(state: FolderState) -> tuple[FolderDevice, ...]:
    """This device first, then all devices whose files were read, by label."""
    found = [FolderDevice(state.file, state.label, is_this_one=True)]
    for file, peer in state.peers.items():
        marks = [mark for mark in state.files.values() if mark.file == file]
        troubles = _troubles(state, file, marks)
        own = peer.seen.get(state.device, 0)
        unseen = own < state.published
        until = max((at for counter, at in state.history if counter <= own), default=None) if unseen else None
        found.append(FolderDevice(file, peer.label, False, troubles, unseen, until))
    return tuple(sorted(found, key=lambda each: (not each.is_this_one, each.label.casefold(), each.file)))


def _troubles(state: FolderState, file: str, marks: list[FileMark]) -> tuple[DeviceProblem, ...]:
    found = []
    peer = state.peers[file]
    shown = max((mark.place for mark in marks if mark.status != DAMAGED), default=None)
    if shown is None:
        found.append(DeviceProblem.LOST)
    elif shown < peer.mark:
        found.append(DeviceProblem.ROLLED_BACK)
    if any(mark.status == GAP for mark in marks):
        found.append(DeviceProblem.GAP)
    counter = peer.seen.get(peer.device, 0)
    if any(other.seen.get(peer.device, 0) > counter for each, other in state.peers.items() if each != file):
        found.append(DeviceProblem.LATE)
    return tuple(found)
