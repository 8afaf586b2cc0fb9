"""The marks on a timetable's page, and how they are written as a PDF.

`write` produces a document as the portal's own writer does, object by object; a `Style` draws the same marks as other
programs would: rules as strokes or none, scaled, turned, whole lines in one text object.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

WIDTH, HEIGHT = 841.9, 595.3


class Text(NamedTuple):
    """Text beginning at `x` on the baseline `y` (points from the top of the page)."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    white: bool = False


class Rule(NamedTuple):
    """A rule half a point thick, with its centre line from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Sheet:
    """One page: texts in the order they are drawn, then rules."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Style:
    """How the marks are drawn. The default is the portal's way.

    `rules`: filled, stroked, none. `scale` of everything. `turned` quarter turns that the drawing is turned by, and
    `rotate` the page's own /Rotate in degrees. `merged` writes all texts of one baseline as one text object.
    `compressed` false leaves the content readable. `shift` moves the page box's origin.
    """

    rules: str = "filled"
    scale: float = 1.0
    turned: int = 0
    rotate: int = 0
    merged: bool = False
    compressed: bool = True
    shift: float = 0.0


PORTAL_STYLE = Style()


def format_number(value: float) -> str:
    """A number as PDF writes it, to a thousandth."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def literal(text: str) -> bytes:
    """A PDF string of WinAnsi letters."""
    body = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"(" + body + b")"


def content(sheet: Sheet, style: Style = PORTAL_STYLE) -> bytes:
    """The content stream of one page."""
    lines: list[bytes] = []
    if style != PORTAL_STYLE:
        lines.append(_placing(style))
    lines += [b"0 0 0 RG 0 0 0 rg", b"BT"]
    lines += _merged(sheet.texts) if style.merged else _cell_by_cell(sheet.texts)
    lines.append(b"ET")
    for rule in sheet.rules:
        x0, x1 = rule.x0, rule.x1
        y0, y1 = HEIGHT - rule.y1, HEIGHT - rule.y0
        if style.rules == "filled":
            box = (x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5)
            lines.append(" ".join(format_number(each) for each in box).encode() + b" re f")
        elif style.rules == "stroked":
            lines.append(
                f"0.5 w {format_number(x0)} {format_number(y0)} m {format_number(x1)} {format_number(y1)} l S".encode()
            )
    return b"\r\n".join(lines) + b"\r\n"


def _placing(style: Style) -> bytes:
    wide, high = WIDTH * style.scale, HEIGHT * style.scale
    turn = {
        0: (1, 0, 0, 1, 0.0, 0.0),
        1: (0, -1, 1, 0, 0.0, wide),  # clockwise
        2: (-1, 0, 0, -1, wide, high),
        3: (0, 1, -1, 0, high, 0.0),
    }[style.turned % 4]
    a, b, c, d, e, f = turn
    scaled = (*(each * style.scale for each in (a, b, c, d)), e + style.shift, f + style.shift)
    return " ".join(format_number(each) for each in scaled).encode() + b" cm"


def _cell_by_cell(texts: Sequence[Text]) -> list[bytes]:
    lines: list[bytes] = []
    font: tuple[bool, float] | None = None
    white = False
    for text in texts:
        if text.white != white:
            white = text.white
            lines.append(b"1 1 1 RG 1 1 1 rg" if white else b"0 0 0 RG 0 0 0 rg")
        lines.append(f"1 0 0 1 {format_number(text.x)} {format_number(HEIGHT - text.y)} Tm".encode())
        if font != (text.bold, text.size):
            font = (text.bold, text.size)
            lines += [b"/F1" if text.bold else b"/F2", f" {format_number(text.size)} Tf".encode()]
        lines.append(literal(text.text) + b"Tj")
    return lines


def _merged(texts: Sequence[Text]) -> list[bytes]:
    """All texts of one baseline, size and colour as one text object, with gaps as adjustments, as in some re-prints."""
    from tests.drawing.helvetica import width

    lines: list[bytes] = []
    baselines: dict[tuple[float, float, bool, bool], list[Text]] = {}
    for text in texts:
        if text.text.strip():
            baselines.setdefault((text.y, text.size, text.bold, text.white), []).append(text)
    for (y, size, bold, white), found in sorted(baselines.items()):
        found.sort(key=lambda text: text.x)
        lines += [
            b"1 1 1 rg" if white else b"0 0 0 rg",
            b"/F1" if bold else b"/F2",
            f" {format_number(size)} Tf".encode(),
        ]
        lines.append(f"1 0 0 1 {format_number(found[0].x)} {format_number(HEIGHT - y)} Tm".encode())
        parts: list[bytes] = []
        reached = found[0].x
        for text in found:
            gap = text.x - reached
            if parts:
                parts.append(format_number(-gap * 1000 / size).encode())
            parts.append(literal(text.text.rstrip()))
            reached = text.x + width(text.text.rstrip(), size, bold)
        lines.append(b"[" + b" ".join(parts) + b"] TJ")
    return lines


def write(sheets: Sequence[Sheet], style: Style = PORTAL_STYLE) -> bytes:
    """Writes the document in the portal's own form (object order, line ends, table of contents)."""
    return assemble([content(sheet, style) for sheet in sheets], style)


