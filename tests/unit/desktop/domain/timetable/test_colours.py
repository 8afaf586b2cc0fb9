"""A student's modules have distinguishable colours, none of which looks like an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from desktop.domain.timetable.colours import assign_colours
from desktop.domain.timetable.modules import Colour
from desktop.ui.theme.style import DARK, EVENT_COLOURS, LIGHT

CODES = st.lists(st.from_regex(r"[A-Z]{3} [1-4][0-9]{2}", fullmatch=True), unique=True, max_size=10)


def distance(one: str, other: str) -> float:
    """How far apart two colours are to the eye: CIE76 in L*a*b*, where 10 is seen at a glance."""
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def lab(colour: str) -> tuple[float, float, float]:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    def root(part: float) -> float:
        return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116

    parts = QColor(colour)
    red, green, blue = (linear(part) for part in (parts.redF(), parts.greenF(), parts.blueF()))
    x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@given(CODES)
def test_up_to_ten_modules_have_a_colour_each_whatever_came_first(modules: list[str]) -> None:
    found = assign_colours(modules)
    assert found == assign_colours(reversed(modules))
    assert len(set(found.values())) == len(modules)
    assert Colour.TOMATO not in found.values()


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_as_many_modules_as_a_semester_has_are_told_apart_at_a_glance(count: int) -> None:
    found = [
        EVENT_COLOURS[each.value] for each in assign_colours(f"COS {100 + each}" for each in range(count)).values()
    ]
    apart = min(distance(one, other) for at, one in enumerate(found) for other in found[:at])
    assert apart > 35


def test_no_module_looks_like_an_error() -> None:
    found = assign_colours(f"COS {100 + each}" for each in range(10)).values()
    for theme in (LIGHT, DARK):
        for colour in found:
            assert distance(EVENT_COLOURS[colour.value], theme.danger) > 35, colour


def test_a_module_that_joins_moves_few_others() -> None:
    modules = [f"COS {number}" for number in range(110, 710, 100)]
    moved = [
        sum(assign_colours(modules)[each] != assign_colours([*modules, f"WTW {number}"])[each] for each in modules)
        for number in range(100, 200)
    ]
    assert sum(moved) / len(moved) < 2.5
