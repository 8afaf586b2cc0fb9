"""Hypothesis schedules: what three machines do, and the faults they meet, in any order."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from desktop.sync import cipher
from tests.sync.memory import Disk
from tests.sync.world import FIELDS, NAMES, Faults, Machine, World, fast_stretch

machines = st.integers(0, 2)
clocks = st.integers(0, 3)  # the server's is the last
YEARS = st.sampled_from([-30, -3, -1, -0.01, 0.01, 1, 3, 30])
names = st.sampled_from(NAMES)
fields = st.sampled_from(FIELDS)
paths = st.sampled_from(["/v1/head", "/v1/changes", "/v1/batches", "/v1/manifest"])
fates = st.lists(st.sampled_from(["", "", "", "lost request", "lost answer"]), max_size=8).map(tuple)


anywhere = st.sampled_from(["/v1/head", "/v1/changes", "/v1/batches", "PUT /v1/keyring", "/v1/auth/login"])


class Schedule(RuleBasedStateMachine):
    """One schedule; at its end all faults stop, and everything must be in step with nothing lost."""

    def __init__(self) -> None:
        super().__init__()
        self._stretch = cipher.stretch
        cipher.stretch = fast_stretch  # type: ignore[assignment]
        self.world = self.make_world()
        self.disks: list[tuple[int, Disk]] = []
        self.copies = 0
        # Two machines that stamp with one name AND a server restored meanwhile is more than is promised: after a
        # restore, an older value by the name that set the newer one is taken for something its maker had seen.
        self.unnoticed = self.restored = False

    def make_world(self) -> World:
        return World()

    def teardown(self) -> None:
        try:
            self.world.settle()
            self.world.check_new_machine()
        finally:
            cipher.stretch = self._stretch

    def machine(self, index: int) -> Machine:
        return self.world.machines[index]

    @rule(index=machines, name=names, field=fields)
    def act(self, index: int, name: tuple[str, str], field: str) -> None:
        self.world.act(self.machine(index), name, field)

    @rule(index=machines, name=names)
    def delete(self, index: int, name: tuple[str, str]) -> None:
        self.world.delete(self.machine(index), name)

    @rule(index=machines)
    def sync(self, index: int) -> None:
        self.machine(index).sync()

    @rule(index=machines, fates=fates)
    def sync_on_a_train(self, index: int, fates: tuple[str, ...]) -> None:
        self.machine(index).sync(Faults(fates))

    @rule(index=machines, fates=fates, at=st.integers(1, 12), after=st.booleans())
    def crash(self, index: int, fates: tuple[str, ...], at: int, after: bool) -> None:
        self.machine(index).sync(Faults(fates, at, after))

    @rule(index=machines, name=names, field=fields, path=paths)
    def act_during_a_sync(self, index: int, name: tuple[str, str], field: str, path: str) -> None:
        here = self.machine(index)
        here.sync(Faults(meanwhile={path: lambda: self.world.act(here, name, field)}))

    @rule(index=machines, mine=names, theirs=names, field=fields, path=paths)
    def two_at_once(self, index: int, mine: tuple[str, str], theirs: tuple[str, str], field: str, path: str) -> None:
        here, there = self.machine(index), self.machine((index + 1) % 3)
        there.sync()
        self.world.act(here, mine, field)
        self.world.act(there, theirs, field)
        here.sync(Faults(meanwhile={path: there.sync}))

    @rule(index=machines, name=names, field=fields, at=st.integers(1, 9), after=st.booleans())
    def crash_while_news_arrives(self, index: int, name: tuple[str, str], field: str, at: int, after: bool) -> None:
        here, there = self.machine(index), self.machine((index + 1) % 3)
        self.world.act(there, name, field)
        there.sync()
        here.sync(Faults(crash_at=at, crash_after=after))

    @rule(index=machines, name=names, field=fields)
    def answer_lost_and_overtaken(self, index: int, name: tuple[str, str], field: str) -> None:
        here, there = self.machine(index), self.machine((index + 1) % 3)
        self.world.act(here, name, field)
        here.sync(Faults(lost_answer="/v1/batches"))
        there.sync()
        self.world.act(there, name, field)
        there.sync()
        here.sync()

    @rule(index=machines)
    def restart(self, index: int) -> None:
        self.machine(index).restart()

    @rule()
    def back_up(self) -> None:
        self.world.backups.append(self.world.server.backup())

    @precondition(lambda self: not self.unnoticed)
    @rule(which=st.integers(0, 5))
    def restore(self, which: int) -> None:
        self.restored = True
        self.world.restore(which)

    @precondition(lambda self: not self.unnoticed)
    @rule(index=machines, name=names, field=fields, which=st.integers(0, 5))
    def restore_and_write_while_it_is_looked_over(
        self, index: int, name: tuple[str, str], field: str, which: int
    ) -> None:
        here, there = self.machine(index), self.machine((index + 1) % 3)
        self.world.act(here, name, field)
        here.sync()
        self.restored = True
        self.world.restore(which)
        there.sync()
        self.world.act(here, name, field)
        self.world.act(there, name, field)
        here.sync(Faults(meanwhile={"/v1/manifest": there.sync}))

    @rule(index=machines)
    def change_password(self, index: int) -> None:
        self.world.change_password(self.machine(index))

    @rule(index=machines)
    def revoke(self, index: int) -> None:
        self.world.revoke_a_device(self.machine(index))

    @rule(index=machines)
    def save_disk(self, index: int) -> None:
        self.disks.append((index, self.machine(index).repository.disk.copied()))

    @precondition(lambda self: self.copies < 2)
    @rule(source=machines, onto=machines, noticed=st.booleans())
    def copy_profile(self, source: int, onto: int, noticed: bool) -> None:
        if source != onto:
            self.copies += 1
            noticed |= self.restored
            self.unnoticed |= not noticed
            self.world.copy_profile(self.machine(source), self.machine(onto), noticed)

    @precondition(lambda self: self.disks and self.copies < 2)
    @rule(which=st.integers(0, 9), noticed=st.booleans())
    def roll_back_profile(self, which: int, noticed: bool) -> None:
        self.copies += 1
        noticed |= self.restored
        self.unnoticed |= not noticed
        index, saved = self.disks[which % len(self.disks)]
        self.world.roll_back_profile(self.machine(index), saved, noticed)

    @rule(who=clocks, years=YEARS)
    def clock_jumps(self, who: int, years: float) -> None:
        self.world.clock_jumps(who, years)

    @rule(index=machines, who=clocks, years=YEARS, path=anywhere)
    def clock_jumps_during_a_sync(self, index: int, who: int, years: float, path: str) -> None:
        self.machine(index).sync(Faults(meanwhile={path: lambda: self.world.clock_jumps(who, years)}))

    @rule()
    def server_tidies(self) -> None:
        self.world.clean_up_server()

    @rule()
    def half_a_year_passes(self) -> None:
        self.world.forget_deletions()
