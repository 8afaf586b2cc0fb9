"""Two profiles synced through a folder, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.app import App
from tests.e2e.test_command_line_sync import PASSWORD, act, named, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_two_profiles_are_kept_the_same_through_a_folder(home: Path) -> None:
    cloud = home / "cloud"
    act(home, "one", "2026/COS 212", name="Algorithms")
    made = run(home, "one", "--folder", cloud, "create", secret=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    recovery = made.stdout.removeprefix("Recovery key: ").strip()
    again = run(home, "one", "--folder", cloud, "create", secret=PASSWORD + "\n")
    assert again.returncode == 2

    wrong = run(home, "two", "--folder", cloud, "join", secret="not the password\n")
    assert wrong.returncode == 1
    assert "This is not the password" in wrong.stderr
    joined = run(home, "two", "--folder", cloud, "join", secret=PASSWORD + "\n")
    assert joined.returncode == 0, joined.stderr
    assert run(home, "two", "now").returncode == 0
    assert named(home, "two", "2026/COS 212") == "Algorithms"

    act(home, "two", "2026/COS 212", name="Data Structures")
    sent = run(home, "two", "now", "--json")
    assert json.loads(sent.stdout)["pushed"] == 1
    assert json.loads(run(home, "one", "now", "--json").stdout)["changed"] == 1
    assert named(home, "one", "2026/COS 212") == "Data Structures"
    with App.open(home / "one") as app:
        assert not app.store.records().of_kind("conflict")

    status = json.loads(run(home, "one", "status", "--json").stdout)
    assert status["folder"] == str(cloud)
    assert [each["this_one"] for each in status["devices"]] == [True, False]
    assert not any(b"Data Structures" in each.read_bytes() for each in cloud.iterdir())

    third = run(home, "three", "--folder", cloud, "join", "--recovery", secret=f"{recovery}\nquite another sentence\n")
    assert third.returncode == 0, third.stderr
    assert run(home, "three", "now").returncode == 0
    assert named(home, "three", "2026/COS 212") == "Data Structures"

    assert run(home, "two", "logout").returncode == 0
    assert named(home, "two", "2026/COS 212") == "Data Structures", "what is here stays"
    assert run(home, "two", "--folder", cloud, "join", secret="quite another sentence\n").returncode == 0


def test_a_folder_that_is_gone_is_said(home: Path) -> None:
    run(home, "one", "--folder", home / "cloud", "create", secret=PASSWORD + "\n")
    (home / "cloud").rename(home / "elsewhere")
    gone = run(home, "one", "now")
    assert gone.returncode == 1
    assert "is not there" in gone.stderr
