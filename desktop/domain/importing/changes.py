"""Compares a document with the timetable: what it adds, moves and changes, and what it no longer has.

Rows are compared with former documents, without the student's edits. So an edit is never mistaken for a change in the
portal, and each change lists the edits that it affects. Nothing is accepted here: `decisions.py` creates the act from
the student's decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from desktop.domain.drafts.document_items import DocumentItem, PrintedItem, document_items
from desktop.domain.drafts.draft import DocumentType, Draft
from desktop.domain.importing.item_matching import ProtectedIds, Question, match_items
from desktop.domain.messages import Message, msg
from desktop.domain.records.projection import (
    SKIP_PREFIX,
    AcceptedImport,
    accepted_imports,
    exam_minutes,
    printed_items,
    project,
)
from desktop.domain.records.records import Records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting


class ChangeKind(StrEnum):
    """How a meeting or assessment changed: the first kind that applies, in this order."""

    UNCLEAR = "unclear"  # depends on an open question
    ADDED = "added"
    MOVED = "moved"
    FINALISED = "finalised"  # a preliminary exam that has become final
    ROOM_CHANGED = "room_changed"
    OTHER = "other"  # name of the group or activity, campus, language, comments
    UNCHANGED = "unchanged"
    GONE = "gone"  # known from former documents, but not in this one


@dataclass(frozen=True, slots=True)
class RowChange:
    """The change of one meeting or assessment of the document, or (GONE) of a known one that is not in it.

    `key` identifies it in `Decisions`; leaving out a GONE row keeps its item. `rows` are indexes into the draft. `id`
    is the id of the known item, empty while there is an open `question`, whose possible ids are `candidates`.
    `affected_edits` are the student's edits and choices that it affects: slot, venues, room, note, hidden, skip, clash,
    choice, and hand if the known item was entered by hand.
    """

    key: str
    kind: ChangeKind
    rows: tuple[int, ...] = ()
    id: str = ""
    before: PrintedItem | None = None
    after: PrintedItem | None = None
    affected_edits: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    question: str = ""
    scope: str = ""
    was_left_out: bool = False

    @property
    def item(self) -> PrintedItem:
        """The item after the change, or before it if it is gone."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two is always there
        return found

    @property
    def is_final_now(self) -> bool:
        """True if it was a preliminary exam and has become final."""
        return _is_final_now(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the timetable that the student may confirm as complete in this document. `ids` are missing from it."""

    key: str
    words: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of a draft. `is_accepted`: this document is already accepted. `was_undone`: it was, but was
    undone."""

    year: int
    key: str
    document: DocumentType
    rows: tuple[RowChange, ...]
    questions: tuple[Question, ...] = ()
    scopes: tuple[Scope, ...] = ()
    known: Mapping[str, PrintedItem] = field(default_factory=dict)
    touched: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_accepted: bool = False
    was_undone: bool = False
    order: int = 1  # of its acceptance: higher than all present ones

    def count(self, kind: ChangeKind) -> int:
        return sum(row.kind is kind for row in self.rows)

    @property
    def is_first(self) -> bool:
        """True if everything is new, so that there is nothing to compare."""
        return all(row.kind is ChangeKind.ADDED for row in self.rows)


def import_key(draft: Draft, year: int) -> str:
    """The key of an import's record: the same on every machine that accepts the same rows for the same year."""
    return f"{year}/{draft.kind.name}/{draft.digest()}"


def compare(draft: Draft, records: Records, year: int) -> Comparison:
    """Compare a draft with the documents of a year. Nothing is accepted."""
    imports, _ = accepted_imports(records, year)
    known = printed_items(imports)
    touched = _edits_by_item(records, year)
    found = document_items(draft, year, exam_minutes(records))
    chosen = {name for name, edits in touched.items() if "choice" in edits}
    edited = {name for name, edits in touched.items() if edits - {"choice"}}
    edited |= {name for name, item in known.items() if item.by_hand}
    matches = match_items(found, known, ProtectedIds(edited, chosen))
    question_of = {own: question for question in matches.questions for own in question.about}
    left_before = _left_before(imports)
    rows = []
    for document_item in found:
        left = (document_item.id, _document_content(document_item.item)) in left_before
        question = question_of.get(document_item.id)
        if question is not None:
            candidates = dict.fromkeys(option.ids[document_item.id] for option in question.options)
            rows.append(
                RowChange(
                    document_item.id,
                    ChangeKind.UNCLEAR,
                    document_item.rows,
                    after=document_item.item,
                    candidates=tuple(candidates),
                    question=question.key,
                    was_left_out=left,
                )
            )
        else:
            rows.append(row_change(document_item, matches.ids[document_item.id], known, touched, left))
    kept = frozenset(name for each in imports for name in each.acceptance.kept)
    maybe = {name for row in rows for name in (*row.candidates, row.id)}
    gone, scopes = _find_gone(draft.kind, found, known, maybe, touched, kept)
    record = records.get("import", import_key(draft, year))
    return Comparison(
        year=year,
        key=record.key,
        document=draft.kind,
        rows=(*rows, *gone),
        questions=matches.questions,
        scopes=scopes,
        known=known,
        touched=touched,
        is_accepted=any(each.key == record.key for each in imports),
        was_undone=record.is_deleted,
        order=1 + max((each.order for each in imports), default=0),
    )


def row_change(
    document_item: DocumentItem,
    name: str,
    known: Mapping[str, PrintedItem],
    touched: Mapping[str, frozenset[str]],
    left_before: bool,
) -> RowChange:
    """The change made by a document's item, once it is matched to the item with the id `name`."""
    before = known.get(name)
    after = replace(document_item.item, id=name)
    kind = _change_kind(before, after)
    return RowChange(
        document_item.id,
        kind,
        document_item.rows,
        name,
        before,
        after,
        _affected_edits(before, after, touched.get(name, frozenset())),
        was_left_out=left_before and kind is not ChangeKind.UNCHANGED,
    )


def _change_kind(before: PrintedItem | None, after: PrintedItem) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    if before.printed_slot != after.printed_slot:
        return ChangeKind.MOVED
    if _is_final_now(before, after):
        return ChangeKind.FINALISED
    if set(before.printed_venues) != set(after.printed_venues):
        return ChangeKind.ROOM_CHANGED
    return ChangeKind.UNCHANGED if _document_content(before) == _document_content(after) else ChangeKind.OTHER


def _is_final_now(before: PrintedItem | None, after: PrintedItem | None) -> bool:
    if not isinstance(before, Assessment) or not isinstance(after, Assessment):
        return False
    return before.is_preliminary and not after.is_preliminary


def _document_content(item: PrintedItem) -> PrintedItem:
    """The item reduced to its content in the document, for comparison by ==."""
    venues = tuple(sorted(item.printed_venues))
    return replace(item, id="", sources=(), venues=venues, printed_venues=venues, by_hand=False)


def _affected_edits(before: PrintedItem | None, after: PrintedItem, edits: frozenset[str]) -> tuple[str, ...]:
    if before is None:
        return ()
    touched: set[str] = {"hand"} if before.by_hand and _document_content(before) != _document_content(after) else set()
    if before.printed_slot != after.printed_slot:
        touched |= edits & {"slot", "skip", "note", "hidden", "clash"}
    if set(before.printed_venues) != set(after.printed_venues):
        touched |= edits & {"venues", "room"}
    if isinstance(before, Meeting) and isinstance(after, Meeting) and before.group != after.group:
        touched |= edits & {"choice"}
    return tuple(sorted(touched))


def _edits_by_item(records: Records, year: int) -> dict[str, frozenset[str]]:
    """The names of the student's edits by the item's id; "choice" if its group was chosen."""
    touched: dict[str, set[str]] = {}
    for record in records.of_kind("edit", year):
        names = {
            name.split(":", 1)[0] if name.startswith(SKIP_PREFIX) else name
            for name, each in record.fields.items()
            if each.value not in (None, False)
        }
        if names:
            touched.setdefault(record.key, set()).update(names)
    for record in records.of_kind("clash", year):
        if record.get("accepted") is True:
            for name in record.key.split("|"):
                touched.setdefault(name, set()).add("clash")
    timetable = project(records, year)
    for key, choice in timetable.choices.items():
        if records.get("choice", str(key)).get("group") is None:
            continue
        for meeting in timetable.meetings:
            if meeting.choice_key == key and meeting.group == choice.group:
                touched.setdefault(meeting.id, set()).add("choice")
    return {name: frozenset(edits) for name, edits in touched.items()}


def _left_before(imports: Iterable[AcceptedImport]) -> set[tuple[str, PrintedItem]]:
    """Items that the student left out when a document last contained them: own id and content."""
    left: set[tuple[str, PrintedItem]] = set()
    for each in imports:
        for document_item in each.document_items:
            content = (document_item.id, _document_content(document_item.item))
            if document_item.id in each.acceptance.left:
                left.add(content)
            else:
                left.discard(content)
    return left


def _scope_words(document: DocumentType, key: str) -> Message:
    module, _, offered = key.partition("/")
    if offered:
        template = "This document has all {documents} of {module} in {offered}."
        return msg(template, documents=document.noun, module=module, offered=offered)
    return msg("This document has all {documents} of {module}.", documents=document.noun, module=module)


def _scope_of(item: PrintedItem) -> str:
    return f"{item.module}/{item.offered}" if isinstance(item, Meeting) else item.module


def _find_gone(
    document: DocumentType,
    found: Iterable[DocumentItem],
    known: Mapping[str, PrintedItem],
    present: set[str],
    touched: Mapping[str, frozenset[str]],
    kept_before: frozenset[str],
) -> tuple[list[RowChange], tuple[Scope, ...]]:
    """The known items that are missing from this document, with the scopes in which they may have been removed."""
    covered = {_scope_of(document_item.item) for document_item in found}
    missing: dict[str, list[PrintedItem]] = {}
    for item in known.values():
        if item.id not in present and document.is_source_of(item) and _scope_of(item) in covered:
            missing.setdefault(_scope_of(item), []).append(item)
    rows = []
    scopes = []
    for key, items in sorted(missing.items()):
        items.sort(key=lambda item: item.id)
        scopes.append(
            Scope(
                key,
                _scope_words(document, key),
                tuple(item.id for item in items),
            )
        )
        rows += [
            RowChange(
                f"gone {item.id}",
                ChangeKind.GONE,
                id=item.id,
                before=item,
                affected_edits=tuple(sorted(touched.get(item.id, frozenset()) | ({"hand"} if item.by_hand else set()))),
                scope=key,
                was_left_out=item.id in kept_before,
            )
            for item in items
        ]
    return rows, tuple(scopes)
