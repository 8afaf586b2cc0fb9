"""The events written for a timetable: identity, revisions, cancellations, texts."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.calendars.events import calendar_events
from desktop.calendars.options import ExportOptions, options_from_json
from desktop.calendars.revisions import Revision, updated_revisions
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.event_kinds import EventKind
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import Choice
from desktop.domain.timetable.meetings import Slot
from desktop.domain.timetable.occurrences import occurrences
from desktop.domain.timetable.terms import SpecialDay
from desktop.domain.timetable.timetable import Timetable
from tests.clients.timetables import (
    CALENDAR,
    FIRST,
    LAST,
    NAMESPACE,
    NOW,
    YEAR,
    calendars,
    meeting,
    timetables,
    twelve_modules,
    undecided,
)

DEFAULT = ExportOptions()
LATER = NOW + timedelta(days=3)


def made(timetable: Timetable, calendar=CALENDAR, options=DEFAULT, revisions=None, now=NOW):
    return calendar_events(timetable, calendar, options, NAMESPACE, revisions, now)


@settings(max_examples=80, deadline=None)
@given(timetables(), calendars(), st.booleans())
def test_events_have_exactly_the_occurrences_of_the_timetable(timetable, calendar, singles):
    found = made(timetable, calendar, ExportOptions(singles=singles))
    told = Counter((each.item, start) for each in found for start in each.starts())
    assert told == Counter((each.item.id, each.start) for each in occurrences(timetable, calendar, FIRST, LAST))
    assert len({each.uid for each in found}) == len(found)
    for each in found:
        assert each.start not in each.excluded
        assert each.until is None or each.until not in each.excluded
        assert not (singles and each.until)


def test_a_meeting_that_is_never_held_gives_no_event():
    every = frozenset(date(2026, 2, 9) + timedelta(days=n) for n in range(120))
    assert made(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 0, "08:30", "09:20", skipped=every),))) == ()


def test_a_series_starts_on_the_first_date_really_held():
    (series, swapped) = made(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 0, "08:30", "09:20"),)))
    assert series.start == datetime(2026, 2, 16, 8, 30)  # the 9th follows another weekday
    assert series.until == datetime(2026, 5, 18, 8, 30)
    assert [moment.date() for moment in series.excluded] == [date(2026, 3, 30), date(2026, 4, 6), date(2026, 4, 27)]
    assert (swapped.start, swapped.until) == (datetime(2026, 5, 16, 8, 30), None)
    assert "Monday’s timetable is followed" in swapped.description


def test_one_date_alone_needs_no_rule():
    skipped = frozenset(date(2026, 2, 9) + timedelta(days=n) for n in range(100))
    (only,) = made(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 2, "08:30", "09:20", skipped=skipped),)))
    assert (only.start.date(), only.until) == (date(2026, 5, 20), None)


def test_identity_outlives_new_rooms_and_times():
    before = meeting("COS 212", "L1", 1, "08:30", "09:20")
    after = replace(before, venues=("HB 3-1", "HB 3-2"), slot=Slot(3, time(14), time(15)), note="Bring a laptop")
    uids = [{each.uid for each in made(Timetable(YEAR, meetings=(one,))) if each.until} for one in (before, after)]
    assert uids[0] == uids[1]


def test_identity_is_the_profiles_own():
    from uuid import UUID

    timetable = twelve_modules()
    other = calendar_events(timetable, CALENDAR, ExportOptions(), UUID(int=1), None, NOW)
    assert not {each.uid for each in made(timetable)} & {each.uid for each in other}


def test_a_revision_counts_only_what_changed():
    timetable = twelve_modules()
    first = made(timetable, revisions={})
    assert {each.sequence for each in first} == {0}
    kept = updated_revisions(first, {})
    assert made(timetable, revisions=kept, now=LATER) == first  # not even a stamp is new
    moved = replace(
        timetable, meetings=(replace(timetable.meetings[0], venues=("Elsewhere",)), *timetable.meetings[1:])
    )
    second = made(moved, revisions=kept, now=LATER)
    changed = [each for each in second if each not in first]
    assert {each.item for each in changed} == {timetable.meetings[0].id}
    assert {(each.sequence, each.modified) for each in changed} == {(1, LATER)}


def test_what_was_written_and_is_gone_is_cancelled_until_its_last_date_is_past():
    timetable = Timetable(YEAR, meetings=(meeting("COS 212", "L1", 1, "08:30", "09:20"),))
    kept = updated_revisions(made(timetable, revisions={}), {})
    gone = made(Timetable(YEAR), revisions=kept, now=LATER)
    assert [(each.cancelled, each.sequence) for each in gone] == [(True, 1)] * len(kept)
    assert {(each.start, each.until, each.excluded) for each in gone} == {
        (each.start, each.until, each.excluded) for each in made(timetable)
    }
    kept = updated_revisions(gone, kept)
    last = max(each.until for each in gone if each.until)
    last_evening = datetime(last.year, last.month, last.day, 21, 59, tzinfo=UTC)  # 23:59 at UP
    for now in (LATER, LATER + timedelta(days=1), last_evening):
        again = made(Timetable(YEAR), revisions=kept, now=now)
        assert [each for each in again if each.until == last] == [each for each in gone if each.until == last]
        kept = updated_revisions(again, kept)
    assert made(Timetable(YEAR), revisions=kept, now=last_evening + timedelta(minutes=1)) == ()
    back = made(timetable, revisions=kept, now=LATER)
    assert {(each.cancelled, each.sequence) for each in back} == {(False, 2)}


def test_a_file_of_one_kind_calls_off_nothing_of_another():
    timetable = twelve_modules()
    kept = updated_revisions(made(timetable, revisions={}), {})
    only_tests = ExportOptions(kinds=frozenset({EventKind.TEST}))
    assert {each.kind for each in made(timetable, options=only_tests, revisions=kept)} == {EventKind.TEST}
    empty = made(Timetable(YEAR), options=only_tests, revisions=kept)
    assert {(each.kind, each.cancelled) for each in empty} == {(EventKind.TEST, True)}


def test_another_year_is_left_alone():
    kept = updated_revisions(made(twelve_modules(), revisions={}), {})
    assert made(Timetable(2027), revisions=kept) == ()


def test_headless_runs_number_by_the_clock():
    earlier, later = made(twelve_modules(), now=NOW), made(twelve_modules(), now=NOW + timedelta(minutes=1))
    assert {each.sequence for each in later} == {each.sequence + 1 for each in earlier}
    assert max(each.sequence for each in later) < 2**31


def test_undecided_groups_are_marked_or_left_out():
    found = made(undecided())
    series = [each for each in found if each.until]
    assert [each.title for each in series] == [
        "COS 212 · P1 (G02, not chosen yet)",
        "COS 212 · P1 (G01, not chosen yet)",
    ]
    assert all(each.tentative for each in found)
    assert made(undecided(), options=ExportOptions(undecided=False)) == ()
    key = next(iter(undecided().choices))
    chosen = replace(undecided(), choices={key: Choice(key, ("G01", "G02"), "G01")})
    assert {each.item for each in made(chosen)} == {undecided().meetings[0].id}


def test_what_is_hidden_is_not_written():
    timetable = Timetable(YEAR, meetings=(meeting("COS 212", "L1", 1, "08:30", "09:20", hidden=True),))
    assert made(timetable) == ()


def test_descriptions_say_what_is_assumed():
    exam = Assessment(
        "2026/COS 212/exam/1/E/H",
        YEAR,
        "COS 212",
        AssessmentKind.EXAM,
        "Exam",
        date(2026, 6, 3),
        time(8),
        time(11),
        status="PRELIM",
        assumed_end=True,
        comments="Open book",
    )
    lecture = meeting("COS 212", "L1", 1, "08:30", "09:20", edited=frozenset({"venues"}))
    timetable = Timetable(YEAR, meetings=(lecture,), assessments=(exam,))
    by_kind = {each.kind: each for each in made(timetable, replace(CALENDAR, confirmed=False))}
    told = by_kind[EventKind.EXAM].description
    for words in ("Assumed: it takes 180 minutes", "PRELIM", "Open book", "Exams document"):
        assert words in told
    assert by_kind[EventKind.EXAM].tentative
    assert "proposed, not confirmed" in by_kind[EventKind.LECTURE].description
    assert "Changed by hand" in by_kind[EventKind.LECTURE].description
    assert "Entered by hand" not in by_kind[EventKind.LECTURE].description
    written = replace(timetable, meetings=tuple(replace(each, by_hand=True) for each in timetable.meetings))
    said = next(each for each in made(written) if each.kind is EventKind.LECTURE).description
    assert "Entered by hand for a line of the Lectures document that could not be read." in said
    assert "proposed" not in made(timetable)[0].description


def test_busy_only_tells_nothing_but_the_time():
    for each in made(twelve_modules(), options=ExportOptions(busy_only=True)):
        assert (each.title, each.location, each.description, each.categories) == ("Busy", "", "", ())
        assert (each.colour, each.alarms, each.private) == (None, (), True)
    assert not any(each.location for each in made(twelve_modules(), options=ExportOptions(venues=False)))


def test_text_that_no_program_takes_is_made_harmless():
    odd = meeting("COS 212", "L1", 1, "08:30", "09:20", note="a\x00b\r\nc\x7f \ud800!", venues=("A\tB",))
    (first, *_) = made(Timetable(YEAR, meetings=(odd,)))
    assert first.description.startswith("ab\nc ?!")
    assert first.location == "AB"


def test_a_series_is_said_in_words():
    (series, swapped) = made(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 0, "08:30", "09:20"),)))
    assert series.time_text() == "Mondays 08:30 to 09:20, 16 Feb to 18 May, 11 times"
    assert swapped.time_text() == "Sat 16 May 2026, 08:30 to 09:20"


def test_options_and_revisions_survive_being_stored():
    options = ExportOptions(
        frozenset({EventKind.EXAM}), False, True, False, True, {EventKind.LECTURE: (15,), EventKind.TEST: ()}, "Klas"
    )
    again = options_from_json(to_plain(options))
    assert (again.kinds, again.undecided, again.singles, again.name) == (options.kinds, False, True, "Klas")
    assert again.alarms[EventKind.LECTURE] == (15,)
    assert again.alarms[EventKind.TEST] == ()
    assert options_from_json(to_plain(ExportOptions())) == ExportOptions()
    for revision in updated_revisions(made(twelve_modules(), revisions={}), {}).values():
        assert from_plain(Revision, to_plain(revision)) == revision


def test_stored_options_that_make_no_sense_are_as_if_not_set():
    for plain in (None, [], {"kinds": "all", "undecided": 1, "alarms": {"lecture": [True, -5, "x"], 3: []}, "name": 7}):
        options = options_from_json(plain)
        assert options.kinds == frozenset(EventKind)
        assert options.undecided
        assert options.alarms[EventKind.LECTURE] == ()


def test_an_order_of_the_timetable_does_not_matter():
    timetable = twelve_modules()
    turned = replace(timetable, meetings=timetable.meetings[::-1], assessments=timetable.assessments[::-1])
    assert made(turned) == made(timetable)


def test_a_swap_on_the_last_day_does_not_lengthen_the_series():
    day = date(2026, 5, 22)
    calendar = replace(CALENDAR, days={day: SpecialDay(day, 0)})
    found = made(Timetable(YEAR, meetings=(meeting("COS 212", "L1", 0, "08:30", "09:20"),)), calendar)
    assert [(each.start.date(), each.until and each.until.date()) for each in found] == [
        (date(2026, 2, 9), date(2026, 5, 18)),
        (day, None),
    ]
    assert found[0].modified.tzinfo is UTC
