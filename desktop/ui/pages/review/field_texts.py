"""Converts what a person types into a field of a row to the form that `drafts.manual_entry` takes, and back.

Text that cannot be interpreted is passed on unchanged, so that the validators reject it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from PySide6.QtCore import QLocale

from desktop.domain.drafts.draft import WEEKDAYS
from desktop.ui.texts.language import date_text, weekday_name

_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})")
_BETWEEN_TIMES = re.compile(r"\s*(?:–|—|-|\bto\b|\btot\b)\s*")
_DATE = re.compile(r"(?:\w+,? )?(\d{1,2}) ([^\W\d]+)\.?,? (\d{4})")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def to_entry_text(name: str, typed: str) -> str:
    """Returns what was typed into the field `name`, in the form that `manual_entry` takes."""
    text = " ".join(typed.split())
    if name == "time":
        return " - ".join(_clock(part) for part in _BETWEEN_TIMES.split(text))
    if name == "start":
        return _clock(text)
    if name == "day":
        return _weekday(text)
    return _date(text) if name == "date" else text


def to_display_text(name: str, text: str) -> str:
    """The reverse of `to_entry_text`: returns a text of `manual_entry` as shown to a person."""
    with suppress(ValueError):
        if name == "date":
            return date_text(date.fromisoformat(text))
        if name == "day":
            return weekday_name(WEEKDAYS.index(text))
    return text.replace(" - ", " – ") if name == "time" else text


def _clock(text: str) -> str:
    match = _CLOCK.fullmatch(text.strip())
    return f"{int(match[1]):02}:{match[2]}" if match else text


def _weekday(text: str) -> str:
    wanted = text.lower()
    for number, name in enumerate(WEEKDAYS):
        if wanted and (name.lower().startswith(wanted) or weekday_name(number).lower().startswith(wanted)):
            return name
    return text


def _date(text: str) -> str:
    with suppress(ValueError):
        return date.fromisoformat(text.replace("/", "-")).isoformat()
    numbers, words = _NUMERIC_DATE.fullmatch(text), _DATE.fullmatch(text)
    with suppress(ValueError):
        if numbers is not None:
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1])).isoformat()
        if words is not None:
            return date(int(words[3]), _month(words[2].lower()), int(words[1])).isoformat()
    return text


def _month(word: str) -> int:
    """Returns the number of a month, from its name or a prefix of it, in English or the language of the window."""
    for locale in (QLocale(), QLocale(QLocale.Language.English)):
        for number in range(1, 13):
            if len(word) > 2 and locale.standaloneMonthName(number).lower().startswith(word):
                return number
    raise ValueError(word)
