"""A power failure, or the system killing the program: what was reported as saved is there, and nothing is half there.

The next start offers a report of a crash of the window.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop.app import App
from desktop.crash_log import CRASH_FILE, FOLDER, CrashLog
from tests.e2e.busy_student import expected_records, stored_records

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a word of POSIX")


def run_until_killed(profile: Path, first: int, last: int, after: int, delay: float) -> int:
    """Start the busy student and kill it some moment after `after` actions; returns the last one it said is saved."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.busy_student", str(profile), str(first), str(last)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(after + 1)]
    assert said[0] == "open"
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read().split()
    child.stdout.close()
    child.wait()
    return int(said[-1]) if said[-1] != "open" else first - 1


def kill_again_and_again(profile: Path, kills: int, seed: int, actions: int) -> None:
    chance = random.Random(seed)
    saved = 0
    for _ in range(kills):
        if saved >= actions:
            break
        after = chance.randint(0, min(actions // kills, actions - saved))
        said = run_until_killed(profile, saved + 1, actions, after, chance.uniform(0, 0.02))
        with App.open(profile) as app:
            found = stored_records(app.store.records().by_name.values())
            app.store.database.check()
        # The one that was being done when it was killed may be there or not, but wholly.
        candidates = [number for number in (said, said + 1) if expected_records(number) == found]
        assert candidates, f"after {said}: {found} is neither {expected_records(said)} nor {expected_records(said + 1)}"
        saved = candidates[0]


def test_everything_said_to_be_saved_survives_kill_9(tmp_path: Path) -> None:
    kill_again_and_again(tmp_path / "profile", kills=6, seed=20260302, actions=150)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_everything_survives_many_kills_among_500_actions(tmp_path: Path, seed: int) -> None:
    kill_again_and_again(tmp_path / "profile", kills=60, seed=seed, actions=500)


def test_the_whole_run_without_a_kill_is_what_is_expected(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.busy_student", str(tmp_path / "profile"), "1", "60"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == ["open", *map(str, range(1, 61))]
    with App.open(tmp_path / "profile") as app:
        assert stored_records(app.store.records().by_name.values()) == expected_records(60)


def test_a_second_program_on_the_profile_says_so_and_does_no_harm(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with App.open(profile) as app:
        before = app.paths.database.read_bytes()
        done = subprocess.run(
            [sys.executable, "-m", "desktop", "--profile", profile, "sync", "now"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 1
        assert "already open" in done.stderr
        assert "Traceback" not in done.stderr
        assert app.paths.database.read_bytes() == before
        assert app.store.records().by_name == {}


def test_a_profile_whose_holder_was_killed_is_free(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    run_until_killed(profile, 1, 500, 1, 0)
    App.open(profile).close()


def test_a_crash_of_the_window_leaves_a_report(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    profile = tmp_path / "COS 212 of somebody"
    window = subprocess.Popen(
        [sys.executable, "-m", "desktop", "--profile", str(profile)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not (profile / "timetable.sqlite3").exists() and time.monotonic() < until:
        time.sleep(0.1)
    window.send_signal(signal.SIGSEGV)
    assert window.wait(30) != 0
    assert "Segmentation fault" in (profile / FOLDER / CRASH_FILE).read_text("utf-8")
    log = CrashLog(profile)
    report = log.start()
    log.close()
    assert report.startswith("UP Schedule Generator ")
    assert "ui/app/main.py:" in report
    assert str(ROOT) not in report
    assert "COS 212" not in report
