"""Sync as a student uses it: several machines, one account, a server that may be away, restored or full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop.domain.errors import Cancelled, InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.records import Record
from desktop.sync import account as accounts
from desktop.sync import authentication, cipher, envelope, feeds, outgoing, wire
from desktop.sync.account import Account
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.engine import Engine
from desktop.sync.key_format import format_key
from desktop.sync.mass_delete_guard import MassDeleteNeedsDecision
from desktop.sync.plan import JoinCounts, JoinNeedsDecision, Progress, SyncOutcome, SyncStep
from desktop.sync.problem_errors import Absent, KeyReused, LoginRefused, Outdated, SessionEnded
from desktop.sync.wire import b64
from tests.sync.memory import MemoryReplica, MemoryVault
from tests.sync.twin import Problem, TwinClient, TwinServer
from tests.sync.world import fast_stretch

PASSWORD = "three words together"


@pytest.fixture(autouse=True)
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real derivation is tried with the real server; here it would cost half a second for every sign-in."""
    monkeypatch.setattr(cipher, "stretch", fast_stretch)


class Machine:
    """One profile on one machine."""

    def __init__(self, server: TwinServer, label: str = "laptop") -> None:
        self.repository = MemoryReplica()
        self.vault = MemoryVault()
        self.client = TwinClient(server)
        self.label = label
        self._account: Account | None = None
        self._engine: Engine | None = None

    @property
    def context(self) -> authentication.SignInContext:
        return authentication.SignInContext(self.repository, self.vault, self.label, lambda _: self.client)

    def create(self) -> str:
        self._account, recovery = authentication.create_account(self.context, "localhost:8765", "thandi", PASSWORD)
        return recovery

    def sign_in(self, password: str = PASSWORD) -> None:
        self._account = authentication.sign_in(self.context, "localhost:8765", "thandi", password)

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = accounts.open_account(self.repository, self.vault, lambda _: self.client)
        assert self._account is not None
        return self._account

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = Engine(self.repository, self.client, self.account)
        return self._engine

    def restart(self) -> None:
        self._account = self._engine = None

    def sync(self, **how: object) -> SyncOutcome:
        run: Callable[[], SyncOutcome] = lambda: self.engine.run(**how)  # type: ignore[arg-type] # noqa: E731
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
    one.repository.act("choice", "2026/COS 214/S1/L", group="G02")
    one.sync()
    outcome = two.sync()
    assert two.repository.live() == {("choice", "2026/COS 214/S1/L"): {"group": "G02"}}
    assert outcome.changed == {("choice", "2026/COS 214/S1/L")}


def test_nothing_new_is_one_request(pair: tuple[Machine, Machine]) -> None:
    one, _ = pair
    one.repository.act("settings", "shared", alarms=True)
    one.sync()
    one.sync()
    before = one.client.requests
    one.sync()
    assert one.client.requests == before + 1


