"""Sync with all real parts: engine, cipher, SQLite profiles, HTTP over sockets, and a server process."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from desktop.domain.errors import NotReachable
from desktop.sync import authentication, cipher
from desktop.sync.account import SignInRequired
from desktop.sync.client import Client
from desktop.sync.findings import Finding
from desktop.sync.problem_errors import CodeClosed, CodeUsed
from desktop.sync.service import IN_STEP, OFFLINE, SyncService
from desktop.sync.wire import b64
from tests.sync.clocks import WallClock
from tests.sync.memory import MemoryVault
from tests.sync.real import FaultyClient, StoreReplica
from tests.sync.schedules import YEARS
from tests.sync.serving import ServerProcess
from tests.sync.world import FIELDS, NAMES, Faults, World, fast_stretch

PASSWORD = "three words together"
_names = (f"student{each}" for each in itertools.count())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(tmp_path_factory.mktemp("server"))
    yield process
    process.stop()


class Profile:
    """A real profile with sync running on two threads, as the window runs it."""

    def __init__(self, folder: Path) -> None:
        self.repository = StoreReplica(folder)
        self.vault = MemoryVault()
        self.service = SyncService(self.repository, self.vault)
        self.context = authentication.SignInContext(self.repository, self.vault, folder.name)
        self._threads: list[threading.Thread] = []

    def run(self) -> None:
        for loop in (self.service.run_sync_loop, self.service.run_change_listener):
            self._threads.append(threading.Thread(target=loop))
            self._threads[-1].start()

    def close(self) -> None:
        self.service.stop()
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive(), "a loop did not end"
        self.service.close()
        self.repository.close()


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Callable[[str], Profile]]:
    opened: list[Profile] = []

    def open_profile(name: str) -> Profile:
        opened.append(Profile(tmp_path / name))
        return opened[-1]

    yield open_profile
    for each in opened:
        each.close()


def until(what: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, why
        time.sleep(0.02)


def test_an_edit_is_on_the_other_machine_by_itself(server: ServerProcess, profile: Callable[[str], Profile]) -> None:
    one, two = profile("laptop"), profile("desktop")
    name = next(_names)
    account, recovery = authentication.create_account(one.context, server.address, name, PASSWORD)
    one.service.start_with(account)
    one.repository.act("settings", "shared", alarms=True)
    two.service.start_with(authentication.sign_in(two.context, server.address, name, PASSWORD))
    one.run()
    two.run()
    until(lambda: two.service.status.state == IN_STEP == one.service.status.state, "never in step")
    one.repository.act("choice", "2026/COS 214/S1/L", group="G02")
    one.service.schedule_sync()
    until(lambda: ("choice", "2026/COS 214/S1/L") in two.repository.live(), "it never arrived")
    two.repository.act("choice", "2026/COS 214/S1/L", group="G03")
    two.service.schedule_sync()
    until(lambda: one.repository.live()["choice", "2026/COS 214/S1/L"] == {"group": "G03"}, "it never came back")
    until(lambda: one.repository.live() == two.repository.live(), "not the same")
    assert {each.label for each in account.devices()} == {"laptop", "desktop"}
    assert len(recovery.split("-")) == 14


def test_the_server_goes_away_and_comes_back(tmp_path: Path, profile: Callable[[str], Profile]) -> None:
    process = ServerProcess(tmp_path / "server")
    try:
        one = profile("laptop")
        account, _ = authentication.create_account(one.context, process.address, next(_names), PASSWORD)
        one.service.start_with(account)
        one.run()
        until(lambda: one.service.status.state == IN_STEP, "never in step")
        process.kill()
        one.repository.act("event", "2026/a", title="Choir")
        one.service.schedule_sync()
        until(lambda: one.service.status.state == OFFLINE, "never noticed")
        process.start()
        one.service.schedule_sync()
        until(lambda: one.service.status.state == IN_STEP, "never came back")
        assert not [held for held in one.repository.everything() if held.pending]
    finally:
        process.stop()


def test_a_restored_server_is_healed_by_both(tmp_path: Path, profile: Callable[[str], Profile]) -> None:
    process = ServerProcess(tmp_path / "server")
    try:
        one, two = profile("laptop"), profile("desktop")
        name = next(_names)
        account, _ = authentication.create_account(one.context, process.address, name, PASSWORD)
        one.service.start_with(account)
        two.service.start_with(authentication.sign_in(two.context, process.address, name, PASSWORD))
        one.repository.act("module", "2026/COS 214", colour="red")
        one.service.sync_now()
        two.service.sync_now()
        database = process.folder / "sync.sqlite3"
        process.stop()
        saved = database.read_bytes()
        process.start()
        one.repository.act("module", "2026/COS 214", colour="blue")
        one.service.sync_now()
        two.repository.act("event", "2026/a", title="Rowing")
        two.service.sync_now()
        account.change_password(PASSWORD, PASSWORD + " again")
        process.stop()
        for each in process.folder.glob("sync.sqlite3*"):
            each.unlink()
        database.write_bytes(saved)
        process.start()
        one.service.sync_now()
        seen = {each.kind for each in one.service.status.findings}
        assert seen == {Finding.ROLLED_BACK, Finding.OLD_KEYRING}, "a file was put back, and the server says nothing"
        with pytest.raises(SignInRequired):
            two.service.sync_now()
        two.service.start_with(authentication.sign_in(two.context, process.address, name, PASSWORD + " again"))
        two.service.sync_now()
        one.service.sync_now()
        expected = {("module", "2026/COS 214"): {"colour": "blue"}, ("event", "2026/a"): {"title": "Rowing"}}
        assert one.repository.live() == expected == two.repository.live()
    finally:
        process.stop()


def test_nobody_in_between_can_read_it(tmp_path: Path, profile: Callable[[str], Profile]) -> None:
    """Neither the database nor the log of the server, nor the profile's files, hold what they must not."""
    process = ServerProcess(tmp_path / "server")
    try:
        one = profile("laptop")
        account, recovery = authentication.create_account(one.context, process.address, next(_names), PASSWORD)
        one.service.start_with(account)
        one.repository.act("event", "2026/a", title="Choir practice", venue="Musaion")
        one.service.sync_now()
        account.export()
    finally:
        process.stop()
    words = [b"Choir", b"Musaion", b"laptop", PASSWORD.encode(), recovery.encode(), account.credentials.token.encode()]
    secrets = [account.credentials.account_key, account.credentials.login_seed]
    on_server = b"".join(each.read_bytes() for each in process.folder.rglob("*") if each.is_file())
    for secret in words + secrets:
        assert secret not in on_server
    on_disk = b"".join(each.read_bytes() for each in one.repository.folder.rglob("*") if each.is_file())
    for secret in [PASSWORD.encode(), recovery.encode(), account.credentials.token.encode(), *secrets]:
        assert secret not in on_disk
        assert b64(secret).encode() not in on_disk
    assert b"Choir" not in on_server


