"""A student with three machines, a server, faults and wrong clocks: every act is recorded, so no loss goes unnoticed.

Every act has to be accounted for at the end: it stands, or a later act was made by someone who had seen it, or a
conflict record holds it (or something made later by someone who had seen it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from desktop.domain.errors import Cancelled, NotAllowed, NotReachable
from desktop.domain.records.merge import STATE_DIGEST, HeldRecord
from desktop.domain.records.records import Field, Record, canonical_json
from desktop.sync import account as accounts
from desktop.sync import authentication, cipher, wire
from desktop.sync.account import Account, SignInRequired, WrongSecret
from desktop.sync.engine import Engine
from desktop.sync.findings import Finding, findings
from desktop.sync.incoming import open_rows
from desktop.sync.plan import SyncOutcome
from desktop.sync.problem_errors import DeviceRevoked, LoginRefused, SessionEnded
from desktop.sync.server_audit import ServerAudit
from tests.sync.clocks import WallClock
from tests.sync.memory import Crash, Disk, MemoryReplica, MemoryVault, new_name, reset_names
from tests.sync.twin import TwinClient, TwinServer

NAMES = [("module", "2026/COS 214"), ("event", "2026/a"), ("import", "2026/lectures/ab"), ("settings", "shared")]
FIELDS = ["name", "colour", "note"]

Version = tuple[tuple[str, str], str, int, str, str]  # record, field, stamp's counter and device, value


def fast_stretch(password: str, kdf: object) -> cipher.DerivedKeys:
    """A fast replacement for Argon2id, which would cost half a second a sign-in; other tests cover it."""
    key = cipher.derive(b"k" * 32, f"{password} {kdf}")
    return cipher.DerivedKeys(cipher.derive(key, "password kek"), cipher.derive(key, "password login"))


@dataclass
class Faults:
    """Faults of one run: the fates of its requests, the commit at which it crashes, acts in the middle of it."""

    fates: tuple[str, ...] = ()
    crash_at: int = -1
    crash_after: bool = False
    meanwhile: dict[str, Callable[[], object]] | None = None  # once, before the first request to a (METHOD) path
    lost_answer: str = ""  # the path whose first answer is lost


class Machine:
    """One profile on one machine, with a wall clock of its own."""

    def __init__(self, world: World, label: str) -> None:
        self.world = world
        self.label = label
        self.clock = WallClock()
        self.repository = world.make_replica()
        self.client = world.make_client()
        self.context = authentication.SignInContext(self.repository, world.vault, label, lambda _: self.client)
        self._account: Account | None = None
        self._engine: Engine | None = None
        self.password = ""  # that let it in last

    @property
    def account(self) -> Account | None:
        if self._account is None:
            self._account = accounts.open_account(self.repository, self.world.vault, lambda _: self.client)
        return self._account

    def create(self, password: str) -> str:
        self.restart()
        self._account, recovery = authentication.create_account(
            self.context, self.client.address, self.world.name, password
        )
        return recovery

    def sign_in(self) -> None:
        """Sign in as a person does: with the password they think is right, then with the one before."""
        self.restart()
        for password in reversed(self.world.passwords):
            with suppress(LoginRefused):
                self.password = password
                self._account = authentication.sign_in(self.context, self.client.address, self.world.name, password)
                return
        raise SignInRequired("no password of ours is known there")

    def restart(self) -> None:
        if self._engine is not None and self._engine._flight.batch is not None:
            self.world.crashed = True  # what was on its way is forgotten with the program
        self._account = self._engine = None

    def sync(self, luck: Faults | None = None) -> SyncOutcome | None:
        """Sync once, with these faults; returns None if it did not finish."""
        luck = luck or Faults()
        commits = requests = 0

        def commit(after: bool) -> None:
            nonlocal commits
            if not after:
                commits += 1
            if commits == luck.crash_at and after == luck.crash_after:
                raise Crash

        meanwhile = dict(luck.meanwhile or {})
        lost = [luck.lost_answer] if luck.lost_answer else []

        def fate(method: str, path: str) -> str:
            nonlocal requests
            requests += 1
            where = path.partition("?")[0]
            act = meanwhile.pop(where, None) or meanwhile.pop(f"{method} {where}", None)
            if act is not None:
                act()
            if path in lost:
                lost.remove(path)
                return "lost answer"
            return luck.fates[requests - 1] if requests <= len(luck.fates) else ""

        self.repository.before_commit, self.repository.after_commit = lambda: commit(False), lambda: commit(True)
        self.client.fate = fate
        try:
            try:
                with self.clock.as_process_time():
                    return self._run()
            except (SignInRequired, DeviceRevoked, SessionEnded):
                with suppress(NotReachable, NotAllowed):
                    self.sign_in()
                return None
        except Crash:
            self.world.crashed = True
            self.restart()
            return None
        except (NotReachable, Cancelled):
            return None
        finally:
            self.repository.before_commit = self.repository.after_commit = lambda: None
            self.client.fate = lambda method, path: ""

    def _run(self) -> SyncOutcome | None:
        if self.account is None:
            self.sign_in()
        account = self.account
        assert account is not None
        if self._engine is None:
            self._engine = self.world.make_engine(self.repository, self.client, account)
        engine = self._engine
        outcome = account.call(lambda: engine.run(agreed=True, wipe="accept"))
        audit = ServerAudit(self.repository, self.client, account, account.credentials.device, interval_seconds=0.0)
        if account.call(lambda: audit.run(outcome.changed)):
            more = account.call(lambda: engine.run(agreed=True, wipe="accept"))
            outcome = replace(outcome, pulled=outcome.pulled + more.pulled, pushed=outcome.pushed + more.pushed)
        return outcome

    def findings(self) -> set[Finding]:
        """The findings of this machine about its server."""
        if self.account is None:
            return set()
        with self.repository.transaction() as transaction:
            return {each.kind for each in findings(transaction, self.account.account)}


class World:
    """Everything there is in a schedule. `make_engine` and `make_replica` let a test leave a rule out."""

    def __init__(
        self,
        server: TwinServer | None = None,
        make_engine: Callable[[Any, Any, Account], Engine] = Engine,
        make_replica: Callable[[], Any] = MemoryReplica,
        make_client: Callable[[], Any] | None = None,
        name: str = "thandi",
    ) -> None:
        reset_names()
        self.server = server or TwinServer()
        self.name = name
        self.make_client = make_client or (lambda: TwinClient(self.server))
        self.make_engine = make_engine
        self.make_replica = make_replica
        self.vault = MemoryVault()
        self.passwords = ["three words together"]
        self.parents: dict[Version, Version | None] = {}
        self.forgotten: set[Version] = set()  # acts on what was deleted, when the server forgot it
        self.crashed = False  # since then, what was on its way may be taken for another's
        self.counts = 0
        self.password_changed = False
        self.is_honest = True  # the server
        self.machines = [Machine(self, label) for label in ("laptop", "desktop", "lab")]
        self.backups = [self.server.backup()]
        self.machines[0].create(self.passwords[0])
        for machine in self.machines[1:]:
            machine.sign_in()

    # what a student does

    def act(self, machine: Machine, name: tuple[str, str], field: str) -> None:
        self.counts += 1
        self._act(machine, name, field, f"value {self.counts}")

    def delete(self, machine: Machine, name: tuple[str, str]) -> None:
        record = machine.repository.record(*name)
        if record.fields and not record.is_deleted:
            self._act(machine, name, "deleted", record.deletion())

    def _act(self, machine: Machine, name: tuple[str, str], field: str, value: object) -> None:
        before = machine.repository.record(*name).fields.get(field)
        with machine.clock.as_process_time():
            stamp = machine.repository.act(*name, **{field: value})
        made = version(name, field, Field(value, stamp))
        self.parents[made] = None if before is None else version(name, field, before)

    def change_password(self, machine: Machine) -> None:
        account = machine.account
        if account is None:
            return
        new = f"three words together {len(self.passwords)}"
        self.passwords.append(new)
        with suppress(NotReachable, NotAllowed):
            for old in reversed(
                self.passwords[:-1]
            ):  # as a person does: the one they think is right, then earlier ones
                with suppress(WrongSecret):
                    account.change_password(old, new)
                    self.password_changed = True
                    return

    def revoke_a_device(self, machine: Machine) -> None:
        """Revoke a device that was signed in: the data key changes."""
        account = machine.account
        if account is None:
            return
        with suppress(NotReachable, NotAllowed):
            lost = Machine(self, "lost")
            lost.sign_in()
            assert lost.account is not None
            account.revoke_device(lost.account.credentials.device)

    # what befalls them

    def restore(self, which: int) -> None:
        self.crashed = True
        self.server.restore(self.backups[which % len(self.backups)])

    def copy_profile(self, source: Machine, target: Machine, noticed: bool) -> None:
        """Replace the target's disk by a copy of the source's; nothing is lost with the old one."""
        self.settle()
        target.repository.disk = source.repository.disk.copied()
        self._copied(target, noticed)

    def roll_back_profile(self, machine: Machine, saved: Disk, noticed: bool) -> None:
        self.settle()
        machine.repository.disk = saved.copied()
        self._copied(machine, noticed)

    def _copied(self, machine: Machine, noticed: bool) -> None:
        self.crashed = True
        machine.restart()
        if noticed:
            machine.repository.disk.device = new_name()

    def clock_jumps(self, who: int, years: float) -> None:
        """Set the clock of a machine or (past the last of them) of the server to another time."""
        clocks = [*(machine.clock for machine in self.machines), self.server.clock]
        clocks[who].jump(years)

    def clean_up_server(self) -> None:
        """Let the server remove what is old by its clock: also deletions that no other machine has seen."""
        gone = [each for rows in self.server.accounts.values() for each in self.server.removable_deletions(rows)]
        for record in map(self._opened, gone):
            for field, each in record.fields.items():
                self.forgotten |= set(self._ancestry(version(record.name, field, each)))
        self.crashed |= bool(gone)
        self.server.clean_up()

    def _opened(self, row: dict[str, Any]) -> Record:
        """The contents of a server's row, which only the machines can decrypt."""
        for account in filter(None, (machine.account for machine in self.machines)):
            (opened,) = open_rows([wire.row_from_json(row)], account.cipher(), {})
            if opened.record is not None:
                return opened.record
        raise LookupError(f"no machine can open {row['id']}")

    def forget_deletions(self) -> None:
        self.settle()
        gone = [held.record.name for held in self.machines[0].repository.everything() if held.record.is_deleted]
        self.forgotten |= {made for made in self.parents if made[0] in gone}
        self.server.forget_deletions()

    # what must hold

    def settle(self) -> None:
        """Sync without faults until nothing changes any more."""
        for _ in range(12):
            outcomes = [machine.sync() for machine in self.machines]
            quiet = all(each is not None and not (each.changed or each.pushed or each.pulled) for each in outcomes)
            if quiet:
                break
        else:
            raise AssertionError("the machines never came to rest")
        self.check()

    def check(self) -> None:
        first = held_versions(self.machines[0])
        for machine in self.machines:
            assert held_versions(machine) == first, (
                f"{machine.label} shows something else than {self.machines[0].label}"
            )
            waiting = [held.record.name for held in machine.repository.everything() if held.pending]
            assert not waiting, f"{waiting} never left {machine.label}"
            unread = [item.reason for item in machine.repository.asides() if item.reason != "part"]
            assert not unread, f"{machine.label} cannot read {unread}"
        self._nothing_is_lost(self.machines[0])
        for machine in self.machines:
            assert not self.is_honest or machine.findings() <= {Finding.RESTORED}, (
                f"{machine.label} accuses the server of {machine.findings()}"
            )

    def check_new_machine(self) -> None:
        """Check that a new machine gets everything from the server alone."""
        machine = Machine(self, "new")
        machine.sign_in()
        assert machine.sync() is not None
        if self.password_changed:
            assert machine.password != self.passwords[0], "a password that was changed is good again"
        assert not machine.repository.asides()
        assert held_versions(machine) == held_versions(self.machines[0])

    def _nothing_is_lost(self, machine: Machine) -> None:
        standing, lost = set(), set()
        for held in machine.repository.everything():
            record = held.record
            if record.kind == "conflict":
                lost.add(lost_version(record))
            else:
                standing |= {version(record.name, field, each) for field, each in record.fields.items()}
        accounted = {each for one in standing | lost for each in self._ancestry(one)}
        owed = {made for made in self.parents if made not in accounted | self.forgotten and made[1] != "deleted"}
        assert not owed, f"lost: {owed}"
        if not self.crashed:
            for one in lost:
                before = set(self._ancestry(one))
                others = [made for made in self.parents if made[:2] == one[:2] and made not in before]
                assert any(one not in self._ancestry(made) for made in others), (
                    f"everything had seen {one}: no conflict"
                )

    def _ancestry(self, one: Version) -> Iterator[Version]:
        seen: Version | None = one
        while seen is not None:
            yield seen
            seen = self.parents.get(seen)


def version(name: tuple[str, str], field: str, each: Field) -> Version:
    return name, field, each.stamp.counter, each.stamp.device, canonical_json(each.value)


def lost_version(conflict: Record) -> Version:
    kind, key = conflict.get("record")
    counter, device = conflict.get("stamp")
    return (kind, key), conflict.get("field"), counter, device, canonical_json(conflict.get("value"))


def held_versions(machine: Machine) -> dict[tuple[str, str], set[Version]]:
    return {
        held.record.name: {version(held.record.name, field, each) for field, each in held.record.fields.items()}
        for held in machine.repository.everything()
        if not held.record.is_deleted and held.record.kind != STATE_DIGEST
    }


def without_sent_state(held: HeldRecord) -> HeldRecord:
    """A held record without the memory of what was sent of it."""
    return replace(held, sent=None)
