"""Six genuine exports, with every row as three independent readings agreed on it. Skipped where they are missing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from desktop.document_types import DOCUMENT_TYPES, LECTURES
from desktop.domain.drafts.draft import draft_from_json
from desktop.pdf.reader import Reader
from tests.drawing.reading import read_one
from tests.drawing.reprints import encrypted, printed_by_cairo, resaved_by_pdfium, resaved_by_qpdf

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.pdf"))

pytestmark = pytest.mark.skipif(not NAMES, reason="the genuine exports are not at hand (../shared/samples)")


def truth(name: str) -> dict[str, object]:
    return dict(json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_a_genuine_export_is_read_exactly(name: str) -> None:
    data = (SAMPLES / f"{name}.pdf").read_bytes()
    draft, expected = read_one(data), truth(name)
    assert [row.entry() for row in draft.rows] == expected["entries"]
    assert (str(draft.kind), draft.pages, draft.problems) == (expected["kind"], expected["pages"], ())
    assert draft.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_through_the_child_it_is_the_same(name: str) -> None:
    path = SAMPLES / f"{name}.pdf"
    heard: list[tuple[int, int]] = []
    (draft,) = Reader().read(path, progress=lambda page, pages: heard.append((page, pages)))
    assert draft == draft_from_json(read_one(path.read_bytes()).to_json(), DOCUMENT_TYPES)
    assert heard == [(page, draft.pages) for page in range(1, draft.pages + 1)]


@pytest.mark.parametrize("again", [encrypted, resaved_by_pdfium, resaved_by_qpdf, printed_by_cairo])
@pytest.mark.parametrize("name", NAMES)
def test_saved_again_it_says_the_same(name: str, again: object) -> None:
    assert callable(again)
    data = (SAMPLES / f"{name}.pdf").read_bytes()
    draft = read_one(again(data if again is not encrypted else resaved_by_pdfium(data)))
    assert [row.entry() for row in draft.rows] == truth(name)["entries"]
    assert draft.problems == ()


@pytest.mark.parametrize("name", NAMES)
def test_each_row_says_where_it_stands(name: str) -> None:
    draft = read_one((SAMPLES / f"{name}.pdf").read_bytes())
    for row in draft.rows:
        assert 1 <= row.place.page <= draft.pages
        assert 34 <= row.place.top < row.place.bottom <= 553
        module = getattr(row, "activity", row.module) if draft.kind is LECTURES else row.module
        assert module in row.place.text
