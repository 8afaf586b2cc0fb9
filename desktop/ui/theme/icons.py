"""The icon set, coloured by the theme.

The name of an icon is kept as a property of its widget, so that all icons can be recoloured after a change of theme.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from desktop.ui.theme.style import ASSETS, appearance

ICON_SIZE = 20
ICON_TEXT_GAP = 4  # logical pixels between an icon and the text of its button
_NAME_PROPERTY, _TONE_PROPERTY = "iconName", "iconTone"


@cache
def _svg_source(name: str) -> str:
    return (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg_source(name).replace("#000", colour).encode()))


def pixmap(name: str, colour: QColor | str, size: int = ICON_SIZE, ratio: float = 1.0, gap: int = 0) -> QPixmap:
    """The icon in one colour, `size` logical pixels wide, followed by `gap` empty ones; `ratio` is the pixel ratio."""
    return _pixmap(name, QColor(colour).name(), size, ratio, gap)


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float, gap: int) -> QPixmap:
    side = round(size * ratio)
    drawn = QPixmap(round((size + gap) * ratio), side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    _renderer(name, colour).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def paint(painter: QPainter, name: str, colour: QColor, rect: QRectF) -> None:
    """Draws the icon into `rect`, as vector graphics."""
    _renderer(name, colour.name()).render(painter, rect)


def icon(name: str, tone: str = "text", ratio: float = 1.0, gap: int = 0) -> QIcon:
    """The icon in the theme's colours: `tone` normally, the accent while checked, muted while disabled."""
    tokens = appearance().tokens
    made = QIcon()
    size = appearance().px(ICON_SIZE)
    made.addPixmap(pixmap(name, getattr(tokens, tone), size, ratio, gap))
    made.addPixmap(pixmap(name, tokens.accent, size, ratio, gap), QIcon.Mode.Normal, QIcon.State.On)
    made.addPixmap(pixmap(name, tokens.muted, size, ratio, gap), QIcon.Mode.Disabled)
    return made


def set_icon(widget: QAbstractButton | QLabel, name: str, tone: str = "text") -> None:
    """Sets the icon of a button or a label, which then follows changes of the theme."""
    widget.setProperty(_NAME_PROPERTY, name)
    widget.setProperty(_TONE_PROPERTY, tone)
    _apply_icon(widget)


def _apply_icon(widget: QAbstractButton | QLabel) -> None:
    name, tone = widget.property(_NAME_PROPERTY), widget.property(_TONE_PROPERTY)
    size, ratio = appearance().px(ICON_SIZE), widget.devicePixelRatioF()
    if isinstance(widget, QLabel):
        widget.setPixmap(pixmap(name, getattr(appearance().tokens, tone), size, ratio))
    else:
        gap = (
            appearance().px(ICON_TEXT_GAP) if isinstance(widget, QPushButton) else 0
        )  # tool buttons have a gap of their own
        widget.setIcon(icon(name, tone, ratio, gap))
        widget.setIconSize(QSize(size + gap, size))


def recolour_icons(root: QWidget) -> None:
    """Recolours all icons under `root` for the current theme."""
    for button in root.findChildren(QAbstractButton):
        if button.property(_NAME_PROPERTY):
            _apply_icon(button)
    for text in root.findChildren(QLabel):
        if text.property(_NAME_PROPERTY):
            _apply_icon(text)
