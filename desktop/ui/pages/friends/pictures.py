"""A picture that somebody gives (a file, or one that was copied) as grey points, with the limits a stranger's needs.

A small file can unpack to a picture that fills the memory, so its size is asked first. Everything here is for a
worker's thread, and never holds up the others for long: points are made grey a strip at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QMimeData, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

from desktop.domain.errors import DocumentRefused, InvalidInput
from desktop.workflows.files import read_whole

MOST_BYTES = 30_000_000
MOST_POINTS = 60_000_000  # of a picture as it is stored; Qt gives up a little above this, too
KEPT_POINTS = 12_000_000  # of what is left of it, made smaller where need be
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
_FORMATS = {b"png", b"jpeg", b"bmp", b"gif"}
_COPIED = ("image/png", "image/jpeg", "image/bmp")  # how other programs hand over what was copied
_STRIP = 64


@dataclass(frozen=True, slots=True)
class Grey:
    """The points of a picture, a byte each, row after row from the top."""

    points: bytes
    width: int
    height: int


def is_picture(path: Path) -> bool:
    """Whether a file is a picture by its name."""
    return path.suffix.lower() in ENDINGS


def read_file(path: Path) -> Grey:
    """The picture in a file. Raises FileTrouble (too large, too), DocumentRefused (no picture)."""
    return read_bytes(read_whole(path, MOST_BYTES))


def read_bytes(data: bytes) -> Grey:
    """The picture in the bytes of a file. Raises InvalidInput (too large), DocumentRefused (no picture)."""
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
    if points > MOST_POINTS:
        raise _too_large()
    if points > KEPT_POINTS:
        reader.setScaledSize(size * (KEPT_POINTS / points) ** 0.5)
    image = reader.read()
    if image.isNull():
        raise _no_picture()
    return grey(image)


def copied(data: QMimeData) -> bytes | QImage | None:
    """The picture that was copied, not unpacked yet where that can be; None where something else was."""
    for name in _COPIED:
        if data.hasFormat(name):
            return bytes(data.data(name).data())
    image = data.imageData() if data.hasImage() else None
    return image if isinstance(image, QImage) and not image.isNull() else None


def read_copied(picture: bytes | QImage) -> Grey:
    """What `copied` found. Raises as `read_bytes` does."""
    return grey(picture) if isinstance(picture, QImage) else read_bytes(picture)


def grey(image: QImage) -> Grey:
    """A picture that is unpacked already, as grey points; what is transparent becomes white. Raises InvalidInput."""
    if image.width() * image.height() > MOST_POINTS:
        raise _too_large()
    rows = bytearray()
    width, height = image.width(), image.height()
    for top in range(0, height, _STRIP):
        strip = image.copy(0, top, width, min(_STRIP, height - top))
        if strip.hasAlphaChannel():
            strip = _on_white(strip)
        strip = strip.convertToFormat(QImage.Format.Format_Grayscale8)
        points, stride = strip.constBits(), strip.bytesPerLine()
        for row in range(strip.height()):
            rows += points[row * stride : row * stride + width]
    return Grey(bytes(rows), width, height)


def _on_white(image: QImage) -> QImage:
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
