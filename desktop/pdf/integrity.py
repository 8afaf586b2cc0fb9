"""Detects damage in a PDF's bytes, which the engines repair silently and may then read wrongly.

PDFium rebuilds a broken cross-reference table, skips objects it cannot parse and shows what is left of a damaged
stream: the result looks right and is wrong. So the file is checked against its own redundancy: offsets must point at
objects, lengths must end at `endstream`, checksums inside compressed streams must match, names must be spelt as in the
format, and there must be as many pages as are counted. A file of another structure (an incremental update, an xref
stream) is checked by those rules that apply to it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from desktop.domain.errors import DocumentRefused

MAX_DECOMPRESSED_BYTES = 8 * 1024 * 1024  # bytes of one stream; a full page of the portal's has 40 thousand

# Lookbehinds stand after the first byte of a pattern, so that a search skips other bytes quickly.
_OBJECT = re.compile(rb"([0-9](?<![0-9]{2})\d{0,9})[ \r\n\t]+(\d{1,5})[ \r\n\t]+obj\b")
_STREAM = re.compile(rb"stream(?<!endstream)(?:\r\n|\n)")
_LENGTH = re.compile(rb"/Length[ \r\n\t]+(\d{1,10})(?:[ \r\n\t]+(\d{1,5})[ \r\n\t]+R)?")
_FILTERS = re.compile(rb"/Filter[ \r\n]*(?:\[[ \r\n]*)?(?:/FlateDecode[ \r\n]*)+")
_TABLE = re.compile(rb"xref[ \r\n]+")
_SECTION = re.compile(rb"(\d+) (\d+)[ \r\n]+")
_WORD = re.compile(rb"/?[^\x00\t\n\f\r ()<>\[\]{}/]+")
_NUMBER = re.compile(rb"-?(?:\d+(?:\.\d+)?|\.\d+)")
_REFERENCE = re.compile(rb"([0-9](?<![0-9]{2})\d{0,9})[ \r\n\t]+(\d{1,5})[ \r\n\t]+R\b")
_STRING = re.compile(rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f \r\n]*>", re.DOTALL)
# The portal writes its first object right after the first line; files re-saved by other programs begin with a comment.
_PORTAL = re.compile(rb"%PDF-1\.\d[\r\n]+\d+ 0 obj")
# The keywords and names in the portal's own documents: any other one is a damaged word.
_PORTAL_WORDS = frozenset(
    b"obj endobj stream endstream R f n xref trailer startxref null true false %%EOF"
    b" %PDF-1.4 %PDF-1.5 %PDF-1.6 %PDF-1.7".split()
)
_PORTAL_NAMES = frozenset(
    b"Author BaseFont Catalog Contents Count CreationDate Creator CropBox Encoding Encrypt F1 F2 F3 F4 F5 F6 Filter"
    b" FlateDecode Font Helvetica Helvetica-Bold Helvetica-Oblique ID Info Keywords Kids Length MediaBox ModDate Page"
    b" PageMode UseNone PageLayout Pages Parent ProcSet PDF Producer Resources Root Rotate Size Standard Subject"
    b" Subtype Text Title Type Type1 WinAnsiEncoding CF StdCF AESV2 AESV3 AuthEvent CFM DocOpen StmF StrF O U P R V"
    b" OE UE Perms EncryptMetadata ViewerPreferences Lang Outlines Prev XRef Names ImageB ImageC ImageI XObject"
    b" ExtGState XYZ".split()
)


def signs_of_damage(data: bytes, decrypted: bytes | None = None) -> list[str]:
    """What is inconsistent in the file, in plain words; empty for an undamaged one.

    For an encrypted document, pass a decrypted copy as well, since its checksums can be verified only there. Raises
    DocumentRefused for a stream that decompresses to more than any timetable holds.
    """
    signs = list(_structure_signs(data))
    signs += _stream_signs(data, packed=decrypted is None)
    if decrypted is not None:
        signs += _stream_signs(decrypted, packed=True)
    return list(dict.fromkeys(signs))


def _structure_signs(data: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-[12]\.\d[\r\n]", data):
        yield "its first line is damaged"
    end = re.search(rb"startxref[ \r\n]+(\d{1,10})[ \r\n]+%%EOF[ \r\n]*$", data[-64:])
    if not end:
        yield "its last lines are missing or damaged"
        return
    start = int(end[1])
    structure = _without_streams(data)
    objects = {(int(found[1]), int(found[2])): found.start() for found in _OBJECT.finditer(structure)}
    if data[start : start + 4] == b"xref":
        yield from _xref_signs(data, start, objects, structure)
    elif not _OBJECT.match(data, start):
        yield "its table of contents is not where it should be"
    if _PORTAL.match(data):
        yield from _word_signs(structure)
    yield from _page_signs(structure)


def _without_streams(data: bytes) -> bytes:
    """The same bytes with the content of streams blanked out, so that only the structure is searched."""
    return re.sub(rb"stream\r?\n.*?endstream", _blank, data, flags=re.DOTALL)


def _blank(found: re.Match[bytes]) -> bytes:
    return b" " * len(found[0])


def _xref_signs(data: bytes, start: int, objects: dict[tuple[int, int], int], structure: bytes) -> Iterator[str]:
    seen: set[int] = set()
    listed: dict[int, tuple[int, int]] = {}
    while start not in seen:
        seen.add(start)
        opening = _TABLE.match(data, start)
        if not opening:
            yield "its table of contents is damaged"
            return
        at = opening.end()
        while section := _SECTION.match(data, at):
            first, count = int(section[1]), int(section[2])
            at = section.end()
            for number in range(first, first + min(count, 100_000)):
                entry = data[at : at + 20]
                if not re.fullmatch(rb"\d{10} \d{5} [nf](?: \r| \n|\r\n)", entry):
                    yield "an entry of its table of contents is damaged"
                    return
                if entry[17:18] == b"n":
                    listed.setdefault(number, (int(entry[:10]), int(entry[11:16])))
                at += 20
        trailer = re.compile(rb"[ \r\n]*trailer[ \r\n]*<<(.*?)>>[ \r\n]*startxref", re.DOTALL).match(data, at)
        if not trailer:
            yield "the end of its table of contents is damaged"
            return
        roots = len(re.findall(rb"/Root[ \r\n]+\d+ \d+ R", trailer[1]))
        if not re.search(rb"/Size[ \r\n]+\d+", trailer[1]) or (len(seen) == 1 and not roots):
            yield "the end of its table of contents is damaged"
        before = re.search(rb"/Prev[ \r\n]+(\d+)", trailer[1])
        if not before:
            size = re.search(rb"/Size[ \r\n]+(\d+)", trailer[1])
            if size and len(seen) == 1 and listed and int(size[1]) != max(listed) + 1:
                yield "its table of contents has another length than it says"
            break
        start = int(before[1])
    for number, (offset, generation) in listed.items():
        if objects.get((number, generation)) != offset:
            yield "an object is not where the table of contents says"
    for number, generation in objects:
        if listed.get(number, (0, -1))[1] != generation:
            yield "an object is not in the table of contents"
    for found in _REFERENCE.finditer(_STRING.sub(_blank, structure)):
        if int(found[1]) not in listed:
            yield "a reference leads nowhere"


def _word_signs(structure: bytes) -> Iterator[str]:
    for word in set(_WORD.findall(_STRING.sub(_blank, structure))):
        known = word[1:] in _PORTAL_NAMES if word[:1] == b"/" else word in _PORTAL_WORDS or _NUMBER.fullmatch(word)
        if not known:
            yield "a word in it is misspelt"


def _page_signs(structure: bytes) -> Iterator[str]:
    pages = len(re.findall(rb"/Type[ \r\n]*/Page(?![A-Za-z])", structure))
    if not pages:
        return  # the pages are in an object stream, which has a checksum of its own
    trees = [each for each in structure.split(b"endobj") if re.search(rb"/Type[ \r\n]*/Pages\b", each)]
    counts = [int(count) for tree in trees for count in re.findall(rb"/Count[ \r\n]+(\d+)", tree)]
    if counts and max(counts) != pages:
        yield "it counts another number of pages than it has"
    for kids in re.findall(rb"/Kids[ \r\n]*\[([^\]]*)\]", structure):
        if len(_REFERENCE.findall(kids)) < 1:
            yield "its list of pages is damaged"
    if len(re.findall(rb"/Contents[ \r\n]+\d+ \d+ R(?![A-Za-z0-9])|/Contents[ \r\n]*\[", structure)) < pages:
        yield "a page has lost what stands on it"


def _stream_signs(data: bytes, *, packed: bool) -> Iterator[str]:
    at = 0
    while found := _STREAM.search(data, at):
        begin = found.end()
        opening = data.rfind(b"obj", 0, found.start())
        head = data[max(opening, 0) : found.start()]
        length = _stream_length(data, head)
        if length is None:
            yield "the length of a stream is damaged"
            at = begin
            continue
        end = begin + length
        if not re.match(rb"[\r\n]{0,2}endstream\b", data[end : end + 11]):
            yield "a stream has another length than it says"
            at = begin
            continue
        packings = _FILTERS.search(head)
        if packed and packings:
            yield from _compression_signs(data[begin:end], packings[0].count(b"/FlateDecode"))
        elif packed and b"/Filter" not in head and _PORTAL.match(data):
            yield "a stream has lost its compression"
        at = end
    if data.count(b"endstream") and len(re.findall(rb"endobj\b", data)) == 0:
        yield "the ends of its objects are missing"


def _stream_length(data: bytes, head: bytes) -> int | None:
    found = _LENGTH.search(head)
    if not found:
        return None
    if found[2] is None:
        return int(found[1])
    target = re.search(rb"(?<![0-9])%d %d obj[ \r\n]+(\d{1,10})[ \r\n]+endobj" % (int(found[1]), int(found[2])), data)
    return int(target[1]) if target else None


def _compression_signs(body: bytes, times: int) -> Iterator[str]:
    """Decompress a stream as often as it was compressed, up to a limit, so that an engine never gets a zip bomb."""
    if not body:
        return  # an empty page: some programs name the filter all the same
    for _ in range(times):
        unpacker = zlib.decompressobj()
        try:
            plain = unpacker.decompress(body, MAX_DECOMPRESSED_BYTES)
        except zlib.error:
            yield "the checksum of a stream is wrong"
            return
        if len(plain) >= MAX_DECOMPRESSED_BYTES:
            raise DocumentRefused(
                "This PDF unpacks to far more than a timetable holds.",
                "Export the timetable from the student portal again and use that file.",
            )
        if not unpacker.eof:
            yield "a stream ends too early"
        elif unpacker.unused_data.strip(b"\r\n"):
            yield "a stream has bytes left over"
        body = plain
