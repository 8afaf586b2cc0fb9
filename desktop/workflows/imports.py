"""A document on its way into the timetable: proposed, reviewed, accepted, and taken back.

Nothing of a proposal counts, or is stored, before it is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from desktop.domain.drafts.document_items import document_items
from desktop.domain.drafts.draft import DocumentType, DocumentTypes, Draft, PageRegion, Problem, draft_from_json
from desktop.domain.drafts.manual_entry import corrected, entered, open_problems
from desktop.domain.errors import InvalidInput
from desktop.domain.importing.changes import ChangeKind, Comparison, compare
from desktop.domain.importing.decisions import Decisions, acceptance, default_decisions
from desktop.domain.importing.decisions import withdraw as withdrawal
from desktop.domain.importing.import_sets import YearProposal, propose_year, with_answers
from desktop.domain.messages import msg
from desktop.domain.records.projection import accepted_imports
from desktop.domain.records.records import Record, Records, Stamp
from desktop.store import Applied, Store

_MOST_BESIDE = 8  # documents of the same modules that are asked for the year; more would only take time


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft as it would be accepted, with what it would change and what is decided so far. Nothing of it is stored.

    `year` is proposed, for the `reason` given, and the student's to confirm; `years` are those worth offering.
    `source` is the file it was read from, None where there is none any more.
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
        """Whether it is accepted already, and nothing else is decided about it now."""
        same = all(row.kind in (ChangeKind.UNCHANGED, ChangeKind.GONE) for row in self.comparison.rows)
        return self.comparison.again and same and self.decisions == default_decisions(self.comparison)


def propose(
    store: Store,
    draft: Draft,
    name: str,
    today: date,
    *,
    source: Path | None = None,
    year: int | None = None,
    beside: Iterable[Draft] = (),
) -> Proposal:
    """What accepting `draft` would do. `beside` are documents read in the same go, which can tell its year.

    Raises InvalidInput for a draft without rows and problems, and StorageTrouble. A `year` given is taken as it is.
    What was said before of a line that cannot be understood is said of it again.
    """
    if not draft.rows and not any(problem.place.text for problem in draft.problems):
        raise InvalidInput(
            msg("{name} has no row that could be understood, so there is nothing to accept.", name=name),
            "Look at the problems listed, or export it again.",
        )
    modules = {row.module for row in draft.rows}
    telling = (each for each in beside if modules & {row.module for row in each.rows})
    undated = not draft.kind.is_dated
    chosen = propose_year(draft, _with(store.records(), telling if undated else ()), today)
    if year is not None:
        chosen = YearProposal(year, "")
    records = store.records(chosen.year)
    draft = with_answers(draft, records, chosen.year)
    comparison = compare(draft, records, chosen.year)
    years = tuple(sorted({chosen.year, today.year - 1, today.year, today.year + 1, *store.years()}, reverse=True))
    return Proposal(draft, name, chosen.year, chosen.reason, years, comparison, default_decisions(comparison), source)


def _with(records: Records, drafts: Iterable[Draft]) -> Records:
    """The records as if these documents were accepted: only to tell a year by, nothing is stored."""
    for draft in islice(drafts, _MOST_BESIDE):
        dates = [day for day in map(draft.kind.date_of, draft.rows) if day is not None]
        if dates:
            year = propose_year(draft, records, dates[0]).year
            comparison = compare(draft, records, year)
            unasked = Decisions(left=frozenset(row.key for row in comparison.rows if row.question))
            records = records.after(acceptance(draft, comparison, unasked, year, "").changes, Stamp(1, ""))
    return records


def revise(store: Store, proposal: Proposal, *, year: int | None = None, draft: Draft | None = None) -> Proposal:
    """The proposal for another year, or with its document edited; decisions on rows that are still there are kept."""
    draft = draft or proposal.draft
    year = year or proposal.year
    records = store.records(year)
    if year != proposal.year:
        draft = with_answers(draft, records, year)
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


def correct(store: Store, proposal: Proposal, indexes: Sequence[int], texts: Mapping[str, str]) -> Proposal:
    """The proposal with the rows of one meeting or assessment as the student writes them; `texts` as in
    `drafts.manual_entry`.

    Raises WrongFields.
    """
    rows = corrected(proposal.draft.kind, [proposal.draft.rows[index] for index in indexes], texts)
    return revise(store, proposal, draft=proposal.draft.with_rows(indexes, rows))


def drop_rows(store: Store, proposal: Proposal, indexes: Sequence[int]) -> Proposal:
    """The proposal without some rows of its document; a line they were entered by hand for is a problem again."""
    return revise(store, proposal, draft=proposal.draft.with_rows(indexes, ()))


def enter_row(store: Store, proposal: Proposal, problem: Problem, texts: Mapping[str, str]) -> Proposal:
    """The proposal with what the student writes for a line that could not be understood; `texts` as in
    `drafts.manual_entry`. Raises WrongFields."""
    return revise(store, proposal, draft=entered(proposal.draft, problem, texts))


def mark_seen(store: Store, proposal: Proposal, problem: Problem, *, seen: bool) -> Proposal:
    """The proposal with a line left out as seen, or asked about again."""
    return revise(store, proposal, draft=proposal.draft.marked(problem, seen=seen))


def accept(store: Store, proposal: Proposal, decisions: Decisions | None = None) -> Applied:
    """Accept a proposal: one act, saved when this returns, and undone as one.

    It is compared again with what is stored now. Raises NeedsDecision while a question is open or where the stored
    timetable has changed in a way that asks a new one, InvalidInput, StorageTrouble. The document itself is kept
    beside the timetable while an import of it exists; without room for it the act counts all the same.
    """
    year = proposal.year
    if not proposal.draft.rows:
        raise InvalidInput(
            msg("{file} has no row that could be understood, so there is nothing to accept.", file=proposal.name),
            "Enter its lines by hand, or export it again.",
        )
    comparison = compare(proposal.draft, store.records(year), year)
    act = acceptance(proposal.draft, comparison, decisions or proposal.decisions, year, proposal.name)
    if proposal.source is not None and proposal.draft.pages:  # a table that is text has no page to look at later
        store.documents.keep(proposal.source, proposal.draft.sha256)
    return store.apply(act)


def accept_all(store: Store, proposals: Iterable[Proposal]) -> tuple[Applied, ...]:
    """Accept several, tests and exams after lectures; each is an act of its own."""
    return tuple(accept(store, each) for each in sorted(proposals, key=lambda each: each.draft.kind))


@dataclass(frozen=True, slots=True)
class Import:
    """An import of the history: `accepted` or withdrawn, `at` the moment where this machine knows it (UTC)."""

    key: str
    year: int
    kind: DocumentType
    name: str
    number: int  # of meetings or assessments
    by_hand: int  # how many of its rows were entered by hand
    problems: int  # lines that still wait to be looked at
    left: int  # how many of its meetings and assessments were left out
    accepted: bool
    pdf: Path | None
    at: datetime | None


def list_imports(store: Store, year: int | None = None) -> tuple[Import, ...]:
    """The imports of a year or of all years, withdrawn ones too, the one accepted last first."""
    moments = store.moments("import")
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
    draft = _readable(document, store.document_types)
    decided = acceptance_now if isinstance(acceptance_now, Mapping) else {}
    return Import(
        key=record.key,
        year=record.year,
        kind=kind,
        name=str(record.get("name", "")),
        number=len(document_items(draft, record.year)) if draft else len(document.get("entries", ())),
        by_hand=sum(row.by_hand for row in draft.rows) if draft else 0,
        problems=len(open_problems(draft)) if draft else len(document.get("problems", ())),
        left=len(decided.get("left", ())),
        accepted=acceptance_now is not None and not record.is_deleted,
        pdf=store.documents.find(str(record.get("pdf", ""))),
        at=at,
    )


def _readable(document: Mapping[str, object], types: DocumentTypes) -> Draft | None:
    """What an import's document says; None where it is damaged or of a newer version."""
    try:
        return draft_from_json(document, types)
    except InvalidInput:
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands in a document: the file's `name`, the kept PDF where there is one, and the places.

    Empty where no accepted document says it (any more). The `text` of a place is there without the PDF too.
    """

    name: str = ""
    pdf: Path | None = None
    sha256: str = ""
    places: tuple[PageRegion, ...] = ()


def places_of(store: Store, year: int, item_id: str) -> Standing:
    """Where the document accepted last says a meeting or assessment. Raises StorageTrouble."""
    records = store.records(year)
    for accepted in reversed(accepted_imports(records, year)[0]):
        for statement in accepted.document_items:
            if accepted.known_id(statement) == item_id and statement.id not in accepted.acceptance.left:
                draft = accepted.draft
                places = tuple(draft.rows[row].place for row in statement.rows if draft.rows[row].place.page)
                name = str(records.get("import", accepted.key).get("name", ""))
                return Standing(name, store.documents.find(draft.sha256), draft.sha256, places)
    return Standing()


def withdraw(store: Store, key: str) -> Applied:
    """Take an accepted import back; choices and edits stay for when it returns. Raises InvalidInput, StorageTrouble."""
    return store.apply(withdrawal(store.records(_year(key)), key))


def _year(key: str) -> int:
    head = key.split("/", 1)[0]
    if not head.isdigit():
        raise InvalidInput(msg("“{key}” names no import.", key=key))
    return int(head)
