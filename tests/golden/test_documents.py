"""Golden files: drawn documents, and everything that is read from them: rows, places, problems.

A change of the reader's results shows in the diff. `python -m tests.golden.test_documents` writes the files anew; the
documents are drawn only if they are missing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.drafts.draft import Row
from desktop.pdf.child import read_documents
from tests.drawing import changes
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import Style, write
from tests.drawing.reprints import encrypted
from tests.drawing.timetables import draw, sheets

HERE = Path(__file__).parent


def documents() -> dict[str, bytes]:
    """By name; each shows something that was once read wrong somewhere."""
    lectures, tests, exams = rows_of_each_kind()
    rooms = tuple(f"Informatorium Lab {number}" for number in range(1, 18))
    crowded = [replace(tests[0], venues=rooms), *tests[1:]]  # type: ignore[call-arg]
    wide = [replace(row, campus="ONDERSTEPOORT") for row in lectures[:8]]  # type: ignore[call-arg]
    wrapped = [replace(row, venue="Agricultural Annex Lecture Hall - 12 (Large)") for row in lectures[:9]]  # type: ignore[call-arg]
    return {
        "lectures-over-three-pages": draw(lectures, bottom=250.0),
        "lectures-wide-campus": draw(wide),
        "lectures-wrapped-venues-broken": draw(wrapped, bottom=140.0),
        "tests-seventeen-rooms-broken": draw(crowded, bottom=180.0),
        "tests-without-rules": draw(tests, Style(rules="none")),
        "exams-encrypted": encrypted(draw(exams)),
        **changed(lectures, tests, exams),
        "exams-sideways": draw(exams, Style(turned=1, rules="stroked")),
    }


def changed(lectures: list[Row], tests: list[Row], exams: list[Row]) -> dict[str, bytes]:
    """Documents changed as students and their programs do."""
    long, few = draw(lectures, bottom=250.0), draw(tests[:4])
    practicals = sheets(lectures[:6])
    practicals[0].texts[0] = practicals[0].texts[0]._replace(text="Practicals")
    return {
        "changed-three-in-one": changes.merged(long, few, draw(exams[:3])),
        "changed-cover-page-first": changes.with_empty_page(few, 0),
        "changed-pages-backwards": changes.reverse_pages(long),
        "changed-second-page-alone": changes.select_pages(long, [2]),
        "changed-first-page-twice": changes.select_pages(long, [1, 1, 2, 3]),
        "changed-watermark": changes.drawn_on(long, changes.watermark("Evaluation Copy"), [1, 2, 3]),
        "changed-stamp-in-margin": changes.drawn_on(few, changes.stamp("Scanned with CamScanner")),
        "changed-browser-lines": changes.drawn_on(few, changes.browser_lines(1, 1)),
        "changed-note-over-a-row": changes.drawn_on(few, changes.text("Ask Prof Botha", 480, 140, 11)),
        "changed-drawn-twice": changes.drawn_twice(few, shift=0.4),
        "changed-recognised-text": changes.recognised(few),
        "changed-empty-last-page": changes.with_empty_page(few, 9),
        "changed-last-page-missing": changes.select_pages(draw(lectures * 3), [1]),
        "changed-practicals": write(practicals),
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.pdf")))
def test_is_read_as_written_down(name: str) -> None:
    assert found_in((HERE / f"{name}.pdf").read_bytes()) == json.loads((HERE / f"{name}.json").read_text("utf-8"))


def test_every_document_is_kept() -> None:
    assert {path.stem for path in HERE.glob("*.pdf")} == set(documents())


def found_in(data: bytes) -> Any:
    """The draft as JSON, or those of a file with several documents."""
    plain = [draft.to_json() for draft in read_documents(data)]
    return plain[0] if len(plain) == 1 else plain


def write_anew() -> None:
    for name, drawn in documents().items():
        path = HERE / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(drawn)
        body = json.dumps(found_in(path.read_bytes()), indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(body + "\n", "utf-8")


if __name__ == "__main__":
    write_anew()
