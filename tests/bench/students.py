"""Students of a real university's timetable, which is read from beside the checkout and never copied into it."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.terms import AcademicCalendar, Term, with_derived_terms
from desktop.domain.timetable.timetable import Timetable
from desktop.planning.planner import best_plans
from desktop.planning.preferences import Preferences

ROWS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "up-modules-2024.csv"
YEAR = 2026
CALENDAR = AcademicCalendar(
    YEAR,
    with_derived_terms(
        {
            "S1": Term("S1", date(YEAR, 2, 9), date(YEAR, 5, 27)),
            "S2": Term("S2", date(YEAR, 7, 20), date(YEAR, 11, 6)),
        }
    ),
    (),
    {},
    {},
    True,
    "made up for this measurement",
)
Key = tuple[str, str]  # a module, and when it is offered
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def timetables(count: int, seed: int = 2024, *, free_of_clashes: bool = True) -> Iterator[Timetable]:
    """The timetables of `count` students, who take five to seven modules of their level in each semester.

    At least half of the modules have something to choose, as three in four of the university's have nothing. With
    `free_of_clashes` nobody takes a module that cannot be had together with those taken before.
    """
    modules = _modules()
    chance = random.Random(seed)
    for number in range(count):
        level = str(1 + number % 3)
        taken: list[Meeting] = []
        for semester in ("S1", "S2"):
            offered = sorted(key for key in modules if key[1] == semester and key[0][4] == level)
            chance.shuffle(offered)
            size = chance.randint(5, 7)
            with_choice = [key for key in offered if _has_choice(modules[key])]
            picked: list[Meeting] = []
            picked = _pick(modules, with_choice, picked, (size + 1) // 2, free_of_clashes)
            picked = _pick(modules, offered, picked, size, free_of_clashes)
            taken += picked
        yield _timetable(taken)


def _pick(
    modules: Mapping[Key, list[Meeting]], offered: Sequence[Key], taken: list[Meeting], size: int, free: bool
) -> list[Meeting]:
    """The modules taken, with as many more of those on offer as are needed."""
    for key in offered:
        names = {meeting.module for meeting in taken}
        if len(names) == size:
            break
        if key[0] in names:
            continue
        more = [*taken, *modules[key]]
        if not free or best_plans(_timetable(more), CALENDAR, Preferences(), count=1).feasible:
            taken = more
    return taken


def _modules() -> dict[Key, list[Meeting]]:
    """The meetings of every module as offered. Rows that differ only in their venue are one meeting."""
    found: dict[Key, dict[str, Meeting]] = defaultdict(dict)
    with ROWS.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            name, offered, group, activity = (row[field] for field in ("Module", "Offered", "Group", "Activity"))
            code, kind = f"{name[:3]} {name[3:]}", activity[0]
            slot = Slot(_DAYS.index(row["Day"]), time.fromisoformat(row["Start"]), _ten_minutes_before(row["End"]))
            key = f"{YEAR}/{code}/{offered}/{group}/{kind}/{activity}/{slot.label}"
            found[code, offered].setdefault(
                key, Meeting(key, YEAR, code, offered, group, kind, activity, slot, (row["Venue"],), row["Campus"])
            )
    return {key: list(meetings.values()) for key, meetings in found.items()}


def _ten_minutes_before(text: str) -> time:
    """Classes end ten minutes before the half hour given in the file."""
    return (datetime.combine(date.min, time.fromisoformat(text)) - timedelta(minutes=10)).time()


def _has_choice(meetings: list[Meeting]) -> bool:
    return any(len(choice.groups) > 1 for choice in _timetable(meetings).choices.values())


def _timetable(meetings: list[Meeting]) -> Timetable:
    groups: dict[ChoiceKey, set[str]] = defaultdict(set)
    for meeting in meetings:
        groups[meeting.choice_key].add(meeting.group)
    choices = {
        key: Choice(key, tuple(sorted(names)), min(names) if len(names) == 1 else None, len(names) == 1)
        for key, names in groups.items()
    }
    return Timetable(YEAR, {}, tuple(meetings), (), (), choices)
