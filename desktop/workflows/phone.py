"""The timetable as one file for a phone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from desktop.domain.commands.choices import is_undecided_included
from desktop.domain.timetable.events import LayerEvent
from desktop.domain.timetable.occurrences import TIME_ZONE
from desktop.languages import translator_for
from desktop.phone.document import FILE_HEAD, PhoneDocument, phone_document
from desktop.workflows.files import write_atomically
from desktop.workflows.timetable import View

__all__ = ["PhoneDocument", "is_phone_file", "make_phone_file", "save_phone_file"]


def make_phone_file(view: View, language: str, now: datetime) -> PhoneDocument:
    """Make the phone file of the rest of the year of `view`, from the day of `now` (aware) on. Nothing is written."""
    return phone_document(
        view.timetable,
        view.calendar,
        [each for each in view.occurrences if not isinstance(each.item, LayerEvent) or each.item.exported],
        now.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None),
        translator_for(language),
        language,
        undecided=is_undecided_included(view.records, view.year),
    )


def save_phone_file(document: PhoneDocument, path: Path) -> None:
    """Write the file atomically. Raises FileError."""
    write_atomically(path, document.body)


def is_phone_file(head: bytes) -> bool:
    """True if a file that begins with `head` is a phone file of this program."""
    return head.startswith(FILE_HEAD)
