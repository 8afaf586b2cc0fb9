"""Key names are those of the system: on macOS never Ctrl."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.texts.key_names import shortcut_text, text_with_shortcut
from tests.gui.conftest import Opener
from tests.gui.user_actions import wait_until_idle

ON_MACOS = {"Ctrl+": "⌘", "Shift+": "⇧", "Alt+": "⌥", "Esc": "⎋", "Return": "↩"}  # as Qt writes them there


@pytest.fixture
def macos(monkeypatch: pytest.MonkeyPatch) -> None:
    portable = QKeySequence.toString

    def native(keys: QKeySequence, form: object = QKeySequence.SequenceFormat.PortableText) -> str:
        text = portable(keys)
        if form is QKeySequence.SequenceFormat.NativeText:
            for name, sign in ON_MACOS.items():
                text = text.replace(name, sign)
        return text

    monkeypatch.setattr(QKeySequence, "toString", native)


@pytest.mark.usefixtures("macos")
def test_no_tooltip_and_no_text_has_the_keys_of_other_systems(open_window: Opener, stored: Path, qtbot: QtBot) -> None:
    window = open_window(stored)
    assert shortcut_text("Ctrl+Shift+2") == "⌘⇧2"
    assert text_with_shortcut("Print", "Ctrl+P") == "Print (⌘P)"
    shown: set[str] = set()
    for entry in PAGES:
        window.open_page(PAGES_BY_NAME[entry.name].route())
        wait_until_idle(qtbot, window)
        shown |= {each.toolTip() for each in window.findChildren(QWidget)}
        shown |= {each.accessibleName() for each in window.findChildren(QWidget)}
        shown |= {each.text() for each in window.findChildren(QLabel)}
    assert any("⌘F" in each for each in shown)
    assert [each for each in shown if "Ctrl" in each or "Shift+" in each] == []
