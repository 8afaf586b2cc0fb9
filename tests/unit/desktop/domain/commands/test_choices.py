"""Verbs for the student's choices: what each says it did, what it changes, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop.domain.commands.choices import (
    accept_clash,
    accepted_clashes,
    choice_text,
    choose_group,
    choose_groups,
    clash_key,
    clear_choice,
    hide_item,
    hide_module,
    mix_groups,
    pin_group,
    restore_date,
    show_item,
    show_module,
    skip_date,
    unaccept_clash,
    unmix_groups,
    unpin_group,
)
from desktop.domain.records.records import Act, Change
from desktop.domain.timetable.choices import ChoiceKey, parse_choice_key
from tests.unit.desktop.domain.command_checks import (
    EVENT,
    EXAM,
    MEETING,
    Command,
    check_act,
    check_refused,
    student_of_everything,
    timetable_of,
)
from tests.unit.desktop.domain.documents import YEAR, Student, draft, lecture, student_with

KEY = ChoiceKey(YEAR, "COS 212", "S1", "P")


@pytest.fixture
def student() -> Student:
    return student_of_everything()


TITLES: list[tuple[Command, str]] = [
    (lambda t: choose_group(t, KEY, "P02"), "Chose P02 for COS 212 practicals"),
    (lambda t: clear_choice(t, KEY), "Cleared the choice of COS 212 practicals"),
    (lambda t: pin_group(t, KEY, "P01"), "Pinned P01 for COS 212 practicals"),
    (lambda t: unpin_group(t, KEY), "Unpinned COS 212 practicals"),
    (lambda t: choose_groups(t, {KEY: "P01"}), "Chose P01 for COS 212 practicals"),
    (lambda t: hide_module(t, "COS 212"), "Hid COS 212"),
    (lambda t: show_module(t, "COS 212"), "Showed COS 212 again"),
    (lambda t: mix_groups(t, "COS 212"), "Mixed the lecture groups of COS 212"),
    (lambda t: unmix_groups(t, "COS 212"), "Stopped mixing the lecture groups of COS 212"),
    (lambda t: hide_item(t, MEETING), "Hid COS 212 · L1"),
    (lambda t: show_item(t, MEETING), "Showed COS 212 · L1 again"),
    (lambda t: skip_date(t, MEETING, date(2026, 3, 2)), "Skipped COS 212 · L1 on 2 March"),
    (lambda t: restore_date(t, MEETING, date(2026, 3, 2)), "Restored COS 212 · L1 on 2 March"),
    (lambda t: accept_clash(t, EVENT, MEETING), "Accepted the clash of Choir and COS 212 · L1"),
]


@pytest.mark.parametrize(("verb", "title"), TITLES, ids=[title for _, title in TITLES])
def test_an_act_says_in_the_past_tense_what_it_did_and_can_be_stored(
    student: Student, verb: Command, title: str
) -> None:
    check_act(verb(timetable_of(student)), title)


REFUSED: dict[str, Command] = {
    "a group that is none": lambda t: choose_group(t, KEY, "P09"),
    "a choice that is none": lambda t: choose_group(t, ChoiceKey(YEAR, "COS 999", "S1", "P"), "P01"),
    "pinning what is not chosen": lambda t: pin_group(t, KEY),
    "hiding a module that is none": lambda t: hide_module(t, "COS 999"),
    "hiding a class that is none": lambda t: hide_item(t, "2026/nothing"),
    "hiding an own event": lambda t: hide_item(t, EVENT),
    "skipping an exam": lambda t: skip_date(t, EXAM, date(2026, 6, 5)),
    "accepting a clash with nothing": lambda t: accept_clash(t, EVENT, "2026/nothing"),
}


@pytest.mark.parametrize("verb", REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_meant_is_refused_in_words(student: Student, verb: Command) -> None:
    check_refused(verb, timetable_of(student))


def test_choosing_and_pinning_and_unchoosing(student: Student) -> None:
    student.does(pin_group(timetable_of(student), KEY, "P02"))
    choice = timetable_of(student).choices[KEY]
    assert (choice.group, choice.pinned) == ("P02", True)
    student.does(unpin_group(timetable_of(student), KEY))
    assert not timetable_of(student).choices[KEY].pinned
    assert timetable_of(student).choices[KEY].group == "P02"
    student.does(clear_choice(timetable_of(student), KEY))
    assert not timetable_of(student).choices[KEY].is_decided


def test_choosing_all_leaves_alone_what_stands_already(student: Student) -> None:
    student.does(choose_group(timetable_of(student), KEY, "P02"))
    assert choose_groups(timetable_of(student), {KEY: "P02"}).changes == ()


def test_a_plain_name_chooses_too(student: Student) -> None:
    student.does(Act("", (Change("choice", str(KEY), {"group": "P01"}),)))
    assert timetable_of(student).choices[KEY].group == "P01"


def test_accepted_clashes_are_found_whichever_side_comes_first(student: Student) -> None:
    student.does(accept_clash(timetable_of(student), EVENT, MEETING))
    assert accepted_clashes(student.records, YEAR) == {clash_key(MEETING, EVENT)}
    student.does(unaccept_clash(timetable_of(student), MEETING, EVENT))
    assert not accepted_clashes(student.records, YEAR)


def test_mixing_groups_keeps_what_was_chosen_until_a_lecture_has_a_group_of_its_own() -> None:
    student = student_with(
        [
            draft(
                *(
                    lecture("COS 212", activity, f"{day} 08:30 09:20", group=group)
                    for activity, group, day in (
                        ("L1", "G01", "Mon"),
                        ("L2", "G01", "Tue"),
                        ("L1", "G02", "Wed"),
                        ("L2", "G02", "Thu"),
                    )
                ),
                lecture("COS 212", "P1", "Fri 08:30 09:20", group="P01"),
                lecture("COS 212", "P1", "Fri 10:30 11:20", group="P02"),
            )
        ]
    )
    whole = ChoiceKey(YEAR, "COS 212", "S1", "L")
    student.does(pin_group(timetable_of(student), whole, "G01"))
    student.does(mix_groups(timetable_of(student), "COS 212"))
    first, second = (replace(whole, activity=activity) for activity in ("L1", "L2"))
    assert set(timetable_of(student).choices) == {first, second, replace(whole, kind="P")}, (
        "practicals are chosen as before"
    )
    assert [timetable_of(student).choices[key].group for key in (first, second)] == ["G01", "G01"]
    assert timetable_of(student).choices[first].pinned
    student.does(unpin_group(timetable_of(student), first))
    assert not timetable_of(student).choices[first].pinned
    assert timetable_of(student).choices[second].pinned
    student.does(choose_group(timetable_of(student), second, "G02"))
    assert [timetable_of(student).choices[key].group for key in (first, second)] == ["G01", "G02"]
    assert parse_choice_key(str(second)) == second
    assert choice_text(second) == "COS 212 L2"
    student.does(clear_choice(timetable_of(student), first))
    assert timetable_of(student).choices[first].group is None
    student.does(unmix_groups(timetable_of(student), "COS 212"))
    assert timetable_of(student).choices[whole].group == "G01"
