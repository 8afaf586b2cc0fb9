"""The rules for reading and writing files in a folder, as functions of the stored state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Record, Stamp
from desktop.sync.folder.file_format import FileHead, file_name
from desktop.sync.folder.receiving import ValueId
from desktop.sync.folder.state import FieldValueIds, FolderState, name_text

DAY_SECONDS = 86_400.0


def is_published(state: FolderState, seen: Mapping[str, int]) -> bool:
    """True if this device's files in the folder include everything that the vector `seen` covers."""
    return (
        state.is_whole
        and state.published_seen is not None
        and all(
            state.published_seen.get(name, 0) >= counter for name, counter in seen.items() if name not in state.forked
        )
    )


def follows_what_was_merged(state: FolderState, head: FileHead) -> bool:
    """True if the frozen part before this one was merged, or this is a snapshot, which needs none."""
    return head.prev is None or head.prev in state.merged


def trusted_vector(state: FolderState, head: FileHead) -> dict[str, int]:
    """The trustworthy part of a writer's vector.

    It is empty if the part before the file was not merged, and leaves out stamp names that two profiles have used.
    """
    if not follows_what_was_merged(state, head):
        return {}
    return {name: counter for name, counter in head.seen.items() if name not in state.forked}


def mark_forked(state: FolderState, forked: Iterable[str]) -> None:
    """Marks stamp names that two profiles have used, and removes them from the vector and the tokens for good."""
    state.forked = sorted({*state.forked, *forked})
    state.seen = {name: counter for name, counter in state.seen.items() if name not in state.forked}
    state.tokens = {name: each for name, each in state.tokens.items() if name not in state.forked}


def own_files_are_there(state: FolderState) -> bool:
    """True if every part of this device's generation is in the folder as it was last written."""
    names = (file_name(state.file, state.generation, part) for part in range(len(state.parts)))
    return all(
        name in state.files and state.files[name].identity == identity
        for name, identity in zip(names, state.parts, strict=True)
    )


def is_due(state: FolderState, own: Iterable[HeldRecord], pending: Iterable[HeldRecord], now: float) -> bool:
    """True if a file must be written: this profile's acts are written at once, merged changes once a day."""
    if not state.is_whole or any(True for _ in own):
        return True
    return any(True for _ in pending) and not 0 <= now - state.published_at <= DAY_SECONDS


def replaced_values(loose: FieldValueIds, record: Record, device: str) -> dict[str, list[ValueId]]:
    """The values, by field, that no vector covered and that this profile has replaced."""
    known = loose.get(name_text(record.name))
    found: dict[str, list[ValueId]] = {}
    for name, values in (known or {}).items():
        each = record.fields.get(name)
        if each is not None and each.stamp.device == device:
            replaced = [value for value in values if Stamp(*value[:2]) < each.stamp]
            if replaced:
                found[name] = replaced
    return found


def is_own_act(record: Record, state: FolderState) -> bool:
    return any(
        each.stamp.device == state.device and each.stamp.counter > state.published for each in record.fields.values()
    )
