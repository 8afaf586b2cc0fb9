"""What is the student's: what each verb says it did, what it changes, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.domain.choices import (
    accept_clash,
    accepted_clashes,
    choose,
    choose_all,
    clash_key,
    hide,
    hide_module,
    pin,
    show,
    show_module,
    skip,
    unaccept_clash,
    unchoose,
    unpin,
    unskip,
)
from desktop.domain.records import Act, Change
from desktop.domain.timetable import ChoiceKey
from tests.unit.desktop.domain.documents import YEAR, Student
from tests.unit.desktop.domain.verbs import (
    EVENT,
    EXAM,
    MEETING,
    Verb,
    check_act,
    check_refused,
    student_of_everything,
    table,
)

KEY = ChoiceKey(YEAR, "COS 212", "S1", "P")


@pytest.fixture
def student() -> Student:
    return student_of_everything()


TITLES: list[tuple[Verb, str]] = [
    (lambda t: choose(t, KEY, "P02"), "Chose P02 for COS 212 practicals"),
    (lambda t: unchoose(t, KEY), "Chose no group for COS 212 practicals any more"),
    (lambda t: pin(t, KEY, "P01"), "Pinned P01 for COS 212 practicals"),
    (lambda t: unpin(t, KEY), "Unpinned COS 212 practicals"),
    (lambda t: choose_all(t, {KEY: "P01"}), "Chose P01 for COS 212 practicals"),
    (lambda t: hide_module(t, "COS 212"), "Hid COS 212"),
    (lambda t: show_module(t, "COS 212"), "Showed COS 212 again"),
    (lambda t: hide(t, MEETING), "Hid COS 212 · L1"),
    (lambda t: show(t, MEETING), "Showed COS 212 · L1 again"),
    (lambda t: skip(t, MEETING, date(2026, 3, 2)), "Skipped COS 212 · L1 on 2 March"),
    (lambda t: unskip(t, MEETING, date(2026, 3, 2)), "Put COS 212 · L1 on 2 March back"),
    (lambda t: accept_clash(t, EVENT, MEETING), "Accepted the clash of Choir and COS 212 · L1"),
]


@pytest.mark.parametrize(("verb", "title"), TITLES, ids=[title for _, title in TITLES])
def test_an_act_says_in_the_past_tense_what_it_did_and_can_be_stored(student: Student, verb: Verb, title: str) -> None:
    check_act(verb(table(student)), title)


REFUSED: list[Verb] = [
    lambda t: choose(t, KEY, "P09"),
    lambda t: choose(t, ChoiceKey(YEAR, "COS 999", "S1", "P"), "P01"),
    lambda t: pin(t, KEY),
    lambda t: hide_module(t, "COS 999"),
    lambda t: hide(t, "2026/nothing"),
    lambda t: hide(t, EVENT),
    lambda t: skip(t, EXAM, date(2026, 6, 5)),
    lambda t: accept_clash(t, EVENT, "2026/nothing"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_cannot_be_meant_is_refused_in_words(student: Student, number: int) -> None:
    check_refused(REFUSED[number], table(student))


def test_choosing_and_pinning_and_unchoosing(student: Student) -> None:
    student.does(pin(table(student), KEY, "P02"))
    choice = table(student).choices[KEY]
    assert (choice.group, choice.pinned) == ("P02", True)
    student.does(unpin(table(student), KEY))
    assert not table(student).choices[KEY].pinned
    assert table(student).choices[KEY].group == "P02"
    student.does(unchoose(table(student), KEY))
    assert not table(student).choices[KEY].is_decided


def test_choosing_all_leaves_alone_what_stands_already(student: Student) -> None:
    student.does(choose(table(student), KEY, "P02"))
    assert choose_all(table(student), {KEY: "P02"}).changes == ()


def test_a_plain_name_chooses_too(student: Student) -> None:
    student.does(Act("", (Change("choice", str(KEY), {"group": "P01"}),)))
    assert table(student).choices[KEY].group == "P01"


def test_accepted_clashes_are_found_whichever_side_comes_first(student: Student) -> None:
    student.does(accept_clash(table(student), EVENT, MEETING))
    assert accepted_clashes(student.records, YEAR) == {clash_key(MEETING, EVENT)}
    student.does(unaccept_clash(table(student), MEETING, EVENT))
    assert not accepted_clashes(student.records, YEAR)
