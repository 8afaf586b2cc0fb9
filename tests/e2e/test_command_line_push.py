"""The stored timetable pushed into a real CalDAV server by commands alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.app import App
from desktop.domain.commands.choices import choose_group
from desktop.domain.commands.edits import set_venues
from desktop.domain.timetable.choices import parse_choice_key
from desktop.workflows import imports, timetable
from tests.clients import servers
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, lectures

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    with App.open(tmp_path / "profile") as app:
        for draft in (lectures(), assessments_of()):
            imports.accept(app.store, imports.propose(app.store, draft, "x.pdf", TODAY, year=2026))
    return tmp_path / "profile"


def push(profile: Path, *arguments: str, secret: str = servers.PASSWORD) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", "--profile", profile, "push", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("UPSCHEDULE")},
        input=secret + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    assert done.returncode == 0, done.stderr
    return {kind: count for kind, count in json.loads(done.stdout)["counts"].items() if count}


def test_push_change_push_and_take_away(profile: Path, radicale: str) -> None:
    where = ("caldav", "--url", radicale, "--user", servers.USER, "--year", "2026")
    first = counts(push(profile, *where, "--plan"))
    assert first == {"add": 8}, "5 series, a test, and two classes of the Monday that is held on 7 April"
    done = push(profile, *where)
    assert (done.returncode, done.stdout) == (0, "8 written.\n"), done.stderr  # the plan wrote nothing

    with App.open(profile) as app:
        table = timetable.compute_view(app.store, 2026, TODAY).timetable
        timetable.apply_act(app.store, choose_group(table, parse_choice_key("2026/COS 212/S1/P"), "P01"))
        timetable.apply_act(app.store, set_venues(table, "2026/COS 212/S1/G01/L/L1", ("IT 2-27",)))
    assert counts(push(profile, *where, "--plan")) == {"change": 3, "remove": 1, "keep": 4}
    assert push(profile, *where).stdout == "4 written.\n"
    assert push(profile, *where).stdout == "0 written.\n"
    assert push(profile, *where, "--remove-all").stdout == "7 written.\n"


@pytest.mark.parametrize(
    ("arguments", "secret", "status", "said"),
    [
        (["caldav", "--url", "{radicale}", "--user", servers.USER], "wrong", 1, "password"),
        (["caldav", "--url", "http://127.0.0.1:9/", "--user", "x"], "x", 1, ""),
        (["caldav", "--user", "x"], "x", 2, "--url"),
        (["caldav", "--url", "{radicale}", "--user", servers.USER, "--year", "2031"], "x", 2, "no timetable of 2031"),
        (["google", "--plan"], "", 2, "client id"),
    ],
)
def test_what_cannot_be_is_said(
    profile: Path, radicale: str, arguments: list[str], secret: str, status: int, said: str
) -> None:
    done = push(profile, *(each.format(radicale=radicale) for each in arguments), secret=secret)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
