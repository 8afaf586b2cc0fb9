"""Output files of commands: what is overwritten and what never is, and that every failure to write gives a message."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import time
from pathlib import Path

import icalendar
import pytest

from desktop.document_types.rows import LectureRow
from tests.drawing.marks import write
from tests.drawing.timetables import draw, sheets
from tests.e2e.test_command_line import PROGRAM, home, run

__all__ = ["home"]  # a fixture of the other tests of commands

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not installed beside this Python")
unix = pytest.mark.skipif(sys.platform != "linux", reason="names of bytes and devices are those of Linux")
YEAR = ("--year", "2026")


def _row(module: str, group: str, kind: str, day: int) -> LectureRow:
    return LectureRow(
        module, "S1", group, "E", kind, f"{kind}1", day, time(8, 30), time(9, 20), "IT 4-4", "HATFIELD", ()
    )


ROWS = [_row("ABC 111", "G01", "L", 0), _row("ABC 111", "P01", "P", 1), _row("ABC 111", "P02", "P", 2)]
ROWS += [_row("DEF 222", "T01", "T", 3), _row("DEF 222", "T02", "T", 4), _row("GHI 333", "G01", "L", 5)]


@pytest.fixture
def pdf(home: Path) -> Path:
    path = home / "lectures.pdf"
    path.write_bytes(draw(ROWS))
    return path


def test_a_file_to_read_is_never_written_over(home: Path, pdf: Path) -> None:
    body = pdf.read_bytes()
    (home / "link.pdf").symlink_to(pdf)
    os.link(pdf, home / "other.pdf")
    for files, out in ((["lectures.pdf"], "lectures.pdf"), (["."], "link.pdf"), (["lectures.pdf"], "other.pdf")):
        for force in ((), ("--force",)):
            done = run("export", *files, "--ics", out, *force, *YEAR, cwd=home)
            assert done.returncode == 2
            assert done.stderr == f"{out} is one of the files to read, so it is not written over. Name another file.\n"
    assert pdf.read_bytes() == body
    assert sorted(each.name for each in home.iterdir()) == ["lectures.pdf", "link.pdf", "other.pdf"]


def test_only_calendar_files_are_written_over_unless_forced(home: Path, pdf: Path) -> None:
    notes = home / "notes.txt"
    notes.write_text("milk")
    done = run("export", pdf, "--ics", notes, *YEAR, cwd=home)
    assert (done.returncode, notes.read_text()) == (2, "milk")
    assert "is not a calendar file" in done.stderr
    assert "--force" in done.stderr
    for before in ("", "BEGIN:VCALENDAR\r\n", "\ufeffBEGIN:VCALENDAR\r\n"):
        notes.write_text(before)
        assert run("export", pdf, "--ics", notes, *YEAR, cwd=home).returncode == 0
    notes.write_text("milk")
    assert run("export", pdf, "--ics", notes, "--force", *YEAR, cwd=home).returncode == 0
    assert notes.read_text().startswith("BEGIN:VCALENDAR")


def test_a_backup_is_written_over_backups_alone(home: Path) -> None:
    notes = home / "notes.txt"
    notes.write_text("milk")
    done = run("--profile", "p", "profile", "backup", notes, cwd=home)
    assert (done.returncode, notes.read_text()) == (2, "milk")
    assert "is not a backup" in done.stderr
    assert run("--profile", "p", "profile", "backup", "b.upschedule", cwd=home).returncode == 0
    assert run("--profile", "p", "profile", "backup", "b.upschedule", cwd=home).returncode == 0
    assert run("--profile", "p", "profile", "backup", notes, "--force", cwd=home).returncode == 0
    assert notes.read_bytes().startswith(b"PK")


@unix
def test_the_profile_itself_is_no_backup(home: Path) -> None:
    assert run("--profile", "p", "profile", "backup", "b.upschedule", cwd=home).returncode == 0
    (kept,) = (home / "p").rglob("*.sqlite3")
    done = run("--profile", "p", "profile", "backup", kept, "--force", cwd=home)
    assert done.returncode == 2
    assert kept.read_bytes().startswith(b"SQLite format 3")


@unix
def test_a_pipe_and_a_device_stay_what_they_are(home: Path, pdf: Path) -> None:
    pipe, device = home / "pipe", home / "device"
    os.mkfifo(pipe)
    found = [pipe]
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 7))  # what /dev/full is; only root may make one
        found.append(device)
    except PermissionError:
        pass
    for path in found:
        mode = path.stat().st_mode
        for command in (("export", pdf, "--force", *YEAR, "--ics"), ("--profile", "p", "profile", "backup", "--force")):
            done = run(*command, path, cwd=home)
            assert done.returncode == 1
            assert f"{path} is not a file but a device or a pipe, so nothing was written." in done.stderr
            assert path.stat().st_mode == mode


def test_a_link_stays_one(home: Path, pdf: Path) -> None:
    kept = home / "kept.ics"
    kept.write_text("BEGIN:VCALENDAR")
    (home / "link.ics").symlink_to(kept)
    assert run("export", pdf, "--ics", "link.ics", *YEAR, cwd=home).returncode == 0
    assert (home / "link.ics").is_symlink()
    assert "VEVENT" in kept.read_text()


def test_a_dash_is_standard_output(home: Path, pdf: Path) -> None:
    same = ("--now", "2026-01-15T08:00Z", *YEAR)
    done = run("export", pdf, "--ics", "-", *same, cwd=home)
    assert done.returncode == 0
    assert not (home / "-").exists()
    assert run("export", pdf, "--ics", "file.ics", *same, cwd=home).returncode == 0
    assert done.stdout == (home / "file.ics").read_text()  # both read with universal line ends


@unix
@pytest.mark.parametrize("command", [("parse",), ("parse", "--json"), ("export", "--ics", "-", "--year", "2026")])
def test_a_full_device_is_a_sentence(home: Path, pdf: Path, command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, *command, pdf], cwd=home, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The output cannot be written: No space left on device.")
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@unix
@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-"])
def test_closed_outputs_are_no_trouble(home: Path, pdf: Path, closed: str) -> None:
    for command in ("parse", "export --year 2026 --ics out.ics"):
        line = f'"$0" {command} "$1" {closed}'
        done = subprocess.run(["/bin/sh", "-c", line, PROGRAM, pdf], cwd=home, capture_output=True, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
        if command == "parse" and ">&- 2" not in closed and closed != ">&-":
            assert json.loads(done.stdout)
    assert (home / "out.ics").exists()


@unix
@pytest.mark.parametrize(("locale", "coercion"), [("C.UTF-8", "1"), ("POSIX", "0")])
def test_any_name_of_a_file_is_read_and_said(home: Path, locale: str, coercion: str) -> None:
    name = os.fsdecode(b"l\xe9\xff.pdf")
    (home / name).write_bytes(draw(ROWS))
    refused = os.fsdecode(b"n\xff.pdf")
    (home / refused).write_bytes(b"shopping list")
    speech = {"LC_ALL": locale, "PYTHONCOERCECLOCALE": coercion, "PYTHONUTF8": coercion, "LANG": locale}
    done = run("parse", "--json", ".", cwd=home, **speech)
    assert "Traceback" not in done.stderr
    assert [os.fsencode(each["file"]) for each in json.loads(done.stdout)] == [b"l\xe9\xff.pdf"]
    assert "The file is not a PDF." in done.stderr
    out = os.fsdecode(b"o\xff.ics")
    assert run("export", name, "--ics", out, *YEAR, cwd=home, **speech).returncode == 0
    assert (home / out).read_bytes().startswith(b"BEGIN:VCALENDAR")
    again = run("export", name, "--ics", name, *YEAR, cwd=home, **speech)
    assert again.returncode == 2
    assert "one of the files to read" in again.stderr
    backup = os.fsdecode(b"b\xff.upschedule")
    assert run("--profile", "p", "profile", "backup", backup, cwd=home, **speech).returncode == 0
    done = run("--profile", "p", "profile", "restore", backup, cwd=home, **speech)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def _with_unreadable_line() -> bytes:
    drawn = sheets(ROWS)
    for sheet in drawn:
        sheet.texts[:] = [text._replace(text="Mxnday") if text.text == "Monday" else text for text in sheet.texts]
    return write(drawn)


def test_lines_that_cannot_be_read_are_said_last(home: Path, pdf: Path) -> None:
    pdf.write_bytes(_with_unreadable_line())
    done = run("export", pdf, "--ics", "out.ics", *YEAR, cwd=home)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("1 line could not be read, so what it says is not in the calendar.")
    assert f"{pdf}: page 1: expected a day such as Monday, found Mxnday." in done.stderr.splitlines()
    assert "GHI 333" in (home / "out.ics").read_text()
    skipped = run("export", pdf, "--ics", "out.ics", "--skip-unreadable", *YEAR, cwd=home)
    assert skipped.returncode == 0
    assert skipped.stderr.splitlines()[-1].startswith("note: 1 line could not be read")


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ((), "2 modules have no group yet: ABC 111, DEF 222; all groups are in the calendar, as tentative."),
        (("--undecided", "exclude"), "2 modules have no group yet: ABC 111, DEF 222; no group is in the calendar."),
        (
            ("--choose", "ABC 111/S1/P=P02"),
            "1 module has no group yet: DEF 222; all groups are in the calendar, as tentative.",
        ),
    ],
)
def test_modules_without_a_group_are_named_last(home: Path, pdf: Path, more: tuple[str, ...], last: str) -> None:
    done = run("export", pdf, "--ics", "out.ics", *YEAR, *more, cwd=home)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == f"note: {last}"
    events = icalendar.Calendar.from_ical((home / "out.ics").read_bytes()).walk("VEVENT")
    statuses = {str(event["SUMMARY"])[:7]: str(event["STATUS"]) for event in events if "L1" not in event["SUMMARY"]}
    undecided = set() if "exclude" in more else {"DEF 222"} if more else {"ABC 111", "DEF 222"}
    assert {module for module, status in statuses.items() if status == "TENTATIVE"} == undecided


def test_where_every_group_is_chosen_nothing_is_said(home: Path, pdf: Path) -> None:
    choices = ("--choose", "ABC 111/S1/P=P02", "--choose", "DEF 222/S1/T=T01")
    done = run("export", pdf, "--ics", "out.ics", *YEAR, *choices, cwd=home)
    assert done.returncode == 0
    assert "no group yet" not in done.stderr