def assemble(contents: Sequence[bytes], style: Style = PORTAL_STYLE) -> bytes:
    """A document with these content streams, one per page."""
    page_numbers: list[int] = []
    bodies: list[tuple[int, bytes]] = []
    following = 5
    wide, high = WIDTH * style.scale, HEIGHT * style.scale
    if style.turned % 2:
        wide, high = high, wide
    box = " ".join(format_number(each) for each in (style.shift, style.shift, wide + style.shift, high + style.shift))
    for index, body in enumerate(contents):
        page_number, stream_number = following, following + 1
        following += 4 if index == 0 else 2  # the fonts take the two numbers after the first page's stream
        page_numbers.append(page_number)
        bodies.append(
            (
                page_number,
                (
                    f"<<\r\n/Type /Page\r\n/Parent 3 0 R\r\n/Resources 4 0 R\r\n/Contents {stream_number} 0 R\r\n"
                    f"/MediaBox[ {box} ]\r\n/CropBox[ {box} ]\r\n/Rotate {style.rotate}\r\n>>"
                ).encode(),
            )
        )
        packed = zlib.compress(body) if style.compressed else body
        spec = f"<< /Length {len(packed)}" + (" /Filter /FlateDecode >>" if style.compressed else " >>")
        bodies.append((stream_number, spec.encode() + b"\r\nstream\r\n" + packed + b"\r\nendstream"))
    kids = "".join(f"{each} 0 R\r\n" for each in page_numbers)
    font = "<<\r\n/Type /Font\r\n/Subtype /Type1\r\n/BaseFont /{}\r\n/Encoding /WinAnsiEncoding\r\n>>"
    bodies += [
        (1, b"<<\r\n/Type /Catalog\r\n/Pages 3 0 R\r\n>>"),
        (2, b"<<\r\n/Type /Info\r\n/Producer (Oracle Analytics Publisher)\r\n>>"),
        (3, f"<<\r\n/Type /Pages\r\n/Kids [\r\n{kids}]\r\n/Count {len(contents)}\r\n>>".encode()),
        (4, b"<<\r\n/ProcSet [ /PDF /Text ]\r\n/Font << \r\n/F1 7 0 R\r\n/F2 8 0 R\r\n>>\r\n>>"),
        (7, font.format("Helvetica-Bold").encode()),
        (8, font.format("Helvetica").encode()),
    ]
    return file_of(bodies)


def file_of(bodies: Sequence[tuple[int, bytes]], root: int = 1, info: int = 2) -> bytes:
    """A PDF of numbered objects in this order, with their cross-reference table."""
    out = bytearray(b"%PDF-1.6\r\n")
    offsets: dict[int, int] = {}
    for object_number, body in bodies:
        offsets[object_number] = len(out)
        out += f"{object_number} 0 obj\r\n".encode() + body + b"\r\nendobj\r\n"
    size = max(offsets) + 1
    start = len(out)
    out += f"xref\r\n0 {size}\r\n0000000000 65535 f\r\n".encode()
    for object_number in range(1, size):
        where = offsets.get(object_number)
        out += f"{where:010d} 00000 n\r\n".encode() if where is not None else b"0000000000 00000 f\r\n"
    key = "ab" * 32
    named = f"/Size {size}\r\n/Root {root} 0 R\r\n/Info {info} 0 R\r\n/ID [<{key}><{key}>]"
    out += f"trailer\r\n<<\r\n{named}\r\n>>\r\n".encode()
    out += f"startxref\r\n{start}\r\n%%EOF\r\n".encode()
    return bytes(out)
