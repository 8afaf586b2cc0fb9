"""Restrictions of a child that reads hostile bytes, tested by a child that attacks, as an ordinary user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desktop.calendars import foreign
from desktop.pdf.reader import Reader
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.timetables import draw

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")

# Each thing that it tries, with what came of it: "done", or why not.
ATTACK = """
import ctypes, json, os, resource, socket, subprocess, sys, threading
from pathlib import Path

def tried(folder, other):
    folder = Path(folder)
    def thread():
        each = threading.Thread(target=int)
        each.start(), each.join()
    attempts = {
        "start a thread": thread,
        "end itself by no signal": lambda: os.kill(os.getpid(), 0),
        "read a library": lambda: open("/usr/bin/env", "rb").read(1),
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "fork": lambda: os.fork() or os._exit(0),
        "open a socket": lambda: socket.socket().close(),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "make a pair of sockets": lambda: [each.close() for each in socket.socketpair()],
        "signal another process": lambda: os.kill(other, 0),
        "bound another process": lambda: resource.prlimit(other, 0),
        "read a file": lambda: (folder / "secret").read_text(),
        "list a folder": lambda: os.listdir(folder),
        "write a file": lambda: (folder / "secret").write_text(""),
        "make a file": lambda: (folder / "new").touch(),
        "make a folder": lambda: (folder / "newer").mkdir(),
        "cut a file": lambda: os.truncate(folder / "secret", 1),
        "rename a file": lambda: os.rename(folder / "secret", folder / "moved"),
        "link a file": lambda: os.symlink("/", folder / "link"),
        "open a file to others": lambda: os.chmod(folder, 0o777),
        "date a file": lambda: os.utime(folder),
        "remove a file": lambda: os.unlink(folder / "moved"),
    }
    answer = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            answer[name] = "done"
        except OSError as refused:
            answer[name] = type(refused).__name__
    return answer
"""
ORDINARY = 65534
IS_ROOT = sys.platform != "win32" and os.geteuid() == 0
ALLOWED = {"start a thread", "end itself by no signal", "read a library"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the ordinary user, with a file of theirs."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "secret").write_text("mine", "utf-8")
    own(theirs)
    return theirs


def own(theirs: Path) -> None:
    if IS_ROOT:
        for path in (theirs, theirs / "secret"):
            os.chown(path, ORDINARY, ORDINARY)
        for path in theirs.parents:
            if path.owner() == "root" and str(path).startswith("/tmp/"):
                path.chmod(path.stat().st_mode | 0o011)


@pytest.fixture
def other() -> Iterator[int]:
    """The number of another process of the ordinary user."""
    who: dict[str, Any] = {"user": ORDINARY, "group": ORDINARY, "extra_groups": []} if IS_ROOT else {}
    with subprocess.Popen(["/bin/sleep", "600"], **who) as process:
        yield process.pid
        process.kill()


def what_came_of_it(folder: Path, other: int, contained: str) -> dict[str, str]:
    become_ordinary = f"os.setgroups([]), os.setgid({ORDINARY}), os.setuid({ORDINARY})" if IS_ROOT else ""
    program = (
        f"{ATTACK}\nfrom desktop import containment, containment_linux\n"
        f"{become_ordinary}\nlacking = {contained}\n"
        f"print(json.dumps([lacking, tried(sys.argv[1], {other})]), flush=True)\n"
    )
    answered = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert answered.returncode == 0, answered.stderr
    lacking, answer = json.loads(answered.stdout.splitlines()[-1])
    if lacking:
        pytest.skip(f"this system lacks {lacking}")
    return dict(answer)


def test_it_could_do_all_of_it_before(folder: Path, other: int) -> None:
    answer = what_came_of_it(folder, other, "[]")
    assert {name for name, came in answer.items() if came != "done"} == set()


def test_it_can_only_read_the_program_afterwards(folder: Path, other: int) -> None:
    answer = what_came_of_it(folder, other, "containment.sandbox_process()")
    assert {name for name, came in answer.items() if came == "done"} == ALLOWED
    assert {came for name, came in answer.items() if name not in ALLOWED} == {"PermissionError"}
    assert (folder / "secret").read_text("utf-8") == "mine"


def test_where_there_is_no_landlock_nothing_is_written_all_the_same(folder: Path, other: int) -> None:
    answer = what_came_of_it(
        folder,
        other,
        "[] if containment_linux.set_no_new_privileges() and containment_linux.restrict_system_calls() "
        "else ['seccomp']",
    )
    assert {name for name, came in answer.items() if came == "done"} == {*ALLOWED, "read a file", "list a folder"}


def in_the_child_of(module: str, read: str, folder: Path, other: int, say: str) -> list[str]:
    """A child like the real one, but that attacks where the real one begins to read."""
    return [
        sys.executable,
        "-c",
        f"{ATTACK}\nimport {module} as child\n"
        f"def attack(*_):\n    answer = tried({str(folder)!r}, {other})\n    {say}\n"
        f"assert child.{read}\nchild.{read} = attack\nsys.exit(child.main(sys.argv[1:]))",
    ]


def test_the_child_that_reads_a_pdf_is_contained(folder: Path, other: int, tmp_path: Path) -> None:
    done = "len([came for came in answer.values() if came == 'done'])"
    say = f"print(json.dumps({{'page': 1, 'pages': {done}}}), flush=True); return ()"
    heard: list[tuple[int, int]] = []
    path = tmp_path / "a.pdf"
    path.write_bytes(draw(rows_of_each_kind()[0]))
    with pytest.raises(Exception, match="makes no sense"):  # it gave no document
        Reader(in_the_child_of("desktop.pdf.child", "read_documents", folder, other, say)).read(
            path, progress=lambda page, pages: heard.append((page, pages))
        )
    assert heard == [(1, len(ALLOWED))]


def test_the_child_that_reads_a_calendar_is_contained(folder: Path, other: int) -> None:
    say = (
        "from datetime import datetime; return child.FriendCalendar((child.Taken(datetime(2026, 1, 1), "
        "datetime(2026, 1, 2), '|'.join(name for name, came in answer.items() if came == 'done')),))"
    )
    command = in_the_child_of("desktop.calendars.foreign", "read", folder, other, say)
    (taken,) = foreign.read_friend_calendar(b"", date(2026, 1, 1), date(2026, 1, 2), command).taken
    assert set(taken.title.split("|")) == ALLOWED


def test_a_real_timetable_is_read_while_contained_from_several_threads(tmp_path: Path) -> None:
    paths = []
    for number, rows in enumerate(rows_of_each_kind()):
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(draw(rows))
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda path=path: found.append(len(Reader().read(path)[0].rows))) for path in paths
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == sorted(len(rows) for rows in rows_of_each_kind())
