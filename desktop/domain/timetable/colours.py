"""Default colours of modules: the same on every machine, independent of the order of imports.

A set of modules uses the first colours of a list in which each colour differs strongly from those before it. So a few
modules look as different as possible. The assignment is a stable matching: all modules prefer colours in the order of
the list, and each colour prefers modules by a hash of their codes. So the result depends only on the set, and a new
module changes only those that it displaces. Red is not in the list: it marks errors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from desktop.domain.timetable.modules import Colour

_DISTINCT_COLOURS = (
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
def _preference_hash(module: str, colour: Colour | None) -> bytes:
    return hashlib.sha256(f"{module}\n{colour or ''}".encode()).digest()


def assign_colours(modules: Iterable[str]) -> Mapping[str, Colour]:
    """A colour for every module code: distinct for up to 10 modules, then shared as evenly as possible."""
    waiting = sorted(set(modules), key=lambda module: (_preference_hash(module, None), module))
    given: dict[str, Colour] = {}
    for first in range(0, len(waiting), len(_DISTINCT_COLOURS)):
        given |= _match_colours(waiting[first : first + len(_DISTINCT_COLOURS)])
    return given


def _match_colours(modules: list[str]) -> dict[str, Colour]:
    """Match modules to colours (Gale and Shapley); the order of the modules does not affect the result."""
    holder: dict[Colour, str] = {}
    asked = dict.fromkeys(modules, 0)
    free = list(modules)
    while free:
        module = free.pop()
        colour = _DISTINCT_COLOURS[asked[module]]
        asked[module] += 1
        rival = holder.get(colour)
        if rival is None or _preference_hash(module, colour) < _preference_hash(rival, colour):
            holder[colour] = module
            module = rival or ""
        if module:
            free.append(module)
    return {module: colour for colour, module in holder.items()}
