"""Renders the application's icon in each system's formats, from assets/icons/app.svg.

python packaging/icons.py FOLDER     writes app.ico (Windows), app.icns (macOS) and PNGs (Linux, hicolor)
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def draw(size: int) -> Image.Image:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(ROOT / "assets" / "icons" / "app.svg")).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(buffer.data().data()))


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {size: draw(size) for size in SIZES}
    for size, picture in pictures.items():
        target = folder / "hicolor" / f"{size}x{size}" / "apps" / "upschedule.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        picture.save(target)
    largest = pictures[512]
    small = [pictures[size] for size in SIZES if size <= 256]
    largest.resize((256, 256)).save(folder / "app.ico", sizes=[each.size for each in small], append_images=small)
    largest.save(folder / "app.icns", append_images=list(pictures.values()))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
