"""The command line as a person uses it: the installed program in a process of its own, on real and drawn files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drawing import changes
from tests.drawing.timetables import draw
from tests.gui.semester import EXAMS, LECTURES, TESTS, write_pdfs
from tests.unit.desktop.pdf.test_text_tables import header, records, separated

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "../shared/samples"
PROGRAM = Path(sys.executable).with_name("upschedule")

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the genuine exports are not here")
pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not installed beside this Python")


def run(
    *arguments: object, cwd: Path, secret: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The program, in an environment where neither a display nor this user's own profile can be reached."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "UPSCHEDULE_PROFILE"}}
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        cwd=cwd,
        env=inherited | {"HOME": str(cwd), "XDG_DATA_HOME": str(cwd / "data")} | environment,
        input=secret,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@needs_samples
def test_parse_gives_every_row_of_the_genuine_exports(home: Path) -> None:
    files = sorted(SAMPLES.glob("*.pdf"))
    done = run("parse", "--json", *files, cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert [each["file"] for each in found] == [str(path) for path in files]
    for each, path in zip(found, files, strict=True):
        expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
        assert each["kind"] == expected["kind"]
        assert each["problems"] == []
        assert each["pages"] >= 1
        for row, wanted in zip(each["entries"], expected["entries"], strict=True):
            assert {name: row[name] for name in wanted} == wanted
    assert not (home / "data").exists()


@needs_samples
def test_a_refused_file_is_a_line_and_the_others_are_printed(home: Path) -> None:
    (home / "notes.pdf").write_bytes(b"shopping list")
    sample = SAMPLES / "exams-2026-s1.pdf"
    done = run("parse", "notes.pdf", sample, "absent.pdf", cwd=home)
    assert done.returncode == 1
    assert [each["file"] for each in json.loads(done.stdout)] == [str(sample)]
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("notes.pdf: The file is not a PDF.")
    assert lines[1].startswith("absent.pdf: ")


@needs_samples
def test_a_folder_is_looked_through(home: Path) -> None:
    below = home / "folder" / "below"
    below.mkdir(parents=True)
    for name in ("exams-2026-s1.pdf", "tests-2026-s1.pdf"):
        (below / name.replace(".pdf", ".PDF")).write_bytes((SAMPLES / name).read_bytes())
    (below / "other.txt").write_text("no PDF")
    done = run("parse", "folder", cwd=home)
    assert [each["kind"] for each in json.loads(done.stdout)] == ["exams", "tests"]


def occurrences(file: Path) -> list[tuple[str, str]]:
    """Summary and start of all dates in a calendar file, as a library that is not ours reads it."""
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    found = recurring_ical_events.of(calendar).between((2025, 1, 1), (2028, 1, 1))
    return sorted((str(each["SUMMARY"]), each["DTSTART"].dt.isoformat()) for each in found)


@needs_samples
def test_export_honours_every_option(home: Path) -> None:
    done = run(
        "export",
        *sorted(SAMPLES.glob("*2026*.pdf")),
        *("--ics", "out.ics", "--now", "2026-01-15T08:00Z", "--term", "S1=2026-02-16..2026-05-22"),
        *("--choose", "COS 332/S1/P=P02", "--recess", "2026-03-28..2026-04-06", "--swap", "2026-03-25=Friday"),
        *("--undecided", "exclude", "--holidays", "ZA"),
        cwd=home,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    found = occurrences(home / "out.ics")
    lectures = [(summary, start) for summary, start in found if not any(w in summary for w in ("Test", "Exam"))]
    assert min(start for _, start in lectures) >= "2026-02-16"
    assert max(start for summary, start in lectures if "COS 301" not in summary) < "2026-05-23"  # COS 301 is all year
    assert not any("2026-03-28" <= start[:10] <= "2026-04-06" for _, start in lectures)
    assert not any(start.startswith("2026-05-01") for _, start in lectures)  # Workers' Day
    assert not any(summary.startswith("COS 333 · P") for summary, _ in found)  # undecided, left out
    chosen = [(summary, start) for summary, start in found if "COS 332" in summary and "P" in summary.split("·")[-1]]
    assert chosen
    friday = [(summary, start[11:]) for summary, start in lectures if start.startswith("2026-03-20")]
    swapped = [(summary, start[11:]) for summary, start in lectures if start.startswith("2026-03-25")]
    assert swapped == friday
    assert friday
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("year", "note", "classes_in_recess"),
    [
        ("2026", "The recess of 2026 is proposed, not confirmed: there are no classes in it.", False),
        ("2027", "The recess of 2027 is a guess, not confirmed: there are no classes in it.", False),
        ("2025", "The recess of 2025 is not known: classes are shown right through it.", True),
    ],
)
def test_export_says_what_the_recess_rests_on(home: Path, year: str, note: str, classes_in_recess: bool) -> None:
    write_pdfs(home)
    done = run("export", "lectures.pdf", "--ics", "t.ics", "--year", year, cwd=home)
    assert done.returncode == 0, done.stderr
    assert note in done.stderr
    assert note in (home / "t.ics").read_bytes().replace(b"\r\n ", b"").decode().replace("\\", "")
    found = occurrences(home / "t.ics")
    assert any(f"{year}-03-31" <= start[:10] <= f"{year}-04-03" for _, start in found) is classes_in_recess


def test_a_recess_that_leaves_no_class_or_takes_none_out_is_said(home: Path) -> None:
    write_pdfs(home)
    command = ("export", "lectures.pdf", "--ics", "t.ics", "--year", "2026", "--recess")
    done = run(*command, "2026-02-01..2026-12-31", cwd=home)
    assert done.returncode == 0
    assert "No class of 2026 is left: --recess takes all of them out." in done.stderr
    done = run(*command, "2026-06-01..2026-06-05", cwd=home)
    assert done.returncode == 0
    assert "--recess 2026-06-01..2026-06-05 takes no class out: none falls on these days." in done.stderr
    done = run(*command, "2026-03-30..2026-04-02", cwd=home)
    assert "takes no class out" not in done.stderr


def test_a_room_of_several_is_the_only_one_written(home: Path) -> None:
    write_pdfs(home)
    for name, more in (
        ("all.ics", ()),
        ("mine.ics", ("--room", "GHI 303/L1=Hall 6", "--room", "ABC 101/Test1=Hall 2")),
    ):
        done = run("export", "lectures.pdf", "tests.pdf", "--ics", name, "--year", "2026", *more, cwd=home)
        assert done.returncode == 0, done.stderr
    every, mine = ((home / name).read_text() for name in ("all.ics", "mine.ics"))
    assert "LOCATION:Hall 5\\, Hall 6" in every
    assert "LOCATION:Hall 1\\, Hall 2" in every
    assert "LOCATION:Hall 6" in mine
    assert "Hall 5" not in mine
    assert "\\, Hall 2" not in mine
    done = run(
        "export", "lectures.pdf", "--ics", "other.ics", "--year", "2026", "--room", "GHI 303/L1=Hall 7", cwd=home
    )
    assert done.returncode == 2
    assert "There is: GHI 303/L1=Hall 5, GHI 303/L1=Hall 6." in done.stderr


@needs_samples
def test_the_same_moment_gives_the_same_bytes_and_holidays_can_be_left_out(home: Path) -> None:
    samples = sorted(SAMPLES.glob("*2026*.pdf"))
    for name, more in (("a.ics", ()), ("b.ics", ()), ("c.ics", ("--holidays", "none"))):
        done = run("export", *samples, "--ics", name, "--now", "2026-01-15T08:00Z", *more, cwd=home)
        assert done.returncode == 0, done.stderr
    assert (home / "a.ics").read_bytes() == (home / "b.ics").read_bytes()
    with_holidays, without = occurrences(home / "a.ics"), occurrences(home / "c.ics")
    assert set(with_holidays) < set(without)
    assert {start[:10] for _, start in set(without) - set(with_holidays)} <= {
        "2026-04-03",
        "2026-04-06",
        "2026-04-27",
        "2026-05-01",
        "2026-08-10",
    }


@needs_samples
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--choose", "COS 999/S1/P=P02"], "“COS 999/S1/P=P02” is in none of the files."),
        (["--choose", "COS 332"], "does not name a choice"),
        (["--room", "COS 332"], "does not name a room"),
        (["--room", "COS 999/L1=IT 4-1"], "“COS 999/L1=IT 4-1” is in none of the files."),
        (["--term", "S1=2026-05-22..2026-02-09"], "before it starts"),
        (["--term", "S1=soon"], "does not hold the dates expected"),
        (["--recess", "2025-03-28..2025-04-06"], "is not in 2026"),
        (["--swap", "2026-03-25=Fredag"], "names no weekday"),
        (["--term", "S3=2026-02-09..2026-05-22"], "“S3=2026-02-09..2026-05-22” names no term. There is: Q1, Q2"),
        (["--holidays", "XX"], "No public holidays are known"),
        (["--undecided", "perhaps"], "invalid choice"),
        (["--now", "noon"], "is no moment"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(home: Path, options: list[str], said: str) -> None:
    done = run("export", SAMPLES / "exams-2026-s1.pdf", "--ics", "out.ics", *options, cwd=home)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "out.ics").exists()


@needs_samples
def test_a_file_that_cannot_be_written_is_said(home: Path) -> None:
    done = run("export", SAMPLES / "exams-2026-s1.pdf", "--ics", "nowhere/out.ics", cwd=home)
    assert done.returncode == 1
    assert "does not exist" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["parse"], "FILE"),
        (["export", "a.pdf"], "--ics"),
        (["profile"], "backup"),
        (["--colour", "red"], "--colour"),
        (["parse", "--jsn", "a.pdf"], "--jsn"),
    ],
)
def test_usage_errors_are_one_line_with_the_way_to_the_help(home: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, cwd=home)
    assert done.returncode == 2
    assert said in done.stderr
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["parse", "--help"], ["export", "--help"], ["--version"]])
def test_help_is_printed(home: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=home)
    assert done.returncode == 0
    assert done.stdout


def test_an_empty_folder_is_said(home: Path) -> None:
    (home / "empty").mkdir()
    done = run("parse", "empty", cwd=home)
    assert done.returncode == 1
    assert "There is no PDF in empty" in done.stderr


def test_commands_never_load_qt(home: Path) -> None:
    """Asked of the interpreter itself: what a command imports, it names."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "desktop", "parse", "absent.pdf"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "PySide6" not in done.stderr
    assert "absent.pdf: " in done.stderr


