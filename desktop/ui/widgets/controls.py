"""The few controls every page is made of, each with its role in the style, its name for a screen reader, its focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.plain_words import PushButton
from desktop.ui.widgets.tooltips import set_tooltip

Box = TypeVar("Box", bound=QBoxLayout)


def label(text: str = "", role: str = "", *, tone: str = "", wrap: bool = False, select: bool = False) -> QLabel:
    """A text in one of the style's roles: display, title, heading, strong, quiet, small, caps."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)  # what a document says is never taken for markup
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if select:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class Elided(QLabel):
    """A line that says the longest of its wordings that there is room for, or cuts the shortest with an ellipsis.

    Where that is not all of it, all of it is the tooltip.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._wordings: tuple[str, ...] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_whole(self, text: str, *shorter: str) -> None:
        """What it says where there is room, and what it says instead where there is less and less."""
        self._wordings = (text, *shorter)
        self.setAccessibleName(text)
        self._fit()

    @property
    def whole(self) -> str:
        return self._wordings[0]

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), self.width()
        fitting = (text for text in self._wordings if metrics.horizontalAdvance(text) <= room)
        shown = next(fitting, "") or metrics.elidedText(self._wordings[-1], Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        set_tooltip(self, self.whole if shown != self.whole else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()


class _Chip(PushButton):
    """Is as wide unchecked as checked, when its words are bold: nothing moves, and no letter is cut."""

    def sizeHint(self) -> QSize:
        text, bold = self.text(), QFontMetrics(look().font(bold=True))
        plain = QFontMetrics(look().font())
        wider = max(0, bold.horizontalAdvance(text) - plain.horizontalAdvance(text))
        return super().sizeHint() + QSize(wider, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def button(
    text: str = "", on_click: Callable[[], object] | None = None, *, role: str = "", icon: str = "", tone: str = "text"
) -> QPushButton:
    """A push button: primary, quiet, link, danger or plain."""
    made = _Chip(text) if role == "chip" else PushButton(text)
    if role:
        made.setProperty("role", role)
    if icon:
        icons.put(made, icon, "on_accent" if role == "primary" else "accent" if role == "link" else tone)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(False)
    if on_click is not None:
        made.clicked.connect(lambda *_: on_click())
    return made


def icon_button(icon: str | QIcon, name: str = "", on_click: Callable[[], object] | None = None) -> QToolButton:
    """A button of an icon alone (one of the set, or a picture of its own); `name` is its tooltip and what a screen
    reader says."""
    made = QToolButton()
    made.setProperty("role", "icon")
    if isinstance(icon, str):
        icons.put(made, icon)
    else:
        made.setIcon(icon)
        made.setIconSize(QSize(look().px(icons.SIZE), look().px(icons.SIZE)))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    name_it(made, name)
    if on_click is not None:
        made.clicked.connect(lambda *_: on_click())
    return made


def icon_label(icon: str, tone: str = "muted") -> QLabel:
    """An icon that only goes with words beside it."""
    made = label()
    icons.put(made, icon, tone)
    made.setFixedWidth(look().px(icons.SIZE) + 4)
    return made


def name_it(widget: QWidget, name: str) -> None:
    """The tooltip and the accessible name of a control without words."""
    set_tooltip(widget, name)
    widget.setAccessibleName(name)


def set_tone(widget: QWidget, tone: str) -> None:
    """Changes what a control means (danger, warning, good, accent or nothing) and shows it."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def column(*items: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QVBoxLayout:
    """Things below one another; a number is free space, 0 all the space that is left."""
    return _fill(QVBoxLayout(), items, margin, gap)


def row(*items: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QHBoxLayout:
    """Things beside one another; a number is free space, 0 all the space that is left."""
    return _fill(QHBoxLayout(), items, margin, gap)


def _fill(box: Box, items: tuple[QWidget | QLayout | int, ...], margin: int, gap: int) -> Box:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(gap)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        elif item:
            box.addSpacing(item)
        else:
            box.addStretch(1)
    return box


def centred(widget: QWidget, width: int) -> QHBoxLayout:
    """In the middle, `width` logical pixels wide where there is room for it, with the height that its words ask for.

    (An alignment would do, but Qt then asks for the height at the width of the whole column, and cuts the last lines.)
    """
    widget.setMaximumWidth(look().px(width))
    laid = row(0, widget, 0, gap=0)
    laid.setStretch(1, 1000)
    return laid


def panel(layout: QLayout | None = None, role: str = "plain") -> QFrame:
    """A frame in a role of the style: card, pane, drop, plain.

    What is large is faster laid out in a panel that has its place already: Qt styles whatever is given another parent
    anew, with all that is in it.
    """
    made = QFrame()
    made.setProperty("role", role)
    if layout is not None:
        made.setLayout(layout)
    return made


def line() -> QFrame:
    """A thin line between things."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


class _Snug(QScrollArea):
    """Asks for the height of what it holds, whatever that has become since."""

    def sizeHint(self) -> QSize:
        inside = self.widget()
        return super().sizeHint() if inside is None else inside.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def scrolled(content: QWidget, *, snug: bool = False) -> QScrollArea:
    """`content` in an area that scrolls up and down and is as wide as there is room; sideways where it needs more.

    `snug`: it is no higher than its content.
    """
    area = _Snug() if snug else QScrollArea()
    if snug:
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    content.setAutoFillBackground(False)
    if not content.property("role"):
        content.setProperty("role", "plain")
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    return area


def clear(layout: QLayout) -> None:
    """Takes everything out of a layout and lets it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def empty_state(icon: str, title: str, lines: list[str], action: QPushButton | None = None) -> QWidget:
    """What a page shows while it has nothing: what would be here, and the one thing to do about it."""
    mark = label()
    mark.setPixmap(icons.pixmap(icon, look().colour("muted"), look().px(40), mark.devicePixelRatioF()))
    mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    heading = label(title, "title")
    heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    body = column(0, mark, heading, gap=GRID)
    for text in lines:
        words = label(text, "quiet", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body.addLayout(centred(words, 560))
    if action is not None:
        body.addSpacing(GRID)
        body.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
    body.addStretch(2)
    made = panel(body)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return made
