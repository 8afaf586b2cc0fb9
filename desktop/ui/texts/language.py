"""What is said and how dates, times and numbers look, in the language of the window.

Two kinds of text are shown. The window's own are in English in its sources; `assets/translations/upschedule_XX.qm`
hold the others. Those of the domain and of what lies around it (titles of acts, troubles, what a document should have
said) come as messages (`domain.messages`): show them through `say`.

Call `translate` with literal texts only, and not inside an f-string, so that `pyside6-lupdate` finds them; put values
in afterwards with `str.format`. Plurals are two whole texts, since both languages have two forms. After a change:

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
from desktop.languages import speech
from desktop.ui.theme.style import ASSETS

_spoken = ["en"]
_translators: list[QTranslator] = []

translate = QCoreApplication.translate


def say(text: str) -> str:
    """A message or a fixed text of the domain in the window's language. Any text it does not know stays as it is."""
    return speech(_spoken[0]).say(text)


def trouble_text(error: Exception) -> str:
    """What happened and what to do about it, in one go."""
    return f"{say(error.title)} {say(error.hint)}".strip() if isinstance(error, AppError) else str(error)


def spoken() -> str:
    """The code of the language the window speaks."""
    return _spoken[0]


def plural(count: int, one: str, many: str) -> str:
    """`one` or `many` with `{n}` filled in, as the count asks."""
    return (one if count == 1 else many).format(n=count)


def set_language(app: QApplication, code: str) -> None:
    """Speaks another language from now on; every widget gets a LanguageChange event. Unknown codes speak English."""
    QLocale.setDefault(QLocale(f"{code if code in LANGUAGES else 'en'}_ZA"))
    for old in _translators:
        app.removeTranslator(old)
    _translators.clear()
    _spoken[0] = code if code in LANGUAGES else "en"
    if code in LANGUAGES and code != "en":
        fresh = QTranslator()
        if fresh.load(str(ASSETS / "translations" / f"upschedule_{code}.qm")):
            _translators.append(fresh)
            app.installTranslator(fresh)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def day_text(day: date, form: str = "d MMMM yyyy") -> str:
    """A date in words; `form` in Qt's letters (`ddd d MMM`)."""
    return QLocale().toString(_qdate(day), form)


def weekday_name(weekday: int, *, short: bool = False) -> str:
    """The name of a weekday, Monday = 0."""
    size = QLocale.FormatType.ShortFormat if short else QLocale.FormatType.LongFormat
    return QLocale().standaloneDayName(weekday + 1, size)


def span_text(first: date, last: date, month: str = "MMMM", *, year: bool = True) -> str:
    """Two dates as one span, with nothing said twice: `23 – 29 March 2026`, `30 March – 5 April 2026`."""
    day = f"d {month}"
    whole = f"{day} yyyy" if year else day
    if first.year != last.year:
        return f"{day_text(first, whole)} – {day_text(last, whole)}"
    if first.month != last.month:
        return f"{day_text(first, day)} – {day_text(last, whole)}"
    return f"{first.day} – {day_text(last, whole)}"


def clock_text(moment: time | datetime) -> str:
    """A time of day, 24 hours."""
    return f"{moment.hour:02}:{moment.minute:02}"


def when_text(start: datetime, end: datetime, starts: Sequence[datetime]) -> str:
    """When something takes place that may repeat: its one date, or weekly from the first of `starts` to the last."""
    span = f"{clock_text(start)} – {clock_text(end)}"
    if len(starts) <= 1:
        return f"{day_text(start.date(), 'ddd d MMM yyyy')}, {span}"
    first, last = day_text(starts[0], "d MMM"), day_text(starts[-1], "d MMM")
    return f"{weekday_name(start.weekday())}, {span}, {first} – {last}"


def minutes_clock(minutes: int) -> str:
    """Minutes since midnight as a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def until_text(now: datetime, then: datetime) -> str:
    """How long from now: `in 25 min`, `in 2 h 10 min`, `tomorrow`, `in 6 days`."""
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


def length_text(minutes: int) -> str:
    """A length of time: `50 min`, `3 h`, `1 h 20 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return translate("Time", "{n} min").format(n=rest)
    if not rest:
        return translate("Time", "{n} h").format(n=hours)
    return translate("Time", "{h} h {n} min").format(h=hours, n=rest)


def language_of(wanted: str) -> str:
    """The language to speak: the one wanted, or (`system`) the system's; English where it has no translation here."""
    if wanted != "system":
        return wanted
    code, _, _ = QLocale.system().name().partition("_")
    return code if code in LANGUAGES else "en"
