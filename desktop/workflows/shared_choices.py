"""Groups that students share with each other: written to a file or a link, read, and stored as candidates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desktop.domain.commands.shared_choices import difference_texts, remove_shared, save_shared
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.shared_choices import (
    FILE_SUFFIX,
    MAX_FILE_BYTES,
    SharedChoices,
    SharedKind,
    choices_from_file,
    choices_of_timetable,
    is_shared_link,
    shared_choices,
)
from desktop.domain.timetable.choices import ChoiceKey
from desktop.store import Applied, Store
from desktop.sync.qr_codes import qr_texts
from desktop.workflows.files import read_bounded, write_atomically
from desktop.workflows.shared_links import link_of, read_link
from desktop.workflows.timetable import View

__all__ = [
    "FILE_SUFFIX",
    "SharedChoices",
    "SharedKind",
    "choices_to_share",
    "delete_choices",
    "difference_texts",
    "is_shared_file",
    "is_shared_link",
    "link_of",
    "read_file",
    "read_link",
    "read_picture",
    "shared_choices",
    "store_choices",
    "write_file",
]


def choices_to_share(view: View, kind: SharedKind, groups: Mapping[ChoiceKey, str] | None = None) -> SharedChoices:
    """The student's own groups, or a plan's. Raises InvalidInput where nothing is chosen."""
    return choices_of_timetable(view.timetable, kind, groups)


def write_file(shared: SharedChoices, path: Path) -> None:
    """Write the file atomically. Raises FileError."""
    write_atomically(path, shared.file_body())


def is_shared_file(head: bytes) -> bool:
    """True if a file that begins with `head` was written by `write_file`."""
    return head.lstrip().startswith(b'{\n "format": "upschedule choices"')


def read_file(path: Path) -> SharedChoices:
    """Read a file of shared groups. Raises FileError, InvalidInput."""
    return choices_from_file(read_bounded(path, MAX_FILE_BYTES))


def read_picture(grey: bytes, width: int, height: int) -> SharedChoices:
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


def store_choices(store: Store, shared: SharedChoices) -> Applied:
    """Store a plan as a candidate, or a friend's groups for the planner; one act. Raises InvalidInput if there is no
    timetable of that year, or too many are stored."""
    if shared.year not in store.years():
        raise InvalidInput(
            msg("These groups are of {year}, and there is no timetable of that year here.", year=shared.year),
            "Import your timetable first, then open it again.",
        )
    return store.apply(save_shared(store.records(shared.year), shared))


def delete_choices(store: Store, shared: SharedChoices) -> Applied:
    return store.apply(remove_shared(store.records(shared.year), shared))
