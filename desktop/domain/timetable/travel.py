"""Travel times between campuses.

The minutes are estimates made for this program: by road, with walking at both ends. The university publishes none. They
are used for warnings and preferences, never to forbid anything, and are always shown as estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

# Documents print campuses in full (Lectures, Tests) or as their first four letters (Exams).
_CAMPUSES = ("HATFIELD", "GROENKLOOF", "HILLCREST", "PRINSHOF", "MAMELODI", "ONDERSTEPOORT")

TRAVEL_MINUTES: Mapping[frozenset[str], int] = {
    frozenset(("HATFIELD", "GROENKLOOF")): 20,
    frozenset(("HATFIELD", "HILLCREST")): 15,
    frozenset(("HATFIELD", "PRINSHOF")): 25,
    frozenset(("HATFIELD", "MAMELODI")): 35,
    frozenset(("HATFIELD", "ONDERSTEPOORT")): 40,
    frozenset(("GROENKLOOF", "HILLCREST")): 20,
    frozenset(("GROENKLOOF", "PRINSHOF")): 25,
    frozenset(("GROENKLOOF", "MAMELODI")): 40,
    frozenset(("GROENKLOOF", "ONDERSTEPOORT")): 45,
    frozenset(("HILLCREST", "PRINSHOF")): 25,
    frozenset(("HILLCREST", "MAMELODI")): 30,
    frozenset(("HILLCREST", "ONDERSTEPOORT")): 40,
    frozenset(("PRINSHOF", "MAMELODI")): 40,
    frozenset(("PRINSHOF", "ONDERSTEPOORT")): 30,
    frozenset(("MAMELODI", "ONDERSTEPOORT")): 45,
}


@lru_cache(maxsize=256)
def full_campus_name(text: str) -> str:
    """The full name of a campus as printed in a document; an unknown one stays as it is, in capitals."""
    word = text.strip().upper()
    return next((name for name in _CAMPUSES if len(word) >= 3 and name.startswith(word)), word)


def minutes_between(one: str, other: str, table: Mapping[frozenset[str], int] = TRAVEL_MINUTES) -> int:
    """Minutes from one campus to another; 0 within a campus, or if one of them is unknown."""
    return table.get(frozenset((full_campus_name(one), full_campus_name(other))), 0)
