"""Reports of the program's faults, which contain nothing of the student's data."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import crash_log
from desktop.crash_log import CRASH_FILE, FOLDER, LOG_FILE, CrashLog, exception_lines

ROOT = Path(__file__).parents[3]
WORDS = ("COS 212", "Thandi", "correct horse battery", "IT 4-1")

CRASHING = """
import ctypes, sys
from pathlib import Path
from desktop.crash_log import CrashLog
log = CrashLog(Path(sys.argv[1]))
print(repr(log.start()), flush=True)
{then}
"""


def run(profile: Path, then: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CRASHING.format(then=then), str(profile)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def offered(profile: Path) -> str:
    """The report that the next start offers."""
    log = CrashLog(profile)
    report = log.start()
    log.close()
    return report


def test_a_crash_of_the_interpreter_is_offered_at_the_next_start_and_once(tmp_path: Path) -> None:
    died = run(tmp_path, "secret = 'COS 212'\nctypes.string_at(0)")
    assert died.returncode != 0
    assert died.stdout.strip() == "''"
    report = offered(tmp_path)
    assert report.startswith("UP Schedule Generator ")
    assert "string_at" in report
    assert "ctypes/__init__.py:" in report
    assert str(Path(sys.prefix)) not in report
    assert "COS 212" not in report
    assert run(tmp_path, "").stdout.strip() == "''"


def test_a_run_that_ends_well_leaves_nothing_to_offer(tmp_path: Path) -> None:
    assert run(tmp_path, "log.close()").returncode == 0
    assert offered(tmp_path) == ""


def test_an_exception_that_ends_the_program_is_offered_without_its_text(tmp_path: Path) -> None:
    log = CrashLog(tmp_path)
    log.start()
    log.write_crash(failing())
    log.close()
    report = offered(tmp_path)
    assert "builtins.KeyError" in report
    assert "builtins.ValueError" in report
    assert "test_crash_log.py:" in report
    assert not [word for word in WORDS if word in report]


def failing() -> BaseException:
    """An exception with texts of a student in it, which came of another."""
    module, name, password, room = WORDS
    try:
        try:
            {}[module + password]
        except KeyError as wrong:
            raise ValueError(f"{name} in {room}") from wrong
    except ValueError as wrong:
        return wrong


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashLog]:
    monkeypatch.setattr(logging.getLogger(), "level", logging.WARNING)  # the server's tests may have raised it
    logging.getLogger("some.library").manager._clear_cache()
    made = CrashLog(tmp_path)
    made.start()
    made.start_log()
    yield made
    made.close()


def test_the_log_holds_places_and_types_and_no_texts(tmp_path: Path, log: CrashLog) -> None:
    logger = logging.getLogger("some.library")
    logger.warning("Fetched https://example.org/%s for %s", WORDS[2], WORDS[1])
    logger.warning(f"Read {WORDS[0]}")
    logger.error(WORDS[3], exc_info=failing())
    logger.info("not worth a line")
    log.close()
    logger.warning("after the end")
    lines = (tmp_path / FOLDER / LOG_FILE).read_text("utf-8").splitlines()
    assert [line.split()[1:3] for line in lines if "some.library" in line] == [
        ["WARNING", "some.library"],
        ["WARNING", "some.library"],
        ["ERROR", "some.library"],
    ]
    assert "builtins.KeyError" in lines
    assert not [word for word in (*WORDS, "example.org", str(tmp_path)) if word in "\n".join(lines)]


def test_the_log_does_not_grow_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(crash_log, "MOST_BYTES", 500)
    log: CrashLog = request.getfixturevalue("log")
    for _ in range(200):
        logging.getLogger("some.library").warning("again")
    log.close()
    files = list((tmp_path / FOLDER).glob(f"{LOG_FILE}*"))
    assert len(files) == 1 + crash_log.KEPT
    assert sum(each.stat().st_size for each in files) <= 500 * (1 + crash_log.KEPT)


def test_a_folder_that_cannot_be_used_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way")
    log = CrashLog(tmp_path)
    assert log.start() == ""
    log.start_log()
    logging.getLogger("some.library").warning("anything")
    log.write_crash(ValueError())
    log.close()


def test_its_files_can_be_deleted_while_it_pauses(tmp_path: Path, log: CrashLog) -> None:
    with log.paused():
        (tmp_path / FOLDER / CRASH_FILE).unlink()
        logging.getLogger("some.library").warning("not now")
    log.write_crash(failing())
    log.close()
    assert "ValueError" in (tmp_path / FOLDER / CRASH_FILE).read_text("utf-8")
    assert not (tmp_path / FOLDER / LOG_FILE).exists()


def test_a_deep_chain_is_told_from_its_beginning() -> None:
    lines = exception_lines(failing())
    assert lines.index("builtins.KeyError") < lines.index("builtins.ValueError")
