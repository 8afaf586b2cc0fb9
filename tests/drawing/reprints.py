"""Re-prints of a PDF as students make them: encrypted, saved again by a browser, printed to a file."""

from __future__ import annotations

import io
import shutil
import subprocess

import pikepdf
import pypdfium2
import pytest


def encrypted(pdf: bytes, *, user: str = "", aes: bool = True) -> bytes:
    """Encrypted with 128-bit AES and an owner's password, as the portal does for some; the user password is empty."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user=user, R=4, aes=aes, metadata=aes))
    return out.getvalue()


def resaved_by_pdfium(pdf: bytes) -> bytes:
    """The document saved again by PDFium's own writer, as a browser does; no encryption."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        out = io.BytesIO()
        document.save(out, version=17)
        return out.getvalue()
    finally:
        document.close()


def resaved_by_qpdf(pdf: bytes) -> bytes:
    """The document with object streams and a cross-reference stream, as newer programs save it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def printed_by_cairo(pdf: bytes) -> bytes:
    """The document printed to a file by cairo, which embeds fonts and writes whole lines as one text object."""
    if shutil.which("pdftocairo") is None:
        pytest.skip("pdftocairo (poppler-utils) is needed to print with cairo")
    done = subprocess.run(["pdftocairo", "-pdf", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout
