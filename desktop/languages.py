"""Loads the translations that `domain.messages` uses, from JSON files among the assets.

Free of Qt, since calendars are written without a window too; the window's own texts are translated by Qt
(`ui.language`). `messages_af.json` holds the names of days and months, and every template and fixed text of the program
by its English text; under `old` are those that only occur in histories. The tests report texts that are missing from it
and texts that are no longer used.
"""

from __future__ import annotations

import json
from functools import cache

from desktop.config import assets_folder
from desktop.domain.messages import ENGLISH, Translator


@cache
def translator_for(code: str) -> Translator:
    """The translation for the language `code` (of `LANGUAGES`); English if there is no file for it."""
    path = assets_folder() / "translations" / f"messages_{code}.json"
    if not path.is_file():
        return ENGLISH
    plain = json.loads(path.read_text("utf-8"))
    return Translator(
        {**plain.get("old", {}), **plain["texts"]},  # `old`: histories hold texts of older versions
        tuple(plain["weekdays"]),
        tuple(plain["months"]),
        tuple(plain["weekdays_short"]),
        tuple(plain["months_short"]),
        plain["thousands"],
    )
