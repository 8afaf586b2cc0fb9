"""Detects what kind of file was given instead of a PDF, by its first bytes, and explains what to do."""

from __future__ import annotations

import re

from desktop.domain.errors import DocumentRefused
from desktop.domain.messages import msg

DOWNLOAD_HINT = "In the portal’s Timetable Module Lookup, choose All and press Download above the table."
_PICTURES = (
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_HEIF = re.compile(rb"ftyp(?:heic|heix|hevc|mif1|msf1|avif)")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|script|title)\b", re.IGNORECASE)
_PASSWORD = re.compile(rb"type\s*=\s*[\"']?password|log\s?in|sign\s?in", re.IGNORECASE)
_LOOKED_AT = 4096  # bytes searched for HTML tags


def is_pdf(data: bytes) -> bool:
    """True if the PDF header is within the first kilobyte, as PDF readers allow."""
    return b"%PDF-" in data[:1024]


def is_web_page(data: bytes) -> bool:
    """True for HTML, also for a fragment as copied to the clipboard."""
    head = data[:_LOOKED_AT]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\x00", b"")
    return bool(_HTML.search(head))


def refusal_of(data: bytes) -> DocumentRefused:
    """The error that explains why bytes that are neither a PDF nor a table cannot be read, and what to do."""
    picture = next((name for head, name in _PICTURES if data.startswith(head)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        picture = "WebP"
    elif _HEIF.match(data[4:16]):
        picture = "HEIC"
    if picture:
        return DocumentRefused(
            msg("This is a picture ({kind}), and a picture has no text to read.", kind=picture), DOWNLOAD_HINT
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return DocumentRefused(
            "This is an old Excel or Word file, not a PDF.",
            "If it is a table, save it as CSV and use that file.",
        )
    if data.startswith(b"PK"):
        if b"xl/" in data:
            return DocumentRefused("This is an Excel workbook, not a PDF.", "Save it as CSV and use that file.")
        if b"word/" in data:
            return DocumentRefused("This is a Word document, not a PDF.", DOWNLOAD_HINT)
        return DocumentRefused("This is a ZIP archive, not a PDF.", "Unpack it first, and use the PDFs in it.")
    if is_web_page(data):
        if _PASSWORD.search(data):
            return DocumentRefused(
                "This is a web page that asks you to sign in, not a timetable: the portal had signed you out.",
                "Sign in to the portal and press Download again.",
            )
        return DocumentRefused("This is a web page without a timetable in it, not a PDF.", DOWNLOAD_HINT)
    if data.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        return DocumentRefused("This is a calendar file, not a timetable of the portal.", DOWNLOAD_HINT)
    return DocumentRefused("The file is not a PDF.", "Choose a timetable that the student portal exported as PDF.")
