"""The meetings and assessments of a document, with ids derived only from their content.

Several rows can form one item: an activity in several rooms at one time, an assessment printed in two lines. Ids do not
depend on the order of rows, so two machines that read the same document agree on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop.domain.drafts.draft import Draft
from desktop.domain.timetable.assessments import EXAM_MINUTES, Assessment
from desktop.domain.timetable.meetings import Meeting

PrintedItem = Meeting | Assessment  # items that come from documents, unlike own events


@dataclass(frozen=True, slots=True)
class DocumentItem:
    """A meeting or assessment of a document. `rows` are the indexes of its rows in the draft."""

    item: PrintedItem
    rows: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id that it has if no earlier import contains it."""
        return self.item.id


def document_items(draft: Draft, year: int, exam_minutes: int = EXAM_MINUTES) -> tuple[DocumentItem, ...]:
    """All items of a draft, for an academic year, in the order of their first rows."""
    joined: dict[tuple[object, ...], list[int]] = {}
    for index, row in enumerate(draft.rows):
        joined.setdefault(draft.kind.identity(row), []).append(index)
    items = [draft.kind.item([draft.rows[index] for index in rows], year, exam_minutes) for rows in joined.values()]
    for with_end in (False, True):
        repeated = {name for name, count in Counter(item.id for item in items).items() if count > 1}
        items = [
            replace(item, id=f"{item.id}/{slot_suffix(item, with_end)}") if item.id in repeated else item
            for item in items
        ]
    return tuple(DocumentItem(item, tuple(rows)) for item, rows in zip(items, joined.values(), strict=True))


def slot_suffix(item: PrintedItem, with_end: bool = False) -> str:
    """A suffix that makes a repeated id unique: when the meeting or assessment begins (and ends)."""
    suffix = item.slot.label if isinstance(item, Meeting) else f"{item.date}-{item.start:%H%M}"
    end = item.slot.end if isinstance(item, Meeting) else item.end
    return f"{suffix}-{end:%H%M}" if with_end else suffix


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def joined_texts(texts: Iterable[str]) -> str:
    return " / ".join(sorted({text for text in texts if text}))
