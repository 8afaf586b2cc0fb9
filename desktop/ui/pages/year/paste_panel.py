"""Reads a pasted university year calendar: each line beside its interpretation, before any of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QPlainTextEdit, QTreeWidget, QTreeWidgetItem

from desktop.domain.errors import AppError
from desktop.ui.session.session import Session
from desktop.ui.texts.key_names import shortcut_text
from desktop.ui.texts.language import error_text, translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, row

if TYPE_CHECKING:
    from desktop.domain.year_calendar import PastedYear

FIELD, LIST = 120, 320  # logical pixels high
READ_DELAY_MS = 300  # milliseconds after the last key


class _PasteField(QPlainTextEdit):
    """A text field that splits pasted HTML into lines, which the plain text of a page may run together."""

    def insertFromMimeData(self, source: QMimeData) -> None:
        from desktop.domain.year_calendar import extract_lines  # noqa: PLC0415 - not before something is pasted

        if not source.hasHtml():
            super().insertFromMimeData(source)
            return
        try:
            lines = extract_lines(source.html())
        except AppError:
            super().insertFromMimeData(source)
            return
        self.insertPlainText("\n".join(lines))


class PastePanel(QFrame):
    """A field to paste into, the lines read, and a button to use them.

    `dates_adopted` carries the year whose dates were taken over; `closed` when the panel is closed.
    """

    dates_adopted = Signal(int)
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self._pasted: PastedYear | None = None
        self._heading, self._hint = label("", "heading"), label("", "quiet", wrap=True)
        self.text = _PasteField()
        self.text.setFixedHeight(appearance().px(FIELD))
        self.text.setTabChangesFocus(True)
        self._count = label("", wrap=True)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setColumnCount(2)
        self.list.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFixedHeight(appearance().px(LIST))
        self._kept = label("", "quiet", wrap=True)
        self._use = button("", self._adopt_dates, role="primary", icon="check")
        self._leave = button("", self.closed.emit)
        buttons = row(self._use, self._leave, 0, gap=GRID)
        whole = column(
            self._heading, self._hint, self.text, self._count, self.list, self._kept, margin=GRID * 2, gap=GRID
        )
        whole.addLayout(buttons)
        self.setLayout(whole)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_DELAY_MS)
        self._timer.timeout.connect(self._read)
        self.text.textChanged.connect(self._timer.start)
        self._retranslate()
        self._show(None)

    def open_empty(self) -> None:
        """Opens the panel empty, with focus on the text field."""
        self.text.clear()
        self._show(None)
        self.show()
        self.text.setFocus()

    def _retranslate(self) -> None:
        self._heading.setText(translate("Paste", "Paste UP’s year calendar"))
        self._hint.setText(
            translate("Paste", "Copy the list of dates off the university’s page and paste it here ({keys}).").format(
                keys=shortcut_text("Ctrl+V")
            )
        )
        self.text.setAccessibleName(translate("Paste", "Year calendar"))
        self.list.setHeaderLabels([translate("Paste", "Line"), translate("Paste", "Understood as")])
        self.list.setAccessibleName(translate("Paste", "Each line and what is understood of it"))
        self._use.setText(translate("Paste", "Use these dates"))
        self._leave.setText(translate("Paste", "Cancel"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._show(self._pasted)

    def _read(self) -> None:
        text, view = self.text.toPlainText(), self._session.state.view
        if view is None or not text.strip():
            self._show(None)
            return
        store, shown = self._session.app.store, view.year

        def work() -> PastedYear:
            from desktop.domain.year_calendar import detect_year  # noqa: PLC0415 - as above
            from desktop.workflows import terms  # noqa: PLC0415 - with the store

            return terms.read_pasted(store, text, detect_year(text) or shown)

        def failed(error: Exception) -> None:
            self._show(None)
            self._count.setText(error_text(error))
            self._count.show()

        self._session.jobs.run_on_store(work, self._show, failed, owner=self)

    def _show(self, pasted: PastedYear | None) -> None:
        self._pasted = pasted
        self.list.clear()
        for part in (self._count, self.list, self._kept):
            part.setVisible(pasted is not None)
        self._use.setEnabled(pasted is not None and pasted.usable)
        if pasted is None:
            return
        from desktop.domain.year_calendar import LineStatus, line_counts_text, line_texts  # noqa: PLC0415 - as above

        year = translate("Paste", "Semester dates {year}").format(year=pasted.calendar.year)
        self._count.setText(f"{year} · {translate_message(line_counts_text(pasted))}")
        colours = {LineStatus.NOT_UNDERSTOOD: "warning", LineStatus.NOT_USED: "muted", LineStatus.HEADING: "muted"}
        for line in pasted.lines:
            item = QTreeWidgetItem([line.text, "\n".join(translate_message(each) for each in line_texts(line))])
            item.setTextAlignment(0, Qt.AlignmentFlag.AlignTop)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignTop)
            if line.status in colours:
                item.setForeground(1, appearance().colour(colours[line.status]))
            self.list.addTopLevelItem(item)
        header = self.list.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        # A line's height depends on the width of its column, which is set only now.
        QTimer.singleShot(0, self.list, self.list.doItemsLayout)
        self._kept.setText("\n".join(translate_message(each) for each in pasted.kept))
        self._kept.setVisible(bool(pasted.kept))

    def _adopt_dates(self) -> None:
        pasted, store = self._pasted, self._session.app.store
        if pasted is None:
            return

        def work() -> int:
            from desktop.workflows import terms  # noqa: PLC0415 - with the store

            terms.adopt_calendar(store, pasted.calendar)
            return pasted.calendar.year

        self._session.run_change(work, self.dates_adopted.emit)
