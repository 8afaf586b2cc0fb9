"""Importing documents into the timetable: propose, review, accept, withdraw.

A proposal is not stored and changes nothing before it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from desktop.domain.drafts.document_items import document_items
from desktop.domain.drafts.draft import DocumentType, DocumentTypes, Draft, PageRegion, Problem, draft_from_json
from desktop.domain.drafts.manual_entry import enter_rows, open_problems, rows_from_texts
from desktop.domain.errors import InvalidInput
from desktop.domain.importing.changes import ChangeKind, Comparison, compare
from desktop.domain.importing.decisions import Decisions, accept_draft, default_decisions
from desktop.domain.importing.decisions import withdraw_import as withdrawal
from desktop.domain.importing.import_sets import YearProposal, propose_year, with_earlier_decisions
from desktop.domain.messages import msg
from desktop.domain.records.projection import accepted_imports
from desktop.domain.records.records import Record, Records, Stamp
from desktop.store import Applied, Store

_MAX_OTHER_DRAFTS = 8  # documents of the same modules used to infer the year; more would only take time


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft with the changes that accepting it would make, and the decisions so far. Nothing of it is stored.

    `year` is proposed, for the given `reason`, and the student confirms it; `years` are those to offer. `source` is the
    file it was read from, None if there is no file.
    """

    draft: Draft
    name: str
    year: int
    reason: str
    years: tuple[int, ...]
    comparison: Comparison
    decisions: Decisions
    source: Path | None = None

    @property
    def changes_nothing(self) -> bool:
        """True if the document is accepted already, with the same content and the same decisions."""
        same = all(row.kind in (ChangeKind.UNCHANGED, ChangeKind.GONE) for row in self.comparison.rows)
        return self.comparison.is_accepted and same and self.decisions == default_decisions(self.comparison)


def propose(
    store: Store,
    draft: Draft,
    name: str,
    today: date,
    *,
    source: Path | None = None,
    year: int | None = None,
    other_drafts: Iterable[Draft] = (),
) -> Proposal:
    """Make the proposal of a draft. Its year can be inferred from other documents that were read at the same time; a
    given `year` is used as it is.

    Raises InvalidInput for a draft without rows and problems, and StorageError. The student's earlier answers about
    unreadable lines are applied again.
    """
    if not draft.rows and not any(problem.place.text for problem in draft.problems):
        raise InvalidInput(
            msg("{name} has no row that could be understood, so there is nothing to accept.", name=name),
            "Look at the problems listed, or export it again.",
        )
    modules = {row.module for row in draft.rows}
    telling = (each for each in other_drafts if modules & {row.module for row in each.rows})
    undated = not draft.kind.is_dated
    chosen = propose_year(draft, _with_accepted(store.records(), telling if undated else ()), today)
    if year is not None:
        chosen = YearProposal(year, "")
    records = store.records(chosen.year)
    draft = with_earlier_decisions(draft, records, chosen.year)
    comparison = compare(draft, records, chosen.year)
    years = tuple(sorted({chosen.year, today.year - 1, today.year, today.year + 1, *store.years()}, reverse=True))
    return Proposal(draft, name, chosen.year, chosen.reason, years, comparison, default_decisions(comparison), source)


def _with_accepted(records: Records, drafts: Iterable[Draft]) -> Records:
    """The records as if these documents were accepted, to infer a year from; nothing is stored."""
    for draft in islice(drafts, _MAX_OTHER_DRAFTS):
        dates = [day for day in map(draft.kind.date_of, draft.rows) if day is not None]
        if dates:
            year = propose_year(draft, records, dates[0]).year
            comparison = compare(draft, records, year)
            unasked = Decisions(left=frozenset(row.key for row in comparison.rows if row.question))
            records = records.with_changes(accept_draft(draft, comparison, unasked, year, "").changes, Stamp(1, ""))
    return records


def revise(store: Store, proposal: Proposal, *, year: int | None = None, draft: Draft | None = None) -> Proposal:
    """The proposal for another year, or with an edited draft. Decisions on rows that still exist are kept, but not
    those of another year."""
    draft = draft or proposal.draft
    year = year or proposal.year
    records = store.records(year)
    if year != proposal.year:
        draft = with_earlier_decisions(draft, records, year)
    comparison = compare(draft, records, year)
    if year != proposal.year:
        return replace(proposal, year=year, draft=draft, comparison=comparison, decisions=default_decisions(comparison))
    keys = {row.key for row in comparison.rows}
    kept = Decisions(
        left=proposal.decisions.left & keys,
        answers={
            question.key: proposal.decisions.answers[question.key]
            for question in comparison.questions
            if question.key in proposal.decisions.answers and question in proposal.comparison.questions
        },
        scopes=proposal.decisions.scopes & {scope.key for scope in comparison.scopes},
    )
    return replace(proposal, draft=draft, comparison=comparison, decisions=kept)


def correct_rows(store: Store, proposal: Proposal, indexes: Sequence[int], texts: Mapping[str, str]) -> Proposal:
    """The proposal with the rows of one meeting or assessment replaced by what the student typed; `texts` as in
    `drafts.manual_entry`. Raises InvalidFields."""
    rows = rows_from_texts(proposal.draft.kind, [proposal.draft.rows[index] for index in indexes], texts)
    return revise(store, proposal, draft=proposal.draft.with_rows(indexes, rows))


def drop_rows(store: Store, proposal: Proposal, indexes: Sequence[int]) -> Proposal:
    """The proposal without some rows of its draft. A line for which they were entered by hand is a problem again."""
    return revise(store, proposal, draft=proposal.draft.with_rows(indexes, ()))


