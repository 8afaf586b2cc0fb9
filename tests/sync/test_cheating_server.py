"""A cheating server is detected; an honest one is never accused, whatever it goes through.

The honest schedules are those of `schedules`: each ends with a check of the machines' findings. Here one ends with a
cheat, which some machine has to detect.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from desktop.domain.records.merge import STATE_DIGEST
from desktop.sync import cipher, engine, server_audit, wire
from desktop.sync.change_pages import EndlessResponse
from desktop.sync.findings import Finding, forget_findings
from tests.sync.scenarios import EVENT, MODULE, everybody_syncs
from tests.sync.schedules import Schedule
from tests.sync.twin import AccountRows, TwinServer
from tests.sync.world import Machine, World, fast_stretch

HUNDREDS = settings(
    max_examples=60,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
Cheat = Callable[[World], set[Finding]]
GONE_BACK = {Finding.ROLLED_BACK, Finding.LOST_RECORDS}  # by whether what is gone was an entry, or a change of one


@pytest.fixture(autouse=True)
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)


@pytest.fixture
def world() -> World:
    made = World()
    made.act(made.machines[0], MODULE, "name")
    everybody_syncs(made)
    return made


def rows_of(server: TwinServer) -> AccountRows:
    return next(iter(server.accounts.values()))


def digest_ids(machine: Machine, of: Machine) -> set[str]:
    """The rows of the digests of a machine."""
    assert machine.account is not None
    return {machine.account.cipher().record_id(STATE_DIGEST, of.repository.disk.device)}


def found(world: World) -> set[Finding]:
    return {kind for machine in world.machines for kind in machine.findings()}


# the cheats: each is done to a world in which everybody is in step


def the_account_is_put_back(world: World) -> set[Finding]:
    """To what it was before the newest act, under the same epoch."""
    saved = copy.deepcopy(rows_of(world.server))
    world.act(world.machines[0], MODULE, "name")
    world.machines[0].sync()
    world.server.accounts[saved.account] = saved
    return GONE_BACK


def the_account_is_put_back_and_hurries_on(world: World) -> set[Finding]:
    """So far that nobody's cursor lies beyond its head."""
    findings = the_account_is_put_back(world)
    rows_of(world.server).head += 50
    return findings


def the_account_is_emptied(world: World) -> set[Finding]:
    world.act(world.machines[0], MODULE, "name")
    everybody_syncs(world)
    rows_of(world.server).records.clear()
    return {Finding.LOST_RECORDS}


def an_old_keyring_is_put_back(world: World) -> set[Finding]:
    saved = rows_of(world.server).keyring
    world.change_password(world.machines[0])
    everybody_syncs(world)
    everybody_syncs(world)  # who was signed out by the new password is in again
    assert rows_of(world.server).keyring["version"] > saved["version"]
    rows_of(world.server).keyring = saved
    return {Finding.OLD_KEYRING}


def _forked(world: World) -> tuple[Machine, Machine, TwinServer]:
    """The second machine is shown a copy of the server from now on, in which the others do nothing."""
    here, there, _ = world.machines
    world.act(here, EVENT, "name")
    everybody_syncs(world)
    fork = copy.deepcopy(world.server)
    there.client.server = fork
    return here, there, fork


def one_is_not_shown_what_another_wrote(world: World) -> set[Finding]:
    here, there, fork = _forked(world)
    world.act(here, MODULE, "name")
    here.sync()
    for record_id in digest_ids(here, of=here):
        _pass_on(rows_of(world.server), rows_of(fork), record_id)
    there.sync()
    return {Finding.SPLIT_VIEW}


def what_one_writes_is_shown_to_nobody(world: World) -> set[Finding]:
    here, there, fork = _forked(world)
    world.act(here, MODULE, "name")
    here.sync()  # its digest goes out, and is withheld
    here.sync()
    for _ in range(2):
        world.act(there, EVENT, "note")
        there.sync()
        for record_id, row in list(rows_of(fork).records.items()):
            if rows_of(world.server).records.get(record_id, row)["etag"] != row["etag"] and record_id not in digest_ids(
                here, of=here
            ):
                _pass_on(rows_of(fork), rows_of(world.server), record_id)
        here.sync()
    return {Finding.SPLIT_VIEW}


def _pass_on(source: AccountRows, target: AccountRows, record_id: str) -> None:
    target.head += 1
    target.records[record_id] = {**source.records[record_id], "number": target.head}


CHEATS: list[Cheat] = [
    the_account_is_put_back,
    the_account_is_put_back_and_hurries_on,
    the_account_is_emptied,
    an_old_keyring_is_put_back,
    one_is_not_shown_what_another_wrote,
    what_one_writes_is_shown_to_nobody,
]


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda each: each.__name__)
def test_a_cheat_is_noticed(world: World, cheat: Cheat) -> None:
    assert found(world) == set()
    findings = cheat(world)
    everybody_syncs(world)
    assert findings & found(world)


