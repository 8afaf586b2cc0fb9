"""The Print page: a preview of a week or a whole term, to print or to save."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QSizePolicy

from desktop.domain.week_view import week_view
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.printing import sheet as paper
from desktop.ui.pages.printing.sheet import Sheet
from desktop.ui.pages.week.page import week_title
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, label, row
from desktop.ui.widgets.tooltips import set_tooltip

WEEK, TERM = "week", "term"


class PrintPage(Page[routes.PrintRoute]):
    """Shows a preview of the sheets, and prints or saves them."""

    narrow_below = 500

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._what, self._ink = QComboBox(), QComboBox()
        for box in (self._what, self._ink):
            box.activated.connect(lambda _index: self.invalidate())
        self._count = label("", "quiet")
        self.body.addLayout(row(self._what, self._ink, self._count, 0, gap=GRID))
        self._picture = label()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.body.addWidget(self._picture, 1)
        self._png = button("", lambda: self._choose("png"), icon="export")
        self._pdf = button("", lambda: self._choose("pdf"), icon="export")
        self.tools.addWidget(self._png)
        self.tools.addWidget(self._pdf)
        self._print = self.add_primary_button("", self._open_print_dialog, "print")
        session.state.week_changed.connect(self.invalidate)
        self.retranslate()

    def title(self) -> str:
        return translate("Paper", "Print")

    def retranslate(self) -> None:
        self._png.setText(translate("Paper", "Save a picture"))
        self._pdf.setText(translate("Paper", "Save a PDF"))
        self._print.setAccessibleName(translate("Paper", "Print"))
        for box, name, entries in (
            (
                self._what,
                translate("Paper", "What to print"),
                ((WEEK, translate("Paper", "This week")), (TERM, translate("Paper", "Every week of the term"))),
            ),
            (
                self._ink,
                translate("Paper", "Colours"),
                ((False, translate("Paper", "In colour")), (True, translate("Paper", "Black and white"))),
            ),
        ):
            now = max(0, box.currentIndex())
            box.clear()
            box.setAccessibleName(name)
            for value, words in entries:
                box.addItem(words, value)
            box.setCurrentIndex(now)

    @property
    def _is_monochrome(self) -> bool:
        return bool(self._ink.currentData())

    def sheets(self) -> list[Sheet]:
        """Returns the chosen sheets: the current week, or all weeks of its semester that contain anything."""
        state = self.session.state
        if state.view is None or state.is_empty:
            return []
        calendar, dated = state.view.calendar, state.occurrences()
        mondays = [state.shown_monday]
        offered = calendar.semester(state.shown_monday)
        if self._what.currentData() == TERM and offered is not None:
            used = {each.date - timedelta(days=each.date.weekday()) for each in dated}
            mondays = sorted(monday for monday in used if calendar.semester(monday) == offered)
        weeks = [week_view(dated, calendar, monday, state.clashing_occurrences) for monday in mondays]
        return [Sheet(week_title(week), week) for week in weeks]

    def refresh(self) -> None:
        self._print.setText("" if self.is_narrow else self._print.accessibleName())
        set_tooltip(self._print, self._print.accessibleName() if self.is_narrow else "")
        sheets = self.sheets()
        for tool in (self._png, self._pdf, self._print):
            tool.setEnabled(bool(sheets))
        self._count.setText(translate("Paper", "{n} sheets of A4").format(n=len(sheets)) if len(sheets) > 1 else "")
        if not sheets:
            self._picture.setText(translate("Paper", "There is nothing to print yet"))
            return
        ratio = self.devicePixelRatioF()
        room = self._picture.size()
        scale = min(room.width() / paper.WIDTH, room.height() / paper.HEIGHT)
        if scale <= 0:
            return
        image = paper.sheet_image(
            sheets[0], self.session.state.colour_of, monochrome=self._is_monochrome, scale=scale * ratio
        )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)
        self._picture.setAccessibleName(sheets[0].title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.invalidate()

    def _choose(self, kind: str) -> None:
        dialog = QFileDialog(self, translate("Paper", "Save the timetable"), self.session.settings.export_folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(f"timetable-{self.session.state.shown_monday.isoformat()}.{kind}")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Writes the sheets to one PDF, or to one image each, depending on the ending of the name."""
        sheets, colour_of = self.sheets(), self.session.state.colour_of
        files: list[tuple[Path, bytes]] = []
        if path.suffix.lower() == ".pdf":
            files.append((path, paper.pdf_bytes(sheets, colour_of, monochrome=self._is_monochrome)))
        else:
            for number, sheet in enumerate(sheets):
                name = path if len(sheets) == 1 else path.with_stem(f"{path.stem}-{number + 1:02}")
                files.append(
                    (name, paper.png_bytes(paper.sheet_image(sheet, colour_of, monochrome=self._is_monochrome)))
                )

        def work() -> None:
            for name, body in files:
                paper.write_file(name, body)

        def done(_nothing: None) -> None:
            self.session.change_settings(export_folder=str(path.parent))
            said = translate("Paper", "Saved {file}").format(file=files[0][0].name)
            if len(files) > 1:
                said = translate("Paper", "Saved {file} to {last}").format(
                    file=files[0][0].name, last=files[-1][0].name
                )
            self.session.notices.show_success(said)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    def _open_print_dialog(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415 - not before it is printed

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:  # the system's own dialog can only be opened modally
            paper.print_sheets(printer, self.sheets(), self.session.state.colour_of, monochrome=self._is_monochrome)
