"""Literal texts on buttons, menus and tabs: Qt would interpret a single & as the mnemonic of the next letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QPushButton, QRadioButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton as _Button
else:
    _Button = object  # mixed in with a Qt button: a class can have only one Qt base class


def escape_mnemonics(text: str) -> str:
    """Escapes a text for a menu or a tab, so that Qt shows it literally."""
    return text.replace("&", "&&")


class _LiteralText(_Button):
    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(escape_mnemonics(text))

    def text(self) -> str:
        return super().text().replace("&&", "&")


class PushButton(_LiteralText, QPushButton):
    """A push button without mnemonics."""


class CheckBox(_LiteralText, QCheckBox):
    """A check box without mnemonics."""


class RadioButton(_LiteralText, QRadioButton):
    """A radio button without mnemonics."""
