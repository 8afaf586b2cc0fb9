"""Timetables for calendar tests: one rich year that is always the same, and Hypothesis strategies for others."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st

from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour, Module
from desktop.domain.timetable.occurrences import occurrences
from desktop.domain.timetable.terms import AcademicCalendar, Recess, SpecialDay, Term, with_derived_terms
from desktop.domain.timetable.timetable import Timetable

YEAR = 2026
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
NAMESPACE = UUID("6f0a1f6e-5c2c-4e1c-9f57-0d7c2f5b8a11")
NOW = datetime(2026, 1, 15, 8, 0, tzinfo=UTC)
COLOURS = list(Colour)

CALENDAR = AcademicCalendar(
    YEAR,
    with_derived_terms(
        {
            "S1": Term("S1", date(2026, 2, 9), date(2026, 5, 22)),
            "S2": Term("S2", date(2026, 7, 13), date(2026, 10, 16)),
        }
    ),
    (
        Recess("april", date(2026, 3, 28), date(2026, 4, 6), "April recess"),
        Recess("september", date(2026, 9, 7), date(2026, 9, 11)),
    ),
    {
        date(2026, 3, 25): SpecialDay(date(2026, 3, 25), 4),  # a Wednesday that follows Friday
        date(2026, 5, 23): SpecialDay(date(2026, 5, 23), 0),  # outside every term: nothing happens
        date(2026, 5, 16): SpecialDay(date(2026, 5, 16), 0),  # a Saturday that follows Monday
        date(2026, 2, 9): SpecialDay(date(2026, 2, 9), 1),  # the first day of the term is swapped out
        date(2026, 10, 16): SpecialDay(date(2026, 10, 16), 2),  # and so is the last day of the year
        date(2026, 4, 28): SpecialDay(date(2026, 4, 28), off="Graduation"),
    },
    {date(2026, 4, 27): "Freedom Day", date(2026, 5, 1): "Workers’ Day", date(2026, 9, 24): "Heritage Day"},
    confirmed=True,
    source="a test",
)


def meeting(
    module: str, activity: str, weekday: int, start: str, end: str, offered: str = "S1", group: str = "G01", **more
) -> Meeting:
    """A meeting with the id it would get."""
    kind = activity[0]
    slot = Slot(weekday, time.fromisoformat(start), time.fromisoformat(end))
    more = {"venues": ("IT 2-26",), "campus": "HATFIELD", "lang": "E"} | more
    return Meeting(
        f"2026/{module}/{offered}/{group}/{kind}/{activity}", YEAR, module, offered, group, kind, activity, slot, **more
    )


def twelve_modules(hour_step: int = 1) -> Timetable:
    """A busy student's whole year: twelve modules over all weekdays and terms, tests, exams and own events."""
    codes = [f"{name} {number}" for number in (214, 310) for name in ("COS", "WTW", "PHY", "STK", "ÖKO", "EKN")]
    meetings, assessments = [], []
    for index, code in enumerate(codes):
        offered = ("S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4")[index % 7]
        for number in range(3):
            hour = 7 + (index * hour_step + number) % 10
            meetings.append(
                meeting(
                    code,
                    f"{'LPT'[number]}1",
                    (index + 2 * number) % 6,
                    f"{hour:02}:30",
                    f"{hour + 1:02}:20",
                    offered,
                    venues=("IT 2-26", "CENTENARY 4; B, links") if number else ("IT 2-26",),
                )
            )
        assessments.append(
            Assessment(
                f"2026/{code}/test/Test1/HATFIELD",
                YEAR,
                code,
                AssessmentKind.TEST,
                "Test1",
                date(2026, 3, 2) + timedelta(days=index),
                time(17, 30),
                time(19, 0),
                ("THUTO 1-1", "HB 4-15"),
                "HATFIELD",
            )
        )
        assessments.append(
            Assessment(
                f"2026/{code}/exam/1/Exam/HATF",
                YEAR,
                code,
                AssessmentKind.EXAM,
                "Exam Written",
                date(2026, 6, 1) + timedelta(days=index),
                time(8),
                time(11),
                status="PRELIM" if index % 2 else "FINAL",
                assumed_end=True,
            )
        )
    own = (
        OwnEvent(
            "2026/event/choir", YEAR, "Choir", time(19), time(21), weekday=2, skipped=frozenset({date(2026, 3, 4)})
        ),
        OwnEvent("2026/event/tutoring", YEAR, "Tutoring", time(13), time(14), weekday=2, offered="S1"),
        OwnEvent("2026/event/midnight", YEAR, "Night shift", time(0), time(23, 59), on=date(2026, 5, 2)),
    )
    modules = {code: Module(YEAR, code, colour=COLOURS[index % 11]) for index, code in enumerate(codes)}
    return Timetable(YEAR, modules, tuple(meetings), tuple(assessments), own, {})


