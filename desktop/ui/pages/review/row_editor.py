"""The panel below the rows: the full text of the chosen line, its actions, and the row editor.

The editor enters a row for a line that could not be understood, and corrects a row that was read; it shows the error
beside each field, and keeps the input until it is added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from desktop.domain.drafts.draft import DocumentType, FormField
from desktop.domain.drafts.manual_entry import WrongFields
from desktop.ui.pages.review.field_texts import plain, shown
from desktop.ui.texts.language import say, translate
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, clear, column, label, panel, row, scrolled, set_tone
from desktop.ui.widgets.plain_words import literal

_NARROW = 150  # logical pixels that a field needs
Words = Callable[[], str]  # returns a text in the current language of the window


@dataclass(frozen=True, slots=True)
class RowAction:
    """The actions for the chosen line: its text, and which buttons apply."""

    words: str = ""
    enter: bool = False
    correct: bool = False
    leave: bool = False
    back: bool = False  # turns a row by hand into a problem again, or asks again about a line left out


class RowEditor(QFrame):
    """The fields of one row. `written` carries valid texts, `closed` says that editing was cancelled."""

    written = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._kind: DocumentType | None = None
        self._asked: dict[str, FormField] = {}
        self._given: Mapping[str, str] = {}
        self.fields: dict[str, QLineEdit] = {}
        self._wrong: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        self._words: tuple[Words, Words] = (str, str)
        self._heading = label("", "strong", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._add = button("", self._write, role="primary")
        self._cancel = button("", self.closed.emit, role="quiet")
        holder = QWidget()
        holder.setLayout(self._grid)
        self._area = scrolled(holder, snug=True)
        whole = column(self._heading, self._area, row(self._add, self._cancel, 0), margin=GRID + 4, gap=GRID)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def begin(self, kind: DocumentType, given: Mapping[str, str], heading: Words, done: Words, wrong: str = "") -> None:
        """Shows the fields of a row of that kind, filled with `given`; the field `wrong` is marked from the start.

        `heading` and `done` (the text of the button) are called again after a language change.
        """
        clear(self._grid)
        self._kind, self._given = kind, given
        self._asked = {each.name: each for each in kind.fields}
        self.fields.clear()
        self._wrong.clear()
        self._captions.clear()
        self._words = (heading, done)
        columns = max(2, min(4, self.width() // look().px(_NARROW)))
        before: QWidget | None = None
        for number, name in enumerate(self._asked):
            field = QLineEdit(shown(name, given.get(name, "")))
            field.setAcceptDrops(False)  # a file dropped here goes to the window
            field.returnPressed.connect(self._write)
            field.installEventFilter(self)
            wrong_label = label("", "small", tone="danger", wrap=True)
            wrong_label.hide()
            caption = self._captions[name] = label("", "small")
            caption.setBuddy(field)
            cell = panel(column(caption, field, wrong_label, gap=2))
            self._grid.addWidget(cell, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
            self.fields[name], self._wrong[name] = field, wrong_label
            if before is not None:
                QWidget.setTabOrder(before, field)
            before = field
        self._retranslate()
        self._grid.setRowStretch(len(self._asked), 1)  # takes up the height that remains below the fields
        if before is not None:
            QWidget.setTabOrder(before, self._add)
        QWidget.setTabOrder(self._add, self._cancel)
        if wrong in self.fields:
            self._mark({wrong})
        first = self.fields.get(wrong) or next((each for each in self.fields.values() if not each.text()), None)
        first = first or next(iter(self.fields.values()))
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        first.selectAll()

    def _retranslate(self) -> None:
        heading, done = self._words
        self._heading.setText(heading())
        self._add.setText(done())
        self._cancel.setText(translate("Review", "Cancel"))
        for name, field in self.fields.items():
            self._captions[name].setText(literal(say(self._asked[name].label)))
            field.setAccessibleName(say(self._asked[name].label))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.fields:
            self._retranslate()
            self._mark({name for name, words in self._wrong.items() if words.text()})

    def _write(self) -> None:
        texts = {**self._given, **{name: plain(name, field.text()) for name, field in self.fields.items()}}
        if self._kind is None:
            return
        try:
            self._kind.rows_by_hand(texts)
        except WrongFields as wrong:
            self._mark(set(wrong.wrong))
            first = next(name for name in self.fields if name in wrong.wrong)
            self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[first].selectAll()
            return
        self.written.emit(texts)

    def _mark(self, wrong: set[str]) -> None:
        for name, field in self.fields.items():
            words = self._wrong[name]
            is_wrong = name in wrong
            hint = say(self._asked[name].hint) if is_wrong else ""
            words.setText(hint)
            words.setVisible(is_wrong)
            field.setAccessibleDescription(hint)
            set_tone(field, "danger" if is_wrong else "")
        first = next((self._wrong[name] for name in self.fields if name in wrong), None)
        if first is not None:
            QTimer.singleShot(0, first, lambda: self._area.ensureWidgetVisible(first, 0, GRID))  # after the layout

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and event.type() == QEvent.Type.FocusIn:
            self._area.ensureWidgetVisible(watched.parentWidget() or watched, 0, GRID)
        is_key = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_key and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # Esc closes the editor, not the panel of the window
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class ReviewDesk(QFrame):
    """The actions for the chosen line, and the editor. The buttons emit signals that the page connects."""

    entering = Signal()
    correcting = Signal()
    leaving = Signal()
    taking_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = label("", "quiet", wrap=True, select=True)
        self.enter = button("", self.entering.emit, role="link")
        self.correct = button("", self.correcting.emit, role="link")
        self.leave = button("", self.leaving.emit, role="link")
        self.back = button("", self.taking_back.emit, role="link")
        self._actions = panel(row(self.enter, self.correct, self.leave, self.back, 0, gap=GRID * 2))
        self.editor = RowEditor()
        self.editor.hide()
        whole = column(self._words, self._actions, self.editor, gap=4)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.retranslate()

    def retranslate(self) -> None:
        self.enter.setText(translate("Review", "Enter by hand"))
        self.correct.setText(translate("Review", "Edit row"))
        self.leave.setText(translate("Review", "Leave out"))

    def show_offer(self, offer: RowAction) -> None:
        """Shows the text of the chosen line, and its actions."""
        self._words.setText(offer.words)
        self._words.setVisible(bool(offer.words))
        self.enter.setVisible(offer.enter)
        self.correct.setVisible(offer.correct)
        self.leave.setVisible(offer.leave)
        self.back.setVisible(offer.back)
        self.back.setText(translate("Review", "Undo") if offer.correct else translate("Review", "Ask again"))
        self._actions.setVisible(not self.is_editing and any((offer.enter, offer.correct, offer.leave, offer.back)))

    @property
    def is_editing(self) -> bool:
        return not self.editor.isHidden()

    def edit(self, kind: DocumentType, given: Mapping[str, str], heading: Words, done: Words, wrong: str = "") -> None:
        """Opens the editor."""
        self._actions.hide()
        self.editor.show()
        self.editor.begin(kind, given, heading, done, wrong)

    def close_editor(self) -> None:
        self.editor.hide()
        self._actions.show()
