"""Two profiles of one machine synced through the real server, by commands alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from desktop.app import App
from desktop.domain.commands.choices import hide_module
from desktop.domain.errors import InvalidInput, NotAllowed
from desktop.domain.records.records import DELETED, Act, Change
from desktop.workflows import feeds, imports, sync, timetable
from desktop.workflows.export import ExportOptions
from tests.sync.server.process import ServerProcess
from tests.unit.desktop.workflows.sample import TODAY, lectures

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PASSWORD = "correct horse battery staple 9"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path_factory.mktemp("server"))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def run(home: Path, profile: str, *arguments: object, secret: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    return subprocess.run(
        [sys.executable, "-m", "desktop", "--profile", home / profile, "sync", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        input=secret or "",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def act(home: Path, profile: str, key: str, **values: object) -> None:
    with App.open(home / profile) as app:
        app.store.apply(Act("Set", (Change("module", key, values),)))


def named(home: Path, profile: str, key: str) -> object:
    with App.open(home / profile) as app:
        return app.store.records().get("module", key).get("name")


def test_two_profiles_are_kept_the_same(server: ServerProcess, home: Path) -> None:
    act(home, "one", "2026/COS 212", name="Algorithms")
    made = run(home, "one", "--server", server.url, "register", "--name", "thandi.m", secret=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("Recovery key: ")
    sent = run(home, "one", "now", "--json")
    assert sent.returncode == 0, sent.stderr
    assert json.loads(sent.stdout)["pushed"] >= 1

    assert (
        run(home, "two", "--server", server.url, "login", "--name", "thandi.m", secret="wrong password 12\n").returncode
        == 1
    )
    there = run(home, "two", "--server", server.url, "login", "--name", "thandi.m", secret=PASSWORD + "\n")
    assert there.returncode == 0, there.stderr
    assert run(home, "two", "now").returncode == 0
    assert named(home, "two", "2026/COS 212") == "Algorithms"

    act(home, "two", "2026/COS 212", name="Data structures")
    waiting = json.loads(run(home, "two", "status", "--json").stdout)
    assert (waiting["signed_in"], waiting["name"], waiting["server"]) == (True, "thandi.m", server.url)
    assert waiting["waiting"] == 1
    for profile in ("two", "one"):
        assert run(home, profile, "now").returncode == 0
    assert named(home, "one", "2026/COS 212") == "Data structures"
    assert json.loads(run(home, "two", "status", "--json").stdout)["waiting"] == 0

    recovery = made.stdout.removeprefix("Recovery key: ").strip()
    third = run(
        home, "three", "--server", server.url, "login", "--name", "thandi.m", "--recovery",
        secret=f"{recovery}\nanother long password 3\n",
    )  # fmt: skip
    assert third.returncode == 0, third.stderr

    assert run(home, "one", "logout").returncode == 0
    assert json.loads(run(home, "one", "status", "--json").stdout)["signed_in"] is False
    assert run(home, "one", "now").returncode == 1
    assert named(home, "one", "2026/COS 212") == "Data structures"
    everything = b"".join(path.read_bytes() for path in (home / "two").rglob("*") if path.is_file())
    assert PASSWORD.encode() not in everything


class Machine:
    """A profile with its sync, in this process."""

    def __init__(self, profile: Path) -> None:
        self.app = App.open(profile)
        self.joint = self.app.join_sync()
        self.store, self.sync = self.app.store, self.joint.service.sync_now


@pytest.fixture
def machines(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Machine, Machine]]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setattr("desktop.sync.secrets._system_keyring", lambda: None)
    both = Machine(home / "one"), Machine(home / "two")
    yield both
    for machine in both:
        machine.app.close()


def test_what_each_did_comes_together(server: ServerProcess, machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    one.store.apply(Act("Named", (Change("module", "2026/A", {"name": "mine", "colour": "Sage"}),)))
    one.store.apply(Act("Added", (Change("event", "2026/x", {"title": "Gym", "weekday": 1}),)))
    two.store.apply(Act("Other", (Change("module", "2026/B", {"name": "b"}),)))
    sync.create_account(one.joint, server.url, "both", PASSWORD)
    one.sync()
    sync.sign_in(two.joint, server.url, "both", PASSWORD)
    with pytest.raises(sync.JoinNeedsDecision) as ahead:
        two.sync()
    assert ahead.value.counts.there["module"] == 1
    two.sync(agreed=True)
    one.sync()
    assert one.store.records().get("module", "2026/B").get("name") == "b"

    # A deletion travels; undo does not reach what the other machine set since.
    (event,) = two.store.records().of_kind("event")
    two.store.apply(Act("Removed", (Change("event", event.key, {DELETED: event.deletion()}),)))
    two.store.apply(Act("Renamed", (Change("module", "2026/A", {"name": "theirs"}),)))
    two.sync()
    one.sync()
    assert one.store.records().of_kind("event") == []
    assert one.store.undo() == "Named"
    record = one.store.records().get("module", "2026/A")
    assert (record.get("name"), record.get("colour")) == ("theirs", None)

    # Both set one field apart from one another: one value stands, the other can be taken instead, and that travels.
    one.store.apply(Act("Here", (Change("module", "2026/B", {"name": "here"}),)))
    two.store.apply(Act("There", (Change("module", "2026/B", {"name": "there"}),)))
    for machine in (one, two, one):
        machine.sync()
    (lost,) = sync.lost_values(one.store.records())
    assert {lost.value, lost.winning_value} == {"here", "there"}
    sync.use_lost_value(one.store, lost)
    one.sync()
    two.sync()
    for machine in machines:
        assert machine.store.records().get("module", "2026/B").get("name") == lost.value
        assert sync.lost_values(machine.store.records()) == ()

    two.app.delete_everything()
    assert two.store is not two.app.store
    assert not (two.app.paths.profile / "secrets").exists()


def test_a_published_calendar_follows_and_is_gone(server: ServerProcess, machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    imports.accept(one.store, imports.propose(one.store, lectures(), "l.pdf", TODAY, year=2026))
    with pytest.raises(NotAllowed):
        feeds.start(one.joint, ExportOptions(), TODAY, NOW)
    assert feeds.feeds_of(one.store.records()) == ()
    sync.create_account(one.joint, server.url, "feeds", PASSWORD)
    feed = feeds.start(one.joint, ExportOptions(), TODAY, NOW)
    assert feeds.publish_all(one.joint, TODAY, NOW) == 0
    address = feeds.addresses_of(one.joint, feed).https
    first = httpx.get(address)
    assert (first.status_code, first.headers["content-type"].split(";")[0]) == (200, "text/calendar")
    assert b"COS 212" in first.content
    assert httpx.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304

    # Another device of the student publishes what it changes, under the same address.
    one.sync()
    sync.sign_in(two.joint, server.url, "feeds", PASSWORD)
    two.sync()
    (same,) = feeds.feeds_of(two.store.records())
    assert same == feed
    table = timetable.compute_view(two.store, 2026, TODAY).timetable
    two.store.apply(hide_module(table, "COS 212"))
    assert feeds.publish_all(two.joint, TODAY, NOW) == 1
    assert b"COS 212" not in httpx.get(address).content

    moved = feeds.move(two.joint, same, TODAY, NOW)
    assert httpx.get(address).status_code in {404, 410}
    address = feeds.addresses_of(two.joint, moved).https
    assert httpx.get(address).status_code == 200
    busy = feeds.change(two.joint, moved, ExportOptions(busy_only=True), TODAY, NOW)
    assert b"WTW" not in httpx.get(address).content
    feeds.stop(two.joint, busy)
    assert httpx.get(address).status_code == 410
    two.sync()
    one.sync()
    assert feeds.feeds_of(one.store.records()) == ()
    with pytest.raises(InvalidInput):
        feeds.stop(one.joint, feed)


@pytest.mark.parametrize(
    ("arguments", "secret", "status", "said"),
    [
        (["register", "--name", "x"], PASSWORD, 2, "--server"),
        (["--server", "http://127.0.0.1:9", "register"], PASSWORD, 2, "--name"),
        (["--server", "http://127.0.0.1:9", "login", "--name", "x"], "", 2, "No password came"),
        (["--server", "http://127.0.0.1:9", "login", "--name", "xyz"], PASSWORD, 1, ""),
        (["--server", "http://example.org", "login", "--name", "x"], PASSWORD, 2, "http"),
        (["now"], None, 1, "not signed in"),
        (["login", "--password", "x"], None, 2, "--password"),
    ],
)
def test_what_cannot_be_is_said(home: Path, arguments: list[str], secret: str | None, status: int, said: str) -> None:
    done = run(home, "one", *arguments, secret=secret)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
