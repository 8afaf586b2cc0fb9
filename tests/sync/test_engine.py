"""Sync as a student meets it: several machines, one account, a server that may be away, restored or full."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.domain.records import Record
from desktop.sync import account as accounts
from desktop.sync import cipher, entrance
from desktop.sync.account import Account
from desktop.sync.engine import Engine
from desktop.sync.plan import Outcome
from tests.sync.memory import MemoryReplica, MemoryVault
from tests.sync.twin import TwinClient, TwinServer

PASSWORD = "three words together"


@pytest.fixture(autouse=True)
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real derivation is tried in test_account; here it would cost half a second for every sign-in."""
    monkeypatch.setattr(cipher, "stretch", quick_stretch)


def quick_stretch(password: str, kdf: object) -> cipher.Unlocked:
    key = cipher.derive(b"k" * 32, f"{password} {kdf}")
    return cipher.Unlocked(cipher.derive(key, "password kek"), cipher.derive(key, "password login"))


class Machine:
    """One profile on one machine."""

    def __init__(self, server: TwinServer, label: str = "laptop") -> None:
        self.replica = MemoryReplica()
        self.vault = MemoryVault()
        self.client = TwinClient(server)
        self.door = entrance.Door(self.replica, self.vault, label, lambda _: self.client)
        self._account: Account | None = None
        self._engine: Engine | None = None

    def create(self) -> str:
        self._account, recovery = entrance.create_account(self.door, "localhost:8765", "thandi", PASSWORD)
        return recovery

    def sign_in(self, password: str = PASSWORD) -> None:
        self._account = entrance.sign_in(self.door, "localhost:8765", "thandi", password)

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = accounts.open_account(self.replica, self.vault, lambda _: self.client)
        assert self._account is not None
        return self._account

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(self.replica, self.client, self.account)
        return self._engine

    def restart(self) -> None:
        self._account = self._engine = None

    def sync(self, **how: object) -> Outcome:
        run: Callable[[], Outcome] = lambda: self.engine.run(**how)  # type: ignore[arg-type] # noqa: E731
        return self.account.call(run)


@pytest.fixture
def server() -> TwinServer:
    return TwinServer()


@pytest.fixture
def pair(server: TwinServer) -> tuple[Machine, Machine]:
    one, two = Machine(server), Machine(server, "desktop")
    one.create()
    two.sign_in()
    return one, two


def test_what_one_machine_does_the_other_shows(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.replica.act("choice", "2026/COS 214/S1/L", group="G02")
    one.sync()
    outcome = two.sync()
    assert two.replica.live() == {("choice", "2026/COS 214/S1/L"): {"group": "G02"}}
    assert outcome.changed == {("choice", "2026/COS 214/S1/L")}


def test_nothing_new_is_one_request(pair: tuple[Machine, Machine]) -> None:
    one, _ = pair
    one.replica.act("settings", "shared", alarms=True)
    one.sync()
    one.sync()
    before = one.client.requests
    one.sync()
    assert one.client.requests == before + 1


def test_two_edits_of_different_fields_both_stand(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.replica.act("module", "2026/COS 214", name="Networks", colour="red")
    one.sync()
    two.sync()
    one.replica.act("module", "2026/COS 214", name="Computer networks")
    two.replica.act("module", "2026/COS 214", colour="blue")
    one.sync()
    two.sync()
    one.sync()
    assert one.replica.live() == two.replica.live()
    assert one.replica.live()["module", "2026/COS 214"] == {"name": "Computer networks", "colour": "blue"}
    assert not [each for each in one.replica.disk.held if each[0] == "conflict"]


def test_two_edits_of_one_field_leave_the_loser_to_be_chosen(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.replica.act("module", "2026/COS 214", colour="red")
    one.sync()
    two.sync()
    one.replica.act("module", "2026/COS 214", colour="green")
    two.replica.act("module", "2026/COS 214", colour="green-ish")
    two.replica.act("module", "2026/COS 214", colour="blue")
    one.sync()
    two.sync()
    one.sync()
    assert one.replica.live() == two.replica.live()
    assert one.replica.live()["module", "2026/COS 214"] == {"colour": "blue"}
    (lost,) = [values for name, values in one.replica.live().items() if name[0] == "conflict"]
    assert lost["value"] == "green"
    assert lost["record"] == ["module", "2026/COS 214"]


def test_a_record_larger_than_a_blob_travels_in_pieces(pair: tuple[Machine, Machine]) -> None:
    import secrets

    one, two = pair
    document = {"rows": [secrets.token_hex(500) for _ in range(200)]}
    one.replica.act("import", "2026/lectures/abc", document=document, name="L.pdf")
    one.sync()
    two.sync()
    assert two.replica.live()["import", "2026/lectures/abc"]["document"] == document
    pieces = len(two.replica.disk.asides)
    assert pieces > 1
    two.replica.act("import", "2026/lectures/abc", name="lectures.pdf")
    two.sync()
    one.sync()
    assert one.replica.live() == two.replica.live()
    assert len(next(iter(two.client.server.accounts.values())).records) == pieces + 1


def test_a_restored_server_gets_back_what_any_machine_has(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.replica.act("module", "2026/COS 214", colour="red")
    one.sync()
    two.sync()
    saved = server.backup()
    one.replica.act("module", "2026/COS 214", colour="blue")
    one.replica.act("event", "2026/a", title="Choir")
    one.sync()
    two.sync()
    two.replica.delete("event", "2026/a")
    two.replica.act("event", "2026/b", title="Rowing")
    two.sync()
    server.restore(saved)
    one.sync()
    two.sync()
    one.sync()
    assert one.replica.live() == two.replica.live()
    assert one.replica.live() == {
        ("module", "2026/COS 214"): {"colour": "blue"},
        ("event", "2026/b"): {"title": "Rowing"},
    }
    assert one.replica.recovery_points
    third = Machine(server)
    third.sign_in()
    third.sync()
    assert third.replica.live() == one.replica.live()


def test_record_has_no_plain_text_on_the_server(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, _ = pair
    one.replica.act("event", "2026/a", title="Choir")
    one.sync()
    assert "Choir" not in str(vars(next(iter(server.accounts.values()))))
    assert Record("event", "2026/a").name in one.replica.disk.held
