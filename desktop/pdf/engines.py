"""The adapters to the PDF libraries, which turn bytes into pages of words and rules.

There are two engines. PDFium reads the portal's own documents and their re-prints, character by character, since a
re-print merges cells into one text object. pdfplumber reads documents in which PDFium finds no table. Both return a
`PdfPage`. Neither library is imported before a document is opened. PDFium is not thread-safe, so it is used from one
thread of a child process.
"""

from __future__ import annotations

import ctypes
import io
import math
from array import array
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from desktop.domain.errors import DocumentRefused
from desktop.domain.messages import Message, msg
from desktop.pdf.page import PdfPage, Piece, Rules, make_page
from desktop.pdf.page_box import PageBox, TextStyle

MAX_PAGES = 100
MAX_LETTERS = 60_000  # on one page; a full page of the portal has under 3,000
MAX_PAGE_OBJECTS = 40_000
MAX_FORM_DEPTH = 8
MAX_PIXELS = 40_000_000
HYPHENS = dict.fromkeys((0x02, 0xFFFE, 0x2010, 0x2011, 0xAD), "-")  # also those at the end of a line
SPACES = frozenset("\t\n\r \xa0")
DRAWN_SPACES = frozenset(" \xa0")
TOUCHING_POINTS = 0.5  # points: letters nearer than this are one piece without further checks
MAX_SKEW_RADIANS = 0.1  # radians: letters turned further than this against the page's text are not part of it
RENDER_MODE = "FPDFTextObj_GetTextRenderMode"
SAMPLED_LETTERS = 60  # letters, spread over a page, from which the direction of its text is determined


class RenderedPixels(NamedTuple):
    """A rendered page: `pixels` are rows of RGBA bytes; `scale` is in pixels per point."""

    width: int
    height: int
    pixels: bytes
    scale: float


def too_much_error(what: Message) -> DocumentRefused:
    return DocumentRefused(
        msg("A page of this PDF holds far more {what} than a timetable does.", what=what),
        "Export the timetable from the student portal again and use that file.",
    )


@cache
def _pdfium() -> Any:
    """PDFium's C functions, initialised once. The raw bindings, since pypdfium2's wrappers take 45 ms to import."""
    import pypdfium2_raw as raw  # noqa: PLC0415 - only once a PDF is read

    raw.FPDF_InitLibrary()
    return raw


