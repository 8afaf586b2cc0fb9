"""What sync costs, each beside something measured in the same run.

The server is the real one on loopback; key derivation is told apart, since it is meant to be slow.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.sync import cipher, entrance
from desktop.sync.account import Account
from desktop.sync.engine import Engine
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
        self.replica = StoreReplica(folder)
        self.door = entrance.Door(self.replica, MemoryVault(), "bench")
        self.account: Account | None = None

    def sync(self) -> Any:
        assert self.account is not None
        return Engine(self.replica, self.account.client, self.account).run(agreed=True)

    def close(self) -> None:
        if self.account is not None:
            self.account.client.close()
        self.replica.close()


@pytest.fixture
def full(server: ServerProcess, tmp_path: Path) -> Iterator[tuple[Profile, str]]:
    """A profile with 300 records, in step."""
    profile, name = Profile(tmp_path / "full"), f"bench{next(_numbers)}"
    profile.account, _ = entrance.create_account(profile.door, server.address, name, PASSWORD)
    for each in range(300):
        profile.replica.act(
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
    engine = Engine(profile.replica, account.client, account)
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
        profile.account = entrance.sign_in(profile.door, server.address, name, PASSWORD)
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
        profile.account, _ = entrance.create_account(profile.door, server.address, name, PASSWORD)
        started = time.perf_counter()
        for each in range(300):
            profile.replica.act("edit", f"2026/COS 214/S1/G01/L/L1/{each}", room="IT 4-4", note="Bring the book")
        benchmark.extra_info["acts_s"] = time.perf_counter() - started
        return (profile,), {}

    benchmark.pedantic(lambda profile: profile.sync(), setup=prepared, rounds=5)
    for each in profiles:
        each.close()
