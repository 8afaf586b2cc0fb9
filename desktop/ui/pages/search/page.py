"""The Search page: one field for everything, and a list of results operated by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QTreeWidget, QTreeWidgetItem

from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.session.session import Session
from desktop.ui.texts.language import plural, translate
from desktop.ui.theme import icons
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.controls import label
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.ui.pages.search.search_results import SearchResult

_RESULT_ROLE = Qt.ItemDataRole.UserRole
_LIST_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


class SearchPage(Page[routes.SearchRoute]):
    """A search field and its results."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _text: self._search())
        self.field.returnPressed.connect(self.open_current)
        self.field.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformRowHeights(True)
        self.list.setRootIsDecorated(False)
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item, _column: self.open_current())
        self._count_label = label("", "quiet", wrap=True)
        self._results: list[SearchResult] = []
        for widget in (self.field, self._count_label):
            self.body.addWidget(widget)
        self.body.addWidget(self.list, 1)
        appearance().changed.connect(self.invalidate)  # the list has the theme's colours drawn in
        self.retranslate()

    def take_focus(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def title(self) -> str:
        return translate("Search", "Search")

    def retranslate(self) -> None:
        self.field.setPlaceholderText(translate("Search", "A module, a room, a test, a day, a setting"))
        self.field.setAccessibleName(translate("Search", "What to look for"))
        self.list.setAccessibleName(translate("Search", "What was found"))

    def refresh(self) -> None:
        from desktop.ui.pages.search import search_results  # noqa: PLC0415 - not before something is looked for

        self._results = search_results.all_results(self.session)
        self._search()

    def open(self, route: routes.SearchRoute) -> None:
        if route.text:
            self.field.setText(route.text)

    def _search(self) -> None:
        from desktop.ui.pages.search import search_results  # noqa: PLC0415 - as above

        found = search_results.find(self.field.text(), self._results)
        self.list.clear()
        self.list.setIconSize(QSize(appearance().px(18), appearance().px(18)))
        self.list.setColumnWidth(0, appearance().px(280))
        for hit in found:
            item = QTreeWidgetItem([hit.title, hit.detail])
            item.setIcon(0, icons.icon(hit.icon, "muted"))
            item.setForeground(1, appearance().colour("muted"))
            item.setData(0, _RESULT_ROLE, hit)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{hit.title}, {hit.detail}")
            set_tooltip(item, hit.detail, 1)
            item.setSizeHint(0, QSize(0, appearance().px(34)))
            self.list.addTopLevelItem(item)
        first = self.list.topLevelItem(0)
        if first is not None:
            self.list.setCurrentItem(first)
        if found:
            self._count_label.setText(
                plural(len(found), translate("Search", "{n} found"), translate("Search", "{n} found"))
            )
        elif self.field.text().strip():
            self._count_label.setText(translate("Search", "Nothing found. Try fewer words, or part of one."))
        else:
            self._count_label.setText(
                translate("Search", "Modules, classes, tests, exams, rooms, own events, settings and pages.")
            )

    def open_current(self) -> None:
        """Opens the current result."""
        item = self.list.currentItem()
        if item is None:
            return
        hit: SearchResult = item.data(0, _RESULT_ROLE)
        self.session.open_page(hit.route)
        if isinstance(hit.route, routes.WeekRoute):
            self.session.select(hit.route.occurrence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if watched is self.field and pressed in _LIST_KEYS:
            QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)
