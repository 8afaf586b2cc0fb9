"""The confirmation shown before quitting while files are being read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, label, row


def ask_before_quitting(window: QWidget, on_quit: Callable[[], object]) -> None:
    """Asks whether to quit while files are being read: their contents are not stored before they are accepted.

    The callback is called if the student confirms.
    """
    box = QDialog(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(translate("Window", "Quit"))
    stay = button(translate("Window", "Keep reading"), box.close, role="primary")
    box.setLayout(
        column(
            label(translate("Window", "Files are still being read"), "heading"),
            label(translate("Window", "If you quit now, drop them on the window again next time."), wrap=True),
            row(0, button(translate("Window", "Quit"), on_quit), stay),
            margin=GRID * 2,
            gap=GRID * 2,
        )
    )
    stay.setFocus(Qt.FocusReason.OtherFocusReason)
    box.open()
