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
from desktop.domain.drafts.manual_entry import InvalidFields
from desktop.ui.pages.review.field_texts import to_display_text, to_entry_text
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, label, panel, row, scroll_area, set_tone
from desktop.ui.widgets.plain_words import escape_mnemonics

_MIN_FIELD_WIDTH = 150  # logical pixels that a field needs
TranslatedText = Callable[[], str]  # returns a text in the current language of the window


@dataclass(frozen=True, slots=True)
class RowActions:
    """The actions for the chosen line: its text, and which buttons apply."""

    words: str = ""
    enter: bool = False
    correct: bool = False
    leave: bool = False
    back: bool = False  # turns a row by hand into a problem again, or asks again about a line left out


class RowEditor(QFrame):
    """The fields of one row. `submitted` carries valid texts, `cancelled` says that editing was cancelled."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._kind: DocumentType | None = None
        self._form_fields: dict[str, FormField] = {}
        self._initial_texts: Mapping[str, str] = {}
        self.fields: dict[str, QLineEdit] = {}
        self._wrong: dict[str, QLabel] = {}
        self._captions: dict[str, QLabel] = {}
        self._words: tuple[TranslatedText, TranslatedText] = (str, str)
        self._heading = label("", "strong", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID)
        self._add = button("", self._submit, role="primary")
        self._cancel = button("", self.cancelled.emit, role="quiet")
        holder = QWidget()
        holder.setLayout(self._grid)
        self._area = scroll_area(holder, fit_height=True)
        whole = column(self._heading, self._area, row(self._add, self._cancel, 0), margin=GRID + 4, gap=GRID)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def start_editing(
        self,
        kind: DocumentType,
        given: Mapping[str, str],
        heading: TranslatedText,
        done: TranslatedText,
        wrong: str = "",
    ) -> None:
        """Shows the fields of a row of that kind, filled with `given`; the field `wrong` is marked from the start.

        `heading` and `done` (the text of the button) are called again after a language change.
        """
        clear_layout(self._grid)
        self._kind, self._initial_texts = kind, given
        self._form_fields = {each.name: each for each in kind.fields}
        self.fields.clear()
        self._wrong.clear()
        self._captions.clear()
        self._words = (heading, done)
        columns = max(2, min(4, self.width() // appearance().px(_MIN_FIELD_WIDTH)))
        before: QWidget | None = None
        for number, name in enumerate(self._form_fields):
            field = QLineEdit(to_display_text(name, given.get(name, "")))
            field.setAcceptDrops(False)  # a file dropped here goes to the window
            field.returnPressed.connect(self._submit)
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
        self._grid.setRowStretch(len(self._form_fields), 1)  # takes up the height that remains below the fields
        if before is not None:
            QWidget.setTabOrder(before, self._add)
        QWidget.setTabOrder(self._add, self._cancel)
        if wrong in self.fields:
            self._mark_wrong({wrong})
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
            self._captions[name].setText(escape_mnemonics(translate_message(self._form_fields[name].label)))
            field.setAccessibleName(translate_message(self._form_fields[name].label))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.fields:
            self._retranslate()
            self._mark_wrong({name for name, words in self._wrong.items() if words.text()})

    def _submit(self) -> None:
        texts = {
            **self._initial_texts,
            **{name: to_entry_text(name, field.text()) for name, field in self.fields.items()},
        }
        if self._kind is None:
            return
        try:
            self._kind.rows_from_texts(texts)
        except InvalidFields as wrong:
            self._mark_wrong(set(wrong.errors))
            first = next(name for name in self.fields if name in wrong.errors)
            self.fields[first].setFocus(Qt.FocusReason.OtherFocusReason)
            self.fields[first].selectAll()
            return
        self.submitted.emit(texts)

    def _mark_wrong(self, wrong: set[str]) -> None:
        for name, field in self.fields.items():
            words = self._wrong[name]
            is_wrong = name in wrong
            hint = translate_message(self._form_fields[name].hint) if is_wrong else ""
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
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class RowActionsPanel(QFrame):
    """The actions for the chosen line, and the editor. The buttons emit signals that the page connects."""

    enter_requested = Signal()
    edit_requested = Signal()
    leave_out_requested = Signal()
    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = label("", "quiet", wrap=True, selectable=True)
        self.enter = button("", self.enter_requested.emit, role="link")
        self.correct = button("", self.edit_requested.emit, role="link")
        self.leave = button("", self.leave_out_requested.emit, role="link")
        self.back = button("", self.undo_requested.emit, role="link")
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

    def show_actions(self, actions: RowActions) -> None:
        """Shows the text of the chosen line, and its actions."""
        self._words.setText(actions.words)
        self._words.setVisible(bool(actions.words))
        self.enter.setVisible(actions.enter)
        self.correct.setVisible(actions.correct)
        self.leave.setVisible(actions.leave)
        self.back.setVisible(actions.back)
        self.back.setText(translate("Review", "Undo") if actions.correct else translate("Review", "Ask again"))
        self._actions.setVisible(
            not self.is_editing and any((actions.enter, actions.correct, actions.leave, actions.back))
        )

    @property
    def is_editing(self) -> bool:
        return not self.editor.isHidden()

    def open_editor(
        self,
        kind: DocumentType,
        given: Mapping[str, str],
        heading: TranslatedText,
        done: TranslatedText,
        wrong: str = "",
    ) -> None:
        """Opens the editor."""
        self._actions.hide()
        self.editor.show()
        self.editor.start_editing(kind, given, heading, done, wrong)

    def close_editor(self) -> None:
        self.editor.hide()
        self._actions.show()
