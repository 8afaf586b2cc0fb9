"""Times of reminders: none twice, none lost while the machine sleeps, none at night or during a class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from desktop.domain.codec import to_plain
from desktop.domain.event_kinds import EventKind
from desktop.domain.records.records import SHARED, Record, Records, Stamp
from desktop.domain.reminders import (
    DEFAULT_ALARMS,
    Reminder,
    ReminderRules,
    ReminderState,
    alarms_from_json,
    due_reminders,
    read_alarms,
    reminder_state_from_json,
    snooze_reminder,
)
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.occurrences import Occurrence

MONDAY = date(2026, 3, 23)


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def lecture(start: str, end: str, name: str = "L1", day: date = MONDAY) -> Occurrence:
    slot = Slot(day.weekday(), time.fromisoformat(start), time.fromisoformat(end))
    item = Meeting(f"2026/{name}", 2026, "ABC 101", "S1", "G01", "L", name, slot, ("Hall 1",))
    return Occurrence(at(start, day), at(end, day), item)


def assessment(kind: AssessmentKind, start: str, end: str, day: date = MONDAY) -> Occurrence:
    item = Assessment(
        f"2026/{kind}", 2026, "ABC 101", kind, "One", day, time.fromisoformat(start), time.fromisoformat(end)
    )
    return Occurrence(at(start, day), at(end, day), item)


RULES = ReminderRules({**DEFAULT_ALARMS, EventKind.LECTURE: (10,)})


def run(
    found: list[Occurrence], start: datetime, end: datetime, rules: ReminderRules = RULES, step: int = 1
) -> list[tuple[datetime, str]]:
    """Looks every minute (or `step`); when each reminder came, and of what."""
    memory, now, came = ReminderState(), start, []
    while now <= end:
        reminders, memory = due_reminders(found, rules, memory, now)
        came += [(now, each.occurrences[0].item.id) for each in reminders]
        now += timedelta(minutes=step)
    return came


def test_a_class_is_said_once_and_in_time() -> None:
    assert run([lecture("10:30", "11:20")], at("08:00"), at("12:00")) == [(at("10:20"), "2026/L1")]


def test_a_test_and_an_exam_have_their_own_times() -> None:
    test, exam = assessment(AssessmentKind.TEST, "17:30", "19:00"), assessment(AssessmentKind.EXAM, "09:00", "12:00")
    before = MONDAY - timedelta(days=1)
    assert [moment for moment, _ in run([test], at("12:00", before), at("20:00"))] == [at("17:30", before), at("16:30")]
    came = [moment for moment, _ in run([exam], at("06:00", before), at("12:00"))]
    assert came == [at("09:00", before), at("07:00"), at("08:00")], "a day, two hours and an hour"


def test_what_became_due_while_the_computer_slept_is_said_once_after() -> None:
    test = assessment(AssessmentKind.TEST, "17:30", "19:00")
    memory = ReminderState(at("12:00", MONDAY - timedelta(days=1)))
    found, memory = due_reminders([test], RULES, memory, at("16:45"))
    assert [each.occurrences[0] for each in found] == [test], "one, though two times had passed"
    assert due_reminders([test], RULES, memory, at("16:46"))[0] == ()


def test_what_has_begun_is_not_said_any_more() -> None:
    memory = ReminderState(at("08:00"))
    assert due_reminders([lecture("10:30", "11:20")], RULES, memory, at("11:30"))[0] == ()


def test_a_clock_that_is_set_back_repeats_nothing() -> None:
    found, memory = due_reminders([lecture("10:30", "11:20")], RULES, ReminderState(at("10:00")), at("10:20"))
    assert len(found) == 1
    for minute in range(60):
        found, memory = due_reminders(
            [lecture("10:30", "11:20")], RULES, memory, at("09:30") + timedelta(minutes=minute)
        )
        assert found == ()


def test_a_clock_that_was_years_ahead_does_not_silence_it() -> None:
    memory = ReminderState(datetime(2030, 1, 1))
    memory = due_reminders([lecture("10:30", "11:20")], RULES, memory, at("10:00"))[1]
    assert len(due_reminders([lecture("10:30", "11:20")], RULES, memory, at("10:20"))[0]) == 1


def test_another_start_repeats_nothing() -> None:
    found, memory = due_reminders([lecture("10:30", "11:20")], RULES, ReminderState(at("10:00")), at("10:20"))
    assert found
    again = reminder_state_from_json(to_plain(memory))
    assert again == memory
    assert due_reminders([lecture("10:30", "11:20")], RULES, replace(again, until=at("10:00")), at("10:21"))[0] == ()


def test_a_clock_that_is_set_back_in_a_class_loses_nothing() -> None:
    found = [lecture("08:30", "10:20"), lecture("10:25", "11:20", "L2")]
    memory, came = ReminderState(datetime(2030, 1, 1)), []
    for minute in range(120):
        reminders, memory = due_reminders(found, RULES, memory, at("09:00") + timedelta(minutes=minute))
        came += [each.start for each in reminders]
    assert came == [at("10:25")]


def test_what_was_moved_is_said_anew() -> None:
    _, memory = due_reminders([lecture("10:30", "11:20")], RULES, ReminderState(at("10:00")), at("10:20"))
    assert len(due_reminders([lecture("12:30", "13:20")], RULES, memory, at("12:20"))[0]) == 1


def test_nothing_comes_in_a_class_and_it_comes_after() -> None:
    one, two = lecture("08:30", "10:20"), lecture("10:25", "11:20", "L2")
    assert run([one, two], at("08:25"), at("12:00")) == [(at("10:20"), "2026/L2")]
    own = OwnEvent("2026/own", 2026, "Study", time(8, 30), time(10, 20), on=MONDAY)
    assert run([Occurrence(at("08:30"), at("10:20"), own), two], at("08:25"), at("12:00")) == [(at("10:15"), "2026/L2")]


def test_nothing_comes_in_quiet_hours_and_it_comes_after() -> None:
    quiet = replace(RULES, quiet=(time(22), time(7)))
    early = lecture("07:05", "08:00")
    assert run([early], at("05:00"), at("09:00"), quiet) == [(at("07:00"), "2026/L1")]
    assert run([early], at("05:00"), at("09:00"), replace(RULES, quiet=(time(6), time(8)))) == []
    exam = assessment(AssessmentKind.EXAM, "09:00", "12:00")
    late = [moment for moment, _ in run([exam], at("23:00", MONDAY - timedelta(days=1)), at("12:00"), quiet)]
    assert late == [at("07:00"), at("08:00")]


def test_the_evening_says_what_there_is_tomorrow() -> None:
    rules = ReminderRules({}, evening=time(19))
    tomorrow = MONDAY + timedelta(days=1)
    found = [lecture("10:30", "11:20", "L2", tomorrow), lecture("08:30", "09:20", "L1", tomorrow)]
    (reminder,), memory = due_reminders(found, rules, ReminderState(at("18:00")), at("19:00"))
    assert reminder.evening
    assert [each.start for each in reminder.occurrences] == [at("08:30", tomorrow), at("10:30", tomorrow)]
    assert due_reminders(found, rules, memory, at("19:01"))[0] == ()
    assert due_reminders(found, rules, ReminderState(at("18:00")), at("01:00", tomorrow))[0] == (), (
        "tomorrow is today by then"
    )
    assert due_reminders(found, rules, ReminderState(at("18:00", tomorrow)), at("19:00", tomorrow))[0] == (), (
        "nothing to say"
    )
    assert due_reminders(found, replace(rules, evening=None), ReminderState(at("18:00")), at("19:00"))[0] == ()


def test_a_kind_that_is_off_says_nothing() -> None:
    assert run([lecture("10:30", "11:20")], at("08:00"), at("12:00"), ReminderRules(DEFAULT_ALARMS)) == []


@pytest.mark.parametrize(("minutes", "again"), [(10, "10:25"), (3, "10:30"), (24 * 60, "11:30")])
def test_a_snoozed_reminder_comes_again_before_it_is_too_late(minutes: int, again: str) -> None:
    day = MONDAY + timedelta(days=1) if minutes > 60 else MONDAY
    each = lecture("10:30", "11:20", day=day)
    rules = ReminderRules({EventKind.LECTURE: (minutes,)})
    now = each.start - timedelta(minutes=minutes)
    (reminder,), memory = due_reminders([each], rules, ReminderState(now - timedelta(minutes=5)), now)
    memory = reminder_state_from_json(to_plain(snooze_reminder(memory, reminder, now)))
    came = []
    while now < at("12:00"):
        now += timedelta(minutes=1)
        found, memory = due_reminders([each], rules, memory, now)
        came += [now for _ in found]
    assert came == [at(again)]


def test_the_first_look_says_nothing_of_before() -> None:
    assert due_reminders([lecture("10:30", "11:20")], RULES, ReminderState(), at("10:25"))[0] == ()


def test_a_memory_that_makes_no_sense_is_none() -> None:
    for plain in (None, [], {"until": 3}, {"until": "x", "shown": [], "snoozed": {}}, {"until": None, "shown": 3}):
        assert reminder_state_from_json(plain) == ReminderState()


def settings(**values: object) -> Records:
    record = Record("settings", SHARED).with_values(values, Stamp(1, "one"))
    return Records({("settings", SHARED): record})


def test_the_setting_stands_over_what_an_export_kept_and_that_over_the_usual() -> None:
    assert read_alarms(Records({})) == DEFAULT_ALARMS
    former = {"alarms": {"lecture": [15], "test": []}}
    assert read_alarms(settings(export=former)) == {**DEFAULT_ALARMS, EventKind.LECTURE: (15,), EventKind.TEST: ()}
    assert read_alarms(settings(export=former, alarms={"lecture": [5]})) == {**DEFAULT_ALARMS, EventKind.LECTURE: (5,)}
    assert alarms_from_json(to_plain(DEFAULT_ALARMS)) == DEFAULT_ALARMS


def test_a_reminder_that_has_begun_cannot_be_put_off() -> None:
    each = lecture("10:30", "11:20")
    assert Reminder("x", (each,)).snooze_length(at("10:30")) == timedelta(0)
