"""Words on buttons, boxes, menus and tabs as they are: Qt takes a single & for the mnemonic of the letter after it."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QPushButton, QRadioButton


def literal(text: str) -> str:
    """What Qt shows as `text` in a menu or a tab."""
    return text.replace("&", "&&")


def _said(text: str) -> str:
    return text.replace("&&", "&")


class PushButton(QPushButton):
    """A button that says its text as it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(literal(text))

    def setText(self, text: str) -> None:
        super().setText(literal(text))

    def text(self) -> str:
        return _said(super().text())


class CheckBox(QCheckBox):
    """A box that says its text as it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(literal(text))

    def setText(self, text: str) -> None:
        super().setText(literal(text))

    def text(self) -> str:
        return _said(super().text())


class RadioButton(QRadioButton):
    """A choice that says its text as it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(literal(text))

    def setText(self, text: str) -> None:
        super().setText(literal(text))

    def text(self) -> str:
        return _said(super().text())
