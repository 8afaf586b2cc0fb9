"""The kinds of activity of a module, by UP's letters."""

from __future__ import annotations

from desktop.domain.messages import named

LECTURE = "L"
KIND_NAMES = {
    "L": "Lecture",
    "P": "Practical",
    "T": "Tutorial",
    "D": "Discussion",
}


def kind_name(kind: str) -> str:
    """What a kind of activity is called, to be said in any language; one without a known name keeps its letters."""
    name = KIND_NAMES.get(kind)
    return kind if name is None else named(name)
