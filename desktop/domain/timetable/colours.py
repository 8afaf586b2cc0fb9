"""Which colour a module has where the student chose none: the same on every machine, whatever was imported first.

Each module prefers the 11 colours in an order of its own, drawn from its code; modules take turns in an order drawn
the same way. The answer depends on the set of modules alone. Up to 11 modules all differ, and a module that joins
takes another's colour only where it comes before it in that colour's eyes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from desktop.domain.timetable.model import Colour

# Neighbours in this list are far apart to the eye, so that small timetables look varied.
_SPREAD = (
    Colour.PEACOCK,
    Colour.TANGERINE,
    Colour.GRAPE,
    Colour.BASIL,
    Colour.TOMATO,
    Colour.BLUEBERRY,
    Colour.BANANA,
    Colour.FLAMINGO,
    Colour.SAGE,
    Colour.LAVENDER,
    Colour.GRAPHITE,
)


@lru_cache(maxsize=4096)
def _weight(module: str, colour: Colour | None) -> bytes:
    return hashlib.sha256(f"{module}\n{colour or ''}".encode()).digest()


@lru_cache(maxsize=1024)
def _preference(module: str) -> tuple[Colour, ...]:
    """All colours, best first: the list above from a place the module's code gives, grey always last."""
    start = int.from_bytes(_weight(module, None)[:4]) % (len(_SPREAD) - 1)
    turn = [_SPREAD[(start + step) % (len(_SPREAD) - 1)] for step in range(len(_SPREAD) - 1)]
    return (*turn, Colour.GRAPHITE)


def colours(modules: Iterable[str]) -> Mapping[str, Colour]:
    """A colour for every module code: distinct for up to 11, then shared as evenly as can be."""
    waiting = sorted(set(modules), key=lambda module: (_weight(module, None), module))
    given: dict[str, Colour] = {}
    for first in range(0, len(waiting), len(_SPREAD)):
        given |= _matched(waiting[first : first + len(_SPREAD)])
    return given


def _matched(modules: list[str]) -> dict[str, Colour]:
    """Stable matching of modules to colours: its result is the same in whatever order the modules propose."""
    holder: dict[Colour, str] = {}
    asked = dict.fromkeys(modules, 0)
    free = list(modules)
    while free:
        module = free.pop()
        colour = _preference(module)[asked[module]]
        asked[module] += 1
        rival = holder.get(colour)
        if rival is None or _weight(module, colour) < _weight(rival, colour):
            holder[colour] = module
            module = rival or ""
        if module:
            free.append(module)
    return {module: colour for colour, module in holder.items()}
