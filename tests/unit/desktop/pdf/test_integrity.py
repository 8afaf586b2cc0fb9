"""Signs of damage: none in an undamaged file by any writer; one for each kind of damage."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from desktop.domain.errors import DocumentRefused
from desktop.pdf.integrity import signs_of_damage
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.hostile import deflate_bomb, nested_deflate_bomb
from tests.drawing.reprints import printed_by_cairo, resaved_by_pdfium, resaved_by_qpdf
from tests.drawing.timetables import draw

SOUND = draw(rows_of_each_kind()[0])


def linearised(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def annotated(pdf: bytes) -> bytes:
    """With an incremental update behind it: the catalogue written once more, as viewers do when they save a note."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    at = len(pdf)
    body = b"1 0 obj\r\n<<\r\n/Type /Catalog\r\n/Pages 3 0 R\r\n/Lang (en)\r\n>>\r\nendobj\r\n"
    table = f"xref\r\n1 1\r\n{at:010d} 00000 n\r\ntrailer\r\n<<\r\n/Size 11\r\n/Root 1 0 R\r\n/Prev {start}\r\n>>\r\n"
    return pdf + body + table.encode() + f"startxref\r\n{at + len(body)}\r\n%%EOF\r\n".encode()


@pytest.mark.parametrize("again", [bytes, resaved_by_pdfium, resaved_by_qpdf, printed_by_cairo, linearised, annotated])
def test_a_sound_file_has_no_signs(again: Callable[[bytes], bytes]) -> None:
    assert signs_of_damage(again(SOUND)) == []


def _flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 4]) + pdf[at + 1 :]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "first line": lambda pdf: pdf.replace(b"%PDF-1.6", b"%PDF-1x6"),
    "cut off": lambda pdf: pdf[: len(pdf) * 2 // 3],
    "last line": lambda pdf: pdf.replace(b"%%EOF", b"%%EOG"),
    "inside a stream": lambda pdf: _flipped(pdf, pdf.index(b"stream") + 200),
    "checksum of a stream": lambda pdf: _flipped(pdf, pdf.index(b"\r\nendstream") - 2),
    "length of a stream": lambda pdf: re.sub(rb"/Length \d(\d+)", rb"/Length 0\1", pdf, count=1),
    "an offset": lambda pdf: re.sub(rb"\d(\d{4}) 00000 n", rb"7\1 00000 n", pdf, count=1),
    "where the table of contents is": lambda pdf: re.sub(rb"startxref\r\n\d", b"startxref\r\n9", pdf),
    "a name": lambda pdf: pdf.replace(b"/WinAnsiEncoding", b"/WinAnsjEncoding", 1),
    "an object's number": lambda pdf: pdf.replace(b"\r\n8 0 obj", b"\r\n9 0 obj"),
    "the count of pages": lambda pdf: re.sub(rb"/Count \d", b"/Count 7", pdf),
    "a page's contents": lambda pdf: pdf.replace(b"/Contents 6 0 R", b"/Contents 6 0 V"),
    "a reference": lambda pdf: pdf.replace(b"/F1 7 0 R", b"/F1 77 0R"),
    "a word": lambda pdf: pdf.replace(b"/F1 7 0 R", b"/F1 7 0 V"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_each_way_of_breaking_it_is_noticed(what: str) -> None:
    broken = BROKEN[what](SOUND)
    assert broken != SOUND
    assert signs_of_damage(broken)


def test_an_encrypted_file_is_tried_by_its_unlocked_copy() -> None:
    """The bytes in the file say nothing about a checksum; the copy an engine unlocked does."""
    stream = SOUND.index(b"stream") + 200
    locked = SOUND[: stream - 100] + zlib.compress(b"x")[:9] + SOUND[stream - 91 :]
    assert signs_of_damage(locked, decrypted=SOUND) == []
    assert signs_of_damage(locked, decrypted=_flipped(SOUND, stream)) == ["the checksum of a stream is wrong"]


@pytest.mark.parametrize("bomb", [deflate_bomb, nested_deflate_bomb])
def test_a_bomb_is_refused_before_it_is_unpacked(bomb: Callable[[], bytes]) -> None:
    with pytest.raises(DocumentRefused, match="unpacks to far more"):
        signs_of_damage(bomb())