def test_rounds_that_brought_something_are_not_counted_as_fruitless(
    server: TwinServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch is refused once: more often in all than a sync puts up with in a row."""
    machine = Machine(server)
    machine.create()
    monkeypatch.setattr(outgoing, "BATCH_RECORDS", 1)
    for number in range(20):
        machine.repository.act("module", f"2026/COS {100 + number}", name="x")
    push, refused = machine.client.push, [False]

    def every_other(body: bytes, key: str) -> wire.Receipt:
        refused[0] = not refused[0]
        if refused[0]:
            raise KeyReused("The server mixed up two requests.")
        return push(body, key)

    monkeypatch.setattr(machine.client, "push", every_other)
    assert machine.sync().pushed >= 20


def test_two_edits_of_different_fields_both_stand(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("module", "2026/COS 214", name="Networks", colour="red")
    one.sync()
    two.sync()
    one.repository.act("module", "2026/COS 214", name="Computer networks")
    two.repository.act("module", "2026/COS 214", colour="blue")
    one.sync()
    two.sync()
    one.sync()
    assert one.repository.live() == two.repository.live()
    assert one.repository.live()["module", "2026/COS 214"] == {"name": "Computer networks", "colour": "blue"}
    assert not [each for each in one.repository.disk.held if each[0] == "conflict"]


def test_two_edits_of_one_field_leave_the_loser_to_be_chosen(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("module", "2026/COS 214", colour="red")
    one.sync()
    two.sync()
    one.repository.act("module", "2026/COS 214", colour="green")
    two.repository.act("module", "2026/COS 214", colour="green-ish")
    two.repository.act("module", "2026/COS 214", colour="blue")
    one.sync()
    two.sync()
    one.sync()
    assert one.repository.live() == two.repository.live()
    assert one.repository.live()["module", "2026/COS 214"] == {"colour": "blue"}
    (lost,) = [values for name, values in one.repository.live().items() if name[0] == "conflict"]
    assert lost["value"] == "green"
    assert lost["record"] == ["module", "2026/COS 214"]


def test_a_record_larger_than_a_blob_travels_in_pieces(pair: tuple[Machine, Machine]) -> None:
    import secrets

    one, two = pair
    document = {"rows": [secrets.token_hex(500) for _ in range(200)]}
    one.repository.act("import", "2026/lectures/abc", document=document, name="L.pdf")
    one.sync()
    two.sync()
    assert two.repository.live()["import", "2026/lectures/abc"]["document"] == document
    pieces = len(two.repository.disk.asides)
    assert pieces > 1
    two.repository.act("import", "2026/lectures/abc", name="lectures.pdf")
    two.sync()
    one.sync()
    assert one.repository.live() == two.repository.live()
    assert len(next(iter(two.client.server.accounts.values())).records) == pieces + 1


def test_a_restored_server_gets_back_what_any_machine_has(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("module", "2026/COS 214", colour="red")
    one.sync()
    two.sync()
    saved = server.backup()
    one.repository.act("module", "2026/COS 214", colour="blue")
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    two.sync()
    two.repository.delete("event", "2026/a")
    two.repository.act("event", "2026/b", title="Rowing")
    two.sync()
    server.restore(saved)
    one.sync()
    two.sync()
    one.sync()
    assert one.repository.live() == two.repository.live()
    assert one.repository.live() == {
        ("module", "2026/COS 214"): {"colour": "blue"},
        ("event", "2026/b"): {"title": "Rowing"},
    }
    assert one.repository.recovery_points
    third = Machine(server)
    third.sign_in()
    third.sync()
    assert third.repository.live() == one.repository.live()


def test_record_has_no_plain_text_on_the_server(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, _ = pair
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    assert "Choir" not in str(vars(next(iter(server.accounts.values()))))
    assert Record("event", "2026/a").name in one.repository.disk.held


# What must not hold up the rest, and what is asked first


def test_the_first_meeting_of_two_timetables_is_asked_about(server: TwinServer) -> None:
    one, two = Machine(server), Machine(server)
    one.create()
    one.repository.act("event", "2026/a", title="Choir")
    one.repository.act("module", "2026/COS 214", colour="red")
    one.sync()
    two.repository.act("module", "2026/COS 214", colour="blue")
    two.repository.act("module", "2026/COS 212", colour="blue")
    two.sign_in()
    with pytest.raises(JoinNeedsDecision) as asked:
        two.sync()
    assert asked.value.counts == JoinCounts({"module": 2}, {"event": 1, "module": 1}, 1)
    assert len(two.repository.live()) == 2
    two.sync(agreed=True)
    one.sync()
    assert one.repository.live() == two.repository.live()
    assert {kind for kind, _ in one.repository.live()} == {"event", "module", "conflict"}


def many(machine: Machine) -> list[tuple[str, str]]:
    names = [("event", f"2026/{each}") for each in range(10)]
    for name in names:
        machine.repository.act(*name, title="Choir")
    return names


@pytest.mark.parametrize("answer", ["accept", "undo"])
def test_a_wipe_from_another_machine_is_asked_about(pair: tuple[Machine, Machine], answer: str) -> None:
    one, two = pair
    names = many(one)
    one.sync()
    two.sync()
    for name in names:
        one.repository.delete(*name)
    one.sync(wipe="accept")
    with pytest.raises(MassDeleteNeedsDecision) as asked:
        two.sync()
    assert (asked.value.deleted, asked.value.total, asked.value.is_incoming) == (10, 10, True)
    assert len(two.repository.live()) == 10
    two.sync(wipe=answer)
    one.sync()
    assert len(one.repository.live()) == len(two.repository.live()) == (10 if answer == "undo" else 0)


@pytest.mark.parametrize("answer", ["accept", "undo"])
def test_a_wipe_here_is_asked_about_before_it_leaves(pair: tuple[Machine, Machine], answer: str) -> None:
    one, two = pair
    names = many(one)
    one.sync()
    two.sync()
    for name in names:
        one.repository.delete(*name)
    with pytest.raises(MassDeleteNeedsDecision) as asked:
        one.sync()
    assert not asked.value.is_incoming
    one.sync(wipe=answer)
    two.sync(wipe="accept")
    assert len(one.repository.live()) == len(two.repository.live()) == (10 if answer == "undo" else 0)


def test_a_few_deletions_are_an_ordinary_day(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    names = many(one)
    one.sync()
    two.sync()
    for name in names[:6]:
        one.repository.delete(*name)
    one.sync()
    two.sync()
    assert len(two.repository.live()) == 4


def test_what_is_over_the_quota_is_set_aside_and_the_rest_goes_on(server: TwinServer) -> None:
    server.limits["records"] = 5
    one, two = Machine(server), Machine(server)
    one.create()
    two.sign_in()
    many(one)
    outcome = one.sync()
    assert (outcome.pushed, outcome.refused) == (5, 5)
    two.sync()
    assert len(two.repository.live()) == 5
    one.repository.act("event", "2026/0", title="Rowing")
    one.sync()
    two.sync()
    assert two.repository.live()["event", "2026/0"] == {"title": "Rowing"}
    assert "no more entries" in str(one.repository.disk.held["event", "2026/9"].refused)


def test_a_record_the_server_will_not_have_does_not_hold_up_the_others(
    server: TwinServer, pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    names = many(one)
    bad = one.account.cipher().record_id(*names[3])
    check = server._check_batch

    def refuse(rows: object, plain: dict[str, list[dict[str, str]]]) -> None:
        if any(each["id"] == bad for each in plain["records"]):
            raise Problem(422, "invalid", errors=[{"detail": "not this one"}])
        check(rows, plain)  # type: ignore[arg-type]

    monkeypatch.setattr(server, "_check_batch", refuse)
    outcome = one.sync()
    assert (outcome.pushed, outcome.refused) == (9, 1)
    two.sync()
    assert len(two.repository.live()) == 9


def test_what_a_newer_program_wrote_is_kept_shown_and_not_overwritten(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    two.sync()
    with monkeypatch.context() as newer:
        newer.setattr(envelope, "SCHEMA", 2)
        one.repository.act("event", "2026/a", title="Choir", mood="happy")
        one.sync()
    outcome = two.sync()
    assert (outcome.unreadable, outcome.refused) == (1, 1)
    two.repository.act("event", "2026/a", title="Rowing")
    outcome = two.sync()
    assert (outcome.unreadable, outcome.refused) == (1, 1)
    with monkeypatch.context() as newer:
        newer.setattr(envelope, "SCHEMA", 2)
        outcome = two.sync()
        one.sync()
    assert (outcome.unreadable, outcome.refused) == (0, 0)
    assert two.repository.live() == one.repository.live()
    assert two.repository.live()["event", "2026/a"]["mood"] == "happy"


def test_a_damaged_record_is_kept_and_healed(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    two.sync()
    rows = next(iter(server.accounts.values()))
    (record,) = rows.records.values()
    rows.head += 1
    record |= {"blob": "AAAA" * 20, "etag": "A" * 22, "number": rows.head}
    assert two.sync().unreadable == 1
    one.sync()
    third = Machine(server)
    third.sign_in()
    third.sync()
    assert third.repository.live() == {("event", "2026/a"): {"title": "Choir"}}


def test_swapped_records_are_refused(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("event", "2026/a", title="Choir")
    one.repository.act("event", "2026/b", title="Rowing")
    one.sync()
    first, second = next(iter(server.accounts.values())).records.values()
    first["blob"], second["blob"] = second["blob"], first["blob"]
    assert two.sync().unreadable == 2
    assert two.repository.live() == {}


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_patience_is_given_it(server: TwinServer, status: int) -> None:
    one = Machine(server)
    one.create()
    server.fault = lambda method, path: Problem(status, "unavailable", {"retry-after": "17"})
    with pytest.raises(NotReachable) as away:
        one.sync()
    assert away.value.retry_after == 17


def test_an_outdated_program_is_told_so(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    server.fault = lambda method, path: Problem(426, "client-outdated", minimum="9.0.0")
    with pytest.raises(Outdated):
        one.sync()


def test_a_sync_can_be_cancelled_and_goes_on_later(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    for each in range(250):
        one.repository.act("event", f"2026/{each}", title="Choir")
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        one.sync(progress=seen.append, cancelled=lambda: bool(seen) and seen[-1].done > 0)
    assert (seen[-1].step, seen[-1].done) == (SyncStep.PUSH, 100)
    assert len(one.repository.live()) == 250
    one.sync()
    two.sync()
    assert len(two.repository.live()) == 250


def test_a_forgotten_password_and_a_lost_recovery_key(server: TwinServer) -> None:
    one, two = Machine(server), Machine(server)
    recovery = one.create()
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    two._account = authentication.sign_in_with_recovery_key(
        two.context, "localhost:8765", "thandi", recovery, "another three words"
    )
    two.sync()
    assert two.repository.live() == one.repository.live()
    with pytest.raises(accounts.SignInRequired):
        one.sync()
    one.restart()
    one.sign_in("another three words")
    newer = one.account.new_recovery_key("another three words")
    three = Machine(server)
    with pytest.raises(LoginRefused):
        authentication.sign_in_with_recovery_key(
            three.context, "localhost:8765", "thandi", recovery, "a third password"
        )
    authentication.sign_in_with_recovery_key(three.context, "localhost:8765", "thandi", newer, "a third password")


def test_a_copied_profile_becomes_a_device_of_its_own(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    one.sync()
    copy = Machine(server)
    copy.vault = one.vault
    copy.repository.disk = one.repository.disk.copied()
    copy.repository.disk.device = "another"
    copy.sync()
    one.sync()
    assert copy.account.credentials.device != one.account.credentials.device
    assert len(one.account.devices()) == 2


def test_signing_out_keeps_the_records_and_signing_in_goes_on(pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    one.account.sign_out()
    one.restart()
    assert accounts.open_account(one.repository, one.vault, lambda _: one.client) is None
    one.repository.act("event", "2026/a", title="Rowing")
    one.sign_in()
    one.sync()
    two.sync()
    assert two.repository.live() == one.repository.live() == {("event", "2026/a"): {"title": "Rowing"}}


def test_another_account_is_met_as_a_stranger(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    one.account.delete()
    one.restart()
    one.create()
    one.sync()
    two = Machine(server)
    two.sign_in()
    two.sync()
    assert two.repository.live() == {("event", "2026/a"): {"title": "Choir"}}


def test_a_calendar_is_published_once_and_again_after_a_restore(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    one.sync()
    feed, token = feeds.new_feed()
    assert feeds.publish(one.account, one.repository, feed, token, b"BEGIN:VCALENDAR")
    assert not feeds.publish(one.account, one.repository, feed, token, b"BEGIN:VCALENDAR")
    saved = server.backup()
    server.restore(saved)
    one.sync()
    assert feeds.publish(one.account, one.repository, feed, token, b"BEGIN:VCALENDAR")
    assert one.client.calendar(token) == b"BEGIN:VCALENDAR"
    assert feeds.feed_addresses(one.account, token).webcal == f"webcal://localhost:8765/v1/calendars/{token}.ics"
    assert feeds.unpublish_unknown(one.account, one.repository, frozenset()) == 1
    with pytest.raises(Absent):
        one.client.calendar(token)


def test_a_profile_that_signs_in_again_stays_one_device(server: TwinServer, pair: tuple[Machine, Machine]) -> None:
    one, two = pair
    before = {each.id for each in one.account.devices()}
    one.account.change_password(PASSWORD, "another three words")
    two.restart()
    two.sign_in("another three words")
    assert {each.id for each in one.account.devices()} == before
    one.account.revoke_device(two.account.credentials.device)
    two.restart()
    two.sign_in("another three words")
    assert len(before - {each.id for each in one.account.devices()}) == 1


def test_the_password_and_the_recovery_key_are_changed_only_by_one_of_them(server: TwinServer) -> None:
    one = Machine(server)
    recovery = one.create()
    before = one.client.keyring()
    for wrong in ("", "not the password", format_key(cipher.random_key()), recovery[:-1]):
        with pytest.raises(accounts.WrongSecret):
            one.account.change_password(wrong, "another three words")
        with pytest.raises(accounts.WrongSecret):
            one.account.new_recovery_key(wrong)
    with pytest.raises(InvalidInput):
        one.account.change_password(PASSWORD, "Password123")
    assert one.client.keyring() == before
    one.account.change_password(recovery.lower(), "another three words")
    with pytest.raises(accounts.WrongSecret):
        one.account.new_recovery_key(PASSWORD)
    newer = one.account.new_recovery_key("another three words")
    with pytest.raises(accounts.WrongSecret):
        one.account.change_password(recovery, PASSWORD)
    one.account.change_password(newer, PASSWORD)
    Machine(server).sign_in()


def test_an_old_password_is_refused_once_a_device_has_seen_the_rolled_back_server(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    one.sync()
    saved = server.backup()
    one.account.change_password(PASSWORD, "another three words")
    one.sync()
    server.restore(saved)
    thief = Machine(server, "a stranger's")
    thief.sign_in()  # so far nobody could know better: docs/crypto.md says so
    one.sync()
    with pytest.raises(SessionEnded):
        thief.client.head(None)
    with pytest.raises(LoginRefused):
        Machine(server).sign_in()
    Machine(server).sign_in("another three words")


def test_a_keyring_far_behind_the_one_that_was_seen_is_still_put_right(server: TwinServer) -> None:
    one = Machine(server)
    one.create()
    saved = server.backup()
    far = replace(one.client.keyring(), version=2 + 3 * wire.KEYRING_VERSION_STEP, etag=wire.new_id())
    keys = one.account.cipher().keys.rotated()
    one.account._keep_keyring(cipher.seal_keyring(far, one.account.account, one.account.credentials.account_key, keys))
    server.restore(saved)
    one.sync()
    two = Machine(server)
    two.sign_in()
    assert two.account.cipher().keys.by_id == keys.by_id


@pytest.mark.parametrize("where", ["keys", "wrapped_by_password", "kdf"])
def test_a_damaged_keyring_is_mended_by_the_recovery_key(server: TwinServer, where: str) -> None:
    one, two = Machine(server), Machine(server)
    recovery = one.create()
    one.repository.act("event", "2026/a", title="Choir")
    one.sync()
    (rows,) = server.accounts.values()
    damaged = {**rows.keyring["kdf"], "salt": b64(bytes(16))} if where == "kdf" else b64(b"damaged" * 9)
    rows.keyring = {**rows.keyring, where: damaged}
    with pytest.raises((DecryptionFailed, LoginRefused, NotAllowed)):
        Machine(server).sign_in()
    new = "another three words"
    two._account = authentication.sign_in_with_recovery_key(two.context, "localhost:8765", "thandi", recovery, new)
    two.repository.act("event", "2026/b", title="Rowing")
    two.sync(agreed=True)
    one.restart()
    one.sign_in(new)  # it knows the keys that nobody else had
    one.sync(agreed=True)
    two.sync(agreed=True)
    assert len(one.repository.live()) == len(two.repository.live()) == 2
    three = Machine(server)
    three.sign_in(new)
    three.sync(agreed=True)
    assert three.repository.live() == one.repository.live()
    with pytest.raises(LoginRefused):
        Machine(server).sign_in()
