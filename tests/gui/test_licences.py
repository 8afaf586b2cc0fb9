"""The licences page: opened from the settings, with the file that a build makes, and a message if there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop import config
from desktop.ui import routes
from desktop.ui.pages import licences
from desktop.ui.texts.language import set_language
from tests.gui.conftest import Opener
from tests.gui.user_actions import press, wait_until_idle


def test_settings_lead_to_the_licences_of_all_parts(
    open_window: Opener, stored: Path, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = tmp_path / "assets"
    shutil.copytree(config.assets_folder(), assets)
    (assets / "THIRD_PARTY.txt").write_text("Inter  OFL-1.1  <b>as it is written</b>", "utf-8")
    monkeypatch.setattr(licences, "assets_folder", lambda: assets)
    window = open_window(stored)
    window.open_page(routes.SettingsRoute())
    wait_until_idle(qtbot, window)
    press(qtbot, window.page("settings"), "Licences")
    wait_until_idle(qtbot, window)
    page = window.page("licences")
    assert page.isVisible()
    (texts,) = page.findChildren(QPlainTextEdit)
    assert texts.isReadOnly()
    assert texts.toPlainText() == "Inter  OFL-1.1  <b>as it is written</b>"


def test_a_copy_that_was_not_built_says_where_the_licences_are(
    open_window: Opener, stored: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    window = open_window(stored)
    set_language(qapp, "af")
    try:
        window.open_page(routes.LicencesRoute())
        wait_until_idle(qtbot, window)
        (texts,) = window.page("licences").findChildren(QPlainTextEdit)
        assert str(licences.components_folder()) in texts.toPlainText()
        assert "bronkode" in texts.toPlainText()
    finally:
        set_language(qapp, "en")
