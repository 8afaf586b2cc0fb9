"""Translation, and the formats of dates, times and numbers in the language of the window.

There are two kinds of text. Those of the window are in English in its source files; their translations are in
`assets/translations/upschedule_XX.qm`. Those of the domain and of the layers around it (titles of acts, errors, what a
document was expected to contain) are messages (`domain.messages`), which the functions for messages below translate.

Call `translate` with literal texts only, and not inside an f-string, so that `pyside6-lupdate` finds them; insert
values afterwards with `str.format`. A plural is two complete texts, as both languages have two forms. After a change:

    pyside6-lupdate $(git ls-files 'desktop/ui/*.py') -ts assets/translations/upschedule_af.ts -locations none

Setting up the project compiles the file (packaging/translations.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.domain.errors import AppError
from desktop.domain.messages import LANGUAGES
from desktop.languages import translator_for
from desktop.ui.theme.style import ASSETS

_current_language = ["en"]
_translators: list[QTranslator] = []

translate = QCoreApplication.translate


def translate_message(text: str) -> str:
    """Translates a message or a fixed text of the domain; an unknown text is returned as it is."""
    return translator_for(_current_language[0]).localise(text)


def error_text(error: Exception) -> str:
    """The title and hint of an error in one text."""
    return (
        f"{translate_message(error.title)} {translate_message(error.hint)}".strip()
        if isinstance(error, AppError)
        else str(error)
    )


def current_language() -> str:
    """The code of the language of the window."""
    return _current_language[0]


def plural(count: int, one: str, many: str) -> str:
    """`one` or `many`, depending on the count, with `{n}` replaced by it."""
    return (one if count == 1 else many).format(n=count)


def set_language(app: QApplication, code: str) -> None:
    """Changes the language; every widget gets a LanguageChange event. An unknown code selects English."""
    QLocale.setDefault(QLocale(f"{code if code in LANGUAGES else 'en'}_ZA"))
    for old in _translators:
        app.removeTranslator(old)
    _translators.clear()
    _current_language[0] = code if code in LANGUAGES else "en"
    if code in LANGUAGES and code != "en":
        fresh = QTranslator()
        if fresh.load(str(ASSETS / "translations" / f"upschedule_{code}.qm")):
            _translators.append(fresh)
            app.installTranslator(fresh)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def date_text(day: date, date_format: str = "d MMMM yyyy") -> str:
    """A date as text, in a date format of Qt (`ddd d MMM`)."""
    return QLocale().toString(_qdate(day), date_format)


def weekday_name(weekday: int, *, short: bool = False) -> str:
    """The name of a weekday, Monday = 0."""
    size = QLocale.FormatType.ShortFormat if short else QLocale.FormatType.LongFormat
    return QLocale().standaloneDayName(weekday + 1, size)


def date_range_text(first: date, last: date, month: str = "MMMM", *, year: bool = True) -> str:
    """A range of dates without repetition: `23 – 29 March 2026`, `30 March – 5 April 2026`."""
    day = f"d {month}"
    whole = f"{day} yyyy" if year else day
    if first.year != last.year:
        return f"{date_text(first, whole)} – {date_text(last, whole)}"
    if first.month != last.month:
        return f"{date_text(first, day)} – {date_text(last, whole)}"
    return f"{first.day} – {date_text(last, whole)}"


def clock_text(moment: time | datetime) -> str:
    """A time of day in 24 hours: `08:30`."""
    return f"{moment.hour:02}:{moment.minute:02}"


def event_time_text(start: datetime, end: datetime, starts: Sequence[datetime]) -> str:
    """When an event takes place: its only date, or the weekday with the first and last of `starts`."""
    span = f"{clock_text(start)} – {clock_text(end)}"
    if len(starts) <= 1:
        return f"{date_text(start.date(), 'ddd d MMM yyyy')}, {span}"
    first, last = date_text(starts[0], "d MMM"), date_text(starts[-1], "d MMM")
    return f"{weekday_name(start.weekday())}, {span}, {first} – {last}"


def minute_of_day_text(minutes: int) -> str:
    """A time of day, given in minutes since midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def time_until_text(now: datetime, then: datetime) -> str:
    """The time from `now` until `then`: `in 25 min`, `in 2 h 10 min`, `tomorrow`, `in 6 days`."""
    minutes = int((then - now).total_seconds() // 60)
    days = (then.date() - now.date()).days
    if days == 0 or 0 < minutes < 180:
        if minutes < 1:
            return translate("Time", "now")
        hours, rest = divmod(minutes, 60)
        if not hours:
            return translate("Time", "in {n} min").format(n=rest)
        if not rest:
            return translate("Time", "in {n} h").format(n=hours)
        return translate("Time", "in {h} h {n} min").format(h=hours, n=rest)
    if days == 1:
        return translate("Time", "tomorrow")
    return plural(days, translate("Time", "in {n} day"), translate("Time", "in {n} days"))


def duration_text(minutes: int) -> str:
    """A duration: `50 min`, `3 h`, `1 h 20 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return translate("Time", "{n} min").format(n=rest)
    if not rest:
        return translate("Time", "{n} h").format(n=hours)
    return translate("Time", "{h} h {n} min").format(h=hours, n=rest)


def resolve_language(setting: str) -> str:
    """The code of a language setting; `system` is the system's language, or English if that has no translation."""
    if setting != "system":
        return setting
    code, _, _ = QLocale.system().name().partition("_")
    return code if code in LANGUAGES else "en"
