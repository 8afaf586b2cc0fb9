"""The Export page: a preview of the calendar file, and the ways to write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.undecided_groups import UndecidedGroupsPrompt
from desktop.ui.session.first_run import Step, mark_step_done
from desktop.ui.session.session import Session
from desktop.ui.texts.counts import join_with_and
from desktop.ui.texts.language import current_language, date_text, event_time_text, plural, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, panel, scroll_area, separator
from desktop.ui.widgets.flow import SidePanelLayout
from desktop.ui.widgets.plain_words import CheckBox
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.workflows.export import ExportOptions, IcsPreview


SIDE, MIN_COLUMN_WIDTH = 248, 88  # logical pixels: the choices, and a column of the preview


class ExportPage(Page[routes.ExportRoute]):
    """A preview of the calendar file, and the button that writes it."""

    narrow_below = 760

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._options: ExportOptions | None = None
        self._shown: IcsPreview | None = None
        self._asks_place = False  # asks for it once the preview is there
        self._push = button("", lambda: session.open_page(routes.PushRoute()), icon="calendar")
        self.tools.addWidget(self._push)
        self._save = self.add_primary_button("", self.choose_place, "export")
        self._kinds: dict[str, QCheckBox] = {}
        self._switches: dict[str, QCheckBox] = {}
        self._choices = column(gap=4)
        self._kinds_heading, self._how_heading, self._follow_heading = (
            label("", "caps"),
            label("", "caps"),
            label("", "caps"),
        )
        self._keep = CheckBox()
        self._keep.clicked.connect(self._keep_clicked)
        self._kept: Path | None = None
        self._kept_line = label("", "quiet", wrap=True)
        session.kept_files.changed.connect(self.invalidate)
        self._programs: list[tuple[QLabel, QLabel]] = []
        self._count = label("", "heading", wrap=True)
        self._span = label("", "quiet", wrap=True)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setColumnCount(4)
        self.list.setSelectionMode(QTreeWidget.SelectionMode.SingleSelection)
        self._whole, self._side, self._preview_side = QWidget(), QWidget(), panel()
        self._both = SidePanelLayout(scroll_area(self._side), self._preview_side, SIDE)
        self._portal = PortalEmptyState(session)
        self._undecided = UndecidedGroupsPrompt(session)
        self._undecided.setContentsMargins(0, 0, 0, GRID)
        self._choices.addWidget(self._undecided)  # inside the scrolled part, so that the preview keeps its height
        self.body.addWidget(self._portal, 1)
        self.body.addWidget(self._whole, 1)
        self._whole.setLayout(self._both)

    def build(self) -> Iterator[None]:
        self._fill_choices()
        self._side.setLayout(self._choices)
        yield
        right = column(self._count, self._span, RecessNote(self.session, has_link=True), self.list, gap=GRID)
        right.setStretch(3, 1)
        self._preview_side.setLayout(right)
        self.retranslate()
        yield

    def title(self) -> str:
        return translate("Export", "Calendar file")

    def open(self, route: routes.ExportRoute) -> None:
        """Opens the page; with `route.save`, asks for a place as soon as the preview is ready."""
        self._asks_place = route.save
        if route.save:
            self.invalidate()

    def retranslate(self) -> None:
        self._save.setText(translate("Export", "Save as"))
        self._push.setText(translate("Export", "Add to calendar"))
        self._kinds_heading.setText(translate("Export", "What is in it"))
        self._how_heading.setText(translate("Export", "How"))
        self._follow_heading.setText(translate("Export", "Which way follows changes"))
        self._keep.setText(translate("Export", "Keep this file up to date"))
        set_tooltip(
            self._keep,
            translate("Export", "It is written again after every change. Choose a place in OneDrive or Google Drive."),
        )
        for (program, way), texts in zip(self._programs, update_hints(), strict=True):
            program.setText(texts[0])
            way.setText(texts[1])
        words = {
            "lecture": translate("Export", "Lectures and other classes"),
            "test": translate("Export", "Tests"),
            "exam": translate("Export", "Exams"),
            "own": translate("Export", "Own events"),
            "undecided": translate("Export", "Groups not chosen yet"),
            "venues": translate("Export", "Rooms"),
            "busy_only": translate("Export", "Show as busy only"),
            "singles": translate("Export", "Separate event per date"),
        }
        hints = {
            "singles": translate("Export", "For programs that show classes in recess and on holidays."),
            "busy_only": translate("Export", "Leaves out names, rooms and notes."),
        }
        for name, box in (*self._kinds.items(), *self._switches.items()):
            box.setText(words.get(name, name))
            set_tooltip(box, hints.get(name, ""))
        self.list.setHeaderLabels(
            [
                translate("Export", "What"),
                translate("Export", "When"),
                translate("Export", "Dates"),
                translate("Export", "Where"),
            ]
        )
        self.list.setAccessibleName(translate("Export", "What will be written"))

    def refresh(self) -> None:
        state = self.session.state
        nothing = state.view is not None and state.is_empty
        self._both.set_narrow(narrow=self.is_narrow)
        self._whole.setVisible(not nothing)
        self._save.setVisible(not nothing)
        self._push.setVisible(not nothing)
        self._portal.show_if(nothing)
        self._show_undecided_if_needed()
        if state.view is not None and not nothing:
            self._preview()

    def _show_undecided_if_needed(self) -> bool:
        """Whether the student still has to decide about groups that are not chosen; shows that question."""
        if self._options is not None and not self._options.undecided:
            self._undecided.hide()
            return False
        return self._undecided.show_if_needed()

    def _fill_choices(self) -> None:
        """Fills the column of choices. Kinds are named by the values of `EventKind`, which is not imported yet."""
        self._choices.addWidget(self._kinds_heading)
        for name in ("lecture", "test", "exam", "own"):
            self._choices.addWidget(self._box(name, self._kinds))
        self._choices.addSpacing(GRID)
        self._choices.addWidget(separator())
        self._choices.addSpacing(GRID)
        self._choices.addWidget(self._how_heading)
        for name in ("undecided", "venues", "busy_only", "singles"):
            self._choices.addWidget(self._box(name, self._switches))
        self._choices.addWidget(self._keep)
        self._choices.addWidget(self._kept_line)
        self._choices.addSpacing(GRID)
        self._choices.addWidget(separator())
        self._choices.addSpacing(GRID)
        self._choices.addWidget(self._follow_heading)
        for _ in update_hints():
            program, way = label("", "strong", wrap=True), label("", "quiet", wrap=True)
            self._programs.append((program, way))
            self._choices.addWidget(program)
            self._choices.addWidget(way)
        self._choices.addStretch(1)

    def _box(self, name: str, into: dict[str, QCheckBox]) -> QCheckBox:
        box = into[name] = CheckBox()
        box.toggled.connect(lambda _on: self._changed())
        return box

    # the options

    def _show_options(self, options: ExportOptions) -> None:
        on = {str(kind) for kind in options.kinds}
        for name, box in self._kinds.items():
            self._set(box, name in on)
        for name, box in self._switches.items():
            self._set(box, bool(getattr(options, name)))

    @staticmethod
    def _set(box: QCheckBox, on: bool) -> None:
        blocked = box.blockSignals(True)
        box.setChecked(on)
        box.blockSignals(blocked)

    def _changed(self) -> None:
        from desktop.workflows.export import EventKind, store_options  # noqa: PLC0415 - not before it is wanted

        if self._options is None:
            return
        on = {name: box.isChecked() for name, box in self._switches.items()}
        options = replace(
            self._options,
            kinds=frozenset(EventKind(name) for name, box in self._kinds.items() if box.isChecked()),
            undecided=on["undecided"],
            venues=on["venues"],
            busy_only=on["busy_only"],
            singles=on["singles"],
            language=current_language(),
        )
        self._options = options
        store = self.session.app.store
        self.session.jobs.run_on_store(lambda: store_options(store, options), None, self.session.notices.show_error)
        self._preview()

    # the preview

    def _preview(self) -> None:
        view, kept, language = self.session.state.view, self._options, current_language()
        if view is None:
            return
        self._save.setEnabled(False)
        store = self.session.app.store

        def work() -> tuple[ExportOptions, IcsPreview, Path | None]:
            from desktop.workflows import export, kept_file  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            options = replace(kept, language=language) if kept else export.options_of(view.records, language)
            shown = export.preview_ics(store, view, options, datetime.now(UTC))
            return options, shown, kept_file.kept_file(store, view.year)

        def done(found: tuple[ExportOptions, IcsPreview, Path | None]) -> None:
            options, shown, path = found
            if self._options is None:
                self._options = options
                self._show_options(options)
            self._show_kept(path)
            self._show(shown)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    def _show(self, shown: IcsPreview) -> None:
        self._shown = shown
        may_save = bool(shown.events) and not self._show_undecided_if_needed()
        self._save.setEnabled(may_save)
        self._keep.setEnabled(may_save or self._kept is not None)
        dates = {str(kind): number for kind, number in shown.preview.dates.items()}
        counts = [_kind_count(kind, dates[kind]) for kind in self._kinds if dates.get(kind)]
        self._count.setText(join_with_and(counts) if counts else translate("Export", "Nothing would be written"))
        parts = []
        if shown.preview.first is not None and shown.preview.last is not None:
            parts.append(f"{date_text(shown.preview.first.date())} – {date_text(shown.preview.last.date())}")
        if shown.preview.cancelled:
            parts.append(
                plural(
                    shown.preview.cancelled,
                    translate("Export", "{n} saved before is cancelled"),
                    translate("Export", "{n} saved before are cancelled"),
                )
            )
        self._span.setText(" · ".join(parts))
        self.list.clear()
        items = []
        for event in shown.events:
            starts = list(event.starts())
            when = event_time_text(event.start, event.end, starts)
            item = QTreeWidgetItem([event.title, when, str(len(starts)), event.location.replace("\n", ", ")])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            set_tooltip(item, event.description, 0)
            set_tooltip(item, event.location, 3)
            if event.cancelled:
                item.setText(1, translate("Export", "cancelled"))
            items.append(item)
        self.list.addTopLevelItems(items)
        header = self.list.header()
        for number in (1, 2):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        QTimer.singleShot(0, self, self._fit_columns)  # once the other columns have their width

        if self._asks_place and may_save:
            self._asks_place = False
            self.choose_place()

    def _fit_columns(self) -> None:
        """Divides the remaining width between What and Where; when both need more, What gets the larger share."""
        header = self.list.header()
        taken = (max(self.list.sizeHintForColumn(each), header.sectionSizeHint(each)) for each in (1, 2))
        left = self.list.viewport().width() - sum(taken)
        asked, where = self.list.sizeHintForColumn(0) + GRID, self.list.sizeHintForColumn(3) + GRID
        what = max(appearance().px(MIN_COLUMN_WIDTH), min(asked, max(left - where, left * 3 // 5)))
        header.resizeSection(0, what)
        header.resizeSection(3, max(appearance().px(MIN_COLUMN_WIDTH), left - what))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._shown is not None:
            QTimer.singleShot(0, self, self._fit_columns)  # once the list has its new width

    # writing

    def choose_place(self) -> None:
        """Asks where to write the file, in the system's dialog."""
        self._choose(self.save_to)

    def _choose(self, chosen: Callable[[Path], object]) -> None:
        if self._shown is None or self._show_undecided_if_needed():
            return
        folder = Path(self.session.settings.export_folder or Path.home())
        dialog = QFileDialog(self, translate("Export", "Save the calendar file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([translate("Export", "Calendar files") + " (*.ics)"])
        dialog.setDefaultSuffix("ics")
        dialog.setDirectory(str(folder))
        dialog.selectFile(f"UP {self._shown.year}.ics")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: chosen(Path(name)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Writes the file that is previewed, and reports success once it is on the disk."""
        shown = self._shown
        if shown is None:
            return
        store = self.session.app.store

        def work() -> None:
            from desktop.workflows import export  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            export.save_ics(store, shown, path)

        def done(_nothing: None) -> None:
            self.session.change_settings(export_folder=str(path.parent))
            mark_step_done(self.session, Step.PHONE)
            self.session.notices.show_success(translate("Export", "Saved {name}").format(name=path.name))
            self._preview()

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    # a file that is kept up to date

    def _show_kept(self, path: Path | None) -> None:
        self._kept = path
        self._set(self._keep, path is not None)
        self._kept_line.setVisible(path is not None)
        self._kept_line.setText(path.name if path is not None else "")
        set_tooltip(self._kept_line, str(path or ""))

    def _keep_clicked(self, on: bool) -> None:
        if on:
            self._set(self._keep, False)  # unchecked until a place is chosen
            self._choose(self.start_keeping)
        else:
            self.stop_keeping()

    def start_keeping(self, path: Path) -> None:
        """Writes the file that is previewed, and writes it again after every change from now on."""
        shown, options = self._shown, self._options
        if shown is None or options is None:
            return
        store, options = self.session.app.store, replace(options, language=current_language())

        def work() -> None:
            from desktop.workflows import kept_file  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            kept_file.keep_file(store, shown, path, options)

        def done(_nothing: None) -> None:
            self.session.change_settings(export_folder=str(path.parent))
            mark_step_done(self.session, Step.PHONE)
            said = translate("Export", "Saved {name}; it is kept up to date from now on")
            self.session.notices.show_success(said.format(name=path.name))
            self._preview()

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    def stop_keeping(self) -> None:
        """Stops updating the file; the file itself stays as it is."""
        view, store = self.session.state.view, self.session.app.store
        if view is None:
            return
        year = view.year

        def work() -> None:
            from desktop.workflows import kept_file  # noqa: PLC0415 - as above

            kept_file.stop_keeping(store, year)

        self.session.jobs.run_on_store(
            work, lambda _nothing: self._preview(), self.session.notices.show_error, owner=self
        )


def update_hints() -> tuple[tuple[str, str], ...]:
    """Calendar programs, each with a line on how changes of the timetable reach it."""
    return (
        (
            translate("Export", "Google Calendar"),
            translate("Export", "Add to calendar. It copies a file once."),
        ),
        (
            translate("Export", "Apple Calendar"),
            translate("Export", "Subscribe, or add to calendar with iCloud."),
        ),
        (
            translate("Export", "Outlook"),
            translate("Export", "Subscribe. It copies a file once."),
        ),
        (
            translate("Export", "Thunderbird"),
            translate("Export", "Subscribe, or add to calendar. It refuses a changed file."),
        ),
        (
            translate("Export", "Evolution, KOrganizer"),
            translate("Export", "Open the file that is kept up to date."),
        ),
        (
            translate("Export", "calcurse"),
            translate("Export", "Add to calendar. It doubles what is in a changed file."),
        ),
    )


def _kind_count(kind: str, number: int) -> str:
    if kind == "test":
        return plural(number, translate("Export", "{n} test"), translate("Export", "{n} tests"))
    if kind == "exam":
        return plural(number, translate("Export", "{n} exam"), translate("Export", "{n} exams"))
    if kind == "own":
        return plural(number, translate("Export", "{n} own event"), translate("Export", "{n} own events"))
    return plural(number, translate("Export", "{n} class"), translate("Export", "{n} classes"))
