"""A server restored to a backup from before a student's actions: the actions are requested again."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from desktop.calendars.options import ExportOptions
from desktop.domain.errors import NotAllowed, NotReachable
from desktop.sync import authentication, cipher, departures
from desktop.sync.account import SignInRequired
from desktop.sync.client import Client
from desktop.sync.folder.service import FolderService
from desktop.sync.problem_errors import Absent, DeviceRevoked, LoginRefused, SessionEnded
from desktop.sync.service import SyncService
from desktop.workflows import feeds
from desktop.workflows.sync import Joint
from syncserver.backup import dumps
from syncserver.config import Config
from syncserver.sync.epochs import begin_epoch
from tests.sync.memory import MemoryVault
from tests.sync.real import StoreReplica
from tests.sync.serving import ServerProcess
from tests.sync.world import fast_stretch

PASSWORD = "three words together"
_names = (f"student{each}" for each in itertools.count())
TODAY, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 8, tzinfo=UTC)


class Profile:
    def __init__(self, folder: Path) -> None:
        self.repository, self.vault = StoreReplica(folder), MemoryVault()
        self.service = SyncService(self.repository, self.vault)
        self.context = authentication.SignInContext(self.repository, self.vault, folder.name)

    def opened(self) -> SyncService:
        """The service, as the program makes it at its next start."""
        self.service.close()
        self.service = SyncService(self.repository, self.vault)
        return self.service

    @contextmanager
    def running(self) -> Iterator[None]:
        """The program after its next start."""
        service = self.opened()
        loop = threading.Thread(target=service.run_sync_loop)
        loop.start()
        try:
            yield
        finally:
            service.stop()
            loop.join()

    def close(self) -> None:
        self.service.close()
        self.repository.close()

    @property
    def joint(self) -> Joint:
        folder = FolderService(self.repository, self.vault)
        return Joint(self.repository.store, self.service, self.context, folder)

    def see_to_departures(self) -> float | None:
        return departures.process_departures(self.repository, self.vault, Client)


class RestoredServer(ServerProcess):
    """A server whose data can be put back to an earlier time, as a restore on a new machine does it."""

    @property
    def _data(self) -> Path:
        return self.folder / "sync.sqlite3"

    def back_up(self) -> Path:
        copy = self.folder / "backup.sqlite3"
        with closing(sqlite3.connect(self._data)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy

    def restore(self, copy: Path) -> None:
        """In a new epoch, and without a list of deleted accounts."""
        self.stop()
        for each in (*self.folder.glob("sync.sqlite3*"), *self.folder.glob("deleted-accounts*")):
            each.unlink()
        copy.rename(self._data)
        asyncio.run(self._begin_epoch())
        self.start()

    async def _begin_epoch(self) -> None:
        async with dumps.open_connection(Config(data_folder=str(self.folder))) as connection:
            await begin_epoch(connection, on_postgres=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestoredServer]:
    process = RestoredServer(tmp_path_factory.mktemp("server"))
    yield process
    process.stop()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)


@pytest.fixture
def laptop(server: RestoredServer, tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path / "laptop")
    account, _ = authentication.create_account(profile.context, server.address, next(_names), PASSWORD)
    profile.service.start_with(account)
    profile.service.sync_now()
    yield profile
    profile.close()


@pytest.fixture
def phone(server: RestoredServer, laptop: Profile, tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path / "phone")
    profile.service.start_with(authentication.sign_in(profile.context, server.address, _name(laptop), PASSWORD))
    profile.service.sync_now()
    yield profile
    profile.close()


@contextmanager
def no_network() -> Iterator[None]:
    def send(*_: object, **__: object) -> NoReturn:
        raise NotReachable("The server could not be reached.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_send", send)
        yield


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def stolen_session(profile: Profile) -> Iterator[Client]:
    """Somebody else with the session of a profile."""
    client = Client(profile.service.with_account(lambda account: account.credentials.server))
    client.token = profile.service.with_account(lambda account: account.credentials.token)
    try:
        yield client
    finally:
        client.close()


def _name(profile: Profile) -> str:
    return profile.service.with_account(lambda account: account.credentials.name)


def _device(profile: Profile) -> str:
    return profile.service.with_account(lambda account: account.credentials.device)


def test_a_removed_device_is_removed_again(server: RestoredServer, laptop: Profile, phone: Profile) -> None:
    saved = server.back_up()
    lost = _device(phone)
    laptop.service.with_account(lambda account: account.revoke_device(lost))
    server.restore(saved)
    laptop.service.sync_now()
    assert [each.id for each in laptop.service.with_account(lambda account: account.devices())] == [_device(laptop)]
    with pytest.raises(DeviceRevoked):
        phone.service.with_account(lambda account: account.sign_in_again())


def test_a_removal_that_could_not_be_told_is_told_later(
    server: RestoredServer, laptop: Profile, phone: Profile
) -> None:
    lost = _device(phone)
    with no_network(), pytest.raises(NotReachable):
        laptop.service.with_account(lambda account: account.revoke_device(lost))
    laptop.opened().sync_now()
    with pytest.raises(DeviceRevoked):
        phone.service.sync_now()


def test_a_withdrawn_calendar_is_withdrawn_again(server: RestoredServer, laptop: Profile, phone: Profile) -> None:
    feed = feeds.start(laptop.joint, ExportOptions(), TODAY, NOW)
    laptop.service.sync_now()
    phone.service.sync_now()
    saved = server.back_up()
    feeds.stop(laptop.joint, feed)
    laptop.service.sync_now()
    server.restore(saved)
    phone.service.sync_now()
    feeds.publish_all(phone.joint, TODAY, NOW)  # it does not know yet
    laptop.service.sync_now()
    feeds.publish_all(laptop.joint, TODAY, NOW)
    phone.service.sync_now()
    feeds.publish_all(phone.joint, TODAY, NOW)
    with stolen_session(phone) as reader, pytest.raises(Absent):
        reader.calendar(feed.token)
    assert not feeds.feeds_of(phone.repository.store.records())


def test_two_changes_of_the_password_are_made_good(server: RestoredServer, laptop: Profile, phone: Profile) -> None:
    name, saved = _name(laptop), server.back_up()
    laptop.service.with_account(lambda account: account.change_password(PASSWORD, PASSWORD + " two"))
    laptop.service.with_account(lambda account: account.change_password(PASSWORD + " two", PASSWORD + " three"))
    server.restore(saved)
    laptop.opened().sync_now()
    with pytest.raises(SignInRequired):
        phone.service.sync_now()
    phone.service.sign_out()
    for old in (PASSWORD, PASSWORD + " two"):
        with pytest.raises(LoginRefused):
            authentication.sign_in(phone.context, server.address, name, old)
    phone.service.start_with(authentication.sign_in(phone.context, server.address, name, PASSWORD + " three"))


def test_a_session_that_was_ended_stays_so(server: RestoredServer, laptop: Profile, phone: Profile) -> None:
    saved = server.back_up()
    with stolen_session(phone) as stolen:
        phone.service.sign_out()
        server.restore(saved)
        with pytest.raises(SessionEnded):
            stolen.devices()


def test_a_sign_out_that_could_not_be_told_is_told_later(
    server: RestoredServer, laptop: Profile, phone: Profile
) -> None:
    with stolen_session(phone) as stolen:
        with no_network():
            phone.service.sign_out()
            assert phone.see_to_departures() == departures.RETRY_INTERVAL_SECONDS
        assert len(stolen.devices()) == 2
        with phone.running():  # at its next start, signed out
            until(lambda: not phone.vault.entries)
        with pytest.raises(SessionEnded):
            stolen.devices()
    assert not departures.departures(phone.repository)


def test_a_deleted_account_is_deleted_again(server: RestoredServer, laptop: Profile, phone: Profile) -> None:
    name, saved = _name(laptop), server.back_up()
    laptop.service.with_account(lambda account: account.delete())
    laptop.service.sign_out()
    assert laptop.see_to_departures() == departures.CHECK_INTERVAL_SECONDS  # nothing is back
    server.restore(saved)
    assert laptop.see_to_departures() == departures.CHECK_INTERVAL_SECONDS
    with pytest.raises(NotAllowed):
        phone.service.sync_now()
    with pytest.raises(LoginRefused):
        authentication.sign_in(phone.context, server.address, name, PASSWORD)


def test_the_keys_of_a_deleted_account_are_not_kept_for_ever(
    server: RestoredServer, laptop: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.service.with_account(lambda account: account.delete())
    laptop.service.sign_out()
    later = time.time() + departures.KEPT_SECONDS
    monkeypatch.setattr(departures.time, "time", lambda: later)
    assert laptop.see_to_departures() is None
    assert not laptop.vault.entries
    assert not departures.departures(laptop.repository)
