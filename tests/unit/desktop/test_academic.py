"""Shipped years, shared files of academic years, and public holidays."""

import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.academic import (
    MOST_BYTES,
    calendar_from_bytes,
    calendar_to_bytes,
    proposed,
    public_holidays,
    read_calendar,
)
from desktop.config import assets_folder
from desktop.domain.errors import FileTrouble, InvalidInput
from desktop.domain.terms import Recess, SpecialDay, Term


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2031])
def test_every_year_has_a_proposal_that_says_where_it_comes_from(year):
    academic = proposed(year)
    assert set(academic.terms) == {"S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4"}
    assert academic.source
    assert not academic.official
    assert not academic.confirmed
    for semester in ("S1", "S2"):
        assert academic.terms[semester].start.weekday() == 0
        assert academic.terms[semester].end.weekday() == 4


def test_2026_is_what_was_seen():
    terms = proposed(2026).terms
    assert terms["S1"] == Term("S1", date(2026, 2, 9), date(2026, 5, 22))
    assert terms["S2"] == Term("S2", date(2026, 7, 13), date(2026, 10, 16))
    assert "not official" in proposed(2026).source


def test_the_pattern_agrees_with_the_files_that_came_with_the_program(tmp_path, monkeypatch):
    shipped = {year: proposed(year).terms for year in (2025, 2026, 2027)}
    (tmp_path / "academic").mkdir()
    monkeypatch.setattr("desktop.academic.assets_folder", lambda: tmp_path)
    proposed.cache_clear()
    try:
        assert {year: proposed(year).terms for year in shipped} == shipped
    finally:
        proposed.cache_clear()


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
        proposed(2026),
        recesses=(Recess("april", date(2026, 3, 28), date(2026, 4, 6), "Paasvakansie ’26"),),
        days={
            date(2026, 3, 25): SpecialDay(date(2026, 3, 25), 4),
            date(2026, 4, 28): SpecialDay(date(2026, 4, 28), None, "Gradeplegtigheid"),
        },
        holidays={day: name for day, name in public_holidays(2026).items() if day != date(2026, 4, 27)},
        source="Our class",
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
    for body in (b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * (MOST_BYTES + 1), b'{"format": NaN}'):
        with pytest.raises(InvalidInput):
            calendar_from_bytes(body)
    with pytest.raises(InvalidInput, match="larger than"):
        calendar_from_bytes(json.dumps(GOOD).encode() + b" " * MOST_BYTES)
    with pytest.raises(FileTrouble, match="cannot be read"):
        read_calendar(tmp_path / "absent.json")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text("aé0-\n", max_size=12)
    | st.sampled_from(["2026-02-09", "Friday"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "start", "S1"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "recesses", "days", "holidays_off", "region"]), json_values))
def test_no_file_does_more_harm_than_to_be_refused(change):
    try:
        academic = calendar_from_bytes(json.dumps(GOOD | change).encode())
    except InvalidInput:
        return
    assert academic.year in range(2000, 2100)
    assert academic.terms
