"""The Settings page: appearance, language, exam assumptions, watched folder, reminders, background, and data.

Every change takes effect at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLayout, QLineEdit, QVBoxLayout, QWidget

from desktop import __version__, autostart
from desktop.domain.errors import AppError
from desktop.domain.messages import LANGUAGES, msg
from desktop.domain.records.projection import exam_minutes
from desktop.domain.records.records import SHARED, Act, Change
from desktop.ui import routes
from desktop.ui.pages.backups import BackupPanel
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.reminder_settings import background_entries, reminder_entries, set_autostart
from desktop.ui.session.session import Session
from desktop.ui.texts.language import resolve_language, set_language, translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, label, panel, row
from desktop.ui.widgets.fields import number_field
from desktop.ui.widgets.flow import flow_layout

if TYPE_CHECKING:
    from desktop.config import Settings
    from desktop.workflows.updates import NewVersion

LABEL_WIDTH = 200
MAX_SIDE_BY_SIDE_SCALE = 150  # per cent: in larger text, names go above their controls
SCALES = (80, 90, 100, 110, 125, 150, 175, 200)


class SettingsPage(Page[routes.SettingsRoute]):
    """One column of cards, one per topic."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._follows_updates = False
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self.set_scrolled_content(self._content, MAX_COLUMN_WIDTH)

    def title(self) -> str:
        return translate("Settings", "Settings")

    def refresh(self) -> None:
        for _ in self.refresh_in_pieces():
            pass

    def refresh_in_pieces(self) -> Iterator[None]:
        clear_layout(self._content)
        if not self._follows_updates and self.session.is_open:
            self._follows_updates = True
            self.session.update_link.changed.connect(self.invalidate)
        for make in (
            self._appearance,
            self._timetable,
            self._reminders,
            self._background,
            self._data,
            self._new_versions,
            self._about,
        ):
            self._content.addWidget(make())
            yield
        self._content.addStretch(1)

    # appearance and language

    def _appearance(self) -> QWidget:
        settings = self.session.settings
        themes = (
            ("system", translate("Settings", "Match system")),
            ("light", translate("Settings", "Light")),
            ("dark", translate("Settings", "Dark")),
        )
        contrasts = (
            ("system", translate("Settings", "Match system")),
            ("high", translate("Settings", "High")),
        )
        languages = (("system", translate("Settings", "Match system")), *LANGUAGES.items())
        motions = (
            ("system", translate("Settings", "Match system")),
            ("none", translate("Settings", "Reduced")),
        )
        return self._card(
            translate("Settings", "On this machine"),
            (
                translate("Settings", "Theme"),
                self._choice(themes, settings.theme, lambda value: self._apply_appearance(theme=value)),
            ),
            (
                translate("Settings", "Contrast"),
                self._choice(contrasts, settings.contrast, lambda value: self._apply_appearance(contrast=value)),
            ),
            (
                translate("Settings", "Language"),
                self._choice(languages, settings.language, self._set_language),
            ),
            (
                translate("Settings", "Size of text"),
                self._choice(
                    [(scale, f"{scale} %") for scale in SCALES],
                    settings.text_scale,
                    lambda value: self._apply_appearance(text_scale=value),
                ),
            ),
            (
                translate("Settings", "Motion"),
                self._choice(motions, settings.motion, lambda value: self._apply_appearance(motion=value)),
            ),
        )

    def _apply_appearance(self, **changes: Any) -> None:
        self.session.change_settings(**changes)
        settings: Settings = self.session.settings
        app = QApplication.instance()
        if isinstance(app, QApplication):
            moves = settings.motion == "system"
            appearance().apply(
                app, theme=settings.theme, contrast=settings.contrast, scale=settings.text_scale, animations=moves
            )

    def _set_language(self, code: str) -> None:
        self.session.change_settings(language=code)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            set_language(app, resolve_language(self.session.settings.language))

    def _reload_settings(self) -> None:
        """Reloads the settings after the profile was replaced, and applies them to the window."""
        self.session.reload_settings()
        self._apply_appearance()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            set_language(app, resolve_language(self.session.settings.language))
        self.invalidate()

    # synced settings

    def _timetable(self) -> QWidget:
        view = self.session.state.view
        minutes = number_field(30, 360, 30, translate("Settings", " minutes"))
        if view is not None:
            minutes.setValue(exam_minutes(view.records))
        minutes.editingFinished.connect(lambda: self._set_exam(minutes.value()))
        year = button(
            translate("Settings", "Semester dates"), lambda: self.session.open_page(routes.YearRoute()), icon="year"
        )
        past = button(
            translate("Settings", "History"), lambda: self.session.open_page(routes.HistoryRoute()), icon="history"
        )
        folder = self.session.settings.watched_folder
        watch = button(
            translate("Settings", "Choose a folder") if not folder else translate("Settings", "Stop watching"),
            self._choose_watched if not folder else lambda: self._set_watched_folder(""),
        )
        watched = row(label(folder or translate("Settings", "Off"), wrap=True), watch, gap=GRID)
        watched.setStretch(0, 1)
        offered = translate("Settings", "New exports in this folder, such as Downloads, are offered here.")
        return self._card(
            translate("Settings", "Your timetable"),
            (translate("Settings", "Assumed exam length"), minutes),
            ("", label(translate("Settings", "The portal prints only when an exam starts."), "quiet", wrap=True)),
            (translate("Settings", "Watched folder"), watched),
            ("", label(offered, "quiet", wrap=True)),
            ("", flow_layout(year, past)),
        )

    def _set_exam(self, minutes: int) -> None:
        view = self.session.state.view
        if view is None or minutes == exam_minutes(view.records):
            return
        title = msg("Exams are assumed to last {n} minutes", n=minutes)
        self.session.perform(Act(title, (Change("settings", SHARED, {"exam_minutes": minutes}),)))

    def _choose_watched(self) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(self, translate("Settings", "Choose the folder to watch"), start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._set_watched_folder)
        dialog.open()

    def _set_watched_folder(self, folder: str) -> None:
        from desktop.workflows import watching  # noqa: PLC0415 - not before a folder is chosen

        if not folder:
            self.session.change_settings(watched_folder="")
            self.invalidate()
            return
        app = self.session.app

        def done(_nothing: None) -> None:
            self.session.change_settings(watched_folder=folder)
            self.invalidate()

        self.session.jobs.run_on_store(
            lambda: watching.start_watching(app.store, Path(folder), datetime.now().astimezone()),
            done,
            self.session.notices.show_error,
            owner=self,
        )

    # in the background

    def _reminders(self) -> QWidget:
        return self._card(translate("Settings", "Reminders"), *reminder_entries(self.session))

    def _background(self) -> QWidget:
        return self._card(translate("Settings", "Without the window"), *background_entries(self.session))

    # data

    def _data(self) -> QWidget:
        self.backups = BackupPanel(self.session, self._reload_settings)
        word = translate("Settings", "delete")
        sure = QLineEdit()
        sure.setPlaceholderText(translate("Settings", "Type “{word}” to be sure").format(word=word))
        sure.setAccessibleName(sure.placeholderText())
        sure.setFixedWidth(appearance().px(220))
        words = translate("Settings", "Delete everything")
        delete = button(words, self._delete_everything, role="danger", icon="delete")
        delete.setEnabled(False)
        sure.textChanged.connect(lambda text: delete.setEnabled(text.strip().casefold() == word.casefold()))
        return self._card(
            translate("Settings", "Your data"),
            (
                "",
                label(translate("Settings", "Everything is kept on this machine, in one folder."), "quiet", wrap=True),
            ),
            (translate("Settings", "Backup"), self.backups),
            (translate("Settings", "Delete"), flow_layout(sure, delete)),
            (
                "",
                label(
                    translate("Settings", "All timetables, documents and settings on this machine."), "quiet", wrap=True
                ),
            ),
        )

    def _delete_everything(self) -> None:
        app = self.session.app
        said = translate("Settings", "Everything was deleted from this machine")

        def deleted(left: AppError | None) -> None:
            if autostart.is_enabled():
                set_autostart(self.session, on=False)
            self.session.import_queue.clear()
            self._reload_settings()
            self.session.sync_link.restart()
            self.session.open_page(routes.TodayRoute())  # where the first run starts again
            if left is None:
                self.session.notices.show_success(said)
            else:
                self.session.notices.show_error(left)

        def work() -> AppError | None:
            with self.session.crash_log.paused():
                return app.delete_everything()

        self.session.run_change(work, deleted)

    # new versions

    def _new_versions(self) -> QWidget:
        heading = translate("Settings", "New versions")
        version = (translate("Settings", "Version"), label(f"UP Schedule Generator {__version__}", selectable=True))
        link = self.session.update_link if self.session.is_open else None
        if link is None or link.source is None:
            words = translate("Settings", "This copy cannot look for new versions.")
            return self._card(heading, version, ("", label(words, "quiet", wrap=True)))
        offered = (("daily", translate("Settings", "Once a day")), ("never", translate("Settings", "Never")))
        chosen = self.session.settings.new_versions
        choice = self._choice(offered, "daily" if chosen == "daily" else "never", self._set_update_frequency)
        choice.setAccessibleName(translate("Settings", "Look for them"))
        look_now = button(translate("Settings", "Look now"), link.check)
        look_now.setEnabled(not link.is_busy)
        entries: list[tuple[str, Any]] = [
            version,
            (translate("Settings", "Look for them"), flow_layout(choice, look_now)),
        ]
        if link.is_busy:
            entries.append(("", label(translate("Settings", "One moment"), "quiet")))
        elif link.error is not None:
            entries.append(("", label(translate_message(link.error.title), "quiet", wrap=True)))
        elif link.new_version is None and link.has_checked:
            entries.append(("", label(translate("Settings", "This is the newest version."), "quiet", wrap=True)))
        if link.new_version is not None:
            entries += self._new_version_entries(link.new_version)
        return self._card(heading, *entries)

    def _new_version_entries(self, new: NewVersion) -> list[tuple[str, Any]]:
        link = self.session.update_link
        page = button(
            translate("Settings", "Open the download page"),
            lambda: QDesktopServices.openUrl(QUrl(new.page)),
            role="" if new.can_install else "primary",
        )
        buttons = [page]
        if new.can_install:
            install = button(translate("Settings", "Install and restart"), link.install, role="primary")
            install.setEnabled(not link.is_busy)
            buttons.insert(0, install)
        told: list[tuple[str, Any]] = []
        for each in new.changes:
            told.append(("", label(translate("Settings", "Version {n}").format(n=each.version), "strong")))
            told.append(("", label(each.text, wrap=True, selectable=True)))
        available = label(
            translate("Settings", "Version {n} is available").format(n=new.version), "strong", tone="accent"
        )
        return [("", available), ("", flow_layout(*buttons)), *told]

    def _set_update_frequency(self, chosen: str) -> None:
        self.session.change_settings(new_versions=chosen)

    # about

    def _about(self) -> QWidget:
        makers = translate("Settings", "Students, for students; not by the University of Pretoria.")
        keys = button(translate("Keys", "Keys"), lambda: self.session.open_page(routes.KeysRoute()), icon="info")
        licences = button(
            translate("Licences", "Licences"), lambda: self.session.open_page(routes.LicencesRoute()), icon="document"
        )
        return self._card(
            translate("Settings", "About"),
            ("", flow_layout(keys, licences)),
            (
                translate("Settings", "Made by"),
                row(label(makers, wrap=True)),
            ),
        )

    # helpers

    def _card(self, heading: str, *entries: tuple[str, Any]) -> QWidget:
        body = column(label(heading, "heading"), margin=GRID * 2, gap=GRID + 4)
        beside = appearance().scale <= MAX_SIDE_BY_SIDE_SCALE
        for name, what in entries:
            title = label(name, "strong", wrap=beside)
            if beside:
                title.setFixedWidth(appearance().px(LABEL_WIDTH))
                laid = row(title, _as_row(what, name), gap=GRID)
                laid.setStretch(1, 1)
                if isinstance(what, BackupPanel):  # aligned with its first line, whatever questions appear below
                    title.setFixedHeight(what.first_row_height)
                    laid.setAlignment(title, Qt.AlignmentFlag.AlignTop)
                body.addLayout(laid)
                continue
            if name:
                body.addWidget(title)
            body.addLayout(_as_row(what, name))
        return panel(body, "card")

    def _choice(self, offered: Iterable[tuple[Any, str]], now: Any, chosen: Callable[[Any], object]) -> QComboBox:
        made = QComboBox()
        for value, words in offered:
            made.addItem(words, value)
        made.setCurrentIndex(max(0, made.findData(now)))
        made.setMinimumWidth(appearance().px(200))
        made.activated.connect(lambda index: chosen(made.itemData(index)))
        return made


def _as_row(what: QWidget | QLayout, name: str) -> QLayout:
    """Puts a control at its own width, or a text at full width, into a row; screen readers call it `name`."""
    if isinstance(what, QLayout):
        return what
    if isinstance(what, BackupPanel):
        return row(what, gap=0)
    if name:
        what.setAccessibleName(what.accessibleName() or name)
    return row(what, gap=0) if what.property("role") else row(what, 0, gap=0)
