"""Creates, moves and resizes own events by mouse in the week. Everything can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.domain.errors import AppError
from desktop.domain.timetable.assessments import TimeSlot
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Timetable, is_own
from desktop.domain.week_view import Block
from desktop.ui import routes
from desktop.ui.pages.week.editable_grid import EditableWeekGrid
from desktop.ui.session.session import Session
from desktop.ui.texts.language import date_text, translate
from desktop.ui.theme import icons

if TYPE_CHECKING:  # only needed once an event is made or moved
    from desktop.domain.commands.event_moves import EventMove
    from desktop.domain.records.records import Act
    from desktop.ui.pages.week.event_editor import EventEditor

ActMaker = Callable[[Timetable], "Act"]


class OwnEventController(QObject):
    """Turns spans drawn in the grid into acts."""

    def __init__(self, session: Session, grid: EditableWeekGrid) -> None:
        super().__init__(grid)
        self._session = session
        self._grid = grid
        self._editor: EventEditor | None = None
        grid.span_drawn.connect(self._open_editor)
        grid.event_moved.connect(self._move)
        grid.empty_menu_requested.connect(self._open_menu)
        session.state.week_changed.connect(self.discard)

    @property
    def editor(self) -> EventEditor | None:
        """The form of a new event, while it is open."""
        return self._editor

    def discard(self) -> None:
        """Drops the drawn span and its unsaved form."""
        if self._editor is not None:
            self._editor.hide()
            self._editor.deleteLater()
            self._editor = None
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self._grid.clear_span()

    # a new event

    def start_event_at(self, moment: datetime) -> None:
        """Asks for a new event of an hour from `moment`."""
        days = [day.date for day in self._grid.week.days] if self._grid.week is not None else []
        if moment.date() in days:
            slot = self._grid.draw_hour(moment.time(), days.index(moment.date()))
            if slot is not None:
                self._open_editor(slot)

    def _open_editor(self, slot: TimeSlot) -> None:
        view = self._session.state.view
        if view is None or not self._session.is_open:
            self._grid.clear_span()
            return
        from desktop.ui.pages.week.event_editor import EventEditor  # noqa: PLC0415 - see above

        before = self._editor
        self._editor = editor = EventEditor(self._grid.viewport(), slot)
        if before is not None:  # another time was drawn for what is already typed
            editor.fill_in(before.title, before.place)
            before.hide()
            before.deleteLater()
        editor.saved.connect(self._save)
        editor.cancelled.connect(self.discard)
        editor.full_form_requested.connect(self._open_form)
        editor.show_beside(self._grid.span_rect(), self._grid.viewport().rect())

    def _save(self) -> None:
        editor, view = self._editor, self._session.state.view
        if editor is None or view is None:
            return
        from desktop.domain.commands import edits  # noqa: PLC0415 - see above

        day, start, end = editor.slot
        name = edits.event_id(view.year, secrets.token_hex(8))
        try:
            event = OwnEvent(name, view.year, editor.title, start, end, on=day, venue=editor.place)
            act = edits.save_event(view.timetable, event)
        except AppError as wrong:
            self._session.notices.show_error(wrong)
            return
        self._session.perform(act, self.discard)

    def _open_form(self) -> None:
        if self._editor is None:
            return
        day, start, end = self._editor.slot
        route = routes.EventRoute(
            start=datetime.combine(day, start),
            end=datetime.combine(day, end),
            title=self._editor.title,
            venue=self._editor.place,
        )
        self.discard()
        self._session.open_page(route)

    def _open_menu(self, moment: datetime, place: QPoint) -> None:
        menu = QMenu(self._grid)
        menu.aboutToHide.connect(menu.deleteLater)
        words = translate("Menu", "New event here")
        menu.addAction(icons.icon("plus"), words, lambda: self.start_event_at(moment))
        menu.popup(place)

    # moving

    def _move(self, block: Block, to: TimeSlot) -> None:
        event, view = block.occurrence.item, self._session.state.view
        if not is_own(event) or view is None or not self._session.is_open:
            self._grid.clear_span()
            return
        from desktop.domain.commands.event_moves import EventMove, move_event  # noqa: PLC0415 - see above

        move = EventMove(event.id, block.occurrence.date, to)
        if event.on is not None:
            self._perform(lambda timetable: move_event(timetable, move))
            return
        self._ask_one_or_all(move)

    def _ask_one_or_all(self, move: EventMove) -> None:
        """Asks whether to move one date or all, in a menu where the mouse was released."""
        from desktop.domain.commands.event_moves import move_event, move_event_once  # noqa: PLC0415 - see above

        menu = QMenu(self._grid)
        name = secrets.token_hex(8)
        ways: tuple[tuple[str, ActMaker], ...] = (
            (
                translate("Menu", "Move on {day} only").format(day=date_text(move.day, "d MMMM")),
                lambda timetable: move_event_once(timetable, move, name),
            ),
            (translate("Menu", "Move every week"), lambda timetable: move_event(timetable, move)),
        )
        chosen: list[ActMaker] = []
        for words, make in ways:
            menu.addAction(words).triggered.connect(lambda *_, make=make: chosen.append(make))

        def closed() -> None:
            menu.deleteLater()
            self._perform(chosen[0]) if chosen else self._grid.clear_span()

        # A menu hides before it emits what was chosen.
        menu.aboutToHide.connect(closed, Qt.ConnectionType.QueuedConnection)
        rect = self._grid.span_rect()
        menu.popup(self._grid.viewport().mapToGlobal(QPoint(rect.center().x(), rect.center().y())))

    def _perform(self, make: ActMaker) -> None:
        view = self._session.state.view
        try:
            if view is not None:
                self._session.perform(make(view.timetable), finally_=self._grid.clear_span)
        except AppError as wrong:
            self._grid.clear_span()
            self._session.notices.show_error(wrong)
