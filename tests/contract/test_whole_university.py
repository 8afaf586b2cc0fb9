"""A whole university's lecture timetable, drawn as the portal draws it and read. Skipped where it is missing."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.draft import WEEKDAYS
from tests.drawing.marks import Style, write
from tests.drawing.reading import read_one
from tests.drawing.timetables import sheets

TABLE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "up-modules-2024.csv"
PART = 600  # rows of one document; the whole table would have more pages than a timetable

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason="the table is not at hand (../shared/data)")


def _rows() -> list[LectureRow]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return [_row(each) for each in csv.DictReader(stream, delimiter=";")]


def _row(plain: dict[str, str]) -> LectureRow:
    activity = plain["Activity"]
    return LectureRow(
        module=f"{plain['Module'][:3]} {plain['Module'][3:]}",
        offered=plain["Offered"],
        group=plain["Group"],
        lang=plain["Language"],
        kind=activity.rstrip("0123456789"),
        activity=activity,
        weekday=WEEKDAYS.index(plain["Day"]),
        start=time.fromisoformat(plain["Start"]),
        end=_printed_end(plain["End"]),
        venue=" ".join(plain["Venue"].split()),
        campus=plain["Campus"],
        study_prog=tuple(plain["Study Prog"].split()),
    )


def _printed_end(text: str) -> time:
    """10 minutes before the half hour that the table gives: what the PDFs print."""
    return (datetime.combine(datetime.min, time.fromisoformat(text)) - timedelta(minutes=10)).time()


def _expect(rows: list[LectureRow], style: Style) -> None:
    draft = read_one(write(sheets(rows), style))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]
    assert draft.problems == ()


@pytest.mark.parametrize(
    "style",
    [
        pytest.param(Style(), id="as the portal"),
        pytest.param(Style(merged=True), id="one object a line"),
    ],
)
@pytest.mark.slow
def test_every_row_is_read_exactly(style: Style) -> None:
    rows = _rows()
    assert len(rows) == 6497
    for start in range(0, len(rows), PART):
        _expect(rows[start : start + PART], style)


def test_every_fifth_row_is_read_exactly() -> None:
    rows = _rows()[::5]
    for start in range(0, len(rows), PART):
        _expect(rows[start : start + PART], Style())


def test_every_row_is_read_exactly_under_a_kind_of_its_own() -> None:
    """As the chemistry practicals PT1 of the kind P: each kind is another than the activity's letters."""
    other = {"L": "P", "P": "PT", "T": "D"}
    rows = [replace(row, kind=other.get(row.kind, "X")) for row in _rows()]
    for start in range(0, len(rows), 10 * PART):
        _expect(rows[start : start + PART], Style())
