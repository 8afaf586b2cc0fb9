"""Another language is added by its data alone, and however long its words are, none is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop import languages
from desktop.domain.messages import LANGUAGES
from desktop.ui import routes
from desktop.ui.texts import language
from desktop.ui.texts.language import set_language, translate_message
from desktop.ui.theme.style import appearance
from tests.gui.conftest import Opener
from tests.gui.test_nothing_cut import all_cut
from tests.gui.third_language import CODE, LENGTH_FACTOR, NAME, lengthen, write_translations
from tests.gui.user_actions import wait_until_idle


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assets")
    write_translations(folder / "translations")
    return folder


@pytest.fixture
def third_language(assets: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    monkeypatch.setitem(LANGUAGES, CODE, NAME)
    monkeypatch.setattr(language, "ASSETS", assets)
    monkeypatch.setattr(languages, "assets_folder", lambda: assets)
    languages.translator_for.cache_clear()
    yield
    languages.translator_for.cache_clear()
    monkeypatch.undo()
    set_language(qapp, "en")


def test_its_words_are_as_much_longer_as_they_say() -> None:
    texts = ["Save calendar", "No groups clash in these plans.", "Size of text"]
    assert len(lengthen("".join(texts))) == pytest.approx(len("".join(texts)) * LENGTH_FACTOR, rel=0.1)
    assert lengthen("Chose {group}") == "Chosese {group}"


def test_a_window_says_everything_in_it(
    third_language: None, open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    set_language(qapp, CODE)
    window = open_window(stored)
    window.open_page(routes.SettingsRoute())
    wait_until_idle(qtbot, window)
    seen = {each.text() for each in window.page("settings").findChildren(QLabel)}
    assert lengthen("Size of text") in seen
    assert "Size of text" not in seen
    assert translate_message("A file in the folder is damaged.") == lengthen("A file in the folder is damaged.")


@pytest.mark.parametrize(
    ("scale", "size"), [(100, (1366, 768)), (100, (960, 640)), (150, (1366, 768))], ids=["wide", "narrow", "150 %"]
)
def test_no_word_of_it_is_cut(
    scale: int,
    size: tuple[int, int],
    third_language: None,
    open_window: Opener,
    stored: Path,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    set_language(qapp, CODE)
    appearance().apply(qapp, theme="light", scale=scale, animations=False)
    window = open_window(stored)
    window.resize(*size)
    found = list(all_cut(window, qapp, qtbot))
    assert found == [], "\n".join(map(str, found))
