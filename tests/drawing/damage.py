"""PDFs with some bytes changed, and the reader's result for each.

`python -m tests.drawing.damage FIRST COUNT` reads COUNT damaged documents in one process and prints a line of JSON for
each: its number, the document, and whether the reader refused it, reported trouble, read it correctly, or silently read
something else. It is a separate process because an engine may crash on a document.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from desktop.document_types.rows import ExamRow, LectureRow, TestRow
from desktop.domain.drafts.draft import Row
from desktop.domain.errors import DocumentRefused
from desktop.pdf.child import read_documents
from tests.drawing.marks import Style
from tests.drawing.reprints import encrypted, resaved_by_pdfium, resaved_by_qpdf
from tests.drawing.timetables import draw

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
REFUSED, REPORTED, CORRECT, SILENT = "refused", "told", "true", "silent"


def rows_of_each_kind() -> tuple[list[Row], list[Row], list[Row]]:
    """A student's semester: two pages of lectures, a page of tests and one of exams."""
    modules = ("ABC 214", "DEF 226", "GHI 284", "JKL 220", "MNO 285")
    lectures: list[Row] = [
        LectureRow(
            module, "S2", f"G{group:02}", "E", "L", f"L{k}", (k + group) % 5, time(7 + k, 30), time(8 + k, 20), venue,
            "HATFIELD", (),
        )
        for module in modules
        for group in (1, 2)
        for k in range(1, 4)
        for venue in (("IT 4-4",) if k < 3 else ("Centenary 6", "Informatorium Blue Lab 1"))
    ]  # fmt: skip
    first = date(2026, 8, 22)
    tests: list[Row] = [
        TestRow(module, name, first + timedelta(days=5 * k + 30 * n), time(10), time(11, 30), "HATFIELD", venues)
        for n, name in enumerate(("Test1", "PTest 2"))
        for k, (module, venues) in enumerate(
            zip(
                modules,
                (("Roos hall",), ("AE Annex", "North hall"), ("HB 4-1",), ("EMS 2-1",), ("IT 2-26",)),
                strict=True,
            )
        )
    ]
    exams: list[Row] = [
        ExamRow(
            "FINAL",
            module,
            "1",
            "Exam Written",
            date(2026, 11, 2 + 3 * k),
            time(7, 30),
            "HATF",
            "HATFIELD",
            "Thuto 3-1",
            "",
        )
        for k, module in enumerate(modules)
    ]
    return lectures, tests, exams


@cache
def corpus() -> tuple[tuple[str, bytes, list[dict[str, Any]]], ...]:
    """Undamaged documents by name, each with its true rows: the genuine ones if available, and drawn ones."""
    found: list[tuple[str, bytes, list[dict[str, Any]]]] = []
    for path in sorted(SAMPLES.glob("*.pdf")):
        truth = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))["entries"]
        found.append((path.stem, path.read_bytes(), truth))
    for rows in rows_of_each_kind():
        truth = [row.entry() for row in rows]
        drawn = draw(rows)
        kind = str(rows[0].document)
        found += [
            (f"drawn {kind}", drawn, truth),
            (f"encrypted {kind}", encrypted(drawn), truth),
            (f"saved by PDFium {kind}", resaved_by_pdfium(drawn), truth),
            (f"saved by qpdf {kind}", resaved_by_qpdf(drawn), truth),
            (f"unpacked {kind}", resaved_by_pdfium(draw(rows, Style(compressed=False))), truth),
        ]
    return tuple(found)


def damage(pdf: bytes, chance: random.Random) -> bytes:
    """The document with one to four bytes changed, occasionally with a few bytes removed or doubled."""
    bytes_ = bytearray(pdf)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(bytes_))
        match chance.randrange(12):
            case 0:
                del bytes_[at : at + chance.randint(1, 3)]
            case 1:
                bytes_[at:at] = bytes_[at : at + chance.randint(1, 3)]
            case 2 | 3 | 4:
                bytes_[at] ^= 1 << chance.randrange(8)
            case _:
                bytes_[at] = chance.randrange(256)
    return bytes(bytes_)


def outcome(pdf: bytes, truth: list[dict[str, Any]]) -> str:
    """The reader's result, compared with the true rows."""
    try:
        drafts = read_documents(pdf)
    except DocumentRefused:
        return REFUSED
    if any(draft.problems for draft in drafts):
        return REPORTED
    return CORRECT if [row.entry() for draft in drafts for row in draft.rows] == truth else SILENT


def outcomes(first: int, count: int) -> Iterator[tuple[int, str, str]]:
    documents = corpus()
    for number in range(first, first + count):
        chance = random.Random(number)
        name, pdf, truth = documents[number % len(documents)]
        yield number, name, outcome(damage(pdf, chance), truth)


if __name__ == "__main__":
    for answer in outcomes(int(sys.argv[1]), int(sys.argv[2])):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
