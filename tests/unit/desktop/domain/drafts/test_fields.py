"""Cells are parsed exactly or rejected."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.drafts import fields
from desktop.domain.drafts.fields import Unclear


@pytest.mark.parametrize(
    ("read", "text", "meant"),
    [
        (fields.module, "COS 214", "COS 214"),
        (fields.weekday, "Saturday", 5),
        (fields.clock, "07:30", time(7, 30)),
        (fields.span, "08:30 - 09:20", (time(8, 30), time(9, 20))),
        (fields.span, "13:30 - 19:20", (time(13, 30), time(19, 20))),
        (fields.calendar_date, "23 Aug 2025", date(2025, 8, 23)),
        (fields.calendar_date, "12 NOV 2025", date(2025, 11, 12)),
        (fields.activity, "PT1", ("PT1", "PT")),
    ],
)
def test_what_the_portal_prints(read: object, text: str, meant: object) -> None:
    assert callable(read)
    assert read(text) == meant


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (fields.module, "C0S 214"),
        (fields.module, "COS 21"),
        (fields.module, ""),
        (fields.weekday, "Mondey"),
        (fields.clock, "25:00"),
        (fields.clock, "07:3O"),
        (fields.clock, "07:33"),
        (fields.clock, "03:30"),
        (fields.span, "09:20 - 08:30"),
        (fields.span, "08:30 - 08:30"),
        (fields.span, "08:30"),
        (fields.calendar_date, "31 Feb 2026"),
        (fields.calendar_date, "12 NOX 2025"),
        (fields.calendar_date, "12 NOV 9025"),
        (fields.activity, "1L"),
    ],
)
def test_what_it_does_not_print_is_unclear(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(Unclear) as unclear:
        read(text)
    assert unclear.value.found == text
    assert unclear.value.expected


def test_garbage_is_no_venue() -> None:
    assert fields.words("Müller Hall – 1 (400/200)", "a venue") == "Müller Hall – 1 (400/200)"
    for text in ("IT\x014-4", "\ufffd\ufffd", "漢字"):
        with pytest.raises(Unclear):
            fields.words(text, "a venue")


@given(st.text(max_size=20))
def test_any_text_is_taken_or_unclear(text: str) -> None:
    for read in (fields.module, fields.weekday, fields.clock, fields.span, fields.calendar_date, fields.activity):
        with suppress(Unclear):
            assert read(text) is not None