def test_clocks_that_jump_by_years_do_no_harm(tmp_path: Path, profile: Callable[[str], Profile]) -> None:
    """The server's clock and both machines' jump about, while deletions are forgotten that one has not seen."""
    process = ServerProcess(tmp_path / "server")
    clocks = laptop, desktop = WallClock(), WallClock()
    try:
        one, two = profile("laptop"), profile("desktop")
        name = next(_names)
        account, _ = authentication.create_account(one.context, process.address, name, PASSWORD)
        one.service.start_with(account)
        two.service.start_with(authentication.sign_in(two.context, process.address, name, PASSWORD))
        with laptop.as_process_time():
            one.repository.act("module", "2026/COS 214", name="Networks")
            one.repository.act("event", "2026/a", title="Choir")
            one.repository.act("event", "2026/b", title="Rowing")
            one.service.sync_now()
        with desktop.as_process_time():
            two.service.sync_now()
        laptop.jump(30)
        with laptop.as_process_time():
            one.repository.act("module", "2026/COS 214", name="Nets")
            one.repository.delete("event", "2026/a")
            one.repository.delete("event", "2026/b")
            one.service.sync_now()
        desktop.jump(-20)
        with desktop.as_process_time():
            two.repository.act("event", "2026/b", venue="Boat house")  # not seen by who deleted it
        process.clock.set(3)
        assert "tombstones: 2" in process.clean_up()
        process.clock.set(-3)
        for years in (0, 40, -25):
            process.clock.set(years)
            for clock, each in zip(clocks, (one, two), strict=True):
                clock.jump(-years)
                with clock.as_process_time():
                    each.service.sync_now()
        with desktop.as_process_time():
            two.repository.act("module", "2026/COS 214", name="Computer networks")  # later, whatever its clock says
            two.service.sync_now()
        with laptop.as_process_time():
            one.service.sync_now()
        assert one.repository.live() == two.repository.live()
        assert one.repository.live()["module", "2026/COS 214"] == {"name": "Computer networks"}
        assert one.repository.live()["event", "2026/b"]["venue"] == "Boat house"
        assert ("event", "2026/a") not in one.repository.live()
        assert {each.label for each in account.devices()} == {"laptop", "desktop"}
    finally:
        process.stop()


