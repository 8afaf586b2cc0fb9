"""The public holidays shipped as a file are those of the library, for every year in it."""

from __future__ import annotations

import pytest

from desktop.academic import _library_holidays, _shipped_holidays, public_holidays

YEARS = sorted(int(year) for year in _shipped_holidays("ZA"))[:-1]


def test_years_at_hand_come_with_the_program() -> None:
    assert {2025, 2026, 2027, 2028} <= set(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_the_file_says_what_the_library_says(year: int) -> None:
    library = {
        day: str(name) for day, name in _library_holidays(year, "ZA").items() if (day.year, day.month) <= (year + 1, 1)
    }
    assert dict(public_holidays(year, "ZA")) == dict(sorted(library.items()))
