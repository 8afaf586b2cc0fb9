"""Shipped years, shared files of academic years, and public holidays."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.academic import (
    MAX_BYTES,
    calendar_from_bytes,
    calendar_to_bytes,
    proposed_calendar,
    public_holidays,
    read_calendar,
)
from desktop.config import assets_folder
from desktop.domain.errors import FileError, InvalidInput
from desktop.domain.timetable.terms import Deadline, Period, Recess, RecessBasis, SpecialDay, Term

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
DATED = sorted(SAMPLES.glob("tests-*.expected.json")) + sorted(SAMPLES.glob("exams-*.expected.json"))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2031])
def test_every_year_has_a_proposal_that_says_where_it_comes_from(year):
    academic = proposed_calendar(year)
    assert set(academic.terms) == {"S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4"}
    assert academic.source
    assert not academic.official
    assert not academic.confirmed
    assert academic.recess_note
    for semester in ("S1", "S2"):
        assert academic.terms[semester].start.weekday() == 0


def test_2026_is_what_students_typed_off_the_universitys_calendar():
    academic = proposed_calendar(2026)
    assert academic.terms["S1"] == Term("S1", date(2026, 2, 9), date(2026, 5, 27))
    assert academic.terms["Q1"] == Term("Q1", date(2026, 2, 9), date(2026, 3, 27))
    assert academic.terms["Q2"] == Term("Q2", date(2026, 4, 7), date(2026, 5, 27))
    assert academic.terms["S2"] == Term("S2", date(2026, 7, 20), date(2026, 11, 6))
    assert academic.terms["Q3"] == Term("Q3", date(2026, 7, 20), date(2026, 9, 7))
    assert academic.terms["Q4"] == Term("Q4", date(2026, 9, 8), date(2026, 11, 6))
    assert [(each.start, each.end) for each in academic.recesses] == [
        (date(2026, 3, 29), date(2026, 4, 6)),
        (date(2026, 6, 28), date(2026, 7, 19)),
        (date(2026, 9, 17), date(2026, 9, 27)),
    ]
    follows = {day: special.follows for day, special in academic.days.items() if special.follows is not None}
    swaps = {date(2026, 4, 7): 0, date(2026, 4, 8): 4, date(2026, 9, 15): 4, date(2026, 11, 6): 2}
    assert follows == swaps
    assert academic.status(date(2026, 9, 16)).reason == "Wellness Day"
    assert academic.status(date(2026, 5, 28)).reason == "Study day"
    assert academic.status(date(2026, 6, 1)).reason == "Exams"
    assert academic.recess_basis is RecessBasis.PROPOSED
    assert "by students" in academic.source
    assert [each.date for each in academic.deadlines] == [
        *(date(2026, 2, 20), date(2026, 3, 9), date(2026, 7, 31), date(2026, 8, 17))
    ]


@pytest.mark.parametrize("year", [2024, 2027, 2031])
def test_a_year_that_is_not_known_is_2026_moved_by_whole_weeks_and_a_guess(year):
    known, guess = proposed_calendar(2026), proposed_calendar(year)
    moved = {guess.terms[offered].start - term.start for offered, term in known.terms.items()}
    moved |= {guess.terms[offered].end - term.end for offered, term in known.terms.items()}
    moved |= {other.start - each.start for each, other in zip(known.recesses, guess.recesses, strict=True)}
    moved |= {other.end - each.end for each, other in zip(known.exams, guess.exams, strict=True)}
    moved |= {other.date - each.date for each, other in zip(known.deadlines, guess.deadlines, strict=True)}
    assert len(moved) == 1
    assert moved.pop().days % 7 == 0
    assert guess.recess_basis is RecessBasis.GUESSED
    assert guess.recess_note == f"The recess of {year} is a guess, not confirmed: there are no classes in it."
    assert guess.source.startswith("A guess")
    assert not guess.days, "swaps follow the holidays of their year"


def test_the_recess_of_2025_is_not_known():
    academic = proposed_calendar(2025)
    assert academic.recesses == ()
    assert academic.recess_note == "The recess of 2025 is not known: classes are shown right through it."
    assert date(2025, 10, 25) in academic.terms["S2"]
    assert any(date(2025, 6, 5) in each for each in academic.exams)


@pytest.mark.skipif(not DATED, reason="the genuine exports are not at hand (../shared/samples)")
@pytest.mark.parametrize("path", DATED, ids=lambda path: path.name.partition(".")[0])
def test_tests_and_exams_of_genuine_exports_fall_where_the_shipped_year_has_them(path):
    plain = json.loads(path.read_text("utf-8"))
    for day in {date.fromisoformat(each["date"]) for each in plain["entries"]}:
        academic = proposed_calendar(day.year)
        if plain["kind"] == "tests":
            assert academic.semester(day), f"{day} is in no semester"
            assert academic.is_in_test_week(day) or day in academic.test_days, f"{day} is in no test week"
        else:
            assert any(day in each for each in academic.exams), f"{day} is in no exam period"


def test_files_that_came_with_the_program_are_named_by_their_year():
    for path in (assets_folder() / "academic").glob("*.json"):
        assert read_calendar(path).year == int(path.stem)


def test_holidays_are_south_africas_and_can_be_none():
    holidays = public_holidays(2026)
    assert holidays[date(2026, 4, 27)] == "Freedom Day"
    assert date(2026, 8, 10) in holidays  # observed on the Monday
    assert public_holidays(2026, "none") == {}
    with pytest.raises(InvalidInput, match="XX"):
        public_holidays(2026, "XX")


def test_the_library_of_holidays_is_imported_only_when_asked_for():
    program = "import desktop.academic, sys; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_shared_file_says_everything_and_the_same_bytes_again(tmp_path):
    from dataclasses import replace

    academic = replace(
        proposed_calendar(2026),
        recesses=(Recess("april", date(2026, 3, 28), date(2026, 4, 6), "Paasvakansie ’26"),),
        days={
            date(2026, 3, 25): SpecialDay(date(2026, 3, 25), 4),
            date(2026, 4, 28): SpecialDay(date(2026, 4, 28), None, "Gradeplegtigheid"),
        },
        holidays={day: name for day, name in public_holidays(2026).items() if day != date(2026, 4, 27)},
        source="Our class",
        recess_basis=RecessBasis.GUESSED,
        test_weeks=(Period(date(2026, 3, 14), date(2026, 3, 20)),),
        test_days=(date(2026, 3, 28),),
        exams=(Period(date(2026, 5, 30), date(2026, 6, 18)),),
        supplementary_exams=(),
        deadlines=(Deadline(date(2026, 2, 20), "Registreer"),),
    )
    body = calendar_to_bytes(academic)
    path = tmp_path / "2026.json"
    path.write_bytes(body)
    assert read_calendar(path) == academic
    assert calendar_to_bytes(read_calendar(path)) == body


GOOD = {
    "format": "up-academic-year",
    "version": 1,
    "year": 2026,
    "official": False,
    "source": "Our class",
    "terms": {"S1": {"start": "2026-02-09", "end": "2026-05-22"}},
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "something"}, "format"),
        ({"version": 2}, "newer version"),
        ({"version": True}, "whole number"),
        ({"year": "2026"}, "whole number"),
        ({"year": 9999}, "no academic year 9999"),
        ({"official": "yes"}, "true or false"),
        ({"source": "x" * 1001}, "at most 1000"),
        ({"source": "a\u0000b"}, "a line of"),
        ({"terms": {}}, "no terms"),
        ({"terms": []}, "not an object"),
        ({"terms": {"S1": {"start": "2026-02-09"}}}, "“end”"),
        ({"terms": {"S1": {"start": "9 Feb", "end": "2026-05-22"}}}, "date such as"),
        ({"terms": {"S1": {"start": "2026-05-22", "end": "2026-02-09"}}}, "before it starts"),
        ({"terms": {"S1": {"start": "2025-05-22", "end": "2026-02-09"}}}, "academic year 2026"),
        ({"terms": {"../x": {"start": "2026-02-09", "end": "2026-05-22"}}}, "name that can be used"),
        ({"recesses": [{"start": "2026-03-01", "end": "2026-03-02", "id": "a/b"}]}, "name that can be used"),
        ({"recesses": [{"start": "2026-03-01", "end": "2026-03-02", "id": "a"}] * 2}, "one id"),
        ({"recesses": [{}] * 401}, "more than 400"),
        ({"days": [{"date": "2026-03-25", "follows": "Frieday"}]}, "weekday such as"),
        ({"days": [{"date": "2036-03-25", "off": "x"}]}, "academic year 2026"),
        ({"days": ["2026-03-25"]}, "not an object"),
        ({"holidays_off": [20260427]}, "not text"),
        ({"recess_basis": "rumour"}, "none of proposed, guessed, unknown"),
        ({"test_weeks": [{"start": "2026-03-20", "end": "2026-03-14"}]}, "before it starts"),
        ({"test_days": ["2036-03-14"]}, "academic year 2026"),
        ({"exams": {"start": "2026-03-14"}}, "not a list"),
        ({"deadlines": [{"date": "2026-03-14"}]}, "“name”"),
        ({"region": "Atlantis"}, "No public holidays"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(change, words):
    with pytest.raises(InvalidInput) as refused:
        calendar_from_bytes(json.dumps(GOOD | change).encode(), "shared.json")
    assert words in str(refused.value)
    assert "shared.json" in refused.value.title
    assert refused.value.hint


def test_a_file_that_is_no_academic_year_is_refused(tmp_path):
    for body in (b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (MAX_BYTES + 1), b'{"format": NaN}'):
        with pytest.raises(InvalidInput):
            calendar_from_bytes(body)
    with pytest.raises(InvalidInput, match="larger than"):
        calendar_from_bytes(json.dumps(GOOD).encode() + b" " * MAX_BYTES)
    with pytest.raises(FileError, match="cannot be read"):
        read_calendar(tmp_path / "absent.json")


MORE = ("recesses", "days", "holidays_off", "region", "recess_basis", "test_weeks", "test_days", "exams", "deadlines")
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text("aé0-\n", max_size=12)
    | st.sampled_from(["2026-02-09", "Friday"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "start", "S1"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, *MORE]), json_values))
def test_no_file_does_more_harm_than_to_be_refused(change):
    try:
        academic = calendar_from_bytes(json.dumps(GOOD | change).encode())
    except InvalidInput:
        return
    assert academic.year in range(2000, 2100)
    assert academic.terms
