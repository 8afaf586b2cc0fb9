"""Computes the academic calendar of a year: the student's records over the proposed dates.

An invalid stored value counts as not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from desktop.domain.records.records import Record, Records
from desktop.domain.timetable.terms import (
    NO_REGION,
    OWN_WEEKDAY,
    SEMESTERS,
    AcademicCalendar,
    Deadline,
    Period,
    Recess,
    SpecialDay,
    Term,
    with_derived_terms,
)

_DERIVED_FROM = {"Y": SEMESTERS, "Q1": ("S1",), "Q2": ("S1",), "Q3": ("S2",), "Q4": ("S2",)}


def calendar_from_records(
    records: Records, year: int, proposal: AcademicCalendar, holidays: Mapping[date, str]
) -> AcademicCalendar:
    """The academic calendar: the student's records over `proposal`, over `holidays` of the region.

    If a semester was moved, Y and quarters that were not moved follow it. An invalid stored value (no date, an end
    before its start) counts as not set. A confirmation without the recess does not count: it was made by a former
    version, for other proposed dates.
    """
    head = records.get("year", str(year))
    own = {record.key.partition("/")[2]: _term(record) for record in records.of_kind("term", year)}
    set_terms = {offered: term for offered, term in own.items() if term is not None}
    terms = {
        offered: term
        for offered, term in proposal.terms.items()
        if not any(semester in set_terms for semester in _DERIVED_FROM.get(offered, ()))
    }
    days, switched_off = _days(records, year, proposal)
    own_recesses = _own_recesses(records, year)
    if head.get("region") == NO_REGION:
        holidays = {}
    return replace(
        proposal,
        year=year,
        terms=with_derived_terms(terms | set_terms),
        recesses=_recesses(records, year, proposal, own_recesses),
        days=days,
        holidays={day: name for day, name in sorted(holidays.items()) if day not in switched_off},
        confirmed=head.get("confirmed") is True and head.get("recess_confirmed") is True,
        source=str(head.get("source") or proposal.source),
        given=frozenset(set_terms),
        own_recesses=frozenset(own_recesses),
        test_weeks=_periods(head, "test_weeks", proposal.test_weeks),
        test_days=_test_days(head, proposal),
        exams=_periods(head, "exams", proposal.exams),
        supplementary_exams=_periods(head, "supplementary_exams", proposal.supplementary_exams),
        deadlines=_deadlines(head, proposal),
        lectures_in_test_weeks=_optional_bool(head),
        modules_in_test_weeks={
            record.key.partition("/")[2]: said_so
            for record in records.of_kind("module", year)
            if (said_so := _optional_bool(record)) is not None
        },
    )


def _parse_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _optional_bool(record: Record) -> bool | None:
    value = record.get("lectures_in_test_weeks")
    return value if isinstance(value, bool) else None


def _periods(head: Record, name: str, proposed: tuple[Period, ...]) -> tuple[Period, ...]:
    """The stored pairs of dates, or `proposed` if they are not set or one of them is invalid."""
    stored = head.get(name)
    if not isinstance(stored, list):
        return proposed
    found = []
    for each in stored:
        match each:
            case [start, end] if (first := _parse_date(start)) and (last := _parse_date(end)) and first <= last:
                found.append(Period(first, last))
            case _:
                return proposed
    return tuple(found)


def _test_days(head: Record, proposal: AcademicCalendar) -> tuple[date, ...]:
    stored = head.get("test_days")
    days = [_parse_date(each) for each in stored] if isinstance(stored, list) else [None]
    return proposal.test_days if None in days else tuple(day for day in days if day is not None)


def _deadlines(head: Record, proposal: AcademicCalendar) -> tuple[Deadline, ...]:
    stored = head.get("deadlines")
    if not isinstance(stored, list):
        return proposal.deadlines
    found = []
    for each in stored:
        match each:
            case [day, str(name)] if (on := _parse_date(day)) is not None:
                found.append(Deadline(on, name))
            case _:
                return proposal.deadlines
    return tuple(found)


def _term(record: Record) -> Term | None:
    start, end = _parse_date(record.get("start")), _parse_date(record.get("end"))
    if start is None or end is None or start > end:
        return None
    return Term(record.key.partition("/")[2], start, end)


def _own_recesses(records: Records, year: int) -> dict[str, Recess]:
    own = {}
    for record in records.of_kind("recess", year):
        start, end = _parse_date(record.get("start")), _parse_date(record.get("end"))
        if start is not None and end is not None and start <= end:
            recess_id = record.key.partition("/")[2]
            own[recess_id] = Recess(recess_id, start, end, str(record.get("name") or "Recess"))
    return own


def _recesses(records: Records, year: int, proposal: AcademicCalendar, own: Mapping[str, Recess]) -> tuple[Recess, ...]:
    found = {recess.id: recess for recess in proposal.recesses}
    for recess_id in list(found):
        if records.get("recess", f"{year}/{recess_id}").is_deleted:
            del found[recess_id]
    found |= own
    return tuple(sorted(found.values(), key=lambda recess: (recess.start, recess.end, recess.id)))


def _days(records: Records, year: int, proposal: AcademicCalendar) -> tuple[dict[date, SpecialDay], set[date]]:
    days, switched_off = dict(proposal.days), set[date]()
    for record in records.of_kind("day", year):
        day = _parse_date(record.key.partition("/")[2])
        if day is None:
            continue
        if record.get("holiday") is False:
            switched_off.add(day)
        proposed = days.pop(day, SpecialDay(day))
        follows, off = record.get("follows"), record.get("off")
        if not isinstance(follows, int) or not OWN_WEEKDAY <= follows <= 6:
            follows = proposed.follows
        elif follows == OWN_WEEKDAY:
            follows = None
        off = off if isinstance(off, str) else proposed.off
        if off or follows is not None:
            days[day] = SpecialDay(day, follows, off)
    return dict(sorted(days.items())), switched_off


def holiday_region(records: Records, year: int) -> str:
    """The region whose public holidays count: an ISO 3166 code, or `none`. The default is South Africa."""
    return str(records.get("year", str(year)).get("region", "ZA"))
