"""R6, R7 and R8 hold on SQLite and on Postgres; leaving any one of them out is detected."""

from collections.abc import Iterator

import pytest

from syncserver.sync import records
from tests.services.postgres import PostgresServer
from tests.sync.server.devices import POOL, World, machine, run
from tests.sync.server.harness import Harness, b64, new_id, server


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path_factory.mktemp("rules"), url, account_devices=1000) as running:
        yield running


def test_devices_that_pulled_have_everything(harness: Harness) -> None:
    run(machine(harness), 25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_devices_that_pulled_have_everything_for_long(harness: Harness) -> None:
    run(machine(harness), 1500)


def test_without_receipts_a_retry_is_refused(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "STATE", records.STATE.replace("q.key = $3", "q.key = $3 AND q.created < 0"))
    with pytest.raises(AssertionError, match="R6"):
        run(machine(harness), 200, shrink=False)


def numbered(world: World) -> str:
    """Etags as servers like to make them: the number that the version will get."""
    head = world.harness.sql("SELECT head FROM accounts WHERE id = $1", world.account)[0]["head"]
    return b64((head + 1).to_bytes(16, "big"))


def reuse_a_number(world: World) -> None:
    """After a restore another device's write gets the number of one that was lost."""
    first, second, third = world.devices
    for device in (first, second, third):
        world.pull(device, 3)
    world.push(first, POOL[0], lost=False)
    world.save()
    world.pull(third, 3)
    world.push(first, POOL[0], lost=False)
    world.pull(second, 3)
    world.restore()
    world.push(third, POOL[0], lost=False)
    world.push(second, POOL[0], lost=False)
    world.settle()


def test_a_restored_server_that_reuses_numbers_confuses_nobody(harness: Harness) -> None:
    reuse_a_number(World(harness, lambda _: new_id(), new_epoch=True))


def test_without_random_etags_a_restored_server_takes_a_stranger_for_the_base(harness: Harness) -> None:
    with pytest.raises(AssertionError, match="R7"):
        reuse_a_number(World(harness, numbered, new_epoch=True))


def test_without_a_new_epoch_a_restore_is_not_noticed(harness: Harness) -> None:
    with pytest.raises(AssertionError, match="a device that pulled"):
        reuse_a_number(World(harness, lambda _: new_id(), new_epoch=False))
