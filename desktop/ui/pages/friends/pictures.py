"""Reads an untrusted picture, from a file or the clipboard, as greyscale pixels within size limits.

A small file can unpack to a picture that fills the memory, so its size is checked first. Everything here runs on a
worker thread and never blocks the others for long: pixels are converted a strip at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QMimeData, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from desktop.domain.errors import DocumentRefused, InvalidInput
from desktop.workflows.files import read_bounded

MOST_BYTES = 30_000_000
MAX_PIXELS = 60_000_000  # pixels of a picture as stored; Qt's own limit is a little above this
MAX_KEPT_PIXELS = 12_000_000  # pixels after scaling down, where needed
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
_FORMATS = {b"png", b"jpeg", b"bmp", b"gif"}
_CLIPBOARD_FORMATS = ("image/png", "image/jpeg", "image/bmp")  # the formats in which other programs copy pictures
_STRIP_ROWS = 64


@dataclass(frozen=True, slots=True)
class GreyImage:
    """A greyscale picture: one byte per pixel, row by row from the top."""

    pixels: bytes
    width: int
    height: int


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its name."""
    return path.suffix.lower() in ENDINGS


def read_file(path: Path) -> GreyImage:
    """Reads the picture in a file. Raises FileError (also if too large), DocumentRefused (no picture)."""
    return read_bytes(read_bounded(path, MOST_BYTES))


def read_bytes(data: bytes) -> GreyImage:
    """Reads the picture in the bytes of a file. Raises InvalidInput (too large), DocumentRefused (no picture)."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in _FORMATS:
        raise _no_picture()
    size = reader.size()
    if size.isEmpty():
        raise _no_picture()
    points = size.width() * size.height()
    if points > MAX_PIXELS:
        raise _too_large()
    if points > MAX_KEPT_PIXELS:
        reader.setScaledSize(size * (MAX_KEPT_PIXELS / points) ** 0.5)
    image = reader.read()
    if image.isNull():
        raise _no_picture()
    return to_grey(image)


def picture_in_mime_data(data: QMimeData) -> bytes | QImage | None:
    """Returns the copied picture, still encoded where possible; None if something else was copied."""
    for name in _CLIPBOARD_FORMATS:
        if data.hasFormat(name):
            return bytes(data.data(name).data())
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def read_mime_picture(picture: bytes | QImage) -> GreyImage:
    """Reads the result of `picture_in_mime_data`. Raises as `read_bytes` does."""
    return to_grey(picture) if isinstance(picture, QImage) else read_bytes(picture)


def to_grey(image: QImage) -> GreyImage:
    """Converts a decoded picture to greyscale; transparent parts become white. Raises InvalidInput."""
    if image.width() * image.height() > MAX_PIXELS:
        raise _too_large()
    rows = bytearray()
    width, height = image.width(), image.height()
    for top in range(0, height, _STRIP_ROWS):
        strip = image.copy(0, top, width, min(_STRIP_ROWS, height - top))
        if strip.hasAlphaChannel():
            strip = _flatten_on_white(strip)
        strip = strip.convertToFormat(QImage.Format.Format_Grayscale8)
        points, stride = strip.constBits(), strip.bytesPerLine()
        for row in range(strip.height()):
            rows += points[row * stride : row * stride + width]
    return GreyImage(bytes(rows), width, height)


def _flatten_on_white(image: QImage) -> QImage:
    under = QImage(image.size(), QImage.Format.Format_RGB32)
    under.fill(Qt.GlobalColor.white)
    painter = QPainter(under)
    painter.drawImage(0, 0, image)
    painter.end()
    return under


def _too_large() -> InvalidInput:
    return InvalidInput("This picture is too large.", "Cut it down to the code, and try again.")


def _no_picture() -> DocumentRefused:
    return DocumentRefused("This is no picture that can be read.", "Pictures that end in .png or .jpg can.")
