"""Uses the other imports: the year of a new document, missing documents, and earlier decisions about unreadable lines.

The portal leaves information out: lectures have no year, tests and exams no semester, and the tests of a year module
are only in the export of "All". A line is recognised in another export by its text, since it may be on another page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop.domain.drafts.draft import Draft, Problem, Row
from desktop.domain.drafts.manual_entry import is_open_problem
from desktop.domain.messages import msg
from desktop.domain.records.projection import AcceptedImport, accepted_imports, printed_items
from desktop.domain.records.records import Records
from desktop.domain.timetable.timetable import Timetable

_NEXT_YEAR_MONTH = 12  # the month in which the portal shows the coming year


@dataclass(frozen=True, slots=True)
class YearProposal:
    """The probable academic year of a document, and the `reason`, as a sentence to show."""

    year: int
    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A document that seems to be missing for `modules`. `words` is a sentence to show, `hint` says what to do."""

    document: str  # the name of its type
    modules: tuple[str, ...]
    words: str
    hint: str


def propose_year(draft: Draft, records: Records, today: date) -> YearProposal:
    """The year of a draft: by its dates, else by the accepted imports, else by today's date."""
    years = Counter(day.year for day in map(draft.kind.date_of, draft.rows) if day is not None)
    if years:
        year = max(years, key=lambda each: (years[each], each))
        return YearProposal(year, msg("The dates in the document are in {year}.", year=year))
    return _year_from_imports(draft, records, today) or _year_from_today(today)


def _year_from_imports(draft: Draft, records: Records, today: date) -> YearProposal | None:
    modules = {row.module for row in draft.rows}
    slots = {draft.kind.weekly_slot(row) for row in draft.rows}
    best: tuple[tuple[int, int, int], YearProposal] | None = None
    for year in sorted({record.year for record in records.of_kind("import") if record.year is not None}):
        imports, _ = accepted_imports(records, year)
        there = [row for each in imports for row in each.draft.rows]
        weekly = {each.draft.kind.weekly_slot(row) for each in imports for row in each.draft.rows} - {()}
        same_slots = len(slots & weekly)
        same_modules = len(modules & {row.module for row in there})
        if same_slots * 2 >= len(slots) > 0:
            reason = msg("Most of these lectures are in your timetable of {year} already.", year=year)
        elif same_modules * 2 >= len(modules) > 0 and not weekly:
            reason = msg("Your tests and exams of {year} are of the same modules.", year=year)
        else:
            continue
        rank = (same_slots, same_modules, -abs(year - today.year))
        if best is None or rank > best[0]:
            best = rank, YearProposal(year, reason)
    return best[1] if best else None


def _year_from_today(today: date) -> YearProposal:
    if today.month == _NEXT_YEAR_MONTH:
        return YearProposal(
            today.year + 1,
            msg("It is December: the document is taken to be of the coming year, {year}.", year=today.year + 1),
        )
    return YearProposal(today.year, "Lectures carry no year: this is the present one.")


def with_earlier_decisions(draft: Draft, records: Records, year: int) -> Draft:
    """The draft with earlier decisions about the same lines, from the imports accepted for the year.

    A line may have been entered by hand or left out; the import accepted last counts. Rows whose items were removed
    since are not entered again.
    """
    waiting = {number: each for number, each in enumerate(draft.problems) if is_open_problem(draft, each)}
    if not waiting:
        return draft
    imports, _ = accepted_imports(records, year)
    known = printed_items(imports)
    for each in reversed(imports):
        if each.draft.kind is not draft.kind:
            continue
        for number, theirs in _match_lines(waiting, draft, each.draft):
            rows = [row for row in _remaining_rows(each, theirs, known) if row not in draft.rows]
            if rows:
                draft = draft.with_entered_rows(waiting[number], rows)
            if theirs.seen:
                draft = draft.with_problem_seen(waiting[number], seen=True)
            if rows or theirs.seen:
                del waiting[number]
    return draft


def _match_lines(waiting: dict[int, Problem], draft: Draft, before: Draft) -> list[tuple[int, Problem]]:
    """Pairs of open problems and problems of an earlier document about the same line.

    In the same file, lines are matched by place. In another, they are matched by their text, if it occurs equally often
    in both.
    """
    if draft.sha256 and draft.sha256 == before.sha256:
        places = {repr((each.place.to_json(), each.expected)): each for each in before.problems}
        return [
            (number, places[place])
            for number, each in waiting.items()
            if (place := repr((each.place.to_json(), each.expected))) in places
        ]
    mine: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(draft.problems):
        if each.place.text:
            mine[_line_identity(draft, each)].append(number)
    theirs: dict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for each in before.problems:
        theirs[_line_identity(before, each)].append(each)
    return [
        (number, problem)
        for said, numbers in mine.items()
        if len(numbers) == len(theirs.get(said, ()))
        for number, problem in zip(numbers, theirs[said], strict=True)
        if number in waiting
    ]


def _line_identity(draft: Draft, problem: Problem) -> tuple[str, ...]:
    """What identifies a line in another export: its module, the problem, and its text."""
    module = draft.kind.suggestions(draft, problem)[0].get("module", "")
    return module, problem.expected, " ".join(problem.place.text.split())


def _remaining_rows(accepted: AcceptedImport, problem: Problem, known: Iterable[str]) -> list[Row]:
    """The rows entered by hand for a problem of an import, without those removed since."""
    return [
        row
        for document_item in accepted.document_items
        if accepted.known_id(document_item) in known or document_item.id in accepted.acceptance.left
        for row in (accepted.draft.rows[index] for index in document_item.rows)
        if row.by_hand and row.place == problem.place
    ]


def missing_documents(timetable: Timetable, records: Records, year: int) -> tuple[Missing, ...]:
    """Documents that still have to be exported for a complete year. Hidden modules do not count."""
    imports, _ = accepted_imports(records, year)
    have = {each.draft.kind.name for each in imports}
    offered: dict[str, set[str]] = defaultdict(set)
    for meeting in timetable.meetings:
        offered[meeting.module].add(meeting.offered)
    taught = {code: offered[code] for code, module in timetable.modules.items() if not module.hidden}
    if not taught:
        return ()
    return tuple(
        Missing(kind.name, gap.modules, gap.words, gap.hint)
        for kind in records.document_types.values()
        for gap in kind.find_gaps(timetable, taught, imported=kind.name in have)
    )
