"""Random academic years for tests of the planner."""

from __future__ import annotations

import random
from datetime import date, time

from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.terms import AcademicCalendar, Term, with_derived_terms
from desktop.domain.timetable.timetable import Timetable
from desktop.planning.preferences import Preferences

YEAR = 2026
CALENDAR = AcademicCalendar(
    YEAR,
    with_derived_terms(
        {
            "S1": Term("S1", date(YEAR, 2, 9), date(YEAR, 3, 13)),
            "S2": Term("S2", date(YEAR, 7, 13), date(YEAR, 7, 31)),
        }
    ),
    (),
    {},
    {},
    True,
    "made up",
)
ALL = Preferences(
    free_days=True,
    keep_free=frozenset({4}),
    not_before=time(8, 30),
    not_after=time(15),
    few_gaps=True,
    lunch=True,
    early_friday=time(13),
    same_group=True,
    travel=True,
)
PREFERENCES = {
    "all": ALL,
    "none": Preferences(),
    "few": Preferences(free_days=True, lunch=True),
    "gaps": Preferences(few_gaps=True, same_group=True),
}


def random_timetable(seed: int, days: int, offers: tuple[str, ...], groups: int) -> Timetable:
    """Modules with lectures, a practical and a tutorial, on so many days of the week: on few days they must clash."""
    chance = random.Random(seed)
    meetings: list[Meeting] = []
    choices: dict[ChoiceKey, Choice] = {}
    for module, offered in enumerate(offers):
        code = f"MOD {100 + module}"
        for kind, times, minutes in (("L", min(2, days), 50), ("P", 1, 110), ("T", 1, chance.choice([50, 80]))):
            key = ChoiceKey(YEAR, code, offered, kind)
            names = tuple(f"{'G' if kind == 'L' else kind}{group:02d}" for group in range(1, groups + 1))
            choices[key] = Choice(key, names)
            for name in names:
                for number, day in enumerate(chance.sample(range(days), times), 1):
                    first = 450 + 60 * chance.randrange(0, 8)
                    slot = Slot(
                        day, time(first // 60, first % 60), time((first + minutes) // 60, (first + minutes) % 60)
                    )
                    where = chance.choice(["HATFIELD", "HATFIELD", "GROENKLOOF", "PRINSHOF"])
                    label = f"{kind}{number}"
                    item = f"{YEAR}/{code}/{offered}/{name}/{kind}/{label}"
                    meetings.append(Meeting(item, YEAR, code, offered, name, kind, label, slot, ("R",), where))
    event = OwnEvent(f"{YEAR}/event/w", YEAR, "Work", time(12), time(13), weekday=0, offered="S1")
    return Timetable(YEAR, {}, tuple(meetings), (), (event,), choices)
