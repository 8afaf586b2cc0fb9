"""The cost of sync, compared with operations measured in the same run.

The server is the real one on loopback; key derivation is reported separately, since it is meant to be slow.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.domain.records.records import Act, Change
from desktop.sync import authentication, cipher
from desktop.sync.account import Account
from desktop.sync.engine import Engine
from desktop.ui import routes
from desktop.workflows import imports, sync
from tests.bench.test_window import Watch, idle_longest, shown
from tests.gui.semester import NOW, drafts
from tests.sync.memory import MemoryVault
from tests.sync.real import StoreReplica
from tests.sync.serving import ServerProcess

PASSWORD = "three words together"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server"))
    yield process
    process.stop()


class Profile:
    def __init__(self, folder: Path) -> None:
        self.repository = StoreReplica(folder)
        self.door = authentication.SignInContext(self.repository, MemoryVault(), "bench")
        self.account: Account | None = None

    def sync(self) -> Any:
        assert self.account is not None
        return Engine(self.repository, self.account.client, self.account).run(agreed=True)

    def close(self) -> None:
        if self.account is not None:
            self.account.client.close()
        self.repository.close()


@pytest.fixture
def full(server: ServerProcess, tmp_path: Path) -> Iterator[tuple[Profile, str]]:
    """A profile with 300 records, in step."""
    profile, name = Profile(tmp_path / "full"), f"bench{next(_numbers)}"
    profile.account, _ = authentication.create_account(profile.door, server.address, name, PASSWORD)
    for each in range(300):
        profile.repository.act(
            "edit", f"2026/COS 214/S1/G01/L/L1/{each}", room="IT 4-4", note="Bring the book", hidden=False
        )
    profile.sync()
    yield profile, name
    profile.close()


def test_a_sync_with_nothing_new(benchmark: Any, full: tuple[Profile, str]) -> None:
    """Beside it: the same request made bare. The client's own processor time is in `extra_info`."""
    profile, _ = full
    account = profile.account
    assert account is not None
    profile.sync()
    engine = Engine(profile.repository, account.client, account)
    engine.run()
    before, spent = account.client.requests, time.process_time()
    for _ in range(50):
        engine.run()
    benchmark.extra_info["cpu_ms"] = (time.process_time() - spent) / 50 * 1000
    assert account.client.requests == before + 50
    with httpx.Client(headers={"Authorization": f"Bearer {account.client.token}"}) as bare:
        tag = bare.get(f"{account.client.address}/v1/head").headers["etag"]
        spent = time.process_time()
        for _ in range(50):
            bare.get(f"{account.client.address}/v1/head", headers={"If-None-Match": tag})
        benchmark.extra_info["bare_cpu_ms"] = (time.process_time() - spent) / 50 * 1000
    benchmark(engine.run)


def test_a_new_device_with_300_records(
    benchmark: Any, server: ServerProcess, full: tuple[Profile, str], tmp_path: Path
) -> None:
    """Signed in and complete; beside it the key derivation alone, which is part of it."""
    _, name = full
    profiles: list[Profile] = []

    def join() -> None:
        profile = Profile(tmp_path / f"new{len(profiles)}")
        profiles.append(profile)
        profile.account = authentication.sign_in(profile.door, server.address, name, PASSWORD)
        assert profile.sync().pulled == 300

    kdf = cipher.new_kdf()
    started = time.perf_counter()
    cipher.stretch(PASSWORD, kdf)
    benchmark.extra_info["derivation_s"] = time.perf_counter() - started
    benchmark.pedantic(join, rounds=5)
    for each in profiles:
        each.close()


def test_the_first_upload_of_300_records(benchmark: Any, server: ServerProcess, tmp_path: Path) -> None:
    """Beside it: keeping the same records in the store alone."""
    profiles: list[Profile] = []

    def prepared() -> tuple[tuple[Profile], dict[str, Any]]:
        profile = Profile(tmp_path / f"up{len(profiles)}")
        profiles.append(profile)
        name = f"bench{next(_numbers)}"
        profile.account, _ = authentication.create_account(profile.door, server.address, name, PASSWORD)
        started = time.perf_counter()
        for each in range(300):
            profile.repository.act("edit", f"2026/COS 214/S1/G01/L/L1/{each}", room="IT 4-4", note="Bring the book")
        benchmark.extra_info["acts_s"] = time.perf_counter() - started
        return (profile,), {}

    benchmark.pedantic(lambda profile: profile.sync(), setup=prepared, rounds=5)
    for each in profiles:
        each.close()


