"""A friend shares their groups with their published calendar, over a real server; the planner uses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from desktop.app import App
from desktop.domain.commands.choices import choose_group
from desktop.domain.errors import NotAllowed
from desktop.domain.records.shared_choices import friend_groups
from desktop.domain.timetable.choices import ChoiceKey
from desktop.planning.preferences import Preferences
from desktop.workflows import feeds, friends, imports, planning, sync, timetable
from desktop.workflows.export import ExportOptions
from tests.sync.server.process import server_process
from tests.unit.desktop.workflows.sample import TODAY, lectures

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
P = ChoiceKey(2026, "COS 212", "S1", "P")


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[App, App]]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("desktop.sync.secrets._system_keyring", lambda: None)
    with closing(App.open(tmp_path / "ann")) as ann, closing(App.open(tmp_path / "mine")) as mine:
        for app in (ann, mine):
            imports.accept(app.store, imports.propose(app.store, lectures(), "l.pdf", TODAY))
        yield ann, mine


def wished(app: App) -> str | None:
    """The group that the planner finds best where it is to go by a friend's; None where there is no such wish."""
    shown = timetable.compute_view(app.store, 2026, TODAY)
    if not friend_groups(shown.records, shown.timetable):
        return None
    return planning.find_plans(shown, Preferences(friend=True), seconds=60).plans[0].groups[P]


@pytest.mark.parametrize("busy_only", [False, True])
def test_a_friends_groups_are_a_wish_until_they_stop_sharing(
    two: tuple[App, App], tmp_path: Path, busy_only: bool
) -> None:
    ann, mine = two
    folder = tmp_path / "server"
    folder.mkdir()
    with server_process(folder) as server:
        joint = ann.join_sync()
        sync.create_account(joint, server.url, "ann", "a long enough sentence")
        timetable.apply_act(ann.store, choose_group(timetable.compute_view(ann.store, 2026, TODAY).timetable, P, "P02"))
        options = ExportOptions(busy_only=busy_only)
        feed = feeds.start(joint, options, TODAY, NOW)
        address = feeds.addresses_of(joint, feed).https
        assert "GROUPS" not in httpx.get(address).text, "nothing is shared before it is asked for"
        friend = friends.add(mine.store, "Ann", address, loopback=True)
        moment = NOW

        def look() -> str | None:
            nonlocal moment
            moment += timedelta(hours=1)
            friends.refresh(mine.store, friend, moment, loopback=True)
            return wished(mine)

        assert look() is None
        feed = feeds.change(joint, feed, options, TODAY, NOW, has_groups=True)
        assert feeds.feeds_of(ann.store.records()) == (feed,)
        assert look() == "P02"
        timetable.apply_act(ann.store, choose_group(timetable.compute_view(ann.store, 2026, TODAY).timetable, P, "P01"))
        assert feeds.publish_all(joint, TODAY, NOW) == 1
        assert look() == "P01"
        feed = feeds.change(joint, feed, options, TODAY, NOW)
        assert "GROUPS" not in httpx.get(address).text
        assert look() is None
        feed = feeds.change(joint, feed, options, TODAY, NOW, has_groups=True)
        assert look() == "P01"
        feeds.stop(joint, feed)
        with pytest.raises(NotAllowed):
            look()
        assert wished(mine) is None
