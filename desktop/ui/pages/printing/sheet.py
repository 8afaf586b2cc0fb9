"""Draws a week, or the weeks of a term, for paper: printed, as a vector PDF, or as an image.

A4 landscape, in the chosen colours, or in black and white with outlines and hatches, so that nothing depends on colour
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter

from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.timetable import Item
from desktop.domain.week_view import WeekView
from desktop.ui.pages.week.block import DrawStyle, InteractionState
from desktop.ui.pages.week.paint import Geometry, paint_week
from desktop.ui.theme.style import BODY, LIGHT, TITLE
from desktop.workflows.files import write_atomically

WIDTH, HEIGHT = 1123, 794  # A4 landscape in logical pixels of 1/96 inch
MARGIN, GUTTER, HEADER, TITLE_HEIGHT = 32.0, 56.0, 44.0, 44.0
PNG_SCALE = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a week under its title."""

    title: str
    week: WeekView


def draw_sheet(painter: QPainter, sheet: Sheet, colour_of: Callable[[Item], Colour], *, monochrome: bool) -> None:
    """Draws a sheet on a surface of WIDTH x HEIGHT logical pixels."""
    style = DrawStyle(LIGHT, colour_of, monochrome=monochrome, paper=True)
    painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor("#ffffff"))
    painter.setFont(style.font(TITLE, bold=True))
    painter.setPen(QColor(LIGHT.text))
    head = QRectF(MARGIN, MARGIN - 8, WIDTH - 2 * MARGIN, TITLE_HEIGHT)
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, sheet.title)
    room = QRectF(MARGIN, MARGIN + TITLE_HEIGHT, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN - TITLE_HEIGHT - BODY * 2)
    painter.save()
    painter.translate(room.topLeft())
    geometry = Geometry(sheet.week, room.width(), room.height(), GUTTER, HEADER, room.height() - HEADER)
    paint_week(painter, geometry, style, InteractionState(), QRectF(0, 0, room.width(), room.height()))
    painter.restore()
    painter.setFont(style.font(BODY - 2))
    painter.setPen(QColor(LIGHT.muted))
    foot = QRectF(MARGIN, HEIGHT - MARGIN - BODY, WIDTH - 2 * MARGIN, BODY * 2)
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "UP Schedule Generator")


def sheet_image(
    sheet: Sheet, colour_of: Callable[[Item], Colour], *, monochrome: bool, scale: float = PNG_SCALE
) -> QImage:
    """Renders a sheet as an image, with `scale` pixels per logical pixel."""
    image = QImage(QSize(round(WIDTH * scale), round(HEIGHT * scale)), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    draw_sheet(painter, sheet, colour_of, monochrome=monochrome)
    painter.end()
    return image


def png_bytes(image: QImage) -> bytes:
    """Encodes an image as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.write(image)
    return bytes(buffer.data().data())


def pdf_bytes(sheets: Sequence[Sheet], colour_of: Callable[[Item], Colour], *, monochrome: bool) -> bytes:
    """Renders the sheets as a vector PDF, one page each."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(sheets[0].title if sheets else "")
    writer.setCreator("UP Schedule Generator")
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0))
    )
    writer.setResolution(1200)
    painter = QPainter(writer)
    factor = writer.width() / WIDTH
    painter.scale(factor, factor)
    for number, sheet in enumerate(sheets):
        if number:
            writer.newPage()
        draw_sheet(painter, sheet, colour_of, monochrome=monochrome)
    painter.end()
    return bytes(buffer.data().data())


def print_sheets(
    printer: object, sheets: Sequence[Sheet], colour_of: Callable[[Item], Colour], *, monochrome: bool
) -> None:
    """Prints the sheets on a printer that a dialog has set up (a QPrinter; its module is loaded only to print)."""
    from PySide6.QtPrintSupport import QPrinter  # noqa: PLC0415

    if not isinstance(printer, QPrinter):
        raise TypeError("This is no printer.")
    printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    painter = QPainter(printer)
    area = printer.pageLayout().paintRectPixels(printer.resolution())
    factor = min(area.width() / WIDTH, area.height() / HEIGHT)
    painter.scale(factor, factor)
    for number, sheet in enumerate(sheets):
        if number:
            printer.newPage()
        draw_sheet(painter, sheet, colour_of, monochrome=monochrome)
    painter.end()


def write_file(path: Path, body: bytes) -> None:
    """Writes a file completely or not at all. For the store's lane; raises FileError."""

    write_atomically(path, body)
