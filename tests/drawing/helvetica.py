"""Widths of Helvetica's letters, and line wrapping."""

from __future__ import annotations

from reportlab.pdfbase import pdfmetrics


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text, in points."""
    return float(pdfmetrics.stringWidth(text, "Helvetica-Bold" if bold else "Helvetica", size))


def wrap(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Wraps a text to `room` points at spaces (all lines but the last keep theirs); a longer word overflows."""
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if word and lines[-1] and width(candidate, size, bold) > room:
            lines[-1] += " "
            lines.append(word)
        else:
            lines[-1] = candidate
    return lines
