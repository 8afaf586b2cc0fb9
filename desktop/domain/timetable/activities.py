"""The kinds of activity, by UP's letters."""

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
    """The translatable name of a kind of activity; an unknown kind keeps its letters."""
    name = KIND_NAMES.get(kind)
    return kind if name is None else named(name)
