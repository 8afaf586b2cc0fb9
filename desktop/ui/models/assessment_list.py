"""Rows of the Tests & exams list: month headings, notes on missing documents, and assessments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.ui.models.row_delegate import Action, RowDelegate, WrappedText, trailing_icons
from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID, LARGE, appearance, full_colour

ACTION_HIDE = "hide"
NARROW = 560  # logical pixels; in a narrower row the days have no room beside the rest
DAYS_WIDTH = 104
GAP = GRID + 4
BAR_WIDTH = 4  # width of the bar in the module's colour


@dataclass(frozen=True)
class HeadingRow:
    """The heading of a month or a day, or `Past`."""

    accessible_text: str
    is_first: bool
    is_focusable = False

    @property
    def key(self) -> object:
        return "heading", self.accessible_text


@dataclass(frozen=True)
class MissingRow:
    """Tests or exams that no document contained, with a hint; `action` is the link to the import."""

    what: str
    hint: str
    action: str
    is_focusable = True

    @property
    def key(self) -> object:
        return "missing", self.what

    @property
    def accessible_text(self) -> str:
        return f"{self.what} {self.hint} {self.action}"


@dataclass(frozen=True)
class AssessmentRow:
    """An assessment with its texts in the language of the window."""

    assessment: Assessment
    colour: Colour
    kind: str
    days: str
    when: str
    preliminary: str  # says so, or empty
    hide: str  # tooltip of the icon: hide, or show again
    details: str
    is_past: bool
    is_ruled: bool  # whether a line separates it from the row above
    is_focusable = True

    @property
    def key(self) -> object:
        return "assessment", self.assessment.id

    @property
    def name(self) -> str:
        return f"{self.assessment.module} · {self.assessment.name}"

    @property
    def accessible_text(self) -> str:
        return ", ".join(part for part in (self.name, self.kind, self.days, self.when, self.preliminary) if part)

    @property
    def mark(self) -> str:
        return "exam" if self.assessment.kind is AssessmentKind.EXAM else "test"

    @property
    def is_hidden(self) -> bool:
        return self.assessment.hidden


@dataclass(frozen=True)
class DeadlineRow:
    """A deadline from another calendar with its texts in the language of the window."""

    due: Occurrence
    colour: Colour
    name: str
    kind: str
    days: str
    when: str
    details: str
    is_past: bool
    is_ruled: bool  # whether a line separates it from the row above
    is_focusable = True
    preliminary, mark, is_hidden = "", "clock", False

    @property
    def key(self) -> object:
        return "deadline", self.due.item.id, self.due.start

    @property
    def accessible_text(self) -> str:
        return ", ".join((self.name, self.kind, self.days, self.when))


AssessmentListRow = HeadingRow | MissingRow | AssessmentRow | DeadlineRow


class AssessmentDelegate(RowDelegate[AssessmentListRow]):
    """Draws the rows of Tests & exams."""

    def height(self, row: AssessmentListRow, width: float) -> float:
        return self._lay_out(None, row, QRectF(0, 0, width, 0))

    def draw(self, painter: QPainter, row: AssessmentListRow, rect: QRectF) -> None:
        self._lay_out(painter, row, rect)

    def actions(self, row: AssessmentListRow, rect: QRectF) -> Iterable[Action]:
        if isinstance(row, DeadlineRow):
            return trailing_icons(rect, [("open", "next", row.details)])
        if not isinstance(row, AssessmentRow):
            return ()
        eye = "show" if row.assessment.hidden else "hide"
        return trailing_icons(rect, [(ACTION_HIDE, eye, row.hide), ("open", "next", row.details)])

    def _lay_out(self, painter: QPainter | None, row: AssessmentListRow, rect: QRectF) -> float:
        """Draws the row if there is a painter; returns its height in any case."""
        match row:
            case HeadingRow():
                return draw_heading(painter, row, rect)
            case MissingRow():
                return _draw_missing(painter, row, rect)
            case AssessmentRow() | DeadlineRow():
                return self._draw_dated(painter, row, rect)

    def _draw_dated(self, painter: QPainter | None, row: AssessmentRow | DeadlineRow, rect: QRectF) -> float:
        body, bold = appearance().font(), appearance().font(bold=True)
        is_narrow = rect.width() < appearance().px(NARROW)
        days = WrappedText(row.days, bold if not row.is_past else body, "muted" if row.is_past else "text")
        left = rect.left() + GRID
        right = min(each.rect.left() for each in self.actions(row, rect)) - GRID
        if not is_narrow:
            at_days, left = left, left + appearance().px(DAYS_WIDTH) + GAP
        at_bar, at_icon = left, left + BAR_WIDTH + GAP
        left = at_icon + appearance().px(icons.ICON_SIZE) + GAP
        preliminary = WrappedText(row.preliminary, bold, "warning")
        if row.preliminary and not is_narrow:
            right -= preliminary.width + GAP
        top = rect.top() + GRID + 2
        lines = [days] if is_narrow else []
        name = WrappedText(row.name, bold, "muted" if row.is_hidden else "text")
        kind = WrappedText(row.kind, body, "muted")
        room = right - left
        kind_beside = name.width + GRID + kind.width <= room
        lines += [name] if kind_beside else [name, kind]
        lines.append(WrappedText(row.when, body, "muted"))
        if row.preliminary and is_narrow:
            lines.append(preliminary)
        high = sum(each.height(room) + 2 for each in lines) - 2
        if painter is None:
            return high + 2 * (GRID + 2)
        if row.is_ruled:
            painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 1), appearance().colour("line"))
        middle = rect.center().y()
        if not is_narrow:
            days.draw(
                painter, at_days, middle - days.height(appearance().px(DAYS_WIDTH)) / 2, appearance().px(DAYS_WIDTH)
            )
            preliminary.draw(painter, right + GAP, middle - preliminary.height(room) / 2, preliminary.width + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(full_colour(row.colour))
        painter.drawRoundedRect(QRectF(at_bar, top, BAR_WIDTH, high), 2, 2)
        side = appearance().px(icons.ICON_SIZE)
        icons.paint(painter, row.mark, appearance().colour("muted"), QRectF(at_icon, middle - side / 2, side, side))
        for each in lines:
            if each is name and kind_beside:
                kind.draw(painter, left + name.width + GRID, top, kind.width + 1)
            top = each.draw(painter, left, top, room) + 2
        return high


def draw_heading(painter: QPainter | None, row: HeadingRow, rect: QRectF) -> float:
    """Draws a heading if there is a painter; returns its height in any case."""
    words = WrappedText(row.accessible_text, appearance().font(LARGE, bold=True))
    above = 0 if row.is_first else GRID * 3
    width = rect.width() - 2 * GRID
    if painter is not None:
        words.draw(painter, rect.left() + GRID, rect.top() + above, width)
    return above + words.height(width) + GRID


def _draw_missing(painter: QPainter | None, row: MissingRow, rect: QRectF) -> float:
    side = appearance().px(icons.ICON_SIZE)
    action = WrappedText(row.action, appearance().font(), "accent")
    left, right = rect.left() + GRID + side + GAP, rect.right() - GRID - action.width - GAP
    what, hint = WrappedText(row.what, appearance().font()), WrappedText(row.hint, appearance().font(), "muted")
    room = right - left
    high = what.height(room) + 2 + hint.height(room)
    if painter is not None:
        middle = rect.center().y()
        mark = QRectF(rect.left() + GRID, middle - side / 2, side, side)
        icons.paint(painter, "info", appearance().colour("accent"), mark)
        hint.draw(painter, left, what.draw(painter, left, rect.top() + GRID, room) + 2, room)
        action.draw(painter, right + GAP, middle - action.height(action.width + 1) / 2, action.width + 1)
    return high + 2 * GRID