@cache
def _fast_function(name: str, result: Any = ctypes.c_int) -> Any:
    """One of PDFium's functions, without type checks of its arguments and without releasing the GIL, both of which take
    longer than most calls do."""
    address = ctypes.cast(getattr(_pdfium(), name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result)(address or 0)


class _PageObject(ctypes.c_void_p):
    """PDFium's handle of a page object; its `value` identifies it."""


def _number_buffer(kind: str, count: int) -> tuple[array[Any], list[Any]]:
    """An array for PDFium to write into, and a reference to each element. Reading an array is far faster than reading
    the fields of a structure."""
    numbers = array(kind, [0] * count)
    memory = (ctypes.c_char * (count * numbers.itemsize)).from_buffer(numbers)
    return numbers, [ctypes.byref(memory, place) for place in range(0, len(memory), numbers.itemsize)]


class Pdfium:
    """A document opened by PDFium. Raises DocumentRefused if it is not a PDF, is locked, or has too many pages."""

    def __init__(self, data: bytes) -> None:
        raw = self._raw = _pdfium()
        self._data = data  # kept alive: PDFium reads from this memory while the document is open
        self._document = raw.FPDF_LoadMemDocument64(data, len(data), b"")
        if not self._document:
            raise self._refusal(raw.FPDF_GetLastError())
        self.count = raw.FPDF_GetPageCount(self._document)
        if self.count > MAX_PAGES:
            self.close()
            raise DocumentRefused(
                msg(
                    "This PDF has {pages} pages; a timetable has at most {most}.",
                    pages=self.count,
                    most=MAX_PAGES,
                ),
                "Choose the timetable that the student portal exported.",
            )
        if self.count < 1:
            self.close()
            raise DocumentRefused(
                "This PDF has no pages that can be read; it is damaged.",
                "Download it from the student portal again.",
            )

    def _refusal(self, code: int) -> DocumentRefused:
        if code == self._raw.FPDF_ERR_PASSWORD:
            return DocumentRefused(
                "This PDF is locked with a password.",
                "Export the timetable from the student portal again; its files open without one.",
            )
        if code == self._raw.FPDF_ERR_SECURITY:
            return DocumentRefused(
                "This PDF is encrypted in a way that cannot be read.", "Export it from the student portal again."
            )
        return DocumentRefused(
            "This PDF is damaged and cannot be opened.", "Download it from the student portal again."
        )

    def close(self) -> None:
        if self._document:
            self._raw.FPDF_CloseDocument(self._document)
            self._document = None

    def __enter__(self) -> Pdfium:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pages(self) -> Iterator[PdfPage]:
        """The pages in order. Raises DocumentRefused for one that cannot be read or holds too much."""
        for number in range(1, self.count + 1):
            page = self._load(number)
            try:
                yield self._read(page, number)
            finally:
                self._raw.FPDF_ClosePage(page)

    def _load(self, number: int) -> Any:
        page = self._raw.FPDF_LoadPage(self._document, number - 1)
        if not page:
            raise DocumentRefused(
                msg("Page {number} of this PDF is damaged and cannot be read.", number=number),
                "Download it from the student portal again.",
            )
        return page

    def _read(self, page: Any, number: int) -> PdfPage:
        text = self._raw.FPDFText_LoadPage(page)
        if not text:
            raise too_much_error(msg("text"))
        try:
            letters = self._letters(text)
            view = self._page_box(page, text, letters)
            shapes = _PageObjects(view)
            shapes.collect(page)
            pieces, spaces = self._pieces(text, letters, view, shapes)
        finally:
            self._raw.FPDFText_ClosePage(text)
        return make_page(number, view.width, view.height, pieces, spaces, shapes.rules)

    def _letters(self, text: Any) -> str:
        """All characters of a page in drawing order, with `-` for every kind of hyphen."""
        raw = self._raw
        count = raw.FPDFText_CountChars(text)
        if count > MAX_LETTERS:
            raise too_much_error(msg("text"))
        codes = array("H", [0] * (count + 1))
        if raw.FPDFText_GetText(text, 0, count, (ctypes.c_ushort * len(codes)).from_buffer(codes)) == count + 1:
            return "".join(map(chr, codes[:count])).translate(HYPHENS)
        # Characters without a Unicode value were left out, or some took two code units: read each by itself.
        return "".join([chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]).translate(HYPHENS)

    def _page_box(self, page: Any, text: Any, letters: str) -> PageBox:
        raw, box = self._raw, self._raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
        angle_of = _fast_function("FPDFText_GetCharAngle", ctypes.c_float)
        votes = [0, 0, 0, 0]
        for index in range(
            0, len(letters), max(1, len(letters) // SAMPLED_LETTERS)
        ):  # the majority of the letters decides
            if letters[index] not in SPACES:  # generated spaces have no angle
                angle = angle_of(text, index)
                if angle >= 0:
                    votes[round(-angle / (math.pi / 2)) % 4] += 1
        return PageBox(box.left, box.bottom, box.right, box.top, votes.index(max(votes)))

    def _pieces(self, text: Any, letters: str, view: PageBox, shapes: _PageObjects) -> tuple[list[Piece], int]:
        """The page's letters in drawing order, adjacent ones joined into pieces, and the number of drawn spaces."""
        text = ctypes.byref(text.contents)
        box, (at_box, *_) = _number_buffer("f", 4)
        place, (at_x, at_y) = _number_buffer("d", 2)
        loose, origin = _fast_function("FPDFText_GetLooseCharBox", None), _fast_function("FPDFText_GetCharOrigin", None)
        generated = _fast_function("FPDFText_IsGenerated")
        upright = view.turn == 0
        found: list[tuple[str, _Box, tuple[float, ...], bool, int]] = []
        first, spaced, spaces = -1, True, 0
        stands: tuple[float, ...] = (0.0, 0.0)
        made_up: tuple[float, ...] | None = None
        left = low = right = high = 0.0
        for index, letter in enumerate(f"{letters}\n"):
            if letter in SPACES:
                if first >= 0:
                    found.append((letters[first:index], (left, low, right, high), stands, spaced, first))
                    first, spaced = -1, False
                if letter in DRAWN_SPACES:
                    if generated(text, index):
                        origin(text, index, at_x, at_y)
                        made_up = tuple(place)
                    else:
                        spaced = True
                        spaces += 1
                continue
            loose(text, index, at_box)
            x0, top, x1, bottom = box
            if first >= 0:
                if upright and bottom == low and top == high and -TOUCHING_POINTS < x0 - right < TOUCHING_POINTS:
                    right = x1
                    continue
                found.append((letters[first:index], (left, low, right, high), stands, spaced, first))
                spaced = False
            first, left, low, right, high = index, x0, bottom, x1, top
            origin(text, index, at_x, at_y)
            stands = tuple(place)
            # PDFium generates a space where it sees a gap, exactly at the position of the next letter. If a space was
            # drawn there as well, it keeps only one of the two, and the letter then stands a space further on.
            if made_up is not None:
                spaced = spaced or math.dist(stands, made_up) > 0.12 * max(high - low, right - left)
                made_up = None
        style_of, is_turned = shapes.style_lookup(text), self._rotation_lookup(text, view)
        pieces: list[Piece] = []
        for word, whole, stands, spaced, first in found:
            style = style_of(first)
            if len(word) == 1 or style_of(first + len(word) - 1) == style:
                turned = len(word) == 1 and is_turned(first)  # letters that are turned never touch along a line
                pieces.append(view.piece(word, whole, stands, spaced, style, turned))
                continue
            for index, letter in enumerate(word, first):  # adjacent letters of two styles: one piece for each
                loose(text, index, at_box)
                origin(text, index, at_x, at_y)
                x0, top, x1, bottom = box
                apart = spaced and index == first
                style, turned = style_of(index), is_turned(index)
                pieces.append(view.piece(letter, (x0, bottom, x1, top), tuple(place), apart, style, turned))
        return pieces, spaces

    def _rotation_lookup(self, text: Any, view: PageBox) -> Callable[[int], bool]:
        """A function that tells whether the letter at an index is turned against the page's text."""
        angle = _fast_function("FPDFText_GetCharAngle", ctypes.c_float)
        usual = -view.turn * math.pi / 2

        def is_turned(index: int) -> bool:
            found = angle(text, index)
            return found >= 0 and abs(math.remainder(found - usual, math.tau)) > MAX_SKEW_RADIANS

        return is_turned

    def render(self, number: int, scale: float) -> RenderedPixels:
        """Render page `number` at `scale` pixels per point. Raises DocumentRefused if it cannot be rendered."""
        raw = self._raw
        if not 1 <= number <= self.count:
            raise DocumentRefused(
                msg("This PDF has no page {number}.", number=number), msg("It has {pages}.", pages=self.count)
            )
        page = self._load(number)
        try:
            text = raw.FPDFText_LoadPage(page)
            if not text:
                raise too_much_error(msg("text"))
            view = self._page_box(page, text, self._letters(text))
            raw.FPDFText_ClosePage(text)
            width, height = max(1, math.ceil(view.width * scale)), max(1, math.ceil(view.height * scale))
            if width * height > MAX_PIXELS:
                raise too_much_error(msg("space"))
            pixels = bytearray(width * height * 4)
            memory = (ctypes.c_ubyte * len(pixels)).from_buffer(pixels)
            bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRA, memory, width * 4)
            try:
                raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
                flags = raw.FPDF_REVERSE_BYTE_ORDER | raw.FPDF_ANNOT
                turn = (view.turn - raw.FPDFPage_GetRotation(page)) % 4
                raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, turn, flags)
            finally:
                raw.FPDFBitmap_Destroy(bitmap)
            del memory
            return RenderedPixels(width, height, bytes(pixels), scale)
        finally:
            raw.FPDF_ClosePage(page)

    def decrypted_copy(self) -> bytes:
        """The document as PDFium parsed it, decrypted, with its streams as they are in the file."""
        raw = self._raw
        parts: list[bytes] = []

        def write(_: Any, data: Any, size: int) -> int:
            parts.append(ctypes.string_at(data, size))
            return 1

        writer = raw.FPDF_FILEWRITE()
        writer.version = 1
        writer.WriteBlock = type(writer.WriteBlock)(write)
        raw.FPDF_SaveAsCopy(self._document, ctypes.byref(writer), raw.FPDF_REMOVE_SECURITY)
        return b"".join(parts)


