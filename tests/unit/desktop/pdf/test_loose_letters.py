"""A re-print may set the letters of a long word apart; it is still one word."""

from __future__ import annotations

from datetime import date, time

from desktop.document_types.rows import TestRow
from desktop.pdf import child
from tests.drawing import reprints, timetables


def _row(module: str, day: date, start: time, end: time, campus: str, venue: str) -> TestRow:
    return TestRow(module, "Test3", day, start, end, campus, (venue,))


def test_a_word_whose_letters_stand_apart_in_a_reprint_is_one_word() -> None:
    # Found by chance: which letters a re-print sets apart depends on all that stands before them on the page.
    rows = [
        _row("TBC 299", date(2027, 4, 24), time(13, 30), time(14, 50), "ONDERSTEPOORT", "Large Chemistry hall"),
        _row("ESB 379", date(2025, 10, 15), time(10, 30), time(13, 20), "PRINSHOF", "Müller Hall - Café"),
        _row("KAW 100", date(2025, 9, 10), time(13, 0), time(15, 50), "ONDERSTEPOORT", "Eng III - 1 (400/200)"),
    ]
    (read,) = child.read_documents(reprints.printed_by_cairo(timetables.draw(rows)))
    assert [row.entry() for row in read.rows] == [row.entry() for row in rows]