@pytest.mark.parametrize("cheat", CHEATS[:3], ids=lambda each: each.__name__)
def test_what_the_server_lost_is_there_again(world: World, cheat: Cheat) -> None:
    cheat(world)
    world.is_honest = False
    world.settle()
    world.check_new_machine()


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda each: each.__name__)
def test_a_cheat_is_noticed_whatever_happened_before(cheat: Cheat) -> None:
    class Cheated(Schedule):
        def teardown(self) -> None:
            try:
                self.world.settle()
                for machine in self.world.machines:
                    with machine.repository.transaction() as transaction:
                        forget_findings(transaction)
                findings = cheat(self.world)
                everybody_syncs(self.world)
                assert findings & found(self.world)
            finally:
                cipher.stretch = self._stretch

    run_state_machine_as_test(Cheated, settings=HUNDREDS)  # type: ignore[no-untyped-call]


# what is left out is not noticed


def nobody_reads_the_manifest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(server_audit.ServerAudit, "_differs_from_manifest", lambda *given: False)


def nobody_reads_the_digests(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(server_audit, "count_behind", lambda *given: 0)


def nobody_asks_what_the_others_saw(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(server_audit, "_Peer", lambda sequence, had: PEER(sequence, 0))


def any_keyring_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "check_keyring", lambda *given: None)


def a_cursor_beyond_the_head_is_a_restore(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "note_return", lambda *given: None)


PEER = server_audit._Peer
LEFT_OUT: list[tuple[Callable[[pytest.MonkeyPatch], None], Cheat]] = [
    (nobody_reads_the_manifest, the_account_is_put_back_and_hurries_on),
    (nobody_reads_the_manifest, the_account_is_emptied),
    (nobody_reads_the_digests, one_is_not_shown_what_another_wrote),
    (nobody_asks_what_the_others_saw, what_one_writes_is_shown_to_nobody),
    (any_keyring_will_do, an_old_keyring_is_put_back),
    (a_cursor_beyond_the_head_is_a_restore, the_account_is_put_back),
]


@pytest.mark.parametrize(("left_out", "cheat"), LEFT_OUT, ids=lambda each: each.__name__)
def test_each_check_is_needed(
    world: World, left_out: Callable[[pytest.MonkeyPatch], None], cheat: Cheat, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out(monkeypatch)
    findings = cheat(world)
    everybody_syncs(world)
    assert not findings & found(world)


# an honest server


def test_a_restore_is_said_and_accuses_nobody(world: World) -> None:
    world.restore(0)
    everybody_syncs(world)
    everybody_syncs(world)
    assert found(world) == {Finding.RESTORED}


def test_weeks_away_accuse_nobody(world: World) -> None:
    here, there, third = world.machines
    for _ in range(5):
        world.act(here, MODULE, "name")
        here.sync()
        world.act(third, EVENT, "name")
        third.sync()
        world.clock_jumps(0, 0.05)
        world.clock_jumps(2, 0.05)
    world.delete(third, EVENT)
    third.sync()
    world.act(there, MODULE, "note")
    everybody_syncs(world)
    assert found(world) == set()


def test_quiet_days_write_nothing(world: World) -> None:
    everybody_syncs(world)
    head = rows_of(world.server).head
    for machine in world.machines:
        machine.clock.jump(0.1)
    everybody_syncs(world)
    assert rows_of(world.server).head == head


# pages without end


@pytest.fixture(params=["the same page", "empty pages", "always further"])
def endless(request: pytest.FixtureRequest, world: World) -> World:
    server = world.server
    page = server._changes(rows_of(server), "", {})
    row = page["records"][0]

    def changes(account: AccountRows, device: str, query: dict[str, list[str]]) -> dict[str, object]:
        number = int(query["cursor"][0].split(".")[1]) if "cursor" in query else 0
        match request.param:
            case "the same page":
                return {**page, "more": True, "cursor": f"{server.epoch}.{number}", "records": [row]}
            case "empty pages":
                return {**page, "more": True, "cursor": f"{server.epoch}.{number + 1}", "records": []}
        return {**page, "more": True, "cursor": f"{server.epoch}.{number + 1}", "records": [row] * 500}

    server._changes = changes  # type: ignore[method-assign]
    return world


def test_pages_without_end_come_to_one(endless: World) -> None:
    here, there, _ = endless.machines
    endless.act(there, MODULE, "colour")
    before = here.repository.live()
    rows_of(endless.server).head += 1
    with pytest.raises(EndlessResponse):
        here._run()
    assert here.repository.live() == before


def test_a_keyring_that_is_never_the_one_it_is_said_to_be_ends(world: World) -> None:
    rows, head = rows_of(world.server), world.server._head

    def another(account: AccountRows, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        account.keyring, kept = {**account.keyring, "etag": wire.new_id()}, account.keyring
        answer = head(account, headers)
        account.keyring = kept
        return answer

    world.server._head = another  # type: ignore[method-assign,assignment]
    rows.head += 1
    assert world.machines[0].sync() is None
