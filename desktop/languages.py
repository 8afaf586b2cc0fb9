"""The languages that texts are said in: what `domain.messages` has to know of each, as data beside the program.

It is free of Qt, since calendars are written without a window too; the window's own texts are Qt's affair
(`ui.language`). `messages_af.json` holds the names of days and months, and every template and fixed text of the
program by its English, under `old` those that only histories hold; the tests name what is missing from it, and what in
it is no longer said.
"""

from __future__ import annotations

import json
from functools import cache

from desktop.config import assets_folder
from desktop.domain.messages import ENGLISH, Speech


@cache
def speech(code: str) -> Speech:
    """How `code` (of `LANGUAGES`) is spoken; English where there is no such language here."""
    path = assets_folder() / "translations" / f"messages_{code}.json"
    if not path.is_file():
        return ENGLISH
    plain = json.loads(path.read_text("utf-8"))
    return Speech(
        {**plain.get("old", {}), **plain["texts"]},  # histories hold texts of older versions
        tuple(plain["weekdays"]),
        tuple(plain["months"]),
        tuple(plain["weekdays_short"]),
        tuple(plain["months_short"]),
        plain["thousands"],
    )
