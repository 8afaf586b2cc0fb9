"""Messages: English when used as text, translatable into another language."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date, time

import pytest

from desktop.domain.errors import InvalidInput, cause
from desktop.domain.messages import (
    Clause,
    DateText,
    Message,
    Translator,
    Weekday,
    listed,
    message_from_json,
    msg,
    msg_plural,
    named,
    text_from_json,
    text_to_json,
)

AFRIKAANS = Translator(
    {
        "Moved {what} to {day}": "{what} is na {day} geskuif",
        "{first} and {last}": "{first} en {last}",
        "{n} group": "{n} groep",
        "{n} groups": "{n} groepe",
        "Lecture": "Lesing",
        "It is gone.": "Dit is weg.",
        "{file}: {why}.": "{file}: {why}.",
    },
    ("Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrydag", "Saterdag", "Sondag"),
    ("Januarie", "Februarie", "Maart", "April", "Mei", "Junie", *["?"] * 6),
    ("Ma.", *["?"] * 6),
    ("?", "?", "Mrt.", *["?"] * 9),
    " ",
)
EVERYTHING = msg(
    "{text} {number} {day} {short} {clock} {weekday} {names} {inner} {clause}",
    text="Hall {1}",
    number=2026,
    day=date(2026, 3, 9),
    short=DateText(date(2026, 3, 9), "ddd d MMM"),
    clock=time(8, 30),
    weekday=Weekday(2),
    names=listed(("a", named("Lecture"), Weekday(0))),
    inner=msg_plural(2, "{n} group", "{n} groups"),
    clause=Clause(named("It is gone.")),
)


def test_it_is_english_to_all_who_do_not_ask() -> None:
    assert EVERYTHING == (
        "Hall {1} 2026 9 March 2026 Mon 9 Mar 08:30 Wednesday a, Lecture and Monday 2 groups It is gone"
    )
    assert json.dumps([msg("{n} group", n=1)]) == '["1 group"]'


def test_it_is_said_in_another_language_with_its_values() -> None:
    assert AFRIKAANS.localise(EVERYTHING) == (
        "Hall {1} 2026 9 Maart 2026 Ma. 9 Mrt. 08:30 Woensdag a, Lesing en Maandag 2 groepe Dit is weg"
    )
    moved = msg("Moved {what} to {day}", what="Lecture", day=Weekday(4))
    assert AFRIKAANS.localise(moved) == "Lecture is na Vrydag geskuif", "what a student typed is never translated"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_it_survives_being_copied(copied: object) -> None:
    assert callable(copied)
    again = copied(EVERYTHING)
    assert isinstance(again, Message)
    assert (again, again.template, again.values) == (EVERYTHING, EVERYTHING.template, EVERYTHING.values)


def test_it_survives_where_only_plain_values_go() -> None:
    again = text_from_json(json.loads(json.dumps(text_to_json(EVERYTHING))))
    assert isinstance(again, Message)
    assert (again, AFRIKAANS.localise(again)) == (EVERYTHING, AFRIKAANS.localise(EVERYTHING))
    assert text_from_json(text_to_json("plain")) == "plain"


@pytest.mark.parametrize(
    "plain",
    [
        *(None, 3, [], {"say": 1, "with": {}}, {"say": "x"}),
        {"say": "x", "with": {"a": {"weekday": 9}}},
        {"say": "x", "with": {"a": {"time": "25:00"}}},
        {"say": "x", "with": {"a": {"day": "?", "form": "d"}}},
    ],
)
def test_what_is_no_phrase_is_refused(plain: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        message_from_json(plain)


def test_a_template_reaches_nothing_but_its_values() -> None:
    hostile = message_from_json({"say": "{a.__class__} {b} {a}", "with": {"a": "{b}"}})
    assert hostile == "{a.__class__} {b} {b}"


def test_a_trouble_keeps_its_phrases_across_processes_and_in_text() -> None:
    trouble = InvalidInput(msg("Moved {what} to {day}", what="L1", day=Weekday(0)), "It is gone.")
    again = pickle.loads(pickle.dumps(trouble))
    assert AFRIKAANS.localise(again.title) == "L1 is na Maandag geskuif"
    assert AFRIKAANS.localise(again.hint) == "Dit is weg."
    assert str(again) == "Moved L1 to Monday It is gone."
    assert isinstance(str(again.title), Message), "to ask for its text is not to flatten it"


def test_what_a_system_says_can_be_known_to_a_language() -> None:
    why = cause(FileNotFoundError(2, "Lecture"))
    assert AFRIKAANS.localise(msg("{file}: {why}.", file="a.pdf", why=why)) == "a.pdf: Lesing."
    assert cause(ValueError("odd")) == "odd"


@pytest.mark.parametrize(("number", "english", "afrikaans"), [(2026, "2026", "2026"), (12_000, "12,000", "12 000")])
def test_only_large_numbers_are_parted(number: int, english: str, afrikaans: str) -> None:
    assert (msg("{n}", n=number), AFRIKAANS.localise(msg("{n}", n=number))) == (english, afrikaans)
