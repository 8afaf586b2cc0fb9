"""A hostile PDF is refused in plain words, within the limits, and the reader keeps running."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop.domain.errors import DocumentRefused, FileError
from desktop.pdf.reader import Limits, Reader
from tests.drawing.hostile import HOSTILE_DOCUMENTS

# What each is refused for: a word that must stand in what the student reads.
REASONS = {
    "empty": "empty",
    "not a PDF": "not a PDF",
    "random bytes": "damaged",
    "11 MB": "MB",
    "deflate bomb": "unpacks to far more",
    "deflate bomb in deflate": "unpacks to far more",
    "encrypted deflate bomb": "unpacks to far more",
    "millions of rectangles": "unpacks to far more",
    "millions of texts": "unpacks to far more",
    "one endless path": "unpacks to far more",
    "just below the bounds": "more",
    "a password": "locked with a password",
    "another document": "“Invoice 2041”",
    "nested forms": "memory",
    "a form in itself": "memory",
    "10,000 pages": "10,000 pages",
    "a page as large as a field": "not a UP timetable",
}


@pytest.mark.parametrize("name", HOSTILE_DOCUMENTS)
def test_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / "UP_MOD_XLS (1).pdf"
    path.write_bytes(HOSTILE_DOCUMENTS[name]())
    with pytest.raises(DocumentRefused) as refused:
        Reader().read(path)
    assert "longer than" not in str(refused.value), "the wall clock is the last bound, not the one that holds"
    assert REASONS.get(name, "") in str(refused.value)
    assert refused.value.title.endswith(".")
    assert refused.value.hint.endswith(".")


def test_a_folder_and_a_file_that_has_gone_are_no_documents(tmp_path: Path) -> None:
    for path, reason in ((tmp_path, "folder"), (tmp_path / "gone.pdf", "no longer there")):
        with pytest.raises(FileError, match=reason):
            Reader().read(path)


def test_memory_is_watched_from_outside(tmp_path: Path) -> None:
    """Also where the child's own bound does not hold, as on macOS."""
    path = tmp_path / "one.pdf"
    path.write_bytes(b"%PDF-1.6")
    greedy = [sys.executable, "-c", "import time; held = b'x' * 300_000_000; time.sleep(30)"]
    with pytest.raises(DocumentRefused, match="memory"):
        Reader(greedy, Limits(memory=100_000_000)).read(path)


def test_time_is_watched_from_outside(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(b"%PDF-1.6")
    with pytest.raises(DocumentRefused, match="longer than"):
        Reader([sys.executable, "-c", "import time; time.sleep(30)"], Limits(wall=0.3)).read(path)


def test_what_a_child_may_say_is_capped(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(b"%PDF-1.6")
    with pytest.raises(DocumentRefused, match="more text"):
        Reader(
            [sys.executable, "-c", "import sys\nwhile True: sys.stdout.write('x' * 100_000)"], Limits(output=1_000_000)
        ).read(path)
