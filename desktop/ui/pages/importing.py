"""The Import page: drop files, follow their reading, see what could not be read and why, go on to the review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QWidget

from desktop.domain.errors import InvalidInput
from desktop.ui import routes
from desktop.ui.pages.import_card import import_card
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_instructions
from desktop.ui.session.import_queue import QueuedDocument, ReadStage
from desktop.ui.session.session import Session
from desktop.ui.texts.counts import contents_text
from desktop.ui.texts.language import plural, translate, translate_message
from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    ElidedLabel,
    button,
    centred_row,
    clear_layout,
    column,
    icon_button,
    icon_label,
    label,
    panel,
    row,
    scroll_area,
    set_tone,
    set_tooltip_and_name,
)
from desktop.ui.widgets.focus import preserve_focus

if TYPE_CHECKING:
    from desktop.workflows.imports import Import

CARDS_PER_TURN = 12  # cards made per turn of the event loop


class ImportPage(Page[routes.ImportRoute]):
    """Takes documents, and shows one card for each file."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._cards: dict[int, FileCard] = {}
        self._pending: list[QueuedDocument] = []
        self._card_timer = QTimer(self)
        self._card_timer.setInterval(0)
        self._card_timer.timeout.connect(self._make_next_cards)
        self._choose = button("", self.choose, role="primary", icon="folder")
        self._paste = button("", self.paste, icon="copy")
        self._drop_title = label("", "title", wrap=True)
        self._drop_lines = column(gap=4)
        self._drop_words = QWidget()
        self._drop = self._drop_area()
        self._count = label("", "quiet")
        self._cancel_all = button("", session.import_queue.cancel_all)
        self._retry_all = button("", session.import_queue.retry_all)
        self._bar = panel(row(self._count, 0, self._retry_all, self._cancel_all))
        self._list = column(gap=GRID)
        self._accepted_word, self._accepted_list = label("", "heading"), column(gap=GRID)
        self._accepted = panel(column(self._accepted_word, self._accepted_list, gap=GRID))
        holder = QWidget()
        holder.setLayout(column(self._list, self._accepted, 0, gap=GRID * 2))
        self._accepted.hide()
        self._area = scroll_area(holder)
        self.body.addWidget(self._drop, 1)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._area, 4)
        self._history = button("", lambda: session.open_page(routes.HistoryRoute()), role="quiet", icon="history")
        self.tools.addWidget(self._history)
        self._review = self.add_primary_button("", lambda: session.open_page(routes.ReviewRoute()), "next")
        import_queue = session.import_queue
        import_queue.added.connect(self._added)
        import_queue.changed.connect(self._changed)
        import_queue.removed.connect(self._removed)
        import_queue.reading_finished.connect(self._settled)
        import_queue.proposals_changed.connect(self._recount)
        for entry in import_queue.entries:
            self._added(entry)
        self.retranslate()
        self._recount()

    def title(self) -> str:
        return translate("Import", "Import")

    def refresh(self) -> None:
        if not self.session.is_open:
            return
        store = self.session.app.store

        def work() -> tuple[Import, ...]:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return tuple(each for each in imports.list_imports(store) if each.accepted)

        self.session.jobs.run_on_store(work, self._show_accepted, self.session.notices.show_error, owner=self)

    def _show_accepted(self, found: tuple[Import, ...]) -> None:
        with preserve_focus(self):
            clear_layout(self._accepted_list)
            for each in found:
                self._accepted_list.addWidget(import_card(self.session, each, self.invalidate))
        self._accepted.setVisible(bool(found))
        self._recount()

    def open(self, route: routes.ImportRoute) -> None:
        if route.choose:
            QTimer.singleShot(0, self, self.choose)
        elif route.paths:
            self.session.import_queue.add(list(route.paths))

    def choose(self) -> None:
        """Asks for files in the system's dialog."""
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(self, translate("Import", "Choose timetable PDFs"), start)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                translate("Import", "PDF documents") + " (*.pdf *.PDF)",
                translate("Import", "Tables") + " (*.csv *.tsv *.txt *.html *.htm)",
                translate("Import", "All files") + " (*)",
            ]
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.session.import_queue.add([Path(name) for name in names]))
        dialog.open()

    def paste(self) -> None:
        """Reads the table copied from the portal's page, or the files that were copied."""
        copied: QMimeData | None = QGuiApplication.clipboard().mimeData()
        data = copied if copied is not None else QMimeData()  # None where nothing was ever copied
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        html = data.html() if data.hasHtml() else ""
        text = html if "<table" in html.lower() else data.text()
        if files:
            self.session.import_queue.add(files)
        elif text.strip():
            self.session.import_queue.paste(text.encode("utf-8", "replace"), translate("Import", "Pasted table"))
        else:
            self.session.notices.show_error(
                InvalidInput(
                    translate("Import", "No table was copied."),
                    translate("Import", "On the portal’s page, select the table and copy it, then paste it here."),
                )
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self._history.setText(translate("Import", "History"))
        self._accepted_word.setText(translate("Import", "Accepted documents"))
        self._choose.setText(translate("Import", "Choose PDFs"))
        self._paste.setText(translate("Import", "Paste table"))
        self._cancel_all.setText(translate("Import", "Cancel all"))
        self._retry_all.setText(translate("Import", "Retry all"))
        self._drop_title.setText(translate("Import", "Drop your timetable PDFs anywhere in this window"))
        while (item := self._drop_lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, text in enumerate(portal_instructions(), 1):
            self._drop_lines.addWidget(label(f"{number}.  {text}", "quiet", wrap=True))
        for card in self._cards.values():
            card.draw()
        self._recount()

    def _drop_area(self) -> QFrame:
        mark = icon_label("import", "accent")
        mark.setFixedWidth(appearance().px(40))
        mark.setPixmap(
            icons.pixmap("import", appearance().colour("accent"), appearance().px(36), self.devicePixelRatioF())
        )
        words = self._drop_words
        words.setLayout(self._drop_lines)
        self._drop_title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body = column(0, margin=GRID * 3, gap=GRID + 4)
        body.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addWidget(self._drop_title)
        body.addLayout(centred_row(words, 560))
        body.addLayout(row(0, self._choose, self._paste, 0, gap=GRID))
        body.addStretch(1)
        return panel(body, "drop")

    # cards

    def _added(self, entry: QueuedDocument) -> None:
        self._pending.append(entry)
        if not self._card_timer.isActive():
            self._card_timer.start()

    def _make_next_cards(self) -> None:
        """Makes a few cards at a time, so that 500 files dropped at once do not freeze the window."""
        for entry in self._pending[:CARDS_PER_TURN]:
            if entry in self.session.import_queue.entries:
                card = FileCard(self.session, entry)
                self._cards[entry.number] = card
                self._list.addWidget(card)
        del self._pending[:CARDS_PER_TURN]
        if not self._pending:
            self._card_timer.stop()
        self._recount()

    def _changed(self, entry: QueuedDocument) -> None:
        card = self._cards.get(entry.number)
        if card is not None:
            card.draw()
        self._recount()

    def _removed(self, entry: QueuedDocument) -> None:
        card = self._cards.pop(entry.number, None)
        if card is not None:
            card.hide()
            card.deleteLater()
        self._recount()

    def _settled(self) -> None:
        self._recount()
        waiting = self.session.import_queue.proposals
        if (
            waiting
            and self.isVisible()
            and not all(entry.is_duplicate for entry in self.session.import_queue.entries if entry.draft is not None)
        ):
            self.session.open_page(routes.ReviewRoute())

    def _recount(self) -> None:
        import_queue = self.session.import_queue
        entries = import_queue.entries
        open_now = sum(entry.is_open for entry in entries)
        refused = sum(entry.stage is ReadStage.REFUSED for entry in entries)
        is_empty = not entries and self._accepted.isHidden()
        self._area.setVisible(not is_empty)
        self._bar.setVisible(len(entries) > 1)
        self._drop_words.setVisible(is_empty)  # how to get the PDFs, while there are none
        self._cancel_all.setVisible(open_now > 1)
        self._retry_all.setVisible(refused > 1 and not open_now)
        parts = [
            plural(
                len({each.path for each in entries}), translate("Import", "{n} file"), translate("Import", "{n} files")
            )
        ]
        if open_now:
            parts.append(translate("Import", "{n} to go").format(n=open_now))
        if refused:
            parts.append(translate("Import", "{n} could not be read").format(n=refused))
        self._count.setText(" · ".join(parts))
        ready = len(import_queue.proposals)
        self._review.setVisible(bool(ready))
        self._review.setText(
            plural(ready, translate("Import", "Review {n} document"), translate("Import", "Review {n} documents"))
        )


class FileCard(QFrame):
    """The card of one file: its name, kind, progress, result, and what can be done about it."""

    def __init__(self, session: Session, entry: QueuedDocument) -> None:
        super().__init__()
        self._session, self._entry = session, entry
        import_queue = session.import_queue
        self.setProperty("role", "card")
        self._mark = icon_label("document", "muted")
        self._name = ElidedLabel("strong")
        self._what = label("", "quiet")
        self._result = label("", wrap=True)
        self._hint = label("", "quiet", wrap=True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._retry = button("", lambda: import_queue.retry(entry), role="quiet", icon="retry")
        self._copy = button("", self._copy_details, role="quiet", icon="copy")
        self._stop = icon_button("close", "", self._close)
        top = row(self._name, self._what, gap=GRID + 4)
        top.setStretch(0, 1)
        words = column(top, self._result, self._hint, self._progress, row(self._retry, self._copy, 0), gap=4)
        body = row(self._mark, words, self._stop, margin=GRID + 4, gap=GRID + 4)
        body.setStretch(1, 1)
        body.setAlignment(self._stop, Qt.AlignmentFlag.AlignTop)
        body.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        self.setLayout(body)
        self.draw()

    def draw(self) -> None:
        """Shows the current state of the file."""
        entry = self._entry
        self._name.set_full_text(entry.path.name)
        draft = entry.draft
        self._what.setText(self._kind_words())
        self._what.setVisible(draft is not None)
        self._progress.setVisible(entry.stage is ReadStage.READING)
        self._progress.setRange(0, entry.total)
        self._progress.setValue(entry.done)
        result, tone, icon = self._outcome()
        self._result.setText(result)
        self._result.setVisible(bool(result))
        set_tone(self._result, tone)
        set_tone(self, "danger" if entry.stage is ReadStage.REFUSED else "")
        icons.set_icon(self._mark, icon, tone or "muted")
        hint = translate_message(entry.error.hint) if entry.error is not None else ""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._retry.setText(translate("Import", "Retry"))
        self._retry.setVisible(entry.stage in (ReadStage.REFUSED, ReadStage.CANCELLED))
        self._copy.setText(translate("Import", "Copy details"))
        self._copy.setVisible(entry.stage is ReadStage.REFUSED)
        stop = translate("Import", "Cancel") if entry.is_open else translate("Import", "Dismiss")
        set_tooltip_and_name(self._stop, stop)
        for each, words in ((self._stop, stop), (self._retry, self._retry.text()), (self._copy, self._copy.text())):
            each.setAccessibleName(f"{words}: {entry.path.name}")
        self.setAccessibleName(f"{entry.path.name}: {result} {hint}".strip())

    def _kind_words(self) -> str:
        draft = self._entry.draft
        if draft is None:
            return ""
        if not draft.pages:
            return translate_message(draft.kind.title)
        pages = plural(draft.pages, translate("Import", "{n} page"), translate("Import", "{n} pages"))
        return f"{translate_message(draft.kind.title)} · {pages}"

    def _outcome(self) -> tuple[str, str, str]:
        entry = self._entry
        match entry.stage:
            case ReadStage.WAITING:
                return translate("Import", "Waiting"), "", "document"
            case ReadStage.READING:
                if entry.total > 1:
                    text = translate("Import", "Reading page {n} of {m}").format(n=entry.done, m=entry.total)
                else:
                    text = translate("Import", "Reading")
                return text, "", "document"
            case ReadStage.CANCELLED:
                return translate("Import", "Cancelled"), "", "document"
            case ReadStage.REFUSED:
                return translate_message(entry.error.title) if entry.error else "", "danger", "error"
        if entry.draft is None or entry.contents is None:
            return "", "", "document"
        if entry.is_duplicate:
            return translate("Import", "Already in your timetable, unchanged"), "good", "done"
        tone = "warning" if entry.contents.problems else "good"
        return contents_text(entry.contents), tone, "warning" if entry.contents.problems else "done"

    def _close(self) -> None:
        import_queue = self._session.import_queue
        if self._entry.is_open:
            import_queue.cancel(self._entry)
        else:
            import_queue.dismiss(self._entry)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._entry.details())
        self._session.notices.show_success(translate("Import", "Copied"))
