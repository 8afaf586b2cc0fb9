"""The main window: sidebar, pages, detail pane and notice bar. Files can be dropped anywhere on it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QStackedWidget, QWidget

from desktop.domain.errors import AppError
from desktop.ui import routes
from desktop.ui.app.page_opening import PageOpening
from desktop.ui.app.sidebar import Sidebar
from desktop.ui.pages.page import Page
from desktop.ui.pages.page_registry import page_class
from desktop.ui.routes import PAGES, PAGES_BY_NAME
from desktop.ui.session.notices import NoticeBar
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme import icons
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.controls import label, panel, row

if TYPE_CHECKING:
    from desktop.ui.app.detail_pane import DetailPane
    from desktop.ui.app.folder_watcher import FolderWatcher

DEFAULT_SIZE, MINIMUM_SIZE = (1280, 800), (800, 520)  # logical pixels; smaller on a smaller screen
FRAME_ALLOWANCE = (
    16,
    40,
)  # logical pixels allowed for the window frame, whose real size is unknown until the window is shown
SYNC_AFTER = 1500  # milliseconds; sync starts after the stored week is on the screen
NARROW_WINDOW_WIDTH = 1100  # logical pixels: in a narrower window the sidebar is collapsed
CACHED_VIEW_PAGES = ("today", "week")  # the pages that can be shown from the cached view, before the profile is open


class MainWindow(QMainWindow):
    """The window of one session."""

    first_painted = Signal()  # emitted once, when the first frame is on the screen
    file_found = Signal(str)  # the name of a new export in the watched folder
    closed = Signal()  # the window is closed for good, and the session with it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle("UP Schedule Generator")
        self.setAcceptDrops(True)
        self._pages: dict[str, Page[Any]] = {}
        self._current = ""
        self._page_opening: PageOpening | None = None
        self._is_painted = False
        self._watches_screens = False
        self._detail: DetailPane | None = None
        self._drop_overlay: QLabel | None = None
        self._may_quit_while_reading = False
        self._closes_for_good = False
        self.can_be_reopened = False  # there is a way to show the window again, so closing it may hide it
        self._sync_needs_user = False
        self._watcher: FolderWatcher | None = None
        self._profile_error_page: QWidget | None = None  # shown instead of a page while the profile cannot be opened
        self.sidebar = Sidebar(collapsed=session.settings.rail_collapsed)
        self.stack = QStackedWidget()
        self.stack.installEventFilter(self)
        middle = row(self.sidebar, self.stack, gap=0)
        middle.setStretch(1, 1)
        whole = panel(middle)
        self.setCentralWidget(whole)
        self.notice_bar = NoticeBar(session.notices, whole)
        session.notices.set_window(self)
        self.sidebar.page_chosen.connect(lambda name: self.open_page(PAGES_BY_NAME[name].route()))
        self.sidebar.collapsed_changed.connect(lambda collapsed: session.change_settings(rail_collapsed=collapsed))
        self.sidebar.undo_requested.connect(session.undo)
        self.sidebar.redo_requested.connect(session.redo)
        session.state.changed.connect(self._show_history)
        session.page_requested.connect(self.open_page)
        session.selected.connect(self._show_detail)
        session.open_failed.connect(self._show_profile_error)
        session.opened.connect(lambda: QTimer.singleShot(SYNC_AFTER, self, self._start_background_work))
        appearance().changed.connect(self._recolour_icons)
        appearance().rescaled.connect(self._rebuild_pages)
        self._add_actions()
        self._restore_geometry()

    def open_profile(self, page: str = "today") -> None:
        """Opens the profile and shows a page, by its name."""
        from desktop.ui.session.memory import defer_garbage_collection  # noqa: PLC0415 - not before the first frame

        defer_garbage_collection(self.session, self.session.opened, self.session.jobs.idled)
        self.session.open()
        self.open_page(PAGES_BY_NAME[page].route())

    # pages

    @property
    def current_page(self) -> str:
        """The name of the page that is shown; "" before the first one."""
        return self._current

    @property
    def is_opening(self) -> bool:
        """True while the requested page is still being built."""
        return self._page_opening is not None

    def page(self, name: str) -> Page[Any]:
        """The page of that name; built on first use."""
        if self._page_opening is not None and self._page_opening.name == name:
            self._page_opening.finish()
        if name not in self._pages:
            for _ in self._build_page(name):
                pass
        return self._pages[name]

    def _build_page(self, name: str) -> Generator[None]:
        """Builds a page in steps, each of which may run in its own round of the event loop."""
        made = page_class(name)
        yield
        page = made(self.session)
        self.stack.addWidget(page)
        try:
            yield
            for _ in page.build():
                yield
        except GeneratorExit:
            page.deleteLater()
            raise
        self._pages[name] = page

    def open_page(self, route: routes.Route) -> None:
        """Shows the page of a route and the part of it that the route names; later if the profile is not open yet."""
        name = route.name
        if self._profile_error_page is not None:
            return
        if name not in CACHED_VIEW_PAGES and not self.session.is_open:
            later = partial(self.open_page, route)
            self.session.opened.connect(later, Qt.ConnectionType.SingleShotConnection)
            return
        at_once = not self._current or not self.isVisible()  # there is no page to show in the meantime
        if name != self._current:
            self.session.select(None)
            self._current = name
            under = PAGES_BY_NAME[name].parent
            self.sidebar.set_current_page(under.name if under is not None else name)
            self.notice_bar.hide_error()
        if at_once or (self._page_opening is not None and self._page_opening.name == name):
            self.page(name)
        self._cancel_opening()
        if name in self._pages:
            self._show_page(self._pages[name], route)
        else:
            self.windowHandle().installEventFilter(self)  # for key presses
            self._page_opening = PageOpening(name, self._open_page_in_steps(route), self)

    def _open_page_in_steps(self, route: routes.Route) -> Generator[None]:
        """Builds and shows a page that is opened for the first time, in steps."""
        yield from self._build_page(route.name)
        page = self._pages[route.name]
        page.setGeometry(self.stack.contentsRect())
        yield from page.draw_ahead()
        self._page_opening = None
        self.stack.setUpdatesEnabled(False)  # laid out in this round of the event loop, painted in the next
        self._show_page(page, route)
        QTimer.singleShot(0, self.stack, lambda: self.stack.setUpdatesEnabled(True))

    def _show_page(self, page: Page[Any], route: routes.Route) -> None:
        self.stack.setCurrentWidget(page)
        page.take_focus()
        page.open(route)

    def _cancel_opening(self) -> None:
        if self._page_opening is not None:
            self._page_opening.cancel()
            self._page_opening = None

    def _show_detail(self, what: object) -> None:
        if what is None:
            if self._detail is not None:
                had_keyboard = self._detail.isAncestorOf(QApplication.focusWidget() or self)
                self._detail.hide()
                if had_keyboard and self._current:
                    self.page(self._current).take_focus()
            return
        from desktop.ui.app.detail_pane import DetailPane  # noqa: PLC0415 - loaded once something is selected

        if self._detail is None:
            self._detail = DetailPane(self.session)
            self._detail.setParent(self.centralWidget())
        self._detail.show_item(what)
        self._fit_detail()
        self._detail.raise_()
        self.notice_bar.raise_()

    def _fit_detail(self) -> None:
        """Places the pane over the right side of the page, whose layout does not change. A narrow page is covered."""
        if self._detail is None:
            return
        page = self.stack.geometry()
        width = min(self._detail.natural_width, page.width())
        self._detail.setGeometry(page.right() + 1 - width, page.top(), width, page.height())

    def _recolour_icons(self) -> None:
        icons.recolour_icons(self)

    def _rebuild_pages(self) -> None:
        """Rebuilds the pages after the text size changed, except those with unsaved input."""
        self._fit_sidebar()
        for name, page in list(self._pages.items()):
            if not page.has_unsaved_input:
                del self._pages[name]
                self.stack.removeWidget(page)
                page.deleteLater()
        if self._current:
            self._cancel_opening()
            self.page(self._current)
            self.open_page(PAGES_BY_NAME[self._current].route())
        self._fit_detail()

    def _fit_sidebar(self) -> None:
        self.sidebar.set_window_narrow(self.width() < appearance().px(NARROW_WINDOW_WIDTH))

    # commands

    def _add_actions(self) -> None:
        for entry in PAGES:
            if entry.shortcut:
                self._add_shortcut(entry.shortcut, partial(self.open_page, entry.route()))
        self._add_shortcut(QKeySequence.StandardKey.Undo, self.session.undo)
        for keys in ("Ctrl+Y", "Ctrl+Shift+Z"):  # systems differ in which of the two they use; users may know either
            self._add_shortcut(keys, self.session.redo)
        self._add_shortcut("Ctrl+O", lambda: self.open_page(routes.ImportRoute(choose=True)))
        self._add_shortcut("Escape", lambda: self.session.select(None))
        self._add_shortcut(QKeySequence.StandardKey.Quit, self.close_for_good, always=True)

    def _add_shortcut(
        self, keys: str | QKeySequence.StandardKey, run: Callable[[], object], *, always: bool = False
    ) -> None:
        action = QAction(self)
        if isinstance(keys, str):
            action.setShortcut(QKeySequence(keys))
        else:
            action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda *_: run() if always or self._profile_error_page is None else None)
        self.addAction(action)

    def _start_background_work(self) -> None:
        """Starts everything that can wait until the stored week is on the screen."""
        if not self.session.is_open:
            return  # closed in the meantime
        from desktop.ui.app.folder_watcher import FolderWatcher  # noqa: PLC0415 - as the docstring says
        from desktop.ui.app.page_loader import PageLoader  # noqa: PLC0415 - as the docstring says

        self.session.sync_link.changed.connect(self._show_sync)
        self.session.sync_link.start()
        self.session.kept_files.start()
        self.session.layer_link.start()
        self._watcher = FolderWatcher(self.session)
        self._watcher.set_window_visible(is_visible=self.isVisible())
        self._watcher.file_added.connect(self.file_found)
        self._watcher.start()
        if self.isVisible():
            PageLoader(self)
        else:
            self._watcher.check_folder()  # without a window, the profile was opened because the folder has new files
        self.session.update_link.quit_requested.connect(self.close_for_good)
        self.session.update_link.start()
        self.session.delete_unused_pdfs()

    def _show_sync(self) -> None:
        """Shows the state of sync in the sidebar, and on the Today page whether it waits for the student."""
        from desktop.ui.pages.sync.sync_texts import short_state_text, state_text  # noqa: PLC0415 - not before the first frame

        status = self.session.sync_status
        waits = status is not None and status.state == "needs you"
        self.sidebar.set_state(
            short_state_text(status), state_text(status) if status else "", "warning" if waits else ""
        )
        if waits != self._sync_needs_user and "today" in self._pages:
            self._pages["today"].invalidate()
        self._sync_needs_user = waits

    def _show_history(self) -> None:
        view = self.session.state.view
        undo, redo = (view.can_undo, view.can_redo) if view is not None else (None, None)
        self.sidebar.set_history(*(None if each is None else translate_message(each) for each in (undo, redo)))

    def _show_profile_error(self, error: AppError) -> None:
        """Shows why the profile cannot be opened, and what can be done about it."""
        from desktop.ui.app.profile_error import ProfileErrorPage  # noqa: PLC0415 - hardly ever needed

        page = self._profile_error_page = ProfileErrorPage(error)
        page.retry_requested.connect(lambda: self._retry_opening(page))
        page.repair_requested.connect(lambda: self.session.repair(lambda: self._retry_opening(page)))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.sidebar.setEnabled(False)

    def _retry_opening(self, page: QWidget) -> None:
        self.stack.removeWidget(page)
        page.deleteLater()
        self._profile_error_page = None
        self.sidebar.setEnabled(True)
        self.session.open()
        self.open_page(routes.TodayRoute())

    # files dropped anywhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData()) if self._profile_error_page is None else []
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_drop_overlay(True, self._drop_hint(paths) or translate("Window", "Drop to read the timetable"))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_drop_overlay(False)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_drop_overlay(False)
        paths = dropped_paths(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        take = self.page(self._current).drop if self._drop_hint(paths) else self.read_files
        # The program that the files come from waits until this method returns, so the work is done in the next round.
        QTimer.singleShot(0, self, lambda: take(paths))

    def _drop_hint(self, paths: Sequence[Path]) -> str:
        """What the current page would do with these files; "" if it does not accept them."""
        return self._pages[self._current].drop_hint(paths) if self._current in self._pages else ""

    def read_files(self, paths: Sequence[Path]) -> None:
        """Opens the import page with these files and folders. Files with shared groups are opened as such instead."""
        from desktop.ui.session import sharing  # noqa: PLC0415 - not before something is read

        shared = [path for path in paths if sharing.is_shared(path)]
        documents = tuple(path for path in paths if path not in shared)
        if documents:
            self.open_page(routes.ImportRoute(documents))
        for path in shared:
            sharing.open_shared(self.session, path)

    def open_url(self, url: QUrl) -> None:
        """Opens a local file or a link (`upschedule:...`), once the profile is open."""
        if not self.session.is_open:
            self.session.opened.connect(lambda: self.open_url(url), Qt.ConnectionType.SingleShotConnection)
        elif url.isLocalFile():
            self.read_files([Path(url.toLocalFile())])
        else:
            from desktop.ui.session import sharing  # noqa: PLC0415 - not before a link is opened

            link = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
            if sharing.is_shared(link):
                sharing.open_shared(self.session, link)
            else:
                self.open_page(routes.SyncRoute(link))

    def _show_drop_overlay(self, shown: bool, words: str = "") -> None:
        if shown and self._drop_overlay is None:
            self._drop_overlay = label()
            self._drop_overlay.setParent(self)
            self._drop_overlay.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._drop_overlay.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if self._drop_overlay is None:
            return
        if shown:
            tokens = appearance().tokens
            self._drop_overlay.setStyleSheet(
                f"background: {tokens.surface}; color: {tokens.accent}; border: 3px dashed {tokens.accent};"
                f" font-size: {appearance().px(20)}px; font-weight: 600;"
            )
            self._drop_overlay.setText(words)
            self._drop_overlay.setGeometry(self.rect())
            self._drop_overlay.raise_()
        self._drop_overlay.setVisible(shown)

    # size, position and closing

    def _restore_geometry(self) -> None:
        self.resize(*DEFAULT_SIZE)
        kept = self.session.settings.window
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii", "ignore")))
        self._fit_size(QSize(*FRAME_ALLOWANCE))

    def fit_screen(self) -> None:
        """Fits the window and its frame into the available area of its screen, now and after a change of screen."""
        handle = self.windowHandle()
        if not self._watches_screens:
            self._watches_screens = True
            handle.screenChanged.connect(lambda _screen: self._fit_size(self._frame_size()))
        self._fit_size(self._frame_size())
        if self.isMaximized() or self.isFullScreen():
            return
        free, whole = self.screen().availableGeometry(), self.frameGeometry()
        corner = QPoint(
            max(free.left(), min(whole.left(), free.right() + 1 - whole.width())),
            max(free.top(), min(whole.top(), free.bottom() + 1 - whole.height())),
        )
        if corner != whole.topLeft():
            self.move(corner)

    def _frame_size(self) -> QSize:
        """The size that the window frame adds; known only once the window is shown."""
        return self.frameGeometry().size() - self.geometry().size()

    def _fit_size(self, frame: QSize) -> None:
        most = self.screen().availableSize() - frame
        self.setMinimumSize(QSize(*MINIMUM_SIZE).boundedTo(most))
        if not (self.isMaximized() or self.isFullScreen()):
            self.resize(self.size().boundedTo(most))

    def close_for_good(self) -> None:
        """Closes the window for good, even where closing only hides it. Asks first if files are being read."""
        self._closes_for_good = True
        self.close()
        self._closes_for_good = False

    def quit_without_asking(self) -> None:
        """Closes the window for good without asking."""
        self._may_quit_while_reading = True
        self.close_for_good()

    def prepare_to_quit(self) -> None:
        """Makes the next close final, because the desktop session ends."""
        self._closes_for_good = True

    def _keeps_running(self) -> bool:
        """True if closing the window leaves the program running."""
        wants = self.session.settings.keep_running == "yes"
        return wants and self.can_be_reopened and self.session.is_open and not self._closes_for_good

    def closeEvent(self, event: QCloseEvent) -> None:
        goes_on = self._keeps_running()
        if self.session.is_reading and not self._may_quit_while_reading and not goes_on:
            event.ignore()
            from desktop.ui.app.quit_question import ask_before_quitting  # noqa: PLC0415 - hardly ever needed

            ask_before_quitting(self, self.quit_without_asking)
            return
        self.session.change_settings(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        view = self.session.state.view
        if view is not None:
            self.session.change_settings(year=view.year)
        self.hide()
        if goes_on:
            if self._watcher is not None:
                self._watcher.set_window_visible(is_visible=False)
            event.ignore()
            return
        self._cancel_opening()
        self.session.close()
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            if self._page_opening is not None:
                self._page_opening.finish()  # a partly built page could not be translated completely
            self._show_history()
            if self.session.sync_status is not None:
                self._show_sync()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watcher is not None:
            self._watcher.set_window_visible(is_visible=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.stack and event.type() == QEvent.Type.Resize:
            self._fit_detail()
        if watched is self.windowHandle() and event.type() == QEvent.Type.KeyPress and self._page_opening is not None:
            self._page_opening.finish()  # the key press is meant for the requested page
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sidebar()
        if self._drop_overlay is not None:
            self._drop_overlay.setGeometry(self.rect().adjusted(8, 8, -8, -8))


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders in dragged data."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