def expected_occurrences(
    timetable: Timetable, calendar: AcademicCalendar, **more
) -> list[tuple[str, datetime, datetime]]:
    """What every reader should report: title, start and end of all occurrences of decided items, sorted."""

    def title(item) -> str:
        return (
            item.title
            if isinstance(item, OwnEvent)
            else item.label + (" (preliminary)" if isinstance(item, Assessment) and item.is_preliminary else "")
        )

    return sorted(
        (title(each.item), each.start, each.end) for each in occurrences(timetable, calendar, FIRST, LAST, **more)
    )


days = st.dates(FIRST, LAST)
clock = st.integers(0, 287).map(lambda five: time(five * 5 // 60, five * 5 % 60))


@st.composite
def calendars(draw) -> AcademicCalendar:
    """Academic years of any kind, short and odd ones included."""
    cuts = sorted(draw(st.lists(days, min_size=4, max_size=4, unique=True)))
    terms = with_derived_terms({"S1": Term("S1", cuts[0], cuts[1]), "S2": Term("S2", cuts[2], cuts[3])})
    recesses = [
        Recess(str(number), start, start + timedelta(days=draw(st.integers(0, 20))))
        for number, start in enumerate(draw(st.lists(days, max_size=2)))
    ]
    # Swaps are drawn near the ends of terms more often than chance would have it.
    near = st.sampled_from(cuts).flatmap(lambda cut: st.integers(-2, 2).map(lambda n: cut + timedelta(days=n))) | days
    special = {
        day: SpecialDay(day, draw(st.none() | st.integers(0, 6)), draw(st.sampled_from(["", "", "Off"])))
        for day in draw(st.lists(near, max_size=8))
    }
    holidays = dict.fromkeys(draw(st.lists(days, max_size=8)), "Holiday")
    return AcademicCalendar(YEAR, terms, tuple(recesses), special, holidays, confirmed=True)


@st.composite
def timetables(draw) -> Timetable:
    """Timetables of up to four meetings, some assessments and own events, with dates skipped."""
    meetings, assessments, own = [], [], []
    for number in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.lists(clock, min_size=2, max_size=2, unique=True)))
        offered = draw(st.sampled_from(["S1", "S2", "Y", "Q1", "Q4"]))
        skipped = frozenset(draw(st.lists(days, max_size=4)))
        meetings.append(
            meeting(
                f"COS {number}",
                "L1",
                draw(st.integers(0, 6)),
                f"{start:%H:%M}",
                f"{end:%H:%M}",
                offered,
                skipped=skipped,
            )
        )
    for number in range(draw(st.integers(0, 2))):
        start, end = sorted(draw(st.lists(clock, min_size=2, max_size=2, unique=True)))
        assessments.append(
            Assessment(
                f"2026/WTW {number}/test/T/H", YEAR, f"WTW {number}", AssessmentKind.TEST, "T", draw(days), start, end
            )
        )
        own.append(
            OwnEvent(
                f"2026/event/{number}",
                YEAR,
                f"Own {number}",
                start,
                end,
                weekday=draw(st.integers(0, 6)),
                offered=draw(st.sampled_from(["", "S2"])),
            )
        )
    return Timetable(YEAR, {}, tuple(meetings), tuple(assessments), tuple(own), {})


def undecided() -> Timetable:
    """Two groups of a practical, with no group chosen."""
    groups = tuple(
        meeting("COS 212", "P1", day, "08:30", "10:20", group=group) for day, group in ((0, "G01"), (1, "G02"))
    )
    key = ChoiceKey(YEAR, "COS 212", "S1", "P")
    return Timetable(YEAR, {}, groups, (), (), {key: Choice(key, ("G01", "G02"))})
