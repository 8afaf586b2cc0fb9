"""Words on buttons, boxes, menus and tabs as they are: Qt takes a single & for the mnemonic of the letter after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QPushButton, QRadioButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton as _Button
else:
    _Button = object  # beside a button of Qt's: a class has one base of Qt's alone


def literal(text: str) -> str:
    """What Qt shows as `text` in a menu or a tab."""
    return text.replace("&", "&&")


class _PlainWords(_Button):
    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(literal(text))

    def text(self) -> str:
        return super().text().replace("&&", "&")


class PushButton(_PlainWords, QPushButton):
    """A button that says its text as it is."""


class CheckBox(_PlainWords, QCheckBox):
    """A box that says its text as it is."""


class RadioButton(_PlainWords, QRadioButton):
    """A choice that says its text as it is."""
