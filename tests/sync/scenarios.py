"""Short fixed scenarios in which one rule of sync matters: schedules as in `schedules`, always the same."""

from __future__ import annotations

from collections.abc import Callable

from tests.sync.world import Faults, World

MODULE, EVENT, SETTINGS = ("module", "2026/COS 214"), ("event", "2026/a"), ("settings", "shared")
FEW_DAYS_IN_YEARS = 0.01  # in years: a challenge is too old then, and a session is not
SERVER = 3  # the number of its clock, after those of the machines
Scenario = Callable[[World], None]


def everybody_syncs(world: World) -> None:
    for machine in (*world.machines, *world.machines):
        machine.sync()


def someone_else_writes_between_the_look_and_the_batch(world: World) -> None:
    here, there, _ = world.machines
    everybody_syncs(world)
    world.act(here, MODULE, "name")
    world.act(there, EVENT, "name")
    here.sync(Faults(meanwhile={"/v1/batches": there.sync}))


def two_machines_set_the_same_field(world: World) -> None:
    here, there, _ = world.machines
    world.act(here, MODULE, "name")
    world.act(there, MODULE, "name")


def a_field_is_set_again_by_who_saw_it(world: World) -> None:
    here, there, _ = world.machines
    for _ in range(3):
        world.act(here, MODULE, "name")
    everybody_syncs(world)
    world.act(there, MODULE, "name")


def an_edit_while_its_record_is_on_its_way(world: World) -> None:
    here = world.machines[0]
    world.act(here, MODULE, "name")
    here.sync(Faults(meanwhile={"/v1/batches": lambda: world.act(here, MODULE, "name")}))


def an_edit_while_news_of_its_record_arrives(world: World) -> None:
    here, there, _ = world.machines
    world.act(there, MODULE, "name")
    everybody_syncs(world)
    world.act(there, MODULE, "colour")
    there.sync()
    here.sync(Faults(meanwhile={"/v1/changes": lambda: world.act(here, MODULE, "note")}))


def crashes_while_news_arrives(world: World) -> None:
    here, there, _ = world.machines
    for at in range(1, 12):
        for after in (False, True):
            world.act(there, (EVENT[0], f"2026/{at}{after}"), "name")
            there.sync()
            here.sync(Faults(crash_at=at, crash_after=after))


def an_answer_is_lost_and_the_write_overtaken(world: World) -> None:
    here, there, _ = world.machines
    world.act(here, MODULE, "name")
    here.sync(Faults(lost_answer="/v1/batches"))
    there.sync()
    world.act(there, MODULE, "name")
    there.sync()


def a_restored_server_has_lost_records(world: World) -> None:
    world.act(world.machines[0], MODULE, "name")
    everybody_syncs(world)
    world.restore(0)


def a_restored_server_has_older_records(world: World) -> None:
    one, two, three = world.machines
    world.act(one, MODULE, "name")
    everybody_syncs(world)
    world.backups.append(world.server.backup())
    world.act(two, MODULE, "note")
    everybody_syncs(world)
    world.restore(1)
    world.act(three, MODULE, "colour")
    three.sync()


def a_restored_server_is_written_to_before_the_others_return(world: World) -> None:
    one, two, _ = world.machines
    world.backups.append(world.server.backup())
    world.act(two, MODULE, "name")
    two.sync()
    world.restore(1)
    for _ in range(2):
        world.act(one, EVENT, "name")
        one.sync()
    world.act(one, MODULE, "name")
    one.sync()


def a_restored_server_is_written_to_while_it_is_looked_over(world: World) -> None:
    _, here, there = world.machines
    for _ in range(2):
        world.act(here, MODULE, "name")
        here.sync()
    world.restore(0)
    there.sync()
    world.act(here, MODULE, "name")
    world.act(there, MODULE, "name")  # with a lower stamp than any of the other's: it has seen none of them
    here.sync(Faults(meanwhile={"/v1/manifest": there.sync}))


