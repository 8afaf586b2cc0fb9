"""Functions that create the standard controls and layouts, with their style role, accessible name and focus policy."""

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
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.plain_words import PushButton
from desktop.ui.widgets.tooltips import set_tooltip

BoxLayout = TypeVar("BoxLayout", bound=QBoxLayout)


def label(text: str = "", role: str = "", *, tone: str = "", wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label in a role of the style sheet: display, title, heading, strong, quiet, small, caps."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)  # text from documents must not be interpreted as markup
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


class ElidedLabel(QLabel):
    """A label that shows the longest of its texts that fits, or else the shortest one, elided.

    If that is not the full text, the full text is the tooltip.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self._texts: tuple[str, ...] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_full_text(self, text: str, *shorter: str) -> None:
        """Sets the full text, and shorter texts for when there is less and less room."""
        self._texts = (text, *shorter)
        self.setAccessibleName(text)
        self._update_text()

    @property
    def full_text(self) -> str:
        return self._texts[0]

    def _update_text(self) -> None:
        metrics, room = self.fontMetrics(), self.width()
        fitting = (text for text in self._texts if metrics.horizontalAdvance(text) <= room)
        shown = next(fitting, "") or metrics.elidedText(self._texts[-1], Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        set_tooltip(self, self.full_text if shown != self.full_text else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._update_text()


class _ChipButton(PushButton):
    """A chip that is as wide unchecked as checked, when its text is bold: nothing moves and no text is cut off."""

    def sizeHint(self) -> QSize:
        text, bold = self.text(), QFontMetrics(appearance().font(bold=True))
        plain = QFontMetrics(appearance().font())
        wider = max(0, bold.horizontalAdvance(text) - plain.horizontalAdvance(text))
        return super().sizeHint() + QSize(wider, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def button(
    text: str = "", on_click: Callable[[], object] | None = None, *, role: str = "", icon: str = "", tone: str = "text"
) -> QPushButton:
    """A push button; `role` is primary, quiet, link, danger, chip or "" (standard)."""
    made = _ChipButton(text) if role == "chip" else PushButton(text)
    if role:
        made.setProperty("role", role)
    if icon:
        icons.set_icon(made, icon, "on_accent" if role == "primary" else "accent" if role == "link" else tone)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(False)
    if on_click is not None:
        made.clicked.connect(lambda *_: on_click())
    return made


def icon_button(icon: str | QIcon, name: str = "", on_click: Callable[[], object] | None = None) -> QToolButton:
    """A button with only an icon (a name of the set, or a QIcon); `name` is its tooltip and accessible name."""
    made = QToolButton()
    made.setProperty("role", "icon")
    if isinstance(icon, str):
        icons.set_icon(made, icon)
    else:
        made.setIcon(icon)
        made.setIconSize(QSize(appearance().px(icons.ICON_SIZE), appearance().px(icons.ICON_SIZE)))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    set_tooltip_and_name(made, name)
    if on_click is not None:
        made.clicked.connect(lambda *_: on_click())
    return made


def icon_label(icon: str, tone: str = "muted") -> QLabel:
    """A label with an icon, without an accessible name: for use beside a text."""
    made = label()
    icons.set_icon(made, icon, tone)
    made.setFixedWidth(appearance().px(icons.ICON_SIZE) + 4)
    return made


def set_tooltip_and_name(widget: QWidget, name: str) -> None:
    """Sets the tooltip and the accessible name of a control without text."""
    set_tooltip(widget, name)
    widget.setAccessibleName(name)


def set_tone(widget: QWidget, tone: str) -> None:
    """Sets the tone of a control (danger, warning, good, accent or "") and restyles it."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def column(*items: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QVBoxLayout:
    """Items below one another; a number is that much space in pixels, and 0 stretches."""
    return _add_items(QVBoxLayout(), items, margin, gap)


def row(*items: QWidget | QLayout | int, margin: int = 0, gap: int = GRID) -> QHBoxLayout:
    """Items beside one another; a number is that much space in pixels, and 0 stretches."""
    return _add_items(QHBoxLayout(), items, margin, gap)


def _add_items(box: BoxLayout, items: tuple[QWidget | QLayout | int, ...], margin: int, gap: int) -> BoxLayout:
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


def centred_row(widget: QWidget, width: int) -> QHBoxLayout:
    """Centres a widget, up to `width` logical pixels wide.

    An alignment would cut off the last lines of a text: Qt then requests the height at the width of the whole column.
    """
    widget.setMaximumWidth(appearance().px(width))
    laid = row(0, widget, 0, gap=0)
    laid.setStretch(1, 1000)
    return laid


def panel(layout: QLayout | None = None, role: str = "plain") -> QFrame:
    """A frame in a role of the style sheet: card, pane, drop, plain.

    Fill a large panel after it has its parent: Qt restyles a widget with all its children when its parent changes.
    """
    made = QFrame()
    made.setProperty("role", role)
    if layout is not None:
        made.setLayout(layout)
    return made


def separator() -> QFrame:
    """A thin horizontal separator."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


class _FittedScrollArea(QScrollArea):
    """A scroll area whose size hint is that of its content, also after that changes."""

    def sizeHint(self) -> QSize:
        inside = self.widget()
        return super().sizeHint() if inside is None else inside.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def scroll_area(content: QWidget, *, fit_height: bool = False) -> QScrollArea:
    """A scroll area around `content`, which gets the full width; it scrolls sideways only if the content is wider.

    Optionally, the area is no higher than its content.
    """
    area = _FittedScrollArea() if fit_height else QScrollArea()
    if fit_height:
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


def clear_layout(layout: QLayout) -> None:
    """Removes all items of a layout, nested ones too, and deletes their widgets."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)


def empty_state(icon: str, title: str, lines: list[str], action: QPushButton | None = None) -> QWidget:
    """The contents of an empty page: an icon, a title, lines of explanation, and one action."""
    mark = label()
    mark.setPixmap(icons.pixmap(icon, appearance().colour("muted"), appearance().px(40), mark.devicePixelRatioF()))
    mark.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    heading = label(title, "title")
    heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    body = column(0, mark, heading, gap=GRID)
    for text in lines:
        words = label(text, "quiet", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body.addLayout(centred_row(words, 560))
    if action is not None:
        body.addSpacing(GRID)
        body.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
    body.addStretch(2)
    made = panel(body)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return made
