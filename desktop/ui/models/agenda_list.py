"""Rows of the agenda: a heading for each day, its classes, tests and events, and a row that asks for later weeks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.ui.models.assessment_list import BAR_WIDTH, GAP, NARROW, HeadingRow, draw_heading
from desktop.ui.models.row_delegate import RowDelegate, WrappedText
from desktop.ui.theme.style import GRID, appearance, full_colour

TIMES_WIDTH = 104


@dataclass(frozen=True)
class AgendaRow:
    """A dated event with its texts in the language of the window."""

    occurrence: Occurrence
    colour: Colour
    times: str
    name: str
    kind: str
    place: str
    is_past: bool
    is_ruled: bool  # whether a line separates it from the row above
    is_focusable = True

    @property
    def key(self) -> object:
        return self.occurrence.item.id, self.occurrence.start

    @property
    def accessible_text(self) -> str:
        return ", ".join(part for part in (self.times, self.name, self.kind, self.place) if part)


@dataclass(frozen=True)
class LaterRow:
    """The row at the end that asks for the weeks after those shown."""

    accessible_text: str
    is_focusable = True
    key = "later"


AgendaListRow = HeadingRow | AgendaRow | LaterRow


class AgendaDelegate(RowDelegate[AgendaListRow]):
    """Draws the rows of the agenda."""

    def height(self, row: AgendaListRow, width: float) -> float:
        return self._lay(None, row, QRectF(0, 0, width, 0))

    def draw(self, painter: QPainter, row: AgendaListRow, rect: QRectF) -> None:
        self._lay(painter, row, rect)

    def _lay(self, painter: QPainter | None, row: AgendaListRow, rect: QRectF) -> float:
        """Draws the row if there is a painter; returns its height in any case."""
        match row:
            case HeadingRow():
                return draw_heading(painter, row, rect)
            case LaterRow():
                return _later(painter, row, rect)
            case AgendaRow():
                return _event(painter, row, rect)


def _event(painter: QPainter | None, row: AgendaRow, rect: QRectF) -> float:
    body, bold = appearance().font(), appearance().font(bold=True)
    is_narrow = rect.width() < appearance().px(NARROW)
    times = WrappedText(row.times, body if row.is_past or is_narrow else bold, "muted" if row.is_past else "text")
    name = WrappedText(row.name, bold, "muted" if row.is_past else "text")
    kind = WrappedText(" · ".join(part for part in (row.kind, row.place) if part), body, "muted")
    at_times = rect.left() + GRID
    at_bar = at_times if is_narrow else at_times + appearance().px(TIMES_WIDTH) + GAP
    left = at_bar + BAR_WIDTH + GAP
    room = rect.right() - GRID - left
    is_beside = name.width + GRID * 2 + kind.width <= room
    lines = [*([times] if is_narrow else []), name, *([] if is_beside or not kind.text else [kind])]
    high = sum(each.height(room) + 2 for each in lines) - 2
    if painter is None:
        return high + 2 * (GRID + 2)
    if row.is_ruled:
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), appearance().colour("line"))
    top = rect.top() + GRID + 2
    if not is_narrow:
        times.draw(painter, at_times, top, appearance().px(TIMES_WIDTH))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(full_colour(row.colour))
    painter.drawRoundedRect(QRectF(at_bar, top, BAR_WIDTH, high), 2, 2)
    for each in lines:
        if each is name and is_beside:
            kind.draw(painter, left + name.width + GRID * 2, top, kind.width + 1)
        top = each.draw(painter, left, top, room) + 2
    return high


def _later(painter: QPainter | None, row: LaterRow, rect: QRectF) -> float:
    words = WrappedText(row.accessible_text, appearance().font(bold=True), "accent")
    width = rect.width() - 2 * GRID
    if painter is not None:
        words.draw(painter, rect.left() + GRID, rect.top() + GRID * 2, width)
    return words.height(width) + GRID * 4
