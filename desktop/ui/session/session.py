"""The session that every page gets: the current view, changes to it, and navigation to other pages.

The store runs on a lane of its own. A change is made there and returns with the new view; only then is it reported as
done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.crash_log import CrashLog
from desktop.domain.messages import msg
from desktop.ui import routes
from desktop.ui.session.jobs import CancelFlag, Jobs, Progress
from desktop.ui.session.notices import Notices
from desktop.ui.session.state import ViewState
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.config import Settings
    from desktop.domain.drafts.draft import Draft
    from desktop.domain.records.records import Act
    from desktop.domain.timetable.occurrences import Occurrence
    from desktop.domain.timetable.timetable import Item
    from desktop.ui.session.import_queue import ImportQueue
    from desktop.ui.session.kept_files import KeptFiles
    from desktop.ui.session.layer_link import LayerLink
    from desktop.ui.session.sync_link import SyncLink
    from desktop.ui.session.update_link import UpdateLink
    from desktop.workflows.folder_sync import FolderStatus
    from desktop.workflows.sync import Status
    from desktop.workflows.timetable import View

T = TypeVar("T")
PIXELS_PER_POINT = 1.6  # pixels per point: sharp at the width at which a row is readable, and 5 MB per page


class Session(QObject):
    """One window's session with one profile."""

    page_requested = Signal(routes.Route)
    selected = Signal(object)  # an Occurrence, an Item, or None: what the detail pane shows
    detail_focus_requested = Signal()  # the keyboard focus moves to the detail pane

    opened = Signal()  # the profile is open and its timetable is shown for the first time
    open_failed = Signal(object)  # the profile cannot be opened: an AppError

    def __init__(
        self, opener: Callable[[], App], settings: Settings, profile: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._opener = opener
        self._profile = profile
        self._app: App | None = None
        self._is_view_loaded = False
        self._pending_acts: list[Act] = []  # acts that are being stored
        self._settings = settings
        self.crash_log = CrashLog(profile)
        self.jobs = Jobs(self)
        self.state = ViewState(self)
        self.notices = Notices(self)
        self.jobs.unhandled.connect(self.notices.show_error)

    # the profile

    @property
    def is_open(self) -> bool:
        """True once the profile is open and its view is shown; before that, the cached view is shown."""
        return self._app is not None and self._is_view_loaded

    @property
    def profile(self) -> Path:
        """The folder of the profile."""
        return self._profile

    @property
    def app(self) -> App:
        """The open profile. Available after `opened`, and at any time to work on the lane of the store.

        Raises RuntimeError before that.
        """
        if self._app is None:
            raise RuntimeError("The profile is not open yet.")
        return self._app

    @property
    def settings(self) -> Settings:
        """The settings of this machine."""
        return self._settings

    def open(self) -> None:
        """Shows the cached view, opens the profile on the lane of the store, then shows its timetable."""
        from desktop.ui.session import view_cache  # noqa: PLC0415 - not before the first frame

        today, year = self.state.today, self._settings.year
        self.show_cached_view()

        def work() -> View:
            self._app = self._opener()
            from desktop.workflows import timetable  # noqa: PLC0415 - the store is not loaded before the first frame

            years = self._app.store.years()
            view = timetable.compute_view(self._app.store, year if year in years else None, today)
            view_cache.save_view(self._profile, view)
            return view

        def done(view: View) -> None:
            self._is_view_loaded = True
            self.state.set_view(view)
            _ = self.kept_files  # created here, so that it sees every change
            self.opened.emit()

        self.jobs.run_on_store(work, done, self.open_failed.emit)

    def show_cached_view(self) -> bool:
        """Shows the cached view unless it is empty. Returns False if there is none that this version can read."""
        from desktop.ui.session import view_cache  # noqa: PLC0415 - not before the first frame

        kept = view_cache.load_view(self._profile)
        if kept is not None and not kept.timetable.is_empty:
            self.state.set_view(kept)
        return kept is not None

    def change_settings(self, **changes: Any) -> None:
        """Changes settings of this machine and saves them. Raises InvalidInput for an invalid value."""
        settings = replace(self._settings, **changes)
        if settings == self._settings:
            return
        self._settings = settings
        if self._app is not None:
            app = self._app
            self.jobs.run_on_store(lambda: app.change_settings(settings), None, self.notices.show_error)

    def reload_settings(self) -> None:
        """Adopts the settings of the profile after they were restored or deleted."""
        self._settings = self.app.settings

    # navigation

    def open_page(self, route: routes.Route) -> None:
        self.page_requested.emit(route)

    def select(self, what: Occurrence | Item | None) -> None:
        """Shows an occurrence or an item in the detail pane; None closes the pane."""
        self.selected.emit(what)

    def focus_detail(self) -> None:
        """Moves the keyboard focus to the detail pane."""
        self.detail_focus_requested.emit()

    def show_in_pdf(self, item: Item) -> None:
        """Shows the place in the document that an item was read from."""
        self.page_requested.emit(routes.DocumentRoute(item))

    # documents

    @cached_property
    def import_queue(self) -> ImportQueue:
        from desktop.ui.session.import_queue import ImportQueue  # noqa: PLC0415 - not before something is imported

        return ImportQueue(self, self)

    @property
    def is_reading(self) -> bool:
        """True while documents are being read."""
        return "import_queue" in self.__dict__ and self.import_queue.is_reading

    @cached_property
    def sync_link(self) -> SyncLink:
        from desktop.ui.session.sync_link import SyncLink  # noqa: PLC0415 - not before the window is open

        return SyncLink(self, self)

    @cached_property
    def update_link(self) -> UpdateLink:
        from desktop.ui.session.update_link import UpdateLink  # noqa: PLC0415 - not before the window is open

        return UpdateLink(self, self)

    @cached_property
    def layer_link(self) -> LayerLink:
        from desktop.ui.session.layer_link import LayerLink  # noqa: PLC0415 - not before the window is open

        return LayerLink(self, self)

    @cached_property
    def kept_files(self) -> KeptFiles:
        from desktop.ui.session.kept_files import KeptFiles  # noqa: PLC0415 - not before the window is open

        return KeptFiles(self, self)

    def read_document(
        self, path: Path, flag: CancelFlag, report_progress: Progress, body: bytes | None = None
    ) -> tuple[Draft, ...]:
        """Reads a file, or the bytes of `body` instead, in a separate process. Blocks: call it on the pool.

        Raises AppError, of which Cancelled is one.
        """
        from desktop.workflows import documents  # noqa: PLC0415 - PDF support is not imported before it is needed

        if body is not None:
            return self.app.reader.read_bytes(body, flag, report_progress)
        return documents.read_document(self.app.reader, path, flag, report_progress)

    def render_page(self, source: Path, page: int, flag: CancelFlag) -> tuple[QImage, float]:
        """A page of a document as an image, and its height in points. Blocks: call it on the pool."""
        from desktop.workflows import documents  # noqa: PLC0415 - as above

        drawn = documents.render_page(self.app.reader, source, page, flag, PIXELS_PER_POINT)
        image = QImage(drawn.pixels, drawn.width, drawn.rows, drawn.width * 4, QImage.Format.Format_RGBA8888)
        return image.copy(), drawn.height

    # reading and changing

    def reload_view(self, year: int | None = None, done: Callable[[], object] | None = None) -> None:
        """Reads the timetable of a year (if None, the current one) and shows it; then calls `done`."""
        self._run_and_reload(lambda: None, year, lambda _nothing: done() if done else None)

    def perform(
        self,
        act: Act,
        done: Callable[[], object] | None = None,
        *,
        quiet: bool = False,
        finally_: Callable[[], object] | None = None,
    ) -> None:
        """Performs an act; shows a notice with Undo once it is stored, unless `quiet`.

        `done` is called on success, `finally_` in any case. If the same act is requested again before it is stored,
        as by a double click, it is performed only once.
        """
        if self._pending_acts and self._pending_acts[-1] == act:
            return
        self._pending_acts.append(act)

        def over() -> None:
            self._pending_acts.remove(act)
            if finally_ is not None:
                finally_()

        def stored(_result: object) -> None:
            if not quiet:
                self.notices.show_success(act.title, self.undo)
            if done is not None:
                done()

        def work() -> object:
            from desktop.workflows import timetable  # noqa: PLC0415 - the store is not loaded before the first frame

            return timetable.apply_act(self.app.store, act)

        self.run_change(work, stored, finally_=over)

    def undo(self, acts: int = 1, words: str = "") -> None:
        """Undoes the newest act that can be undone; or several, which the notice describes as `words`."""

        def work() -> str | None:
            from desktop.workflows import timetable  # noqa: PLC0415 - as above

            return [timetable.undo(self.app.store) for _ in range(acts)][-1]

        self._run_and_reload(work, None, lambda title: self._undone(title, acts, words))

    def redo(self, acts: int = 1, words: str = "") -> None:
        """Redoes what was last undone; the parameters are those of `undo`."""

        def work() -> str | None:
            from desktop.workflows import timetable  # noqa: PLC0415 - as above

            return [timetable.redo(self.app.store) for _ in range(acts)][-1]

        self._run_and_reload(work, None, lambda title: self._redone(title, acts, words))

    def run_change(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        *,
        year: int | None = None,
        finally_: Callable[[], object] | None = None,
    ) -> None:
        """Runs any other work on the store that changes the timetable, then shows the new view (of `year`, if given).

        `done` is called with the result once the new view is shown; `finally_` in any case, before `done`.
        """

        def ended(answer: T) -> None:
            if finally_ is not None:
                finally_()
            done(answer)

        def failed(error: Exception) -> None:
            if finally_ is not None:
                finally_()
            self.notices.show_error(error)

        self._run_and_reload(work, year, ended, failed)

    def _undone(self, title: str | None, acts: int, words: str) -> None:
        if title is None:
            self.notices.show_success(translate("Session", "There is nothing to undo"))
        else:
            self.notices.show_success(msg("Undone: {act}", act=words or title), redo=lambda: self.redo(acts, words))

    def _redone(self, title: str | None, acts: int, words: str) -> None:
        if title is None:
            self.notices.show_success(translate("Session", "There is nothing to redo"))
        else:
            self.notices.show_success(words or title, lambda: self.undo(acts, words))

    def _run_and_reload(
        self,
        work: Callable[[], T],
        year: int | None,
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        today = self.state.today
        wanted = year if year is not None else (self.state.view.year if self.state.view is not None else None)

        def whole() -> tuple[T, View]:
            from desktop.ui.session import view_cache  # noqa: PLC0415 - as below
            from desktop.workflows import timetable  # noqa: PLC0415 - the store is not loaded before the first frame

            answer = work()
            view = timetable.compute_view(self.app.store, wanted, today)
            view_cache.save_view(self._profile, view)
            return answer, view

        def arrived(both: tuple[T, View]) -> None:
            self.state.set_view(both[1])
            done(both[0])

        self.jobs.run_on_store(whole, arrived, failed or self.notices.show_error)

    def repair(self, done: Callable[[], object]) -> None:
        """Sets a damaged database aside and creates a new one from what can still be read; then calls `done`."""

        def work() -> tuple[int, str]:
            from desktop.app import App  # noqa: PLC0415 - the store is not loaded before the first frame

            repaired = App.repair(self._profile)
            return repaired.from_damaged + repaired.from_copies, repaired.damaged.name if repaired.damaged else ""

        def ended(found: tuple[int, str]) -> None:
            text = translate("Session", "Entries brought back: {n}")
            if found[1]:
                text = translate("Session", "Entries brought back: {n}. The damaged file is kept as {file}")
            done()
            self.notices.show_success(text.format(n=found[0], file=found[1]))

        self.jobs.run_on_store(work, ended, self.notices.show_error)

    @property
    def sync_status(self) -> Status | FolderStatus | None:
        """The status of sync; None before sync is started."""
        if "sync_link" not in self.__dict__:
            return None
        return self.sync_link.folder_status or self.sync_link.status

    def delete_unused_pdfs(self) -> None:
        """Deletes stored PDFs that no import needs any more."""
        if not self.is_open:
            return
        app = self.app

        def work() -> int:
            from desktop.workflows import profile  # noqa: PLC0415 - not before the first frame

            return profile.delete_unused_files(app.store)

        self.jobs.run_on_store(work, None, self.notices.show_error)

    def close(self) -> None:
        """Finishes pending work on the store, stops everything else, and closes the profile."""
        if "sync_link" in self.__dict__:
            self.sync_link.stop()
        if "kept_files" in self.__dict__:
            self.kept_files.write_pending()
        self.jobs.close()
        if self._app is not None:
            self._app.close()
            self._app = None