class RealSchedule(RuleBasedStateMachine):
    """The schedules of `schedules`, fewer of them, over everything real; clocks jump in them, too."""

    server: ServerProcess

    def __init__(self) -> None:
        super().__init__()
        self._stretch = cipher.stretch
        cipher.stretch = fast_stretch  # type: ignore[assignment]
        self.clients: list[FaultyClient] = []
        self.replicas: list[StoreReplica] = []
        self.world = World(make_replica=self.new_replica, make_client=self.new_client, name=next(_names))

    def new_client(self) -> FaultyClient:
        self.clients.append(FaultyClient(self.server.address))
        return self.clients[-1]

    def new_replica(self) -> StoreReplica:
        self.replicas.append(StoreReplica())
        return self.replicas[-1]

    def teardown(self) -> None:
        try:
            self.world.settle()
            self.world.check_new_machine()
        finally:
            cipher.stretch = self._stretch
            for client in self.clients:
                client.close()
            for repository in self.replicas:
                repository.close()
                shutil.rmtree(repository.folder)

    @rule(index=st.integers(0, 2), name=st.sampled_from(NAMES), field=st.sampled_from(FIELDS))
    def act(self, index: int, name: tuple[str, str], field: str) -> None:
        self.world.act(self.world.machines[index], name, field)

    @rule(index=st.integers(0, 2), name=st.sampled_from(NAMES))
    def delete(self, index: int, name: tuple[str, str]) -> None:
        self.world.delete(self.world.machines[index], name)

    @rule(
        index=st.integers(0, 2),
        fates=st.lists(st.sampled_from(["", "", "lost request", "lost answer"]), max_size=5).map(tuple),
        at=st.integers(0, 12),
        after=st.booleans(),
    )
    def sync(self, index: int, fates: tuple[str, ...], at: int, after: bool) -> None:
        self.world.machines[index].sync(Faults(fates, at or -1, after))

    @rule(index=st.integers(0, 2), years=YEARS)
    def clock_jumps(self, index: int, years: float) -> None:
        self.world.machines[index].clock.jump(years)

    @rule(years=YEARS)
    def clock_of_the_server_is_set(self, years: float) -> None:
        self.server.clock.set(years)

    @rule(index=st.integers(0, 2), years=YEARS, path=st.sampled_from(["/v1/batches", "/v1/auth/login"]))
    def clock_of_the_server_is_set_during_a_sync(self, index: int, years: float, path: str) -> None:
        self.world.machines[index].sync(Faults(meanwhile={path: lambda: self.server.clock.set(years)}))

    @rule(index=st.integers(0, 2))
    def change_password(self, index: int) -> None:
        self.world.change_password(self.world.machines[index])

    @rule(index=st.integers(0, 2))
    def revoke(self, index: int) -> None:
        self.world.revoke_a_device(self.world.machines[index])


def schedules(count: int) -> settings:
    return settings(max_examples=count, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck))


def test_nothing_is_lost_over_everything_real(server: ServerProcess) -> None:
    RealSchedule.server = server
    run_state_machine_as_test(RealSchedule, settings=schedules(4))  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_nothing_is_lost_over_everything_real_for_long(server: ServerProcess) -> None:
    RealSchedule.server = server
    run_state_machine_as_test(RealSchedule, settings=schedules(500))  # type: ignore[no-untyped-call]


def test_the_first_device_lets_the_second_in_by_a_code(
    server: ServerProcess, profile: Callable[[str], Profile]
) -> None:
    one, two = profile("laptop"), profile("desktop")
    account, _ = authentication.create_account(one.context, server.address, next(_names), PASSWORD)
    one.service.start_with(account)
    one.repository.act("event", "2026/a", title="Choir")
    one.service.sync_now()
    invitation = one.service.with_account(authentication.Invitation)
    address, code = authentication.read_offer(invitation.qr)
    arrival = authentication.CodeSignIn(two.context, address, code.lower())
    invitation.poll()
    assert arrival.poll() is None
    assert arrival.digits == invitation.digits != ""
    invitation.confirm()
    arrived = arrival.poll()
    assert arrived is not None
    two.service.start_with(arrived)
    two.service.sync_now()
    assert two.repository.live() == one.repository.live()
    with pytest.raises(CodeUsed):
        authentication.CodeSignIn(profile("third").context, address, code)
    invitation.close()
    with pytest.raises(CodeClosed):
        authentication.CodeSignIn(profile("third").context, address, code)


def test_a_client_that_is_let_go_ends_its_wait(server: ServerProcess, profile: Callable[[str], Profile]) -> None:
    one = profile("laptop")
    account, _ = authentication.create_account(one.context, server.address, next(_names), PASSWORD)
    account.client.close()
    client = Client(server.address)
    client.token = account.credentials.token
    head = client.head(None)
    assert head is not None
    ended = threading.Event()

    def wait() -> None:
        with pytest.raises(NotReachable):
            client.head(head.tag, 30)
        ended.set()

    thread = threading.Thread(target=wait)
    thread.start()
    end = time.monotonic() + 10
    while not ended.is_set() and time.monotonic() < end:
        client.interrupt_head()
        time.sleep(0.05)
    thread.join(5)
    client.close()
    assert ended.is_set()
