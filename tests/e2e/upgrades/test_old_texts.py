"""Texts reworded since an earlier version: a history with the old words is still shown in Afrikaans."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from desktop.config import assets_folder
from desktop.languages import translator_for
from desktop.store import Store

HISTORY = Path(__file__).with_name("history-of-version-2.sqlite3")
TABLE = json.loads((assets_folder() / "translations" / "messages_af.json").read_text("utf-8"))


def test_a_history_in_older_words_is_said_in_afrikaans(tmp_path: Path) -> None:
    shutil.copy(HISTORY, tmp_path / "timetable.sqlite3")
    store = Store.open(tmp_path / "timetable.sqlite3")
    titles = []
    while (title := store.undo()) is not None:
        titles.append(title)
    store.close()
    assert [translator_for("af").localise(title) for title in titles] == [
        "Teruggetrek: die invoer van lectures.pdf",
        "Wo. 11 Maart is ’n dag soos enige ander",
        "Geen lesings op Wo. 11 Maart nie",
        "Teruggesit: COS 10 · L0 op 2 Maart",
        "Oorgeslaan: COS 10 · L0 op 2 Maart",
        "Groep nie meer gekies nie: COS 10 se lesings",
        "Gekies: G01 vir COS 10 se lesings",
        "Eie kleur teruggegee: COS 10",
        "Gekleur: COS 10 – Salie",
        "Eie naam teruggegee: COS 10",
        "Hernoem: COS 10 na Networks",
        "Aanvaar: die lesings van 2026 uit lectures.pdf",
    ]


def test_old_texts_keep_their_holes_and_are_said_no_longer() -> None:
    assert TABLE["old"].keys().isdisjoint(TABLE["texts"])
    for text, meant in TABLE["old"].items():
        assert sorted(re.findall(r"\{\w*\}", text)) == sorted(re.findall(r"\{\w*\}", meant)), text
