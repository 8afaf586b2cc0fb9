"""The notices of the window: successes with Undo, offers, errors, and reports of bugs.

All errors are shown here: an `AppError` as a line with what happened and what to do; any other exception is a bug and
opens a report that can be copied, and the program continues.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QWidget

from desktop.crash_log import exception_lines, version_text
from desktop.domain.errors import AppError, Cancelled
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, icon_button, icon_label, label, row
from desktop.ui.widgets.tooltips import set_tooltip

SUCCESS_DURATION_MS = (
    7000  # milliseconds that a success, with its Undo button, stays visible; Ctrl+Z works afterwards too
)


class Notices(QObject):
    """Receives what is to be reported. Its signals are shown by the window's `NoticeBar`."""

    success_reported = Signal(
        object, object, bool
    )  # what was done (text or message), the callable that undoes it (or None), whether that is a redo
    action_offered = Signal(object, str, object)  # what is offered, the text of the button, and its callable
    error_reported = Signal(object)  # an AppError
    _exception_raised = Signal(object)  # an exception, from any thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report: CrashReport | None = None
        self._window: QWidget | None = None
        self._exception_raised.connect(self.show_error, Qt.ConnectionType.QueuedConnection)

    def set_window(self, window: QWidget) -> None:
        """Sets the window that is the parent of a report."""
        self._window = window

    def show_success(
        self, text: str, undo: Callable[[], object] | None = None, *, redo: Callable[[], object] | None = None
    ) -> None:
        """Reports what was stored, with a button that undoes it or, after an undo, redoes it."""
        self.success_reported.emit(text, redo or undo, redo is not None)

    def show_offer(self, text: str, action: str, act: Callable[[], object]) -> None:
        """Shows a text with the button `action`, until it is pressed or dismissed."""
        self.action_offered.emit(text, action, act)

    def offer_report(self, report: str) -> None:
        """Reports that the last run ended with a crash, and offers to copy its report."""

        def copy() -> None:
            QGuiApplication.clipboard().setText(report)
            self.show_success(translate("Crash", "Copied"))

        words = translate(
            "Crash", "Something went wrong last time, and the program closed. Everything you saved is here."
        )
        self.show_offer(words, translate("Crash", "Copy the report"), copy)

    def show_error(self, error: BaseException) -> None:
        """Shows an exception: an AppError as a notice, a bug with a report, and Cancelled not at all."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, AppError):
            self.error_reported.emit(error)
        else:
            self.show_crash(error)

    def show_crash(self, error: BaseException) -> None:
        """Shows the report of a bug; added to the open report if there is one."""
        text = report_text(error)
        sys.stderr.write(text)
        logging.getLogger(__name__).error("A fault", exc_info=error)
        if self._report is not None and self._report.isVisible():
            self._report.add(text)
            return
        self._report = CrashReport(text, self._window)
        self._report.show()

    def install_exception_hooks(self) -> None:
        """Installs the hooks for uncaught exceptions of all threads."""

        def hook(_kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
            if isinstance(error, KeyboardInterrupt):
                QGuiApplication.quit()
            else:
                self._exception_raised.emit(error)

        def thread_hook(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None:
                self._exception_raised.emit(args.exc_value)

        sys.excepthook = hook
        threading.excepthook = thread_hook


def report_text(error: BaseException) -> str:
    """The report of a bug: versions and traceback, without data from the timetable or names of folders."""
    return "\n".join((version_text(), *exception_lines(error))) + "\n"


class CrashReport(QDialog):
    """Dialog with the report of a bug, which can be copied."""

    def __init__(self, text: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Crash", "Something went wrong"))
        self.setModal(False)
        self._text = QPlainTextEdit(text)
        self._text.setReadOnly(True)
        self._text.setAccessibleName(translate("Crash", "Report"))
        self._copied = label("", "quiet")
        copy = button(translate("Crash", "Copy the report"), self._copy, role="primary", icon="copy")
        close = button(translate("Crash", "Close"), self.close)
        self.setLayout(
            column(
                label(translate("Crash", "Something went wrong that should not have"), "heading"),
                label(
                    translate(
                        "Crash",
                        "This is a fault of the program. Everything saved so far is safe, and the window goes on "
                        "working. The report below says where it happened and holds nothing of your timetable; "
                        "send it to whoever gave you the program.",
                    ),
                    wrap=True,
                ),
                self._text,
                row(copy, self._copied, 0, close),
                margin=GRID * 2,
                gap=GRID + 4,
            )
        )
        room = parent.size() if parent is not None else QSize(appearance().px(560), appearance().px(360))
        self.resize(min(appearance().px(560), room.width()), min(appearance().px(360), room.height()))

    def add(self, text: str) -> None:
        self._text.appendPlainText("\n" + text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copied.setText(translate("Crash", "Copied"))


class NoticeBar(QFrame):
    """The line at the bottom of the window: the last success, or an error or offer, which stay until dismissed.

    An offer that is covered by another notice is shown again after it; several offers are shown one after another.
    """

    def __init__(self, notices: Notices, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._callback: Callable[[], object] | None = None
        self._is_offer = False
        self._offers: list[tuple[str, str, Callable[[], object]]] = []  # not answered yet; the first one is shown
        self._is_redo = False
        self._texts = ("", "")  # title and hint, untranslated: translated again after a change of language
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SUCCESS_DURATION_MS)
        self._timer.timeout.connect(self._dismiss_notice)
        self._error_icon = icon_label("error", "danger")
        self._title = label("", "strong", wrap=True)
        self._hint = label("", wrap=True)
        self._action = button(translate("Notice", "Undo"), self._run_action)
        self._close = icon_button("close", translate("Notice", "Dismiss"), self._dismiss_notice)
        self._dismiss = button(translate("Notice", "Dismiss"), self._dismiss_notice)
        words = column(self._title, self._hint, gap=2)
        self._row = row(
            self._error_icon, words, self._action, self._dismiss, self._close, margin=GRID + 4, gap=GRID + 4
        )
        self._row.setStretch(1, 1)
        self.setLayout(self._row)
        host.installEventFilter(self)
        notices.success_reported.connect(self._show_success)
        notices.action_offered.connect(self._add_offer)
        notices.error_reported.connect(self._show_error)
        self.hide()

    @property
    def text(self) -> str:
        """The text that is shown now; "" if none is."""
        return "" if self.isHidden() else self._title.text()

    def _set_action_text(self) -> None:
        self._action.setText(translate("Notice", "Redo") if self._is_redo else translate("Notice", "Undo"))

    def hide_error(self) -> None:
        """Removes an error, since it belonged to the page that was left."""
        if self.property("role") == "trouble":
            self.hide()

    def _show_success(self, text: str, undo: Callable[[], object] | None, redoes: bool) -> None:
        self._callback, self._is_offer, self._is_redo = undo, False, redoes
        self._set_action_text()
        self._show("notice", text, "")
        self._timer.start()

    def _add_offer(self, text: str, action: str, act: Callable[[], object]) -> None:
        self._offers.append((text, action, act))
        if self.isHidden():
            self._show_offer()

    def _show_offer(self) -> None:
        text, action, self._callback = self._offers[0]
        self._is_offer = True
        self._action.setText(action)
        self._show("notice", text, "", stays=True)
        self._timer.stop()

    def _dismiss_notice(self) -> None:
        self.hide()
        if self._is_offer:
            del self._offers[0]
        self._is_offer = False
        if self._offers:
            self._show_offer()

    def _show_error(self, error: AppError) -> None:
        self._callback, self._is_offer = None, False
        self._show("trouble", error.title, error.hint, stays=True)
        self._timer.stop()

    def _show(self, role: str, title: str, hint: str, *, stays: bool = False) -> None:
        self.setProperty("role", role)
        self._title.setProperty("role", "" if role == "notice" else "strong")
        self._texts = title, hint
        self._show_texts()
        self._error_icon.setVisible(role == "trouble")
        self._close.setVisible(role == "trouble")
        self._dismiss.setVisible(stays and role == "notice")
        self._action.setVisible(self._callback is not None)
        for widget in (self, *self.findChildren(QWidget)):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.show()
        self.raise_()
        self._update_geometry()

    def _show_texts(self) -> None:
        if not self._is_offer:
            self._set_action_text()
        title, hint = (translate_message(text) for text in self._texts)
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title} {hint}".strip())

    def _update_geometry(self) -> None:
        most = min(appearance().px(560), self._host.width() - 4 * GRID)
        for text in (self._title, self._hint):
            text.setMinimumWidth(0)
        self.setFixedWidth(most if self._error_icon.isVisible() else min(most, self._natural_width()))
        self.setFixedHeight(self._natural_height())
        self.move(self._position())

    def _natural_width(self) -> int:
        words = self._title.fontMetrics().horizontalAdvance(self._title.text())
        extra = self._action.sizeHint().width() + GRID * 2 if self._callback is not None else 0
        extra += 0 if self._dismiss.isHidden() else self._dismiss.sizeHint().width() + GRID * 2
        return words + extra + 5 * GRID

    def _natural_height(self) -> int:
        self._row.activate()
        return self._row.heightForWidth(self.width())

    def _position(self) -> QPoint:
        return QPoint((self._host.width() - self.width()) // 2, self._host.height() - self.height() - 2 * GRID)

    def _run_action(self) -> None:
        act = self._callback
        self._dismiss_notice()
        if act is not None:
            act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._update_geometry()
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            if not self._is_offer:
                self._set_action_text()
            self._dismiss.setText(translate("Notice", "Dismiss"))
            set_tooltip(self._close, translate("Notice", "Dismiss"))
            self._show_texts()
            if self.isVisible():
                self._update_geometry()
        super().changeEvent(event)
