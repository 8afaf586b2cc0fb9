"""A published calendar, over a real server, as other programs read it: vdirsyncer with khal, and ical.js."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from desktop.app import App
from desktop.domain.commands.choices import hide_module
from desktop.domain.timetable.occurrences import occurrences
from desktop.workflows import feeds, imports, sync, timetable
from desktop.workflows.export import ExportOptions
from tests.clients.readers import KHAL, Occurrences, by_ical_js, khal_list, khal_over, needs_ical_js, needs_khal
from tests.drawing import semester
from tests.gui.semester import draft
from tests.sync.server.process import server_process

TODAY = date(2026, 2, 2)
NOW = datetime(2026, 2, 2, 8, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
VDIRSYNCER = KHAL.with_name("vdirsyncer")


class Published:
    """A semester in a profile, its address, and what the grid shows of what is published."""

    def __init__(self, profile: Path, server: str) -> None:
        self.app = App.open(profile)
        self.joint = self.app.join_sync()
        store = self.app.store
        for rows in (semester.lectures(), semester.semester_tests(), semester.exams()):
            imports.accept(store, imports.propose(store, draft(rows), f"{rows[0].document}.pdf", TODAY, year=2026))
        sync.create_account(self.joint, server, "ann", "a long enough sentence")
        self.feed = feeds.start(self.joint, ExportOptions(), TODAY, NOW)
        self.address = feeds.addresses_of(self.joint, self.feed).https

    def grid(self) -> list[tuple[datetime, datetime]]:
        """When something is held, as the week shows it: candidates of a group not chosen yet, too."""
        shown = timetable.compute_view(self.app.store, 2026, TODAY)
        held = occurrences(shown.timetable, shown.calendar, FIRST, LAST)
        return sorted((each.start, each.end) for each in held)


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("desktop.sync.secrets._system_keyring", lambda: None)
    folder = tmp_path / "server"
    folder.mkdir()
    with server_process(folder) as server:
        made = Published(tmp_path / "profile", server.url)
        yield made
        made.app.close()


def fetched(address: str, tag: str = "") -> httpx.Response:
    return httpx.get(address, headers={"If-None-Match": tag} if tag else {})


def times(seen: Occurrences) -> list[tuple[datetime, datetime]]:
    return sorted((start, end) for _, start, end in seen)


def test_khal_over_vdirsyncer_shows_what_the_grid_shows(published: Published, tmp_path: Path) -> None:
    needs_khal()
    if not VDIRSYNCER.exists():
        pytest.skip("vdirsyncer is needed in .venv-clients (make test sets it up)")
    config = khal_over(tmp_path / "khal", "Africa/Johannesburg")
    files = tmp_path / "khal" / "events"
    subscribed = tmp_path / "vdirsyncer.conf"
    subscribed.write_text(
        f'[general]\nstatus_path = "{tmp_path / "status"}"\n'
        '[pair up]\na = "phone"\nb = "published"\ncollections = null\nconflict_resolution = "b wins"\n'
        f'[storage phone]\ntype = "filesystem"\npath = "{files}"\nfileext = ".ics"\n'
        f'[storage published]\ntype = "http"\nurl = "{published.address}"\n'
    )

    def fetch() -> None:
        for verb in ("discover", "sync"):
            done = subprocess.run(
                [VDIRSYNCER, "--config", subscribed, verb],
                env=os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
                input="y\n",
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 0, done.stderr

    def shown() -> list[tuple[datetime, datetime]]:
        return times(khal_list(config, FIRST, LAST, "Africa/Johannesburg"))

    fetch()
    before = published.grid()
    assert len(before) > 200
    assert shown() == before

    # What changes is fetched the next time, and what is gone is gone there, too.
    table = timetable.compute_view(published.app.store, 2026, TODAY).timetable
    published.app.store.apply(hide_module(table, "PHY 114"))
    assert feeds.publish_all(published.joint, TODAY, NOW) == 1
    fetch()
    assert len(published.grid()) < len(before)
    assert shown() == published.grid()


def test_ical_js_finds_what_the_grid_shows(published: Published, tmp_path: Path) -> None:
    needs_ical_js()
    file = tmp_path / "feed.ics"
    file.write_bytes(fetched(published.address).content)
    seen = times(by_ical_js(file))
    assert len(seen) > 200
    assert seen == published.grid()


def test_a_second_fetch_is_told_that_nothing_changed(published: Published) -> None:
    first = fetched(published.address)
    assert first.status_code == 200
    again = fetched(published.address, first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert feeds.publish_all(published.joint, TODAY, NOW) == 0
    assert fetched(published.address, first.headers["etag"]).status_code == 304
