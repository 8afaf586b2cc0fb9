"""UP's year calendar as students copy it: every form of a line is read, and no line is lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.academic import proposed_calendar
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import MONTHS, WEEKDAYS
from desktop.domain.timetable.terms import DayKind, RecessBasis, Term
from desktop.domain.year_calendar import (
    MAX_CHARACTERS,
    LineStatus,
    PastedYear,
    detect_year,
    extract_lines,
    line_counts_text,
    line_texts,
    read_year_calendar,
)

OF_2018 = """Year calendar 2018
05 February            Lectures commence for quarter 1 and semester 1
19 March               Wednesday timetable is followed
26 March               Lectures end for quarter 1
27 March               Lectures commence for quarter 2
28 March               Friday timetable is followed; Lectures end for April recess
29 March – 09 April    April recess
10 April               Lectures resume after recess; Monday timetable is followed
30 April               No lectures
29 May                 Lectures end for quarter 2 and semester 1
"""
OF_2022 = """University calendar 2022
12-20 April            April recess
28 April               Wednesday timetable
2 May                  Public holiday in terms of legislation
10 June                Lectures end for quarter 2 and semester 1
"""
COMMENCE = "Lectures commence for quarter 1 and semester 1"
SHAPED = {
    "date above": f"05 February\n\n{COMMENCE}\n19 March\nWednesday timetable is followed\n",
    "bullets": f"• 05 February {COMMENCE}\n- 19 March: Wednesday timetable is followed\n",
    "no space": f"05 February{COMMENCE}\n19 MarchWednesday timetable is followed\n",
    "weekdays": f"Monday, 5 February 2018\t{COMMENCE}\nMon 19 Mar - Wednesday timetable\n",
    "headings": f"February 2018\n5 {COMMENCE}\nMarch 2018\n19 Wednesday timetable\n",
    "month first": f"February 5: {COMMENCE}\nMarch 19 Wednesday timetable\n",
    "iso": f"2018-02-05 {COMMENCE}\n2018-03-19 Wednesday timetable\n",
    "html table": "<table><tr><td>05 February</td><td>Lectures commence for <b>quarter 1</b> and\nsemester 1</td></tr>"
    "<tr><td>19&nbsp;March</td><td>Wednesday timetable is followed</td></tr></table><script>1 May recess</script>",
    "html lists": f"<p>05 February</p><ul><li>{COMMENCE}</li></ul><p>19 March<br>Wednesday timetable is followed</p>",
}


def read(text: str, year: int = 2018) -> PastedYear:
    return read_year_calendar(text, proposed_calendar(year))


def test_the_calendar_of_2018_is_understood_whole():
    pasted = read(OF_2018)
    academic = pasted.calendar
    assert [line.status for line in pasted.lines] == [LineStatus.HEADING] + [LineStatus.USED] * 9
    assert academic.terms["S1"] == Term("S1", date(2018, 2, 5), date(2018, 5, 29))
    assert academic.terms["Q1"] == Term("Q1", date(2018, 2, 5), date(2018, 3, 26))
    assert academic.terms["Q2"] == Term("Q2", date(2018, 3, 27), date(2018, 5, 29))
    assert [(each.name, each.start, each.end) for each in academic.recesses] == [
        ("April recess", date(2018, 3, 29), date(2018, 4, 9))
    ]
    follows = {day: special.follows for day, special in academic.days.items() if special.follows is not None}
    assert follows == {date(2018, 3, 19): 2, date(2018, 3, 28): 4, date(2018, 4, 10): 0}
    assert academic.status(date(2018, 4, 30)).kind is DayKind.OFF
    assert academic.recess_basis is RecessBasis.PROPOSED
    assert pasted.usable
    kept = " ".join(pasted.kept)
    assert "First day of S2: not in the text" in kept
    assert "Recess" not in kept


def test_the_calendar_of_2022_is_understood_whole():
    pasted = read(OF_2022, 2022)
    academic = pasted.calendar
    assert (academic.recesses[0].start, academic.recesses[0].end) == (date(2022, 4, 12), date(2022, 4, 20))
    assert academic.days[date(2022, 4, 28)].follows == 2
    assert academic.terms["S1"].end == date(2022, 6, 10)
    assert academic.status(date(2022, 5, 2)).kind is DayKind.HOLIDAY
    assert LineStatus.NOT_USED not in {line.status for line in pasted.lines}


@pytest.mark.parametrize("text", SHAPED.values(), ids=SHAPED)
def test_every_shape_says_the_same(text):
    academic = read(text).calendar
    assert academic.terms["S1"].start == academic.terms["Q1"].start == date(2018, 2, 5)
    assert academic.days == {date(2018, 3, 19): academic.days[date(2018, 3, 19)]}
    assert academic.days[date(2018, 3, 19)].follows == 2


def test_recess_is_found_between_the_day_lectures_end_and_the_day_they_resume():
    text = "28 March Lectures end for April recess\n10 April Lectures resume after recess\n"
    (recess,) = read(text).calendar.recesses
    assert (recess.start, recess.end) == (date(2018, 3, 29), date(2018, 4, 9))


def test_exams_tests_and_deadlines_are_found():
    academic = read(
        "3 March Closing date for registration\n12 - 17 March Semester tests\n1 June Examinations commence\n"
        "20 June Examinations end\n25 to 29 June Supplementary examinations\n"
    ).calendar
    assert [(each.start, each.end) for each in academic.exams] == [(date(2018, 6, 1), date(2018, 6, 20))]
    assert academic.supplementary_exams[0].start == date(2018, 6, 25)
    assert academic.is_in_test_week(date(2018, 3, 14))
    assert academic.deadlines[0].date == date(2018, 3, 3)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("30 February No lectures", "There is no such date in 2018."),
        ("5 May 2019 No lectures", "This is a date of 2019, not of 2018."),
        ("Tuesday 5 February No lectures", "5 February 2018 is a Monday: is this the calendar of another year?"),
        ("9 April – 29 March recess", "There is no such date in 2018."),
        ("7 May Council meets", "Not used: Council meets"),
        ("7 May Monday timetable is followed; Council meets", "Not used: Council meets"),
    ],
)
def test_what_does_not_count_is_said(line, words):
    pasted = read(f"5 March No lectures\n{line}\n")
    assert words in line_texts(pasted.lines[1])


def test_what_is_not_said_stays_as_it_was_proposed():
    academic = read_year_calendar("20 July Lectures commence for semester 2", proposed_calendar(2026)).calendar
    assert academic.recesses == proposed_calendar(2026).recesses
    assert academic.days == proposed_calendar(2026).days
    assert academic.terms["S1"] == proposed_calendar(2026).terms["S1"]


def test_nothing_understood_is_not_usable():
    assert not read("Dear student\nsee the attached file\n").usable
    assert not read("").usable


def test_a_text_that_is_no_year_calendar_is_refused():
    with pytest.raises(InvalidInput):
        extract_lines("x" * (MAX_CHARACTERS + 1))
    with pytest.raises(InvalidInput):
        extract_lines("1 May\n" * 3000)


def test_the_year_is_the_one_named_most():
    assert detect_year("Calendar 2018\n5 February 2018\n1 January 2019") == 2018
    assert detect_year("5 February Lectures commence") is None


FACTS = (
    ("Wednesday timetable is followed", LineStatus.USED),
    ("No lectures", LineStatus.USED),
    ("April recess", LineStatus.USED),
    ("Lectures commence for quarter 2", LineStatus.USED),
    ("Autumn graduation ceremonies", LineStatus.NOT_USED),
)


@st.composite
def shaped_lines(draw) -> tuple[date, str, str, list[str]]:
    """One date and one fact, in any of the shapes that a page is copied in."""
    day = draw(st.dates(date(2018, 1, 1), date(2018, 12, 31)))
    fact, _ = draw(st.sampled_from(FACTS))
    month = draw(st.sampled_from([MONTHS[day.month - 1], MONTHS[day.month - 1].upper(), MONTHS[day.month - 1][:3]]))
    number = draw(st.sampled_from([f"{day.day}", f"{day.day:02}"]))
    weekday = draw(st.sampled_from(["", f"{WEEKDAYS[day.weekday()]}, ", f"{WEEKDAYS[day.weekday()][:3]} "]))
    year = draw(st.sampled_from(["", " 2018"]))
    glue = draw(st.sampled_from([" ", "   ", "\t", ": ", " – ", "\n", "\n\n", "\n• "]))
    bullet = draw(st.sampled_from(["", "• ", "- ", "* "]))
    return day, fact, month, [f"{bullet}{weekday}{number} {month}{year}{glue}{fact}"]


@given(st.lists(shaped_lines(), min_size=1, max_size=8))
def test_every_line_is_there_and_every_fact_is_on_its_date(shapes):
    text = "\n".join(line for *_, lines in shapes for line in lines)
    pasted = read(text)
    assert [line.text for line in pasted.lines] == extract_lines(text), "no line is dropped"
    status = dict(FACTS)
    for line in pasted.lines:
        for fact, expected in status.items():
            if fact in line.text:
                assert line.status is expected, line
    last_off = {day: fact for day, fact, *_ in shapes if fact in ("No lectures", "Wednesday timetable is followed")}
    for day, fact in last_off.items():
        special = pasted.calendar.days[day]
        assert (special.follows == 2) is (fact == "Wednesday timetable is followed")


@given(
    st.text(max_size=300) | st.lists(st.sampled_from([*OF_2018.splitlines(), "<p>", "2 May", "-", "99"])).map("\n".join)
)
def test_no_text_does_more_harm_than_not_to_be_understood(text):
    pasted = read(text)
    assert [line.text for line in pasted.lines] == extract_lines(text)
    assert line_counts_text(pasted)
    for term in pasted.calendar.terms.values():
        assert term.start <= term.end
