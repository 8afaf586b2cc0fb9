"""The supervisor of the child process: progress, cancelling, crashes and retries, several at once, pictures."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import Cancelled, DocumentRefused, ReaderCrashed
from desktop.pdf.reader import Limits, Reader
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.marks import Style
from tests.drawing.reading import read_one
from tests.drawing.timetables import draw

LECTURES, TESTS, EXAMS = rows_of_each_kind()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "Lectures (2).pdf"
    path.write_bytes(draw(LECTURES, bottom=200.0))
    return path


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_the_draft_comes_whole_through_the_child(document: Path) -> None:
    heard: list[tuple[int, int]] = []
    (draft,) = Reader().read(document, progress=lambda page, pages: heard.append((page, pages)))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in LECTURES]
    assert draft.to_json() == read_one(document.read_bytes()).to_json()
    assert heard == [(page, draft.pages) for page in range(1, draft.pages + 1)]
    assert draft.pages > 2


def test_one_reader_serves_several_threads(tmp_path: Path) -> None:
    paths = []
    for number, rows in enumerate((LECTURES, TESTS, EXAMS) * 3):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(draw(rows))
    reader = Reader()
    with ThreadPoolExecutor(3) as pool:
        drafts: list[tuple[Draft, ...]] = list(pool.map(reader.read, paths))
    for path, (draft,) in zip(paths, drafts, strict=True):
        assert draft.sha256 == read_one(path.read_bytes()).sha256


def test_cancel_ends_the_child(document: Path) -> None:
    before = children()
    asked = threading.Event()
    threading.Timer(0.3, asked.set).start()
    with pytest.raises(Cancelled):
        Reader(python("import time; time.sleep(60)")).read(document, cancelled=asked.is_set)
    assert children() <= before


def test_cancelled_before_it_began_starts_nothing(document: Path) -> None:
    with pytest.raises(Cancelled):
        Reader(["/nonexistent"]).read(document, cancelled=lambda: True)


CRASH = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"


def test_a_crash_is_tried_again_and_then_said(document: Path, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    program = f"open({str(tried)!r}, 'a').write('x'); {CRASH}"
    with pytest.raises(ReaderCrashed, match="broke down") as crashed:
        Reader(python(program), Limits(retry_pause=0.01)).read(document)
    assert tried.read_text() == "xxx"
    assert crashed.value.hint


def test_the_second_try_can_succeed(document: Path, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    program = (
        f"import os, pathlib\np = pathlib.Path({str(tried)!r})\n"
        f"if not p.exists():\n    p.write_text('x')\n    os._exit(9)\n"
        "from desktop.pdf import child\nchild.main([])"
    )
    (draft,) = Reader(python(program), Limits(retry_pause=0.01)).read(document)
    assert len(draft.rows) == len(LECTURES)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "no json",
        "[]",
        '{"drafts": {}}',
        '{"drafts": [{"kind": "lectures"}]}',
        '{"drafts": []}',
        '{"page": 1, "pages": 1}',
    ],
)
def test_an_answer_that_makes_no_sense_is_a_crash(document: Path, answer: str) -> None:
    with pytest.raises(ReaderCrashed):
        Reader(python(f"print({answer!r})"), Limits(retry_pause=0.01)).read(document)


def test_a_reader_that_cannot_be_started_says_so(document: Path) -> None:
    with pytest.raises(ReaderCrashed, match="cannot be started"):
        Reader(["/nonexistent/upschedule"], Limits(retry_pause=0.01)).read(document)


def test_a_picture_of_a_page(document: Path) -> None:
    drawn = Reader().render(document, 2, 1.5)
    assert (drawn.width, drawn.height) == (1263, 893)  # 841.9 x 595.3 points
    assert len(drawn.pixels) == drawn.width * drawn.height * 4
    assert drawn.pixels[:4] == b"\xff\xff\xff\xff"


@pytest.mark.parametrize(
    "style", [Style(), Style(turned=1), Style(turned=3), Style(turned=2, rotate=90), Style(shift=30)]
)
def test_a_row_stands_in_the_picture_where_its_place_says(tmp_path: Path, style: Style) -> None:
    path = tmp_path / "turned.pdf"
    path.write_bytes(draw(EXAMS, style))
    (draft,), drawn = Reader().read(path), Reader().render(path, 1, 1.0)
    assert drawn.width > drawn.height
    for row in draft.rows:
        # The rules above and below the row are the dark lines across: three quarters of the table's width.
        for edge in (row.place.top, row.place.bottom):
            lines = [
                drawn.pixels[y * drawn.width * 4 :][: drawn.width * 4 : 4] for y in range(int(edge) - 1, int(edge) + 2)
            ]
            assert max(sum(value < 250 for value in line) for line in lines) > 0.75 * 730


def test_a_page_that_is_not_there_is_refused(document: Path) -> None:
    with pytest.raises(DocumentRefused, match="no page 99"):
        Reader().render(document, 99, 1.0)
