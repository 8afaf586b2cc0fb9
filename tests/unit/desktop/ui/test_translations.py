"""Every text has an Afrikaans translation with the same placeholders, in the window and around it."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QLocale, QTranslator

from desktop.academic import PATTERN_SOURCE, proposed_calendar, public_holidays
from desktop.domain.timetable.activities import KIND_NAMES
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.terms import Recess
from desktop.languages import translator_for
from tests.unit.desktop.ui.message_texts import collect_texts

ROOT = Path(__file__).parents[4]
SOURCE = ROOT / "assets" / "translations" / "upschedule_af.ts"
SAID = ROOT / "assets" / "translations" / "messages_af.json"
HOW = "run pyside6-lupdate over desktop/ui and write the Afrikaans"


@cache
def texts() -> set[tuple[str, str]]:
    """Context and text of every call of `translate`."""
    found = set()
    for path in sorted((ROOT / "desktop" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "translate":
                context, text = node.args[0], node.args[1]
                assert isinstance(context, ast.Constant), f"{path.name}:{node.lineno} has no literal context"
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno} has no literal text"
                found.add((str(context.value), str(text.value)))
    return found


@cache
def afrikaans() -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(SOURCE).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[context.findtext("name", ""), message.findtext("source", "")] = translation.text
    return found


def test_every_text_is_translated() -> None:
    missing = sorted(texts() - afrikaans().keys())
    assert missing == [], f"{len(missing)} texts have no Afrikaans: {HOW}"


def test_translations_have_the_same_holes() -> None:
    wrong = [
        (said, meant)
        for (_, said), meant in afrikaans().items()
        if sorted(re.findall(r"\{\w*\}", said)) != sorted(re.findall(r"\{\w*\}", meant))
    ]
    assert wrong == []


def test_words_are_plain() -> None:
    for text in {text for _, text in texts()} | set(afrikaans().values()) | {*said_texts(), *said_texts().values()}:
        assert "!" not in text, text
        assert "please" not in text.lower(), text


def test_the_window_speaks_what_the_source_says() -> None:
    """The compiled file is made when the project is set up and when the tests begin."""
    translator = QTranslator()
    assert translator.load(str(SOURCE.with_suffix(".qm"))), "packaging/translations.py did not compile it"
    for (context, text), meant in afrikaans().items():
        assert translator.translate(context, text) == meant


# What is said without standing in the sources as a text: names out of data, which `named` and `say` are given.
TROUBLES_OF_FILES = (
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.ENOSPC,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EROFS,
    errno.ENAMETOOLONG,
    errno.EMFILE,
    errno.EBUSY,
    errno.EIO,
    errno.EEXIST,
    errno.ENOMEM,
    errno.ELOOP,
    errno.EINVAL,
    errno.EFBIG,
    errno.EDQUOT,
)
TROUBLES_OF_DATABASES = {"file is not a database", "database disk image is malformed"}
FIELDS_OF_RECORDS = {
    *("group", "pinned", "hidden", "slot", "venues", "room", "note", "name", "colour", "title", "start", "end"),
    *("weekday", "date", "offered", "venue", "follows", "off", "holiday", "region", "confirmed", "accepted"),
    *("recess_confirmed", "lectures_in_test_weeks", "test_weeks", "test_days", "exams", "supplementary_exams"),
    *("alarms", "deadlines", "exam_minutes", "deleted", "acceptance", "address"),
    *("file", "holds", "exported", "groups", "what"),
}
YEARS = range(2020, 2031)


def names() -> set[str]:
    found = {*Colour, *KIND_NAMES.values(), Recess.__dataclass_fields__["name"].default, "No lectures"}
    found |= {name for year in YEARS for name in public_holidays(year).values()}
    found |= {PATTERN_SOURCE, *(proposed_calendar(year).source for year in YEARS)}
    for year in YEARS:
        found |= {each.name for each in (*proposed_calendar(year).recesses, *proposed_calendar(year).deadlines)}
        found |= {special.off for special in proposed_calendar(year).days.values() if special.off}
    found |= {os.strerror(number) for number in TROUBLES_OF_FILES} if sys.platform == "linux" else set()
    return found | TROUBLES_OF_DATABASES | FIELDS_OF_RECORDS | {f"{{first}} {last} {{last}}" for last in ("and", "or")}


@cache
def said_texts() -> dict[str, str]:
    return dict(json.loads(SAID.read_text("utf-8"))["texts"])


def test_every_text_of_the_domain_is_said_in_afrikaans() -> None:
    missing = {text: where for text, where in collect_texts().texts.items() if text not in said_texts()}
    assert missing == {}, f"write the Afrikaans of these into {SAID.name}"
    assert {str(name) for name in names()} - said_texts().keys() == set()


@pytest.mark.skipif(sys.platform != "linux", reason="every system has words of its own for trouble with files")
def test_nothing_is_translated_that_is_no_longer_said() -> None:
    known = collect_texts().texts.keys() | {str(name) for name in names()}
    held_by_others = {name for name in said_texts() if re.search(r"[Ee]lection|observed|Presidential", name)}
    assert said_texts().keys() - known - held_by_others == set(), f"take these out of {SAID.name}"


def test_what_is_said_keeps_its_holes() -> None:
    wrong = {
        text: other
        for text, other in said_texts().items()
        if sorted(set(re.findall(r"\{\w*\}", text))) != sorted(set(re.findall(r"\{\w*\}", other)))
    }
    assert wrong == {}


# The first two were messages before they were stored, and are again.
READ_BACK = {
    "desktop/domain/drafts/draft.py: _phrased(problem, 'expected')",
    "desktop/domain/drafts/draft.py: _phrased(problem, 'found')",
    # What a type of document says of itself is gathered where the type is.
    "desktop/domain/importing/import_sets.py: hint",
    "desktop/domain/importing/import_sets.py: words",
}


def test_no_trouble_act_or_problem_is_worded_past_translation() -> None:
    """An f-string, or anything else that is neither a literal nor a message, could be said in English alone."""
    assert set(collect_texts().unresolved) - READ_BACK == set(), "write these with `msg` (desktop/domain/messages.py)"


def test_a_new_text_is_noticed(tmp_path: Path) -> None:
    package = tmp_path / "desktop"
    package.mkdir()
    (package / "module.py").write_text(
        "class Late(NotAllowed): ...\n"
        "class NotAllowed(AppError): ...\n"
        "def one(name): raise Late(f'{name} is late.', 'Wait.')\n"
        "def two(name): return Act(msg('Waited for {name}', name=name), ())\n"
        "def three(name):\n    title = 'Sat' if name else 'Stood'\n    return Act(title, ())\n"
        "def four(name): return Act('Left ' + name, ())\n"
        "def five(): return made('Came')\n"
        "def made(title): return Act(title, ())\n",
        "utf-8",
    )
    found = collect_texts(package)
    assert set(found.texts) == {"Wait.", "Waited for {name}", "Sat", "Stood", "Came"}
    assert [each.partition(": ")[2] for each in found.unresolved] == ["f'{name} is late.'", "'Left ' + name"]


def test_days_and_months_are_those_of_the_window() -> None:
    locale = QLocale(QLocale.Language.Afrikaans, QLocale.Country.SouthAfrica)
    short, spoken = QLocale.FormatType.ShortFormat, translator_for("af")
    assert spoken.weekdays == tuple(locale.standaloneDayName(number) for number in range(1, 8))
    assert spoken.weekdays_short == tuple(locale.standaloneDayName(number, short) for number in range(1, 8))
    assert spoken.months == tuple(locale.monthName(number) for number in range(1, 13))
    assert spoken.months_short == tuple(locale.monthName(number, short) for number in range(1, 13))
