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
from desktop.ui.routes import BY_NAME, PAGES
from desktop.ui.session.notices import NoticeBar
from desktop.ui.session.session import Session
from desktop.ui.texts.language import say, translate
from desktop.ui.theme import icons
from desktop.ui.theme.style import look
from desktop.ui.widgets.controls import label, panel, row

if TYPE_CHECKING:
    from desktop.ui.app.detail_pane import DetailPane
    from desktop.ui.app.folder_watcher import FolderWatcher

NATURAL, SMALLEST = (1280, 800), (800, 520)  # logical pixels; smaller on a smaller screen
FRAME = (16, 40)  # logical pixels allowed for the window frame, whose real size is unknown until the window is shown
SYNC_AFTER = 1500  # milliseconds; sync starts after the stored week is on the screen
CRAMPED = 1100  # logical pixels: in a narrower window the sidebar is collapsed
EARLY = ("today", "week")  # the pages that can be shown from the cached view, before the profile is open


class MainWindow(QMainWindow):
    """The window of one session."""

    first_painted = Signal()  # emitted once, when the first frame is on the screen
    found_in_folder = Signal(str)  # the name of a new export in the watched folder
    closed = Signal()  # the window is closed for good, and the session with it

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle("UP Schedule Generator")
        self.setAcceptDrops(True)
        self._pages: dict[str, Page[Any]] = {}
        self._current = ""
        self._opening: PageOpening | None = None
        self._is_painted = False
        self._watches_screens = False
        self._detail: DetailPane | None = None
        self._veil: QLabel | None = None
        self._may_quit = False
        self._is_ending = False
        self.can_come_back = False  # there is a way to show the window again, so closing it may hide it
        self._sync_waits = False
        self._watcher: FolderWatcher | None = None
        self._refusal: QWidget | None = None  # shown instead of a page while the profile cannot be opened
        self.sidebar = Sidebar(collapsed=session.settings.rail_collapsed)
        self.stack = QStackedWidget()
        self.stack.installEventFilter(self)
        middle = row(self.sidebar, self.stack, gap=0)
        middle.setStretch(1, 1)
        whole = panel(middle)
        self.setCentralWidget(whole)
        self.notice_bar = NoticeBar(session.notices, whole)
        session.notices.attach(self)
        self.sidebar.chosen.connect(lambda name: self.open_page(BY_NAME[name].route()))
        self.sidebar.folded.connect(lambda collapsed: session.remember(rail_collapsed=collapsed))
        self.sidebar.undo_asked.connect(session.undo)
        self.sidebar.redo_asked.connect(session.redo)
        session.state.changed.connect(self._show_history)
        session.page_asked.connect(self.open_page)
        session.selected.connect(self._show_detail)
        session.refused.connect(self._refused)
        session.opened.connect(lambda: QTimer.singleShot(SYNC_AFTER, self, self._settled))
        look().changed.connect(self._retint)
        look().rescaled.connect(self._rebuild)
        self._add_actions()
        self._restore()

    def begin(self, page: str = "today") -> None:
        """Opens the profile and shows a page, by its name."""
        from desktop.ui.session.memory import defer_garbage_collection  # noqa: PLC0415 - not before the first frame

        defer_garbage_collection(self.session, self.session.opened, self.session.jobs.idled)
        self.session.open()
        self.open_page(BY_NAME[page].route())

    # pages

    @property
    def current(self) -> str:
        """The name of the page that is shown; "" before the first one."""
        return self._current

    @property
    def is_opening(self) -> bool:
        """True while the requested page is still being built."""
        return self._opening is not None

    def page(self, name: str) -> Page[Any]:
        """The page of that name; built on first use."""
        if self._opening is not None and self._opening.name == name:
            self._opening.finish()
        if name not in self._pages:
            for _ in self._make(name):
                pass
        return self._pages[name]

    def _make(self, name: str) -> Generator[None]:
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
        if self._refusal is not None:
            return
        if name not in EARLY and not self.session.is_open:
            later = partial(self.open_page, route)
            self.session.opened.connect(later, Qt.ConnectionType.SingleShotConnection)
            return
        at_once = not self._current or not self.isVisible()  # there is no page to show in the meantime
        if name != self._current:
            self.session.select(None)
            self._current = name
            under = BY_NAME[name].under
            self.sidebar.mark(under.name if under is not None else name)
            self.notice_bar.leave()
        if at_once or (self._opening is not None and self._opening.name == name):
            self.page(name)
        self._give_up_opening()
        if name in self._pages:
            self._show_page(self._pages[name], route)
        else:
            self.windowHandle().installEventFilter(self)  # for key presses
            self._opening = PageOpening(name, self._open_new(route), self)

    def _open_new(self, route: routes.Route) -> Generator[None]:
        """Builds and shows a page that is opened for the first time, in steps."""
        yield from self._make(route.name)
        page = self._pages[route.name]
        page.setGeometry(self.stack.contentsRect())
        yield from page.draw_ahead()
        self._opening = None
        self.stack.setUpdatesEnabled(False)  # laid out in this round of the event loop, painted in the next
        self._show_page(page, route)
        QTimer.singleShot(0, self.stack, lambda: self.stack.setUpdatesEnabled(True))

    def _show_page(self, page: Page[Any], route: routes.Route) -> None:
        self.stack.setCurrentWidget(page)
        page.take_focus()
        page.open(route)

    def _give_up_opening(self) -> None:
        if self._opening is not None:
            self._opening.give_up()
            self._opening = None

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

    def _retint(self) -> None:
        icons.retint(self)

    def _rebuild(self) -> None:
        """Rebuilds the pages after the text size changed, except those with unsaved input."""
        self._fit_sidebar()
        for name, page in list(self._pages.items()):
            if not page.holds_input:
                del self._pages[name]
                self.stack.removeWidget(page)
                page.deleteLater()
        if self._current:
            self._give_up_opening()
            self.page(self._current)
            self.open_page(BY_NAME[self._current].route())
        self._fit_detail()

    def _fit_sidebar(self) -> None:
        self.sidebar.set_cramped(self.width() < look().px(CRAMPED))

    # commands

    def _add_actions(self) -> None:
        for entry in PAGES:
            if entry.shortcut:
                self._action(entry.shortcut, partial(self.open_page, entry.route()))
        self._action(QKeySequence.StandardKey.Undo, self.session.undo)
        for keys in ("Ctrl+Y", "Ctrl+Shift+Z"):  # systems differ in which of the two they use; users may know either
            self._action(keys, self.session.redo)
        self._action("Ctrl+O", lambda: self.open_page(routes.ImportRoute(choose=True)))
        self._action("Escape", lambda: self.session.select(None))
        self._action(QKeySequence.StandardKey.Quit, self.end, always=True)

    def _action(self, keys: str | QKeySequence.StandardKey, run: Callable[[], object], *, always: bool = False) -> None:
        action = QAction(self)
        if isinstance(keys, str):
            action.setShortcut(QKeySequence(keys))
        else:
            action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda *_: run() if always or self._refusal is None else None)
        self.addAction(action)

    def _settled(self) -> None:
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
        self._watcher.hurry(seen=self.isVisible())
        self._watcher.offered.connect(self.found_in_folder)
        self._watcher.begin()
        if self.isVisible():
            PageLoader(self)
        else:
            self._watcher.look()  # without a window, the profile was opened because the folder has new files
        self.session.update_link.closing.connect(self.end)
        self.session.update_link.start()
        self.session.tidy()

    def _show_sync(self) -> None:
        """Shows the state of sync in the sidebar, and on the Today page whether it waits for the student."""
        from desktop.ui.pages.sync.sync_texts import state_text, state_words  # noqa: PLC0415 - not before the first frame

        status = self.session.sync_status
        waits = status is not None and status.state == "needs you"
        self.sidebar.set_state(state_words(status), state_text(status) if status else "", "warning" if waits else "")
        if waits != self._sync_waits and "today" in self._pages:
            self._pages["today"].outdated()
        self._sync_waits = waits

    def _show_history(self) -> None:
        view = self.session.state.view
        undo, redo = (view.can_undo, view.can_redo) if view is not None else (None, None)
        self.sidebar.set_history(*(None if each is None else say(each) for each in (undo, redo)))

    def _refused(self, error: AppError) -> None:
        """Shows why the profile cannot be opened, and what can be done about it."""
        from desktop.ui.app.profile_error import ProfileError  # noqa: PLC0415 - hardly ever needed

        page = self._refusal = ProfileError(error)
        page.retried.connect(lambda: self._try_again(page))
        page.repair_asked.connect(lambda: self.session.repair(lambda: self._try_again(page)))
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self.sidebar.setEnabled(False)

    def _try_again(self, page: QWidget) -> None:
        self.stack.removeWidget(page)
        page.deleteLater()
        self._refusal = None
        self.sidebar.setEnabled(True)
        self.session.open()
        self.open_page(routes.TodayRoute())

    # files dropped anywhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData()) if self._refusal is None else []
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._veiled(True, self._drop_words(paths) or translate("Window", "Drop to read the timetable"))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veiled(False)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veiled(False)
        paths = dropped_paths(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        take = self.page(self._current).drop if self._drop_words(paths) else self.read_files
        # The program that the files come from waits until this method returns, so the work is done in the next round.
        QTimer.singleShot(0, self, lambda: take(paths))

    def _drop_words(self, paths: Sequence[Path]) -> str:
        """What the current page would do with these files; "" if it does not accept them."""
        return self._pages[self._current].drop_words(paths) if self._current in self._pages else ""

    def read_files(self, paths: Sequence[Path]) -> None:
        """Opens the import page with these files and folders. Files with shared groups are opened as such instead."""
        from desktop.ui.session import sharing  # noqa: PLC0415 - not before something is read

        shared = [path for path in paths if sharing.is_shared(path)]
        documents = tuple(path for path in paths if path not in shared)
        if documents:
            self.open_page(routes.ImportRoute(documents))
        for path in shared:
            sharing.open_shared(self.session, path)

    def open_asked(self, url: QUrl) -> None:
        """Opens a local file or a link (`upschedule:...`), once the profile is open."""
        if not self.session.is_open:
            self.session.opened.connect(lambda: self.open_asked(url), Qt.ConnectionType.SingleShotConnection)
        elif url.isLocalFile():
            self.read_files([Path(url.toLocalFile())])
        else:
            from desktop.ui.session import sharing  # noqa: PLC0415 - not before a link is opened

            link = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
            if sharing.is_shared(link):
                sharing.open_shared(self.session, link)
            else:
                self.open_page(routes.SyncRoute(link))

    def _veiled(self, shown: bool, words: str = "") -> None:
        if shown and self._veil is None:
            self._veil = label()
            self._veil.setParent(self)
            self._veil.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if self._veil is None:
            return
        if shown:
            tokens = look().tokens
            self._veil.setStyleSheet(
                f"background: {tokens.surface}; color: {tokens.accent}; border: 3px dashed {tokens.accent};"
                f" font-size: {look().px(20)}px; font-weight: 600;"
            )
            self._veil.setText(words)
            self._veil.setGeometry(self.rect())
            self._veil.raise_()
        self._veil.setVisible(shown)

    # size, position and closing

    def _restore(self) -> None:
        self.resize(*NATURAL)
        kept = self.session.settings.window
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode("ascii", "ignore")))
        self._fit_size(QSize(*FRAME))

    def fit_screen(self) -> None:
        """Fits the window and its frame into the available area of its screen, now and after a change of screen."""
        handle = self.windowHandle()
        if not self._watches_screens:
            self._watches_screens = True
            handle.screenChanged.connect(lambda _screen: self._fit_size(self._frame()))
        self._fit_size(self._frame())
        if self.isMaximized() or self.isFullScreen():
            return
        free, whole = self.screen().availableGeometry(), self.frameGeometry()
        corner = QPoint(
            max(free.left(), min(whole.left(), free.right() + 1 - whole.width())),
            max(free.top(), min(whole.top(), free.bottom() + 1 - whole.height())),
        )
        if corner != whole.topLeft():
            self.move(corner)

    def _frame(self) -> QSize:
        """The size that the window frame adds; known only once the window is shown."""
        return self.frameGeometry().size() - self.geometry().size()

    def _fit_size(self, frame: QSize) -> None:
        most = self.screen().availableSize() - frame
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(most))
        if not (self.isMaximized() or self.isFullScreen()):
            self.resize(self.size().boundedTo(most))

    def end(self) -> None:
        """Closes the window for good, even where closing only hides it. Asks first if files are being read."""
        self._is_ending = True
        self.close()
        self._is_ending = False

    def quit(self) -> None:
        """Closes the window for good without asking."""
        self._may_quit = True
        self.end()

    def prepare_to_quit(self) -> None:
        """Makes the next close final, because the desktop session ends."""
        self._is_ending = True

    def _goes_on(self) -> bool:
        """True if closing the window leaves the program running."""
        wants = self.session.settings.keep_running == "yes"
        return wants and self.can_come_back and self.session.is_open and not self._is_ending

    def closeEvent(self, event: QCloseEvent) -> None:
        goes_on = self._goes_on()
        if self.session.is_reading and not self._may_quit and not goes_on:
            event.ignore()
            from desktop.ui.app.quit_question import ask_before_quitting  # noqa: PLC0415 - hardly ever needed

            ask_before_quitting(self, self.quit)
            return
        self.session.remember(window=bytes(self.saveGeometry().toBase64().data()).decode("ascii"))
        view = self.session.state.view
        if view is not None:
            self.session.remember(year=view.year)
        self.hide()
        if goes_on:
            if self._watcher is not None:
                self._watcher.hurry(seen=False)
            event.ignore()
            return
        self._give_up_opening()
        self.session.close()
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            if self._opening is not None:
                self._opening.finish()  # a partly built page could not be translated completely
            self._show_history()
            if self.session.sync_status is not None:
                self._show_sync()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watcher is not None:
            self._watcher.hurry(seen=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.stack and event.type() == QEvent.Type.Resize:
            self._fit_detail()
        if watched is self.windowHandle() and event.type() == QEvent.Type.KeyPress and self._opening is not None:
            self._opening.finish()  # the key press is meant for the requested page
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sidebar()
        if self._veil is not None:
            self._veil.setGeometry(self.rect().adjusted(8, 8, -8, -8))


def dropped_paths(data: QMimeData) -> list[Path]:
    """The local files and folders in dragged data."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
