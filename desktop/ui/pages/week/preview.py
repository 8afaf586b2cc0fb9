"""A preview of the week with another group, and the panel that lists its effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from desktop.domain.timetable.meetings import Meeting
from desktop.domain.week_view import Block, WeekView
from desktop.ui.pages.week.paint import Geometry
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import column, label

WIDTH = 240  # logical pixels


@dataclass(frozen=True)
class ShownPreview:
    """The `candidate` pointed at, the week with it, and the lines of text on its effects."""

    candidate: Block
    week: WeekView
    words: tuple[str, ...]

    def geometry(self, base: Geometry) -> Geometry:
        """The layout of the previewed week, in place of the one usually shown."""
        return replace(base, week=self.week)

    def ghosts(self, base: Geometry) -> Iterator[tuple[Block, QRectF]]:
        """The other groups of the same choice, with their positions in the shown week."""
        mine = self.candidate.occurrence.item
        if not isinstance(mine, Meeting):
            return
        for _, block, rect in base.placed():
            item = block.occurrence.item
            if isinstance(item, Meeting) and item.choice_key == mine.choice_key and item.group != mine.group:
                yield block, rect

    def rect(self, base: Geometry) -> QRectF:
        """The rectangle of the candidate."""
        placed = self.geometry(base).placed()
        return next((rect for _, block, rect in placed if block.key == self.candidate.key), QRectF())


class PreviewPanel(QFrame):
    """The text of a preview. It ignores the mouse, so that it is never in the way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lines: list[QLabel] = []
        self._body = column(margin=GRID + 4, gap=4)
        self.setLayout(self._body)
        self.hide()

    def show_words(self, words: Sequence[str], beside: QRect, within: QRect) -> None:
        """Shows the lines to the right of `beside`, or to its left if there is no room."""
        while len(self._lines) < len(words):
            self._lines.append(label("", "quiet" if self._lines else "strong", wrap=True))
            self._body.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.setText(words[number] if number < len(words) else "")
            line.setVisible(number < len(words))
        place_beside(self, min(appearance().px(WIDTH), within.width() - 2 * GRID), beside, within)


def place_beside(panel: QWidget, width: int, beside: QRect, within: QRect) -> None:
    """Shows a panel of that width to the right of `beside`, or to its left if there is no room."""
    panel.setFixedWidth(width)
    for part in panel.findChildren(QWidget):
        part.ensurePolished()  # an unpolished widget lacks the style's font, and would measure too small
    layout = panel.layout()
    if layout is not None:
        asked = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        panel.setFixedHeight(asked)
    left = beside.right() + GRID
    if left + width > within.right():
        left = beside.left() - GRID - width
    left = max(within.left() + GRID, min(left, within.right() - width))
    top = max(within.top() + GRID, min(beside.top(), within.bottom() - panel.height() - GRID))
    panel.move(left, top)
    panel.show()
    panel.raise_()
