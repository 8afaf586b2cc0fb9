"""Groups that students share with each other: written to a file or a link, read, and stored as candidates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desktop.domain.commands.shared_choices import drop_shared, keep_shared, missing_words
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.shared_choices import (
    ENDING,
    MOST_BYTES,
    SharedChoices,
    SharedKind,
    choices_from_file,
    is_shared_link,
    own_choices,
    shared_choices,
)
from desktop.domain.timetable.choices import ChoiceKey
from desktop.store import Applied, Store
from desktop.sync.qr_codes import qr_texts
from desktop.workflows.files import read_whole, write_whole
from desktop.workflows.shared_links import link_of, read_link
from desktop.workflows.timetable import View

__all__ = [
    "ENDING",
    "SharedChoices",
    "SharedKind",
    "drop",
    "in_picture",
    "is_shared_file",
    "is_shared_link",
    "keep",
    "link_of",
    "missing_words",
    "read_file",
    "read_link",
    "share",
    "shared_choices",
    "write_file",
]


def share(view: View, kind: SharedKind, groups: Mapping[ChoiceKey, str] | None = None) -> SharedChoices:
    """The student's own groups, or a plan's. Raises InvalidInput where nothing is chosen."""
    return own_choices(view.timetable, kind, groups)


def write_file(shared: SharedChoices, path: Path) -> None:
    """Write the file atomically. Raises FileTrouble."""
    write_whole(path, shared.body())


def is_shared_file(head: bytes) -> bool:
    """True if a file that begins with `head` was written by `write_file`."""
    return head.lstrip().startswith(b'{\n "format": "upschedule choices"')


def read_file(path: Path) -> SharedChoices:
    """Read a file of shared groups. Raises FileTrouble, InvalidInput."""
    return choices_from_file(read_whole(path, MOST_BYTES))


def in_picture(grey: bytes, width: int, height: int) -> SharedChoices:
    """The shared groups in a picture of a QR code; `grey` holds one grey value (a byte) for each pixel. Raises
    InvalidInput."""
    texts = qr_texts(grey, width, height)
    found = [text for text in texts if is_shared_link(text)]
    if len(found) == 1:
        return read_link(found[0])
    if not texts:
        raise InvalidInput("There is no code in this picture.", "Take it again: sharp, and with all of the code in it.")
    if found:
        raise InvalidInput("There are several codes in this picture.", "Cut it down to the one you mean.")
    raise InvalidInput("The code in this picture does not hold anybody’s groups.", "Ask for it again.")


def keep(store: Store, shared: SharedChoices) -> Applied:
    """Store a plan as a candidate, or a friend's groups for the planner; one act. Raises InvalidInput if there is no
    timetable of that year, or too many are stored."""
    if shared.year not in store.years():
        raise InvalidInput(
            msg("These groups are of {year}, and there is no timetable of that year here.", year=shared.year),
            "Import your timetable first, then open it again.",
        )
    return store.apply(keep_shared(store.records(shared.year), shared))


def drop(store: Store, shared: SharedChoices) -> Applied:
    return store.apply(drop_shared(store.records(shared.year), shared))
