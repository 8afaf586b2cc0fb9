"""Clean-up: what is removed, and above all what is not removed yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncserver.accounts.sessions import DAY
from syncserver.ops.cleanup import clean_up
from tests.services.postgres import PostgresServer
from tests.sync.server.harness import Clock, Harness, Person, new_id, record, server, somebody


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def harness(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path, url, clock=clock, session_days=3000) as running:
        yield running


def tidied(harness: Harness, clock: Clock) -> int:
    """How many tombstones went."""
    harness.run(harness.app.services.records.store_cursors())
    counts = harness.run(clean_up(harness.app.services._database, harness.config, int(clock.now)))
    tombstones: int = counts["tombstones"]
    return tombstones


def delete_one(person: Person) -> None:
    kept, gone = record(), record()
    assert person.push(kept, gone).status_code == 200
    assert person.push(record(gone["id"], gone["etag"], deleted=True)).status_code == 200


def test_a_deletion_stays_until_it_is_old_and_every_device_has_it(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    phone = person.another_device()
    delete_one(person)
    at_head = f"{person.epoch}.3"
    person.changes(at_head)
    before = phone.changes(f"{person.epoch}.2").json()["cursor"]
    clock.now += 181 * DAY
    assert tidied(harness, clock) == 0, "the phone has not said that it has it"
    phone.changes(before)
    person.changes(at_head)
    assert tidied(harness, clock) == 1
    manifest = person.request_signed_in("GET", "/v1/manifest").json()["records"]
    assert [entry["number"] for entry in manifest] == [1]
    assert person.request_signed_in("GET", "/v1/account").json()["usage"]["bytes"] == 24
    assert person.changes(f"{person.epoch}.2").json()["reason"] == "gc"
    assert person.changes(at_head).status_code == 200
    assert person.push(record()).json()["before"] == 3, "the head stays where it is"
    assert tidied(harness, clock) == 0


def test_a_young_deletion_stays(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    delete_one(person)
    person.changes(f"{person.epoch}.3")
    clock.now += 179 * DAY
    assert tidied(harness, clock) == 0


def test_a_device_not_seen_for_a_year_holds_nothing_up(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    person.another_device()
    delete_one(person)
    clock.now += 366 * DAY
    person.changes(f"{person.epoch}.3")
    assert tidied(harness, clock) == 1


def test_a_revoked_device_holds_nothing_up(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    phone = person.another_device()
    delete_one(person)
    person.request_signed_in("DELETE", f"/v1/devices/{phone.device}")
    clock.now += 200 * DAY
    person.changes(f"{person.epoch}.3")
    assert tidied(harness, clock) == 1


def test_receipts_stay_for_a_week(harness: Harness, clock: Clock) -> None:
    person, key, written = somebody(harness), new_id(), record()
    answer = person.push(written, key=key).json()
    clock.now += 7 * DAY - 10
    tidied(harness, clock)
    assert person.push(written, key=key).json() == answer
    clock.now += 20
    tidied(harness, clock)
    assert person.push(written, key=key).json()["conflicts"][0]["current"]["etag"] == written["etag"]


def test_spent_challenges_sessions_and_invitations_go_when_they_are_over(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    harness.run(harness.app.services.accounts.create_invitation("code", 1, int(clock.now) + DAY))
    assert len(harness.sql("SELECT 1 FROM spent_challenges")) == 1
    tidied(harness, clock)
    assert len(harness.sql("SELECT 1 FROM spent_challenges")) == 1, "it could still be replayed"
    clock.now += 3001 * DAY
    tidied(harness, clock)
    for table in ("spent_challenges", "sessions", "invitations"):
        assert harness.sql(f"SELECT 1 FROM {table}") == []
    assert person.request_signed_in("GET", "/v1/head").status_code == 401
