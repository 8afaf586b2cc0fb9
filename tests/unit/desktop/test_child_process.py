"""Child processes that read hostile bytes: their input, and that nothing they started is left running."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import psutil
import pytest

from desktop.calendars.foreign import read_friend_calendar
from desktop.child_process import ChildProcess, child_environment
from desktop.domain.errors import AppError, DocumentRefused
from desktop.pdf.reader import Limits, Reader

MEMORY = 512 * 1024 * 1024
LONG = 600  # seconds that a grandchild stays where nobody ends it: no test waits for it
only_posix = pytest.mark.skipif(sys.platform == "win32", reason="sessions are of POSIX; Windows has job objects")


def starting(grandchild: Path, then: str, *, apart: bool = False) -> list[str]:
    """A child that starts a grandchild, which holds its pipes and leaves its number in a file, then does `then`."""
    program = f"""
import pathlib, subprocess, sys, time
found = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep({LONG})"], start_new_session={apart})
pathlib.Path({str(grandchild)!r}).write_text(str(found.pid))
{then}
"""
    return [sys.executable, "-c", program]


@pytest.fixture
def grandchild(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "grandchild"
    yield path
    with suppress(OSError, ValueError, psutil.Error):
        psutil.Process(int(path.read_text())).kill()


def lives(grandchild: Path) -> bool:
    try:
        return bool(psutil.Process(int(grandchild.read_text())).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def ends(grandchild: Path) -> bool:
    """Whether it ends; the kernel may take a moment over it."""
    with suppress(psutil.NoSuchProcess):
        psutil.wait_procs([psutil.Process(int(grandchild.read_text()))], timeout=10)
    return not lives(grandchild)


@only_posix
def test_a_grandchild_ends_with_the_reader_that_took_too_long(tmp_path: Path, grandchild: Path) -> None:
    document = tmp_path / "a.pdf"
    document.write_bytes(b"%PDF-1.4")
    reader = Reader(starting(grandchild, f"time.sleep({LONG})"), Limits(wall=2.0, max_attempts=1))
    with pytest.raises(DocumentRefused, match="longer than 2 seconds"):
        reader.read(document)
    assert ends(grandchild)


@only_posix
@pytest.mark.parametrize("apart", [False, True], ids=["in its session", "in one of its own"])
def test_nobody_waits_for_a_grandchild_that_holds_the_pipe(tmp_path: Path, grandchild: Path, apart: bool) -> None:
    document = tmp_path / "a.pdf"
    document.write_bytes(b"%PDF-1.4")
    reader = Reader(starting(grandchild, "print('{}', flush=True)", apart=apart), Limits(wall=LONG / 2, max_attempts=1))
    with pytest.raises(AppError):
        reader.read(document)
    assert apart or ends(grandchild)


@only_posix
@pytest.mark.parametrize("apart", [False, True], ids=["in its session", "in one of its own"])
def test_nobody_waits_for_what_a_calendar_started(grandchild: Path, apart: bool) -> None:
    command = starting(grandchild, f"time.sleep({LONG})", apart=apart)
    with pytest.raises(DocumentRefused, match="far longer than a timetable"):
        read_friend_calendar(b"", date(2026, 2, 1), date(2026, 6, 30), command, wall=2.0)
    assert apart or ends(grandchild)


def test_a_calendar_that_says_too_much_is_refused() -> None:
    endless = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    with pytest.raises(DocumentRefused, match="far larger"):
        read_friend_calendar(b"", date(2026, 2, 1), date(2026, 6, 30), [sys.executable, "-c", endless])


def test_all_that_a_child_wrote_before_its_end_is_heard(grandchild: Path) -> None:
    with ChildProcess(starting(grandchild, "print('x' * 200_000)"), b"", MEMORY, 20) as child:
        assert sum(map(len, child.read_output())) == 200_000 + len(os.linesep)
    assert child.wait() == 0


def test_no_secret_reaches_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("UPSCHEDULE_PASSWORD", "UPSCHEDULE_GOOGLE_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK")
    for name in (*secrets, "LD_PRELOAD", "QT_PLUGIN_PATH", "PYTHONSTARTUP", "DBUS_SESSION_BUS_ADDRESS", "HOME"):
        monkeypatch.setenv(name, "hidden")
    monkeypatch.setenv("LC_TIME", "af_ZA.UTF-8")
    program = "import os; print('\\n'.join(os.environ))"
    with ChildProcess([sys.executable, "-c", program], b"", MEMORY, 20) as child:
        told = b"".join(child.read_output()).decode().split()
    assert "LC_TIME" in told
    assert "PATH" in told
    unknown = set(told) - child_environment(os.environ).keys()
    assert unknown <= {"LC_CTYPE"}, "Python sets that one itself"
    assert not {"LD_PRELOAD", "HOME", "SSH_AUTH_SOCK", *secrets} & set(told)