def test_backup_and_restore(home: Path) -> None:
    assert run("--profile", "p", "profile", "backup", "b.upschedule", cwd=home).returncode == 0
    done = run("--profile", "q", "profile", "restore", "b.upschedule", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "is kept in" in done.stdout
    assert "Nothing shows that this backup is as it was made" in done.stderr
    (home / "b.upschedule").write_bytes(b"other")
    done = run("--profile", "q", "profile", "restore", "b.upschedule", cwd=home)
    assert done.returncode == 2
    assert "Nothing was changed" in done.stderr


def test_a_sealed_backup_is_restored_by_its_passphrase(home: Path) -> None:
    backup = ("--profile", "p", "profile", "backup", "b.upschedule", "--passphrase")
    assert run(*backup, cwd=home, secret="a long enough sentence\n").returncode == 0
    restore = ("--profile", "q", "profile", "restore", "b.upschedule")
    done = run(*restore, cwd=home, secret="another long sentence\n")
    assert done.returncode == 1
    assert "not the password, recovery key or passphrase of this backup" in done.stderr
    done = run(*restore, cwd=home, secret="a long enough sentence\n")
    assert done.returncode == 0, done.stderr
    assert "Nothing shows" not in done.stderr
    done = run(*restore, "--unchecked", cwd=home)
    assert done.returncode == 0, done.stderr
    assert "Nothing shows" in done.stderr


def test_wildcards_are_expanded_where_the_shell_does_not(home: Path) -> None:
    write_pdfs(home)
    done = run("parse", "--json", "*.pdf", cwd=home)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 3
    missing = run("parse", "*.nothing", cwd=home)
    assert missing.returncode == 1
    assert "*.nothing is no longer there" in missing.stderr


def test_a_file_of_several_documents_and_a_table_go_into_one_calendar(home: Path) -> None:
    merged = home / "all.pdf"
    merged.write_bytes(changes.merged(draw(LECTURES), draw(TESTS), draw(EXAMS)))
    found = json.loads(run("parse", "--json", merged, cwd=home).stdout)
    assert [(each["file"], each["kind"]) for each in found] == [
        (str(merged), kind) for kind in ("lectures", "tests", "exams")
    ]
    assert found[0]["remarks"] == ["This file holds several documents: Lectures, Semester Tests and Exams."]
    table = home / "lectures.csv"
    table.write_bytes(separated([header("lectures"), *records(LECTURES)]))
    one, other = home / "one.ics", home / "other.ics"
    for files, target in (([merged], one), ([table], other)):
        done = run("export", *files, "--ics", target, "--year", "2026", "--now", "2026-01-15T08:00Z", cwd=home)
        assert done.returncode == 0, done.stderr
    assert one.read_bytes().count(b"BEGIN:VEVENT") > other.read_bytes().count(b"BEGIN:VEVENT") > 0


def test_the_sequence_never_falls_below_that_of_the_file_replaced(home: Path) -> None:
    write_pdfs(home)
    target = home / "timetable.ics"

    def export(now: str) -> set[int]:
        done = run("export", "*.pdf", "--ics", target, "--now", now, cwd=home)
        assert done.returncode == 0, done.stderr
        return {int(number) for number in re.findall(rb"SEQUENCE:(\d+)", target.read_bytes())}

    (late,) = export("2026-06-01T08:00Z")
    assert export("2026-01-15T08:00Z") == {late}, "the clock was set back"
    assert min(export("2026-07-01T08:00Z")) > late
    once, again = target.read_bytes(), export("2026-07-01T08:00Z")
    assert (target.read_bytes(), len(again)) == (once, 1)
