"""Messages for files that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.errors import FileError, cause
from desktop.languages import translator_for
from desktop.pdf.reader import Reader
from desktop.workflows.files import file_error


def held(number: int) -> OSError:
    """The error that Windows raises for a file that another program has open."""
    error = PermissionError(13, "The process cannot access the file because it is being used by another process")
    error.winerror = number  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("number", [32, 33])
def test_a_file_that_is_open_elsewhere_is_no_matter_of_rights(tmp_path: Path, number: int) -> None:
    said = file_error(tmp_path / "timetable.ics", held(number))
    assert str(said) == "timetable.ics is open in another program. Close it there, then try again."
    assert translator_for("af").localise(said.title) == "timetable.ics is in ’n ander program oop."
    assert translator_for("en").localise(cause(held(number))) == "it is open in another program"


def test_a_lack_of_rights_stays_one(tmp_path: Path) -> None:
    assert "you have no right to" in str(file_error(tmp_path / "timetable.ics", held(5)))


def test_a_document_that_is_open_elsewhere_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_how: object) -> None:
        raise held(32)

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(FileError, match=r"lectures\.pdf is open in another program"):
        Reader().read(tmp_path / "lectures.pdf")
