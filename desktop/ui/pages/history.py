"""The History page: imported documents and written calendar files, each with its Undo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from desktop.ui import routes
from desktop.ui.pages.import_card import import_card
from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, date_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, empty_state, icon_label, label, panel, row
from desktop.ui.widgets.focus import preserve_focus
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.workflows.imports import Import
    from desktop.workflows.kept_file import FileWrite


class HistoryPage(Page[routes.HistoryRoute]):
    """All imports, including withdrawn ones, and the writes of files that are kept up to date; the latest first."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content: QVBoxLayout = column(gap=GRID)
        self.set_scrolled_content(self._content)
        self._undo = button("", session.undo, icon="undo")
        self._redo = button("", session.redo, icon="redo")
        self.tools.addWidget(self._undo)
        self.tools.addWidget(self._redo)
        session.kept_files.changed.connect(self.invalidate)

    def title(self) -> str:
        return translate("History", "History")

    def refresh(self) -> None:
        view = self.session.state.view
        undo = view.can_undo if view is not None else None
        redo = view.can_redo if view is not None else None
        self._undo.setText(translate("History", "Undo"))
        self._redo.setText(translate("History", "Redo"))
        self._undo.setEnabled(undo is not None)
        self._redo.setEnabled(redo is not None)
        set_tooltip(self._undo, translate_message(undo or ""))
        set_tooltip(self._redo, translate_message(redo or ""))
        if view is None:
            return
        app = self.session.app

        def work() -> tuple[tuple[Import, ...], tuple[FileWrite, ...]]:
            from desktop.workflows import imports, kept_file  # noqa: PLC0415 - not before this page is opened

            return imports.list_imports(app.store), kept_file.file_writes(app.store)

        self.session.jobs.run_on_store(work, self._show, self.session.notices.show_error, owner=self)

    def _show(self, found: tuple[tuple[Import, ...], tuple[FileWrite, ...]]) -> None:
        with preserve_focus(self):
            self._draw_list(*found)

    def _draw_list(self, imported: tuple[Import, ...], writes: tuple[FileWrite, ...]) -> None:
        clear_layout(self._content)
        if not imported and not writes:
            self._content.addWidget(
                empty_state(
                    "history",
                    translate("History", "Nothing was imported yet"),
                    [translate("History", "Every document you accept is listed here, and can be undone.")],
                    button(
                        translate("History", "Import"),
                        lambda: self.session.open_page(routes.ImportRoute()),
                        role="primary",
                    ),
                ),
                1,
            )
            return
        long_ago = datetime.min.replace(tzinfo=UTC)
        cards = [(each.at or long_ago, import_card(self.session, each, self.invalidate)) for each in imported]
        cards += [(each.at, self._write_card(each)) for each in writes]
        for _, card in sorted(cards, key=lambda both: both[0], reverse=True):
            self._content.addWidget(card)
        self._content.addStretch(1)

    def _write_card(self, each: FileWrite) -> QFrame:
        counted = (
            (each.added, translate("History", "{n} event added"), translate("History", "{n} events added")),
            (each.changed, translate("History", "{n} changed"), translate("History", "{n} changed")),
            (each.cancelled, translate("History", "{n} cancelled"), translate("History", "{n} cancelled")),
        )
        at = each.at.astimezone()
        said = [plural(number, one, many) for number, one, many in counted if number]
        said.append(
            translate("History", "written on {day} at {time}").format(day=date_text(at.date()), time=clock_text(at))
        )
        title = translate("History", "Calendar file {name}").format(name=each.path.name)
        heading = label(title, "strong")
        set_tooltip(heading, str(each.path))
        texts = column(heading, label(" · ".join(said), "quiet", wrap=True), gap=2)
        laid = row(icon_label("hide" if each.is_undone else "calendar"), texts, gap=GRID + 4, margin=GRID * 2)
        laid.setStretch(1, 1)
        if each.is_undone:
            laid.addWidget(label(translate("History", "undone"), "quiet"))
        elif each.can_undo:
            back = button(translate("History", "Undo"), role="quiet")
            back.clicked.connect(lambda *_: self._undo_write(each, back))
            back.setAccessibleName(f"{back.text()}: {title}")
            laid.addWidget(back)
        made = panel(laid, "card")
        made.setAccessibleName(title)
        return made

    def _undo_write(self, each: FileWrite, pressed: QPushButton) -> None:
        pressed.setEnabled(False)  # the list is redrawn whatever the outcome
        store = self.session.app.store

        def work() -> FileWrite:
            from desktop.workflows import kept_file  # noqa: PLC0415 - as above

            return kept_file.undo_write(store, each.number)

        def done(_write: FileWrite) -> None:
            said = translate("History", "{name} is as it was before, and no longer kept up to date")
            self.session.notices.show_success(said.format(name=each.path.name))
            self.session.kept_files.changed.emit()

        def failed(error: Exception) -> None:
            self.session.notices.show_error(error)
            self.invalidate()

        self.session.jobs.run_on_store(work, done, failed, owner=self)
