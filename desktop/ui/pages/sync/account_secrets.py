"""Password fields: hidden unless shown on request, a new one typed twice, with its strength in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, set_tone
from desktop.ui.widgets.flow import flow_layout
from desktop.ui.widgets.plain_words import CheckBox

WIDTH = 240


def show_passwords_box(fields: Sequence[QLineEdit]) -> QCheckBox:
    """A check box that shows or hides the text typed into `fields`."""
    box = CheckBox(translate("Secrets", "Show passwords"))

    def show(shown: bool) -> None:
        for field in fields:
            field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    box.toggled.connect(show)
    show(False)
    return box


def show_strength(line: QLabel, password: str) -> None:
    """Shows in `line` how hard the password is to guess; nothing if it is empty."""
    line.setVisible(bool(password))
    if not password:
        return
    from desktop.workflows.sync import Strength, strength  # noqa: PLC0415 - not before a password is made

    found = strength(password)
    words = {
        Strength.WEAK: translate("Secrets", "Weak: easy to guess. Use a few words in a row."),
        Strength.FAIR: translate("Secrets", "Fair: one more word makes it strong."),
        Strength.STRONG: translate("Secrets", "Strong: hard to guess."),
    }[found]
    line.setText(words)
    set_tone(line, {Strength.WEAK: "danger", Strength.FAIR: "warning", Strength.STRONG: "good"}[found])


class AccountSecrets(QWidget):
    """Changes the password or the recovery key; either of the two old secrets allows it.

    `password_change_requested` carries the old secret and the new password as typed, `recovery_key_requested` the old
    secret.
    """

    password_change_requested = Signal(str, str)
    recovery_key_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._old = _field(translate("Secrets", "Password or recovery key"))
        self._new = _field(translate("Secrets", "New password"))
        self._again = _field(translate("Secrets", "New password again"))
        self._strength = label("", "small", wrap=True)
        self._strength.hide()
        self._wrong = label("", wrap=True, tone="danger")
        self._wrong.hide()
        self._new.textChanged.connect(lambda text: show_strength(self._strength, text))
        self._again.returnPressed.connect(self._change_password)
        asks = translate("Secrets", "To change your password or your recovery key, type one of the two first.")
        self.setLayout(
            column(
                label(asks, "quiet", wrap=True),
                flow_layout(self._old, show_passwords_box((self._old, self._new, self._again))),
                flow_layout(
                    self._new, self._again, button(translate("Secrets", "Change the password"), self._change_password)
                ),
                self._strength,
                flow_layout(button(translate("Secrets", "New recovery key"), self._new_recovery_key)),
                self._wrong,
                gap=GRID + 4,
            )
        )

    def clear(self) -> None:
        """Clears the fields."""
        for field in (self._old, self._new, self._again):
            field.clear()
        self._wrong.hide()

    def _change_password(self) -> None:
        if not self._has_old():
            return
        if self._new.text() != self._again.text():
            self._show_field_error(
                translate("Secrets", "The two new passwords differ. Type the same one twice."), self._again
            )
            return
        self._wrong.hide()
        self.password_change_requested.emit(self._old.text(), self._new.text())

    def _new_recovery_key(self) -> None:
        if self._has_old():
            self._wrong.hide()
            self.recovery_key_requested.emit(self._old.text())

    def _has_old(self) -> bool:
        if not self._old.text():
            self._show_field_error(translate("Secrets", "Type your password or your recovery key first."), self._old)
        return bool(self._old.text())

    def show_error(self, text: str) -> None:
        """Shows why the change failed. Input stays."""
        self._show_field_error(text, self._old)

    def _show_field_error(self, text: str, field: QLineEdit) -> None:
        self._wrong.setText(text)
        self._wrong.show()
        field.setFocus()


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setFixedWidth(appearance().px(WIDTH))
    return field
