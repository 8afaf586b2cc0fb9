"""Hostile PDFs: they exhaust memory, keep a processor busy or crash an engine. Each is as small as possible."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from functools import cache

from tests.drawing.marks import assemble, file_of
from tests.drawing.reprints import encrypted

MIB = 1024 * 1024
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


@cache
def _deflate(chunk: bytes, times: int) -> bytes:
    """`times` chunks in one Flate stream. Packed once: behind a full flush the same bytes mean the same again."""
    packer = zlib.compressobj(9)
    opening = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    return opening + again * (times - 1) + packer.flush()


def _stream(body: bytes, more: str = "/Filter /FlateDecode") -> bytes:
    return f"<< /Length {len(body)} {more} >>".encode() + b"\r\nstream\r\n" + body + b"\r\nendstream"


def document(content: bytes, more: str = "/Filter /FlateDecode", extra: list[tuple[int, bytes]] | None = None) -> bytes:
    """A document of one page, with the given content stream and further objects (from number 7)."""
    objects = ", ".join(f"/X{number} {number} 0 R" for number, _ in extra or []).replace(",", "")
    return file_of(
        [
            (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
            (2, b"<< /Producer (X) >>"),
            (3, b"<< /Type /Pages /Kids [ 4 0 R ] /Count 1 >>"),
            (
                4,
                b"<< /Type /Page /Parent 3 0 R /Contents 5 0 R /MediaBox [ 0 0 842 595 ] /Resources "
                b"<< /Font << /F1 6 0 R >> /XObject << " + objects.encode() + b" >> >> >>",
            ),
            (5, _stream(content, more)),
            (6, _FONT),
            *(extra or []),
        ]
    )


def deflate_bomb() -> bytes:
    """A deflate bomb: 2 MB that unpack to 2 GB."""
    return document(_deflate(b" " * MIB, 2048))


def nested_deflate_bomb() -> bytes:
    """A bomb compressed three times: some kilobytes."""
    inner = _deflate(b" " * MIB, 2048)
    return document(zlib.compress(zlib.compress(inner)), "/Filter [ /FlateDecode /FlateDecode /FlateDecode ]")


def millions_of_rectangles() -> bytes:
    return document(_deflate(b"1 1 100 .5 re f\n" * 1000, 3000))


def millions_of_texts() -> bytes:
    return document(_deflate(b"BT /F1 9 Tf 9 9 Td (COS 214) Tj ET\n" * 1000, 2000))


def just_below_the_bounds() -> bytes:
    """A document that unpacks to a little less than the limit: half a million rectangles."""
    return document(_deflate(b"1 1 100 .5 re f\n" * 1000, 500))


def encrypted_deflate_bomb() -> bytes:
    """A bomb that can be recognised only after decryption, with an empty password."""
    return encrypted(deflate_bomb())


def locked() -> bytes:
    return encrypted(assemble([b"BT /F1 20 Tf 36 540 Td (Lectures) Tj ET"]), user="secret")


def truncated() -> bytes:
    whole = assemble([b"BT /F1 20 Tf 36 540 Td (Lectures) Tj ET " * 50])
    return whole[: len(whole) // 3]


def other_document() -> bytes:
    return assemble([b"BT /F1 20 Tf 36 540 Td (Invoice 2041) Tj /F2 10 Tf 0 -40 Td (Pay this by Friday 10:00) Tj ET"])


def one_endless_path() -> bytes:
    return document(_deflate(b"1 1 m 2 2 l\n" * 1000, 2500) + b"")


def nested_forms() -> bytes:
    """Forms that each draw the next one ten times: ten to the ninth drawings."""
    forms: list[tuple[int, bytes]] = []
    for number in range(7, 16):
        body = f"/X{number + 1} Do\n".encode() * 10 if number < 15 else b"1 1 9 9 re f\n"
        following = f"<< /XObject << /X{number + 1} {number + 1} 0 R >> >>" if number < 15 else "<< >>"
        forms.append(
            (number, _stream(body, f"/Type /XObject /Subtype /Form /BBox [0 0 842 595] /Resources {following}"))
        )
    return document(b"/X7 Do", "", forms)


def form_in_itself() -> bytes:
    body = b"/X7 Do\n/X7 Do"
    form = _stream(body, "/Type /XObject /Subtype /Form /BBox [0 0 842 595] /Resources << /XObject << /X7 7 0 R >> >>")
    return document(b"/X7 Do", "", [(7, form)])


def stream_in_itself() -> bytes:
    """A stream that is its own length, and a page that is its own contents."""
    return file_of(
        [
            (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
            (3, b"<< /Type /Pages /Kids [ 4 0 R ] /Count 1 >>"),
            (4, b"<< /Type /Page /Parent 3 0 R /Contents [ 5 0 R 4 0 R 5 0 R ] /MediaBox [ 0 0 842 595 ] >>"),
            (5, b"<< /Length 5 0 R /Filter 5 0 R >>\r\nstream\r\nq\r\nendstream"),
        ],
        info=1,
    )


def pages_in_a_circle() -> bytes:
    return file_of(
        [
            (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
            (3, b"<< /Type /Pages /Kids [ 4 0 R 3 0 R ] /Count 2 /Parent 4 0 R >>"),
            (4, b"<< /Type /Pages /Kids [ 3 0 R ] /Count 2 /Parent 3 0 R >>"),
        ],
        info=1,
    )


def deep_arrays() -> bytes:
    depth = 200_000
    return file_of(
        [
            (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
            (3, b"<< /Type /Pages /Kids [ 4 0 R ] /Count 1 >>"),
            (4, b"<< /Type /Page /Parent 3 0 R /MediaBox " + b"[" * depth + b"]" * depth + b" >>"),
        ],
        info=1,
    )


def ten_thousand_pages() -> bytes:
    kids = " ".join(["4 0 R"] * 10_000)
    return file_of(
        [
            (1, b"<< /Type /Catalog /Pages 3 0 R >>"),
            (3, f"<< /Type /Pages /Kids [ {kids} ] /Count 10000 >>".encode()),
            (4, b"<< /Type /Page /Parent 3 0 R /MediaBox [ 0 0 842 595 ] >>"),
        ],
        info=1,
    )


def page_as_large_as_a_field() -> bytes:
    return assemble([b"BT /F1 12 Tf 9 9 Td (Lectures) Tj ET"]).replace(b"841.9 595.3", b"999999999 9")


def random_bytes() -> bytes:
    return b"%PDF-1.6\r\n" + random.Random(7).randbytes(300_000)


def eleven_megabytes() -> bytes:
    return assemble([b"% " + b"x" * 50 + b"\n"]) + b"%" + b" " * (11 * MIB)


HOSTILE_DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "not a PDF": lambda: b"PK\x03\x04 a spreadsheet" * 50,
    "random bytes": random_bytes,
    "11 MB": eleven_megabytes,
    "deflate bomb": deflate_bomb,
    "deflate bomb in deflate": nested_deflate_bomb,
    "millions of rectangles": millions_of_rectangles,
    "millions of texts": millions_of_texts,
    "one endless path": one_endless_path,
    "just below the bounds": just_below_the_bounds,
    "encrypted deflate bomb": encrypted_deflate_bomb,
    "a password": locked,
    "truncated": truncated,
    "another document": other_document,
    "nested forms": nested_forms,
    "a form in itself": form_in_itself,
    "a stream in itself": stream_in_itself,
    "pages in a circle": pages_in_a_circle,
    "deep arrays": deep_arrays,
    "10,000 pages": ten_thousand_pages,
    "a page as large as a field": page_as_large_as_a_field,
}
