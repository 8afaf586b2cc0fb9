"""Drawn documents kept as files, beside everything that is read from them: rows, places, problems.

What a change of the reader changes here shows in the diff. `python -m tests.golden.test_documents` writes the files
anew; the documents are drawn only where they are not there.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import Style
from tests.drawing.reading import read_one
from tests.drawing.reprints import encrypted
from tests.drawing.timetables import draw

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
        "exams-sideways": draw(exams, Style(turned=1, rules="stroked")),
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.pdf")))
def test_is_read_as_written_down(name: str) -> None:
    draft = read_one((HERE / f"{name}.pdf").read_bytes())
    assert draft.to_json() == json.loads((HERE / f"{name}.json").read_text("utf-8"))


def test_every_document_is_kept() -> None:
    assert {path.stem for path in HERE.glob("*.pdf")} == set(documents())


def write_anew() -> None:
    for name, drawn in documents().items():
        path = HERE / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(drawn)
        body = json.dumps(read_one(path.read_bytes()).to_json(), indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(body + "\n", "utf-8")


if __name__ == "__main__":
    write_anew()
