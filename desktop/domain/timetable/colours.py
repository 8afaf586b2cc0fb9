"""Which colour a module has where the student chose none: the same on every machine, whatever was imported first.

A set of modules takes the first colours of one list, in which each is far from those before it, so that few modules
look as different as they can. Who gets which is a stable matching: all propose in the order of the list, and each
colour prefers by an order drawn from the modules' codes. So the answer depends on the set alone, and a module that
joins moves only those it comes before. Red is no module's by itself: it means that something is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from desktop.domain.timetable.modules import Colour

_SPREAD = (
    Colour.PEACOCK,
    Colour.TANGERINE,
    Colour.BASIL,
    Colour.GRAPE,
    Colour.BANANA,
    Colour.FLAMINGO,
    Colour.BLUEBERRY,
    Colour.SAGE,
    Colour.GRAPHITE,
    Colour.LAVENDER,
)


@lru_cache(maxsize=4096)
def _weight(module: str, colour: Colour | None) -> bytes:
    return hashlib.sha256(f"{module}\n{colour or ''}".encode()).digest()


def colours(modules: Iterable[str]) -> Mapping[str, Colour]:
    """A colour for every module code: distinct for up to 10, then shared as evenly as can be."""
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
        colour = _SPREAD[asked[module]]
        asked[module] += 1
        rival = holder.get(colour)
        if rival is None or _weight(module, colour) < _weight(rival, colour):
            holder[colour] = module
            module = rival or ""
        if module:
            free.append(module)
    return {module: colour for colour, module in holder.items()}
