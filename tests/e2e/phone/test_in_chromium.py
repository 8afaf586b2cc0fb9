"""The phone's file in a phone-sized browser: offline, without scripts, light and dark, checked by axe-core."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.app import App, make_document_reader
from desktop.domain.commands.edits import rename_module, set_venues
from desktop.workflows import imports, phone, timetable
from desktop.workflows.documents import read_documents
from tests.unit.desktop.workflows.sample import TODAY, assessments_of, exams_of, lectures

CLIENTS = Path(__file__).parents[2] / "clients"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
HOSTILE = "</bdi></b><script>alert(1)</script><img src=x onerror=alert(2)>\u202e&<!--"
IN_CLASS = "2026-03-02T06:35:00Z"  # 08:35 at UP on a Monday


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None or shutil.which("node") is None or not (CLIENTS / "node_modules" / "axe-core").is_dir():
        pytest.skip("chromium, node and tests/clients/node_modules are needed (make test sets them up)")
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("phone")
    with App.open(folder / "profile") as app:
        for draft in (lectures(), assessments_of(), exams_of()):
            imports.accept(app.store, imports.propose(app.store, draft, "x.pdf", TODAY, year=2026))
        found = timetable.compute_view(app.store, 2026, TODAY).timetable
        timetable.apply_act(app.store, rename_module(found, "WTW 220", HOSTILE))
        timetable.apply_act(app.store, set_venues(found, found.meetings[0].id, (HOSTILE,)))
        document = phone.make_phone_file(
            timetable.compute_view(app.store, 2026, TODAY), "en", datetime(2026, 3, 2, 5, tzinfo=UTC)
        )
        phone.save_phone_file(document, folder / "timetable.html")
    return folder / "timetable.html"


def opened(chromium: str, file: Path, **options: Any) -> dict[str, Any]:
    asked = {"chromium": chromium, "scripts": True, "dark": False, "now": IN_CLASS} | options
    done = subprocess.run(
        ["node", CLIENTS / "phone_page.mjs", file, json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def is_sound(found: dict[str, Any]) -> bool:
    assert found["violations"] == []
    assert found["passes"] > 20
    assert found["wrong"] == []
    assert found["dead"] == []
    assert found["width"] == 390  # nothing is wider than the phone
    assert "img" not in found["elements"]
    return len(found["asked"]) == 1  # the file itself


def test_scripts_mark_today_and_the_next_class(chromium: str, file: Path) -> None:
    found = opened(chromium, file)
    assert is_sound(found)
    assert found["today"] == ["d2026-03-02"]
    assert "Wednesday 4 March, 09:30 – 10:20" in found["next"]
    assert "Now" in found["text"]
    assert "alert(1)" in found["text"]


def test_it_is_read_without_scripts_and_in_the_dark(chromium: str, file: Path) -> None:
    found = opened(chromium, file, scripts=False, dark=True, follow='.g a[href="#d2026-03-04"]')
    assert is_sound(found)
    assert found["next"] == ""
    assert found["shown"] == ["d2026-03-04"]  # the links between days work
    assert "COS 212 · L2" in found["text"]
    assert found["ground"] == "rgb(22, 24, 28)"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-20T08:00:00Z", "Nothing is left in this timetable."),
        ("2026-03-07T08:00:00Z", "Nothing today"),  # a Saturday
    ],
)
def test_days_on_which_nothing_is_on(chromium: str, file: Path, now: str, words: str) -> None:
    found = opened(chromium, file, now=now)
    assert is_sound(found)
    assert found["today"] == []
    assert words in found["next"]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample documents are not here")
def test_a_real_year_stays_small(chromium: str, tmp_path: Path) -> None:
    with App.open(tmp_path / "profile") as app:
        for path, drafts in read_documents(make_document_reader(), sorted(SAMPLES.glob("*-2026-*.pdf"))):
            assert not isinstance(drafts, Exception)
            for draft in drafts:
                imports.accept(app.store, imports.propose(app.store, draft, path.name, date(2026, 2, 1)))
        view = timetable.compute_view(app.store, 2026, date(2026, 2, 1))
        document = phone.make_phone_file(view, "af", datetime(2026, 2, 2, tzinfo=UTC))
    assert not document.is_cut
    assert len(document.body) < 200_000
    phone.save_phone_file(document, tmp_path / "rooster.html")
    assert is_sound(opened(chromium, tmp_path / "rooster.html", now="2026-03-24T07:05:00Z"))
