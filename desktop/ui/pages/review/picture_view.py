"""A page of a document as a picture, with the source of a row framed.

It takes an image, and bands in points from the top of the page.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop.ui.theme.style import appearance

Band = tuple[float, float]  # top and bottom, in points
MARGIN = 0.5  # points of margin around the framed lines


class _Sheet(QWidget):
    """The page itself, at the width of the view. `clicked` carries the vertical position of the click in points."""

    clicked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.height_points = 1.0
        self.bands: tuple[Band, ...] = ()
        self.words = ""
        self._scaled = QPixmap()

    def fit(self, width: int) -> None:
        if self.image.isNull():
            self.setFixedSize(width, max(200, width // 2))
        else:
            self.setFixedSize(width, max(1, round(width * self.image.height() / self.image.width())))
        self._scaled = QPixmap()
        self.update()

    def frame(self) -> QRectF:
        """The rectangle around everything framed, in pixels of the widget."""
        if not self.bands:
            return QRectF()
        scale = self.height() / self.height_points
        top = (min(top for top, _ in self.bands) - MARGIN) * scale
        bottom = (max(bottom for _, bottom in self.bands) + MARGIN) * scale
        return QRectF(2, top, self.width() - 4, bottom - top)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.image.isNull():
            self.clicked.emit(event.position().y() * self.height_points / self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.image.isNull():
            painter.setPen(appearance().colour("muted"))
            painter.setFont(appearance().font())
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self.words)
            painter.end()
            return
        if self._scaled.isNull():
            ratio = self.devicePixelRatioF()
            size = QSize(round(self.width() * ratio), round(self.height() * ratio))
            smooth = self.image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled = QPixmap.fromImage(smooth)
            self._scaled.setDevicePixelRatio(ratio)
        painter.drawPixmap(0, 0, self._scaled)
        if self.bands:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect = self.frame()
            dim = QColor(0, 0, 0, 16)
            painter.fillRect(QRectF(0, 0, self.width(), rect.top()), dim)
            painter.fillRect(QRectF(0, rect.bottom(), self.width(), self.height() - rect.bottom()), dim)
            painter.setPen(QPen(QColor("#005baa"), 2))  # the page is white in both themes
            painter.drawRoundedRect(rect, 3, 3)
        painter.end()


class PictureView(QScrollArea):
    """Shows a page, scrolled to the frame. `clicked` carries the vertical position of the click on it, in points."""

    clicked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(240)
        self._sheet = _Sheet()
        self._sheet.clicked.connect(self.clicked)
        self.setWidget(self._sheet)
        self._zoom = 0.0  # not set by the user yet: the page fits the width

    @property
    def has_picture(self) -> bool:
        return not self._sheet.image.isNull()

    def show_words(self, words: str) -> None:
        """Shows a text instead of a picture."""
        self._sheet.image, self._sheet.bands, self._sheet.words = QImage(), (), words
        self._fit()

    def show_page(self, image: QImage, height_points: float, bands: tuple[Band, ...]) -> None:
        """Shows a page of `height_points`, with these bands in one frame."""
        self._sheet.image, self._sheet.height_points, self._sheet.bands = image, max(1.0, height_points), bands
        self._fit()
        self._scroll_to_frame()

    def set_zoom(self, zoom: float) -> None:
        """Sets the zoom; at 1.0 the page fits the width of the view."""
        self._zoom = max(1.0, min(4.0, zoom))
        self._fit()
        self._scroll_to_frame()

    @property
    def zoom(self) -> float:
        return self._zoom or 1.0

    def _fit(self) -> None:
        zoom = self.zoom if self.has_picture else 1.0
        self._sheet.fit(max(200, round(self.viewport().width() * zoom)))

    def _scroll_to_frame(self) -> None:
        frame = self._sheet.frame()
        if not frame.isNull():
            middle = frame.center()
            self.ensureVisible(0, round(middle.y()), 0, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