_Box = tuple[float, float, float, float]
_Matrix = tuple[float, ...]  # six


class _PageObjects:
    """Collects the page objects of a page: the rules among its paths, and the styles of its texts."""

    def __init__(self, view: PageBox) -> None:
        self.rules = Rules()
        self._view = view
        self._count = 0
        self._styles: dict[int | None, TextStyle | None] = {}  # by text
        self._colour, self._at_colour = _number_buffer("I", 4)
        self._pen, self._at_pen = _number_buffer("i", 2)
        self._six, (self._at_six, *_) = _number_buffer("f", 6)

    def collect(self, page: Any) -> None:
        """Collect all objects of a page. Raises DocumentRefused if there are too many."""
        fetch = _fast_function("FPDFPage_GetObject", _PageObject)
        for index in range(_pdfium().FPDFPage_CountObjects(page)):
            self._add(fetch(page, index), (1, 0, 0, 1, 0, 0), 0)

    def style_lookup(self, text: Any) -> Callable[[int], TextStyle]:
        """A function that returns the style of the letter at an index."""
        styles, different = self._styles, {*self._styles.values()}
        if len(different) == 1 and (only := different.pop()):
            return lambda _: only
        shape_at, mode_of = _fast_function("FPDFText_GetTextObject", ctypes.c_void_p), _fast_function(RENDER_MODE)

        def style(index: int) -> TextStyle:
            place = shape_at(text, index)
            if found := styles.get(place):
                return found
            shape = _PageObject(place)
            return self._style(shape, mode_of(shape))

        return style

    def _add(self, shape: _PageObject, matrix: _Matrix, depth: int) -> None:
        raw = _pdfium()
        self._count += 1
        if self._count > MAX_PAGE_OBJECTS:
            raise too_much_error(msg("drawings"))
        mode = _fast_function(RENDER_MODE)(shape)
        if mode != raw.FPDF_TEXTRENDERMODE_UNKNOWN:
            self._styles[shape.value] = self._style(shape, mode)
            return
        kind = _fast_function("FPDFPageObj_GetType")(shape)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            self._add_path(shape, matrix)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            if depth == MAX_FORM_DEPTH:
                self._styles[None] = None  # its texts may have other styles, so there is no single one
                return
            fetch = _fast_function("FPDFFormObj_GetObject", _PageObject)
            own = _matrix_product(self._matrix(shape), matrix)
            for index in range(_fast_function("FPDFFormObj_CountObjects")(shape)):
                self._add(fetch(shape, index), own, depth + 1)

    def _style(self, shape: _PageObject, mode: int) -> TextStyle:
        hidden = mode == _pdfium().FPDF_TEXTRENDERMODE_INVISIBLE
        if not _fast_function("FPDFPageObj_GetFillColor")(shape, *self._at_colour):
            return 0, hidden
        *parts, solid = self._colour
        if solid != 255:
            parts = [255 - (255 - part) * solid // 255 for part in parts]
        red, green, blue = parts
        return red << 16 | green << 8 | blue, hidden

    def _add_path(self, shape: _PageObject, matrix: _Matrix) -> None:
        segments = _fast_function("FPDFPath_CountSegments")(shape)
        self._count += segments
        if self._count > 10 * MAX_PAGE_OBJECTS:
            raise too_much_error(msg("drawings"))
        _fast_function("FPDFPath_GetDrawMode", None)(shape, *self._at_pen)
        fill, stroke = self._pen
        if fill or stroke:
            for box in self._subpaths(shape, segments, _matrix_product(self._matrix(shape), matrix)):
                self.rules.add_box(*self._view.box(*box), outlined=bool(stroke))

    def _matrix(self, shape: _PageObject) -> _Matrix:
        if not _fast_function("FPDFPageObj_GetMatrix")(shape, self._at_six):
            return (1, 0, 0, 1, 0, 0)
        return tuple(self._six)

    def _subpaths(self, shape: _PageObject, segments: int, matrix: _Matrix) -> Iterator[_Box]:
        """The bounds of each subpath (separated by move-to segments), in page space (left, bottom, right, top)."""
        point, kind = _fast_function("FPDFPathSegment_GetPoint", None), _fast_function("FPDFPathSegment_GetType")
        fetch, lifted = _fast_function("FPDFPath_GetPathSegment", _PageObject), _pdfium().FPDF_SEGMENT_MOVETO
        place, (at_x, at_y) = _number_buffer("f", 2)
        a, b, c, d, e, f = matrix
        xs: list[float] = []
        ys: list[float] = []
        for index in range(segments):
            segment = fetch(shape, index)
            point(segment, at_x, at_y)
            if xs and kind(segment) == lifted:
                yield min(xs), min(ys), max(xs), max(ys)
                xs, ys = [], []
            x, y = place
            xs.append(a * x + c * y + e)
            ys.append(b * x + d * y + f)
        if xs:
            yield min(xs), min(ys), max(xs), max(ys)


def _matrix_product(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def pdfplumber_pages(data: bytes) -> Iterator[PdfPage]:
    """Read the pages with pdfplumber. Raises DocumentRefused if it cannot read them."""
    import logging  # noqa: PLC0415 - as what follows

    import pdfplumber  # noqa: PLC0415 - takes 100 ms; only for a document in which the first engine finds no table

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # damage is reported by `signs_of_damage` instead
    try:
        with pdfplumber.open(io.BytesIO(data), password="") as document:
            for number, page in enumerate(document.pages[:MAX_PAGES], 1):
                yield _pdfplumber_page(page, number)
    except DocumentRefused:
        raise
    except Exception as trouble:
        raise DocumentRefused(
            "This PDF is damaged and cannot be read.", "Download it from the student portal again."
        ) from trouble


def _pdfplumber_page(page: Any, number: int) -> PdfPage:
    chars = page.chars
    if len(chars) > MAX_LETTERS:
        raise too_much_error(msg("text"))
    pieces: list[Piece] = []
    spaced, spaces = True, 0
    for char in chars:
        text = char["text"]
        if not text.strip():
            spaced = True
            spaces += 1
            continue
        size = float(char["size"]) or 1.0
        base = float(char["bottom"]) - 0.2 * size
        text = HYPHENS.get(ord(text), text) if len(text) == 1 else text
        colour = _colour(char["non_stroking_color"])
        turned = abs(math.atan2(char["matrix"][1], char["matrix"][0])) > MAX_SKEW_RADIANS
        pieces.append(Piece(text, float(char["x0"]), float(char["x1"]), base, size, spaced, colour, turned=turned))
        spaced = False
    rules = Rules()
    shapes = [*page.rects, *page.lines, *page.curves]
    if len(shapes) > MAX_PAGE_OBJECTS:
        raise too_much_error(msg("drawings"))
    for shape in shapes:
        box = (float(shape["x0"]), float(shape["top"]), float(shape["x1"]), float(shape["bottom"]))
        rules.add_box(*box, outlined=bool(shape.get("stroke")) and not shape.get("fill"))
    for table in page.find_tables():
        for x0, top, x1, bottom in table.cells:
            rules.add_box(x0, top, x1, bottom, outlined=True)
    return make_page(number, float(page.width), float(page.height), pieces, spaces, rules)


def _colour(found: Any) -> int:
    """0xRRGGBB of a colour as pdfplumber returns it: one component for grey, three for RGB, four for CMYK."""
    parts = found if isinstance(found, (tuple, list)) else (found,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return 0
    if len(parts) == 4:
        *inks, black = parts
        parts = tuple((1 - ink) * (1 - black) for ink in inks)
    if len(parts) == 1:
        parts = parts * 3
    if len(parts) != 3:
        return 0
    red, green, blue = (round(255 * min(max(float(part), 0.0), 1.0)) for part in parts)
    return red << 16 | green << 8 | blue
