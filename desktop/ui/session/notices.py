"""Everything the window says about what happened: quiet successes with Undo, troubles in words, and bugs.

Hides where and for how long. Nothing else shows an error: known trouble (`AppError`) becomes a line with what happened
and what to do, anything else is a bug and gets a report that can be copied; the window goes on.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QWidget

import desktop
from desktop.domain.errors import AppError, Cancelled
from desktop.ui.texts.language import say, translate
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, column, icon_button, icon_label, label, row
from desktop.ui.widgets.tooltips import set_tooltip

STAYS = 7000  # milliseconds a success can be read and undone from its line; Ctrl+Z goes on working


class Notices(QObject):
    """Collects what is to be said. `said` and `troubled` are shown by the window's `NoticeBar`."""

    said = Signal(
        object, object, bool
    )  # what was done (a text or message), how to undo it (or None), whether that redoes it
    troubled = Signal(object)  # an AppError
    _raised = Signal(object)  # an exception of whatever thread

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report: CrashReport | None = None
        self._window: QWidget | None = None
        self._raised.connect(self.handle, Qt.ConnectionType.QueuedConnection)

    def attach(self, window: QWidget) -> None:
        """The window a report belongs to."""
        self._window = window

    def success(
        self, text: str, undo: Callable[[], object] | None = None, *, redo: Callable[[], object] | None = None
    ) -> None:
        """Says quietly what was done, and offers to undo it, or to redo what was undone; called once it is stored."""
        self.said.emit(text, redo or undo, redo is not None)

    def handle(self, error: BaseException) -> None:
        """Shows any exception as what it is."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, AppError):
            self.troubled.emit(error)
        else:
            self.crash(error)

    def crash(self, error: BaseException) -> None:
        """Shows a bug with a report; further ones of the same moment are added to it."""
        text = report_text(error)
        sys.stderr.write(text)
        if self._report is not None and self._report.isVisible():
            self._report.add(text)
            return
        self._report = CrashReport(text, self._window)
        self._report.show()

    def install(self) -> None:
        """From now on, exceptions that nothing catches, in any thread, come here."""

        def hook(_kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
            if isinstance(error, KeyboardInterrupt):
                QGuiApplication.quit()
            else:
                self._raised.emit(error)

        def thread_hook(args: threading.ExceptHookArgs) -> None:
            if args.exc_value is not None:
                self._raised.emit(args.exc_value)

        sys.excepthook = hook
        threading.excepthook = thread_hook


def report_text(error: BaseException) -> str:
    """What a person can send about a bug: the versions and the trace, with nothing of their timetable or folders."""
    import platform  # noqa: PLC0415 - only a report needs it, and every start would pay
    import traceback  # noqa: PLC0415 - as above

    lines = [
        f"UP Schedule Generator {desktop.__version__}",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}, {platform.machine()}",
        "",
    ]
    for frame in traceback.extract_tb(error.__traceback__):
        parts = frame.filename.replace("\\", "/").split("/")
        lines.append(f"  {'/'.join(parts[-3:])}:{frame.lineno} in {frame.name}")
    lines.append(f"{type(error).__name__}: {error}")
    return "\n".join(lines) + "\n"


class CrashReport(QDialog):
    """Says that something went wrong which should not have, and lets the report be copied."""

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
        room = parent.size() if parent is not None else QSize(look().px(560), look().px(360))
        self.resize(min(look().px(560), room.width()), min(look().px(360), room.height()))

    def add(self, text: str) -> None:
        self._text.appendPlainText("\n" + text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copied.setText(translate("Crash", "Copied"))


class NoticeBar(QFrame):
    """The line at the foot of the window: the last success, or a trouble that stays until it is dismissed."""

    def __init__(self, notices: Notices, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._undo: Callable[[], object] | None = None
        self._redoes = False
        self._words = ("", "")  # title and hint, as they came: said anew in another language
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS)
        self._timer.timeout.connect(self.hide)
        self._mark = icon_label("error", "danger")
        self._title = label("", "strong", wrap=True)
        self._hint = label("", wrap=True)
        self._undo_button = button(translate("Notice", "Undo"), self._undo_it)
        self._close = icon_button("close", translate("Notice", "Dismiss"), self.hide)
        words = column(self._title, self._hint, gap=2)
        self._row = row(self._mark, words, self._undo_button, self._close, margin=GRID + 4, gap=GRID + 4)
        self._row.setStretch(1, 1)
        self.setLayout(self._row)
        host.installEventFilter(self)
        notices.said.connect(self._say)
        notices.troubled.connect(self._trouble)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now, or nothing."""
        return "" if self.isHidden() else self._title.text()

    def leave(self) -> None:
        """Another page is shown: a trouble belonged to the one before."""
        if self.property("role") == "trouble":
            self.hide()

    def _say(self, text: str, undo: Callable[[], object] | None, redoes: bool) -> None:
        self._undo, self._redoes = undo, redoes
        self._show("notice", text, "")
        self._timer.start()

    def _trouble(self, error: AppError) -> None:
        self._undo = None
        self._show("trouble", error.title, error.hint)
        self._timer.stop()

    def _show(self, role: str, title: str, hint: str) -> None:
        self.setProperty("role", role)
        self._title.setProperty("role", "" if role == "notice" else "strong")
        self._words = title, hint
        self._put_words()
        self._mark.setVisible(role == "trouble")
        self._close.setVisible(role == "trouble")
        self._undo_button.setVisible(self._undo is not None)
        for widget in (self, *self.findChildren(QWidget)):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.show()
        self.raise_()
        self._place()

    def _put_words(self) -> None:
        self._undo_button.setText(translate("Notice", "Redo") if self._redoes else translate("Notice", "Undo"))
        title, hint = (say(text) for text in self._words)
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(f"{title} {hint}".strip())

    def _place(self) -> None:
        most = min(look().px(560), self._host.width() - 4 * GRID)
        for text in (self._title, self._hint):
            text.setMinimumWidth(0)
        self.setFixedWidth(most if self._mark.isVisible() else min(most, self._natural_width()))
        self.setFixedHeight(self._natural_height())
        self.move(self._spot())

    def _natural_width(self) -> int:
        words = self._title.fontMetrics().horizontalAdvance(self._title.text())
        extra = self._undo_button.sizeHint().width() + GRID * 2 if self._undo is not None else 0
        return words + extra + 5 * GRID

    def _natural_height(self) -> int:
        self._row.activate()
        return self._row.heightForWidth(self.width())

    def _spot(self) -> QPoint:
        return QPoint((self._host.width() - self.width()) // 2, self._host.height() - self.height() - 2 * GRID)

    def _undo_it(self) -> None:
        self.hide()
        if self._undo is not None:
            self._undo()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            set_tooltip(self._close, translate("Notice", "Dismiss"))
            self._put_words()
            if self.isVisible():
                self._place()
        super().changeEvent(event)
