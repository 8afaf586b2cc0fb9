"""A calendar file directly from documents, without a profile: nothing stored is read or changed.

It takes the same steps as the window (propose, accept, choose, export), on records that exist only in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from desktop.academic import proposed_calendar, public_holidays
from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.ical import read_sequences, write_calendar
from desktop.calendars.options import ExportOptions
from desktop.document_types import DOCUMENT_TYPES
from desktop.domain.commands.calendar_commands import with_command_line_options
from desktop.domain.commands.choices import choose_group, undecided_modules
from desktop.domain.commands.edits import selectable_rooms, set_room
from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import InvalidInput
from desktop.domain.importing.changes import compare
from desktop.domain.importing.decisions import accept_draft, default_decisions
from desktop.domain.importing.import_sets import propose_year
from desktop.domain.messages import listed, msg
from desktop.domain.records.academic_year import calendar_from_records
from desktop.domain.records.projection import project
from desktop.domain.records.records import Act, Records, Stamp, index_records
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.choices import ChoiceKey
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import occurrences
from desktop.domain.timetable.terms import OFFERED_CODES, AcademicCalendar
from desktop.domain.timetable.timetable import Timetable

__all__ = ["ExportOptions", "StandaloneCalendar", "StandaloneOptions", "calendar_of_drafts"]

# A profile has a random namespace. This one is fixed, so that importing a file written again updates the first events.
NAMESPACE = UUID("6a4c3cf9-6e2d-5a0f-9c66-0b0f5d6f0a9e")
_YEAR = re.compile(r"(?:^|=)(\d{4})-")


@dataclass(frozen=True, slots=True)
class StandaloneOptions:
    """The options of the command line. Texts are as typed: `S1=2026-02-09..2026-05-22`, `COS 212/S1/P=P02`, and for one
    of several rooms `COS 212/L1=IT 4-1`.

    `year` applies to documents that print none; None proposes it as the window does. `replaced` holds the calendar file
    that will be replaced: no event gets a lower SEQUENCE than it has there.
    """

    choices: Sequence[str] = ()
    rooms: Sequence[str] = ()
    terms: Sequence[str] = ()
    recesses: Sequence[str] = ()
    swaps: Sequence[str] = ()
    region: str = "ZA"
    year: int | None = None
    options: ExportOptions = field(default_factory=ExportOptions)
    replaced: bytes = b""


@dataclass(frozen=True, slots=True)
class StandaloneCalendar:
    """A calendar made from documents: its bytes, `notes` (sentences about assumptions made), and the modules in which a
    choice of groups is still open."""

    body: bytes
    events: tuple[CalendarEvent, ...]
    years: tuple[int, ...]
    notes: tuple[str, ...]
    undecided: tuple[str, ...] = ()


def calendar_of_drafts(
    drafts: Sequence[tuple[str, Draft]], wishes: StandaloneOptions, now: datetime
) -> StandaloneCalendar:
    """Make the calendar file of (name, draft) pairs. `now` is aware. Raises InvalidInput, which quotes an invalid
    option."""
    notes: list[str] = []
    records = _accepted(drafts, wishes, now, notes)
    years = sorted({record.year for record in records.of_kind("import") if record.year is not None})
    if not years:
        raise InvalidInput("There is nothing to write: none of the files holds a timetable.", "Name other files.")
    _refuse_other_years(years, [*wishes.terms, *wishes.recesses, *wishes.swaps])
    _refuse_unknown_terms(records, years, wishes.terms)
    records = _with_choices(records, years, wishes.choices)
    records = _with_rooms(records, years, wishes.rooms)
    found: list[CalendarEvent] = []
    undecided: set[str] = set()
    lowest = read_sequences(wishes.replaced) if wishes.replaced else {}
    for year in years:
        calendar = _calendar(year, wishes)
        if not wishes.terms:
            notes.append(f"The dates of {year} are proposed, not confirmed: {calendar.source} Set them with --term.")
        if calendar.recess_note is not None:
            notes.append(f"{calendar.recess_note} Set it with --recess.")
        timetable = project(records, year)
        written = calendar_events(timetable, calendar, wishes.options, NAMESPACE, None, now, lowest)
        notes += _unused_recess_notes(timetable, calendar)
        if not written and _of_year(wishes.recesses, year):
            notes.append(f"No class of {year} is left: --recess takes all of them out.")
        found += written
        notes += _undecided_notes(timetable, wishes)
        undecided.update(undecided_modules(timetable))
    name = wishes.options.name or f"UP {', '.join(map(str, years))}"
    return StandaloneCalendar(
        write_calendar(found, name), tuple(found), tuple(years), tuple(notes), tuple(sorted(undecided))
    )


def _accepted(
    drafts: Sequence[tuple[str, Draft]], wishes: StandaloneOptions, now: datetime, notes: list[str]
) -> Records:
    """Accept all documents into new records; those with dates first, since the year of the others is inferred from
    them."""
    records = index_records((), DOCUMENT_TYPES)
    dated_first = sorted(drafts, key=lambda each: not each[1].kind.is_dated)
    for counter, (name, draft) in enumerate(dated_first, 1):
        if not draft.rows:
            continue
        year = _year(draft, name, records, wishes, now, notes)
        comparison = compare(draft, records, year)
        act = accept_draft(draft, comparison, default_decisions(comparison), year, name)
        records = records.with_changes(act.changes, Stamp(counter, "standalone"))
    return records


def _year(draft: Draft, name: str, records: Records, wishes: StandaloneOptions, now: datetime, notes: list[str]) -> int:
    given = {int(match[1]) for text in wishes.terms if (match := _YEAR.search(text))}
    if not draft.kind.is_dated:
        if wishes.year is not None:
            return wishes.year
        if len(given) == 1:
            return given.pop()
    proposal = propose_year(draft, records, now.date())
    if not draft.kind.is_dated:
        notes.append(f"{name} is taken to be of {proposal.year}: {proposal.reason} Say another with --year.")
    return proposal.year


def _refuse_other_years(years: Sequence[int], texts: Iterable[str]) -> None:
    for text in texts:
        match = _YEAR.search(text)
        if match and int(match[1]) not in years:
            raise InvalidInput(
                msg(
                    "“{text}” is not in {years}, the academic year of the files.",
                    text=text,
                    years=listed(years, "or"),
                ),
                "Give a date of that year, or name the year with --year.",
            )


def _refuse_unknown_terms(records: Records, years: Sequence[int], terms: Iterable[str]) -> None:
    known = {*OFFERED_CODES, *(each.offered for year in years for each in project(records, year).meetings)}
    for text in terms:
        if text.partition("=")[0].strip().upper() not in known:
            raise InvalidInput(
                msg("“{text}” names no term.", text=text), msg("There is: {names}.", names=listed(sorted(known), ""))
            )


def _calendar(year: int, wishes: StandaloneOptions) -> AcademicCalendar:
    proposal = proposed_calendar(year)
    calendar = calendar_from_records(index_records(()), year, proposal, public_holidays(year, wishes.region))
    given = (_of_year(texts, year) for texts in (wishes.terms, wishes.recesses, wishes.swaps))
    return with_command_line_options(calendar, *given)


def _of_year(texts: Sequence[str], year: int) -> list[str]:
    # A text without a year is kept, since `with_command_line_options` reports what is wrong with it.
    return [text for text in texts if not (match := _YEAR.search(text)) or int(match[1]) == year]


def _unused_recess_notes(timetable: Timetable, calendar: AcademicCalendar) -> list[str]:
    """A note for each --recess that removes no class: most likely its dates are mistyped."""
    notes = []
    own = [each for each in calendar.recesses if each.id in calendar.own_recesses]
    for recess in own:
        without = replace(calendar, recesses=tuple(each for each in calendar.recesses if each.id != recess.id))
        if not any(
            isinstance(each.item, Meeting) for each in occurrences(timetable, without, recess.start, recess.end)
        ):
            notes.append(f"--recess {recess.start}..{recess.end} takes no class out: none falls on these days.")
    return notes


def _with_choices(records: Records, years: Sequence[int], choices: Sequence[str]) -> Records:
    for counter, text in enumerate(choices):
        for year, key, group in _matching_choices(records, years, text):
            act: Act = choose_group(project(records, year), key, group)
            records = records.with_changes(act.changes, Stamp(1_000_000 + counter, "standalone"))
    return records


def _matching_choices(records: Records, years: Sequence[int], text: str) -> list[tuple[int, ChoiceKey, str]]:
    name, equals, group = text.rpartition("=")
    parts = [part.strip() for part in name.split("/")]
    if not equals or len(parts) != 3 or not group.strip() or not all(parts):
        raise InvalidInput(msg("“{text}” does not name a choice.", text=text), "Write it like “COS 212/S1/P=P02”.")
    found = []
    known: list[str] = []
    for year in years:
        for key, choice in sorted(project(records, year).choices.items()):
            known += [f"{_choice_text(key)}={each}" for each in choice.groups]
            if [key.module, key.offered, key.activity or key.kind] == parts and group.strip() in choice.groups:
                found.append((year, key, group.strip()))
    if not found:
        raise _not_found_error(text, parts[0], known)
    return found


def _with_rooms(records: Records, years: Sequence[int], rooms: Sequence[str]) -> Records:
    for counter, text in enumerate(rooms):
        for year, item_id, room in _items_in_room(records, years, text):
            act: Act = set_room(project(records, year), item_id, room)
            records = records.with_changes(act.changes, Stamp(2_000_000 + counter, "standalone"))
    return records


def _items_in_room(records: Records, years: Sequence[int], text: str) -> list[tuple[int, str, str]]:
    """The meetings and assessments that a --room text names, as (year, id, room)."""
    name, equals, room = text.rpartition("=")
    parts = [part.strip() for part in name.split("/")]
    if not equals or len(parts) != 2 or not room.strip() or not all(parts):
        raise InvalidInput(msg("“{text}” does not name a room.", text=text), "Write it like “COS 212/L1=IT 4-1”.")
    found = []
    known: list[str] = []
    for year in years:
        timetable = project(records, year)
        printed: tuple[Meeting | Assessment, ...] = (*timetable.meetings, *timetable.assessments)
        for item in printed:
            activity = item.activity if isinstance(item, Meeting) else item.name
            held = selectable_rooms(item)
            if len(held) > 1:
                known += [f"{item.module}/{activity}={each}" for each in held]
            if [item.module, activity] == parts and room.strip() in held:
                found.append((year, item.id, room.strip()))
    if not found:
        raise _not_found_error(text, parts[0], list(dict.fromkeys(known)))
    return found


def _not_found_error(text: str, module: str, known: Sequence[str]) -> InvalidInput:
    like = [each for each in known if each.startswith(f"{module}/")] or known
    return InvalidInput(
        msg("“{text}” is in none of the files.", text=text),
        msg("There is: {names}.", names=listed(like[:12], "")) if like else "There is nothing to choose.",
    )


def _undecided_notes(timetable: Timetable, wishes: StandaloneOptions) -> list[str]:
    open_choices = [choice for _, choice in sorted(timetable.choices.items()) if not choice.is_decided]
    if not open_choices:
        return []
    fate = "all are written as tentative" if wishes.options.undecided else "none is written"
    return [
        f"{_choice_text(choice.key)} has several groups ({', '.join(choice.groups)}) and {fate}: "
        f'choose with --choose "{_choice_text(choice.key)}={choice.groups[0]}".'
        for choice in open_choices
    ]


def _choice_text(key: ChoiceKey) -> str:
    """A choice as it is typed in --choose, without the group."""
    return f"{key.module}/{key.offered}/{key.activity or key.kind}"