def enter_row(store: Store, proposal: Proposal, problem: Problem, texts: Mapping[str, str]) -> Proposal:
    """The proposal with a row that the student typed for an unreadable line; `texts` as in `drafts.manual_entry`.
    Raises InvalidFields."""
    return revise(store, proposal, draft=enter_rows(proposal.draft, problem, texts))


def mark_seen(store: Store, proposal: Proposal, problem: Problem, *, seen: bool) -> Proposal:
    """The proposal with an unreadable line marked as seen and left out, or as open again."""
    return revise(store, proposal, draft=proposal.draft.with_problem_seen(problem, seen=seen))


def accept(store: Store, proposal: Proposal, decisions: Decisions | None = None) -> Applied:
    """Accept a proposal: one act, stored when this returns, and undone as one.

    The draft is compared again with what is stored now. Raises NeedsDecision while a question is open, or if changes to
    the stored timetable raise a new one, InvalidInput, StorageError. A copy of the document is kept beside the
    timetable while an import of it exists; if there is no room for the copy, the act is stored all the same.
    """
    year = proposal.year
    if not proposal.draft.rows:
        raise InvalidInput(
            msg("{file} has no row that could be understood, so there is nothing to accept.", file=proposal.name),
            "Enter its lines by hand, or export it again.",
        )
    comparison = compare(proposal.draft, store.records(year), year)
    act = accept_draft(proposal.draft, comparison, decisions or proposal.decisions, year, proposal.name)
    if proposal.source is not None and proposal.draft.pages:  # a table of text has no page to show later
        store.documents.keep(proposal.source, proposal.draft.sha256)
    return store.apply(act)


def accept_all(store: Store, proposals: Iterable[Proposal]) -> tuple[Applied, ...]:
    """Accept several proposals, lectures before tests and exams; each is one act."""
    return tuple(accept(store, each) for each in sorted(proposals, key=lambda each: each.draft.kind))


@dataclass(frozen=True, slots=True)
class Import:
    """An import in the history, `accepted` or withdrawn; `at` is when (UTC), None if this machine does not know."""

    key: str
    year: int
    kind: DocumentType
    name: str
    item_count: int  # of meetings or assessments
    by_hand: int  # rows entered by hand
    problems: int  # open problems
    left_out: int  # meetings and assessments that were left out
    accepted: bool
    pdf: Path | None
    at: datetime | None


def list_imports(store: Store, year: int | None = None) -> tuple[Import, ...]:
    """The imports of one year or of all years, withdrawn ones included, the one accepted last first."""
    moments = store.last_act_times("import")
    found = []
    for record in store.records(year).by_name.values():
        listed = _import(store, record, moments.get(record.key)) if record.kind == "import" else None
        if listed is not None:
            found.append((record.fields["acceptance"].stamp, listed))
    return tuple(listed for _, listed in sorted(found, key=lambda each: (each[0], each[1].key), reverse=True))


def _import(store: Store, record: Record, at: datetime | None) -> Import | None:
    document, acceptance_now = record.get("document"), record.get("acceptance")
    if record.year is None or not isinstance(document, Mapping):
        return None
    kind = store.document_types.get(str(document.get("kind")))
    if kind is None:
        return None
    draft = _readable_draft(document, store.document_types)
    decided = acceptance_now if isinstance(acceptance_now, Mapping) else {}
    return Import(
        key=record.key,
        year=record.year,
        kind=kind,
        name=str(record.get("name", "")),
        item_count=len(document_items(draft, record.year)) if draft else len(document.get("entries", ())),
        by_hand=sum(row.by_hand for row in draft.rows) if draft else 0,
        problems=len(open_problems(draft)) if draft else len(document.get("problems", ())),
        left_out=len(decided.get("left", ())),
        accepted=acceptance_now is not None and not record.is_deleted,
        pdf=store.documents.find(str(record.get("pdf", ""))),
        at=at,
    )


def _readable_draft(document: Mapping[str, object], types: DocumentTypes) -> Draft | None:
    """The draft in an import's record; None if it is damaged or of a newer version."""
    try:
        return draft_from_json(document, types)
    except InvalidInput:
        return None


@dataclass(frozen=True, slots=True)
class DocumentPlaces:
    """The places of a meeting or assessment in its document: the file's `name`, the kept PDF if there is one, and the
    page regions.

    Empty if no accepted document holds the item. The regions have their `text` even without the PDF.
    """

    name: str = ""
    pdf: Path | None = None
    sha256: str = ""
    places: tuple[PageRegion, ...] = ()


def places_of(store: Store, year: int, item_id: str) -> DocumentPlaces:
    """Where a meeting or assessment is printed in the document accepted last. Raises StorageError."""
    records = store.records(year)
    for accepted in reversed(accepted_imports(records, year)[0]):
        for statement in accepted.document_items:
            if accepted.known_id(statement) == item_id and statement.id not in accepted.acceptance.left:
                draft = accepted.draft
                places = tuple(draft.rows[row].place for row in statement.rows if draft.rows[row].place.page)
                name = str(records.get("import", accepted.key).get("name", ""))
                return DocumentPlaces(name, store.documents.find(draft.sha256), draft.sha256, places)
    return DocumentPlaces()


def withdraw(store: Store, key: str) -> Applied:
    """Withdraw an accepted import; its choices and edits are kept in case it is accepted again. Raises InvalidInput,
    StorageError."""
    return store.apply(withdrawal(store.records(_year(key)), key))


def _year(key: str) -> int:
    head = key.split("/", 1)[0]
    if not head.isdigit():
        raise InvalidInput(msg("“{key}” names no import.", key=key))
    return int(head)