def a_restored_server_knows_an_old_password(world: World) -> None:
    world.backups.append(world.server.backup())
    world.change_password(world.machines[0])
    everybody_syncs(world)
    world.restore(1)


def a_restored_server_is_restored_once_more_to_before_the_account(world: World) -> None:
    """In between, persons let their machines in by the old password, which nobody's newest keyring has any more."""
    world.backups.append(world.server.backup())
    world.change_password(world.machines[0])
    everybody_syncs(world)
    world.act(world.machines[1], MODULE, "name")
    everybody_syncs(world)
    world.restore(1)
    for machine in world.machines:
        machine.sign_in()
    world.restore(0)


def a_device_is_revoked_and_an_old_record_changed(world: World) -> None:
    one, two, three = world.machines
    world.act(one, MODULE, "name")
    world.act(one, EVENT, "name")
    everybody_syncs(world)
    world.revoke_a_device(two)
    world.check_new_machine()  # before any other device could make good for a keyring that lacks a key
    world.act(three, MODULE, "name")


def a_clock_goes_back_by_years(world: World) -> None:
    here, there, _ = world.machines
    world.clock_jumps(0, 5)
    world.act(here, MODULE, "name")
    everybody_syncs(world)
    world.act(there, MODULE, "name")
    everybody_syncs(world)
    world.clock_jumps(0, -20)
    world.act(here, MODULE, "name")


def the_clock_of_the_server_jumps_while_somebody_signs_in(world: World) -> None:
    here, there, _ = world.machines
    world.act(here, MODULE, "name")
    world.clock_jumps(SERVER, 1)  # every session is too old now
    here.sync(Faults(meanwhile={"/v1/auth/login": lambda: world.clock_jumps(SERVER, 1)}))
    there.sync(Faults(meanwhile={"/v1/auth/login": lambda: world.clock_jumps(SERVER, -10)}))


def the_clock_of_the_server_jumps_while_a_password_is_put_back(world: World) -> None:
    here = world.machines[0]
    world.backups.append(world.server.backup())
    world.change_password(here)
    world.restore(1)
    here.sync(Faults(meanwhile={"PUT /v1/keyring": lambda: world.clock_jumps(SERVER, FEW_DAYS_IN_YEARS)}))


def the_server_forgets_deletions_too_soon(world: World) -> None:
    here, there, third = world.machines
    world.act(here, MODULE, "name")
    world.act(here, EVENT, "name")
    everybody_syncs(world)
    world.delete(here, MODULE)
    world.delete(here, EVENT)
    here.sync()
    world.act(third, EVENT, "note")  # not seen by who deleted it
    world.clock_jumps(SERVER, 3)
    world.clean_up_server()
    world.clock_jumps(SERVER, -3)
    there.sync()


SCENARIOS: list[Scenario] = [
    someone_else_writes_between_the_look_and_the_batch,
    two_machines_set_the_same_field,
    a_field_is_set_again_by_who_saw_it,
    an_edit_while_its_record_is_on_its_way,
    an_edit_while_news_of_its_record_arrives,
    crashes_while_news_arrives,
    an_answer_is_lost_and_the_write_overtaken,
    a_restored_server_has_lost_records,
    a_restored_server_has_older_records,
    a_restored_server_is_written_to_before_the_others_return,
    a_restored_server_is_written_to_while_it_is_looked_over,
    a_restored_server_knows_an_old_password,
    a_restored_server_is_restored_once_more_to_before_the_account,
    a_device_is_revoked_and_an_old_record_changed,
    a_clock_goes_back_by_years,
    the_clock_of_the_server_jumps_while_somebody_signs_in,
    the_clock_of_the_server_jumps_while_a_password_is_put_back,
    the_server_forgets_deletions_too_soon,
]


def run_scenario(story: Scenario, world: World) -> None:
    """Run the scenario; then all faults end, and everything must be in step with nothing lost."""
    story(world)
    world.settle()
    world.check_new_machine()
