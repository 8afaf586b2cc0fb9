"""Translatable texts: an English template with placeholders, and their values.

A `Message` is a `str` in English, so logs, the command line and tests can use it directly. It also keeps its template
and values, so that it can be translated later. It can be pickled; `to_json` gives JSON values.

A text without placeholders is a plain literal, and is looked up by its English. A plain string as a value is inserted
unchanged (codes, rooms, typed text). Numbers, dates, times, weekdays, lists and messages are translated.

    msg("Chose {group} for {choice}", group="P02", choice=described(key))
    msg_plural(3, "Applied a plan: {n} group", "Applied a plan: {n} groups")

An f-string that contains a message is plain English and can no longer be translated. The tests collect templates and
literals from the sources, and report those without Afrikaans in `assets/translations/messages_af.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

LANGUAGES = {"en": "English", "af": "Afrikaans"}  # by ISO 639 code, each in its own language
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DATE_PART = re.compile(r"dddd|ddd|d|MMMM|MMM|yyyy")


@dataclass(frozen=True, slots=True)
class DateText:
    """A date as text. `form` may contain d, ddd, dddd, MMM, MMMM and yyyy, as in Qt; the rest is copied."""

    day: date
    form: str = "d MMMM yyyy"


@dataclass(frozen=True, slots=True)
class Weekday:
    """The name of a weekday, Monday = 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Listing:
    """An enumeration: `one, two and three`. With an empty `last` word, commas only."""

    items: tuple[Value, ...]
    last: str = "and"


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence inside another one, without its full stop."""

    sentence: str


Value = str | int | time | DateText | Weekday | Listing | Clause


class Message(str):
    """A text in English with its `template` and `values`. Create it with `msg` or `msg_plural`."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value]) -> Message:
        self = super().__new__(cls, ENGLISH.fill_template(template, values))
        self.template, self.values = template, values
        return self

    def __str__(self) -> str:
        return self  # so that `str(text)` stays a Message

    def __reduce__(self) -> tuple[type[Message], tuple[str, dict[str, Value]]]:
        return Message, (self.template, dict(self.values))

    def to_json(self) -> dict[str, Any]:
        """The message as JSON values, to be stored next to its English text."""
        return {"say": self.template, "with": {name: _value_to_json(value) for name, value in self.values.items()}}


def message_from_json(plain: Any) -> Message:
    """The inverse of `Message.to_json`. Raises ValueError."""
    match plain:
        case {"say": str(template), "with": dict(values)}:
            return Message(template, {str(name): _value_from_json(value) for name, value in values.items()})
    raise ValueError("this is no message")


def text_to_json(text: str) -> Any:
    """A text as JSON values; a plain string stays a string."""
    return text.to_json() if isinstance(text, Message) else text


def text_from_json(plain: Any) -> str:
    """The inverse of `text_to_json`. Raises ValueError."""
    return plain if isinstance(plain, str) else message_from_json(plain)


def msg(template: str, **values: Value | date) -> Message:
    """A translatable text: a literal with `{placeholders}`, and their values by name."""
    return Message(template, {name: _to_value(value) for name, value in values.items()})


def msg_plural(n: int, one: str, many: str, **values: Value | date) -> Message:
    """The template `one` if `n` is 1, else `many`. `n` is also a value."""
    return msg(one if n == 1 else many, n=n, **values)


def named(text: str) -> Message:
    """A name from data (a colour, a public holiday, a system error), translated if there is a translation."""
    return Message(text, {})


def listed(items: Iterable[Value], last: str = "and") -> Listing:
    """An enumeration, as a value of a message."""
    return Listing(tuple(items), last)


def _to_value(value: Value | date) -> Value:
    return DateText(value) if isinstance(value, date) else value


@dataclass(frozen=True, slots=True)
class Translator:
    """The translations of a language: `texts` by their English, weekdays from Monday, months. Default: English."""

    texts: Mapping[str, str] = field(default_factory=dict)
    weekdays: tuple[str, ...] = WEEKDAYS
    months: tuple[str, ...] = MONTHS
    weekdays_short: tuple[str, ...] = tuple(name[:3] for name in WEEKDAYS)
    months_short: tuple[str, ...] = tuple(name[:3] for name in MONTHS)
    thousands: str = ","  # in numbers from 10,000, so that years have no separator

    def localise(self, text: str) -> str:
        """Translate a message, or a text without placeholders. A text without translation stays English."""
        if isinstance(text, Message):
            return self.fill_template(text.template, text.values)
        return self.texts.get(text, text)

    def fill_template(self, template: str, values: Mapping[str, Value]) -> str:
        """The translated template with its values. A placeholder without a value stays."""
        found = {name: self._format_value(value) for name, value in values.items()}
        return _PLACEHOLDER.sub(lambda hole: found.get(hole[1], hole[0]), self.texts.get(template, template))

    def format_date(self, day: date, form: str) -> str:
        """A date as text; see `DateText`."""
        parts = {
            "d": str(day.day),
            "ddd": self.weekdays_short[day.weekday()],
            "dddd": self.weekdays[day.weekday()],
            "MMM": self.months_short[day.month - 1],
            "MMMM": self.months[day.month - 1],
            "yyyy": str(day.year),
        }
        return _DATE_PART.sub(lambda part: parts[part[0]], form)

    def _format_value(self, value: Value) -> str:
        match value:
            case Message():
                return self.localise(value)
            case str():
                return value
            case time():
                return f"{value:%H:%M}"
            case DateText(day, form):
                return self.format_date(day, form)
            case Weekday(number):
                return self.weekdays[number]
            case Clause(sentence):
                return self.localise(sentence).rstrip(".")
            case Listing(items, last):
                return self._format_listing([self._format_value(item) for item in items], last)
        return f"{value:,}".replace(",", self.thousands) if abs(value) >= _MIN_SEPARATED_NUMBER else str(value)

    def _format_listing(self, words: list[str], last: str) -> str:
        if len(words) < 2 or not last:
            return ", ".join(words)
        joined = self.texts.get(f"{{first}} {last} {{last}}", f"{{first}} {last} {{last}}")
        return joined.replace("{first}", ", ".join(words[:-1]), 1).replace("{last}", words[-1], 1)


_MIN_SEPARATED_NUMBER = 10_000
ENGLISH = Translator()


def _value_to_json(value: Value) -> Any:
    match value:
        case Message():
            return value.to_json()
        case str() | int():
            return value
        case time():
            return {"time": f"{value:%H:%M}"}
        case DateText(day, form):
            return {"day": day.isoformat(), "form": form}
        case Weekday(number):
            return {"weekday": number}
        case Clause(sentence):
            return {"clause": text_to_json(sentence)}
        case Listing(items, last):
            return {"list": [_value_to_json(item) for item in items], "last": last}


def _value_from_json(plain: Any) -> Value:
    match plain:
        case str() | int():
            return plain
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"day": str(text), "form": str(form)}:
            return DateText(date.fromisoformat(text), form)
        case {"weekday": int(number)} if 0 <= number < len(WEEKDAYS):
            return Weekday(number)
        case {"clause": sentence}:
            return Clause(text_from_json(sentence))
        case {"list": list(items), "last": str(last)}:
            return Listing(tuple(_value_from_json(item) for item in items), last)
    return message_from_json(plain)