MANY = 5000


@pytest.fixture
def roomy(tmp_path: Path) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path / "server", SYNC_ACCOUNT_RECORDS="20000")
    yield process
    process.stop()


def full_of_records(profile: Path) -> None:
    """A semester, and as much done by hand as makes up 5,000 records."""
    with App.open(profile) as app:
        for each in drafts():
            imports.accept(app.store, imports.propose(app.store, each, "semester.pdf", NOW.date()))
        there = len(app.store.records().by_name)
        edits = [
            Change("edit", f"2026/COS 214/S1/G01/L/L1/{each}", {"room": "IT 4-4", "note": f"Bring the book {each}"})
            for each in range(MANY - there - 300)
        ]
        own = {"title": "Choir", "venue": "Musaion", "start": "18:00", "end": "19:30"}
        days = (NOW.date() + timedelta(days=each % 200) for each in range(300))
        events = [Change("event", f"2026/{at}", {**own, "on": day.isoformat()}) for at, day in enumerate(days)]
        app.store.apply(Act("Much", (*edits, *events)))
        assert len(app.store.records().by_name) == MANY


class OwnWatch(Watch):
    """Beside the longest time: the most that the program itself computed (in all its threads) within one such time.

    On a machine that is busy with something else, this tells what was the program's doing.
    """

    def __init__(self) -> None:
        self.own = 0.0
        self._computed = time.process_time()
        super().__init__(lambda: None)

    def _come_round(self) -> None:
        computed = time.process_time()
        self.own = max(self.own, computed - self._computed)
        self._computed = computed
        super()._come_round()


@pytest.mark.parametrize("way", ["upload", "download"])
def test_event_loop_through_a_first_sync_of_5000_records(
    benchmark: Any, qtbot: QtBot, roomy: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """The longest time for which a window's event loop did not come round, beside the same with nothing to do."""
    monkeypatch.setattr("desktop.sync.secrets._system_keyring", lambda: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    first = tmp_path / "first"
    full_of_records(first)
    if way == "download":
        with App.open(first) as app:
            joint = app.join_sync()
            sync.create_account(joint, roomy.address, "ann", PASSWORD)
            assert joint.service.sync_now().pushed == MANY
    window = shown(qtbot, tmp_path / ("second" if way == "download" else "first"), monkeypatch)
    link = window.session.sync_link
    link.start()
    qtbot.waitUntil(lambda: link.status is not None, timeout=20_000)
    window.open_page(routes.SyncRoute())  # where one watches it, and where every step is told
    qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=20_000)
    idle = idle_longest(qtbot)

    def enter(joint: sync.Joint) -> object:
        if way == "download":
            return sync.sign_in(joint, roomy.address, "ann", PASSWORD)
        return sync.create_account(joint, roomy.address, "ann", PASSWORD)

    def synced() -> tuple[float, float]:
        watch = OwnWatch()
        link.run_on_account(enter, lambda _: None)
        qtbot.waitUntil(lambda: link.status is not None and link.status.state == "in step", timeout=300_000)
        qtbot.waitUntil(lambda: not window.session.jobs.is_busy, timeout=60_000)
        qtbot.wait(300)
        return watch.stop(), watch.own

    begun = time.perf_counter()
    longest, own = benchmark.pedantic(synced, rounds=1)
    taken = time.perf_counter() - begun
    with window.session.app.store.sync_repository.transaction() as transaction:
        assert not transaction.pending(1)
    assert window.session.state.view is not None
    assert len(window.session.state.view.records.by_name) >= MANY
    benchmark.extra_info |= {
        "longest ms": round(longest * 1000, 1),
        "of it own ms": round(own * 1000, 1),
        "idle longest ms": round(idle * 1000, 1),
        "ratio": round(longest / idle, 1),
        "seconds": round(taken, 1),
    }
    said = f"{longest * 1000:.1f} ms at most, computing {own * 1000:.1f} ms; {idle * 1000:.1f} ms with nothing to do"
    print(f"\n{way} in {taken:.1f} s: held for {said}")
    window.close()
