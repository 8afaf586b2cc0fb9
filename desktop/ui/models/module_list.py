"""Rows of the Modules list: colour, name and attended groups of each module."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.domain.timetable.modules import Colour
from desktop.ui.models.row_delegate import RowDelegate, WrappedText
from desktop.ui.theme.style import GRID, appearance, full_colour

DOT_SIZE = 12
GAP = GRID + 4


@dataclass(frozen=True)
class ModuleRow:
    """A module with its texts in the language of the window; `tone` is the colour of its summary."""

    code: str
    name: str
    colour: Colour
    summary: str
    tone: str
    hidden: bool
    is_focusable = True

    @property
    def key(self) -> str:
        return self.code

    @property
    def accessible_text(self) -> str:
        return ", ".join(part for part in (self.code, self.name, self.summary) if part)


class ModuleDelegate(RowDelegate[ModuleRow]):
    """Draws the rows of Modules."""

    def height(self, row: ModuleRow, width: float) -> float:
        room = width - self._text_left(0) - GRID
        return sum(each.height(room) + 2 for each in _lines(row)) - 2 + 2 * (GRID + 2)

    def draw(self, painter: QPainter, row: ModuleRow, rect: QRectF) -> None:
        lines, left, top = _lines(row), self._text_left(rect.left()), rect.top() + GRID + 2
        room = rect.right() - left - GRID
        side = appearance().px(DOT_SIZE)
        middle = top + lines[0].height(room) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(full_colour(row.colour))
        painter.drawEllipse(QRectF(rect.left() + GRID, middle - side / 2, side, side))
        for each in lines:
            top = each.draw(painter, left, top, room) + 2

    @staticmethod
    def _text_left(left: float) -> float:
        return left + GRID + appearance().px(DOT_SIZE) + GAP


def _lines(row: ModuleRow) -> list[WrappedText]:
    head = WrappedText(row.code, appearance().font(bold=True), "muted" if row.hidden else "text")
    rest = [WrappedText(row.name, appearance().font(), "muted" if row.hidden else "text")] if row.name else []
    return [head, *rest, WrappedText(row.summary, appearance().font(), row.tone)]
