"""R5: with sixteen concurrent writers and a poller, nothing goes unseen and no number is missing.

Numbers that are not assigned under the lock are detected.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from syncserver.accounts.sessions import Session
from syncserver.services import Services
from syncserver.sync import records
from syncserver.sync.records import Records, batch_answer
from syncserver.wire import Batch, BatchAnswer, decode_base64url
from tests.services.postgres import PostgresServer
from tests.sync.server.harness import Harness, Person, new_id, record, server, somebody

WRITERS = 16
BATCHES = 8


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def harness(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path, url) as running:
        yield running


class Poller:
    """Pulls without a pause until the writers are done, and once more."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.cursor: str | None = None
        self.seen: dict[str, int] = {}
        self.writing = True

    async def run(self) -> None:
        last = False
        while not last:
            last = not self.writing
            more = True
            while more:
                parameters = {"limit": "5"} | ({"cursor": self.cursor} if self.cursor else {})
                http = self.person.harness.http
                response = await http.get("/v1/changes", params=parameters, headers=self.person.bearer)
                assert response.status_code == 200, response.text
                page = response.json()
                self.seen |= {row["id"]: row["number"] for row in page["records"]}
                self.cursor, more = page["cursor"], page["more"]


async def write(person: Person, source: random.Random) -> list[dict[str, Any]]:
    """Pushes new records, again with the same key where the server was busy; what was acknowledged."""
    written: list[dict[str, Any]] = []
    for _ in range(BATCHES):
        batch = person.batch(*(record() for _ in range(source.randint(1, 3))))
        headers = person.bearer | {"Idempotency-Key": new_id()}
        while True:
            response = await person.harness.http.post("/v1/batches", json=batch, headers=headers)
            if response.status_code != 503:
                break
        assert response.status_code == 200, response.text
        written += response.json()["records"]
    return written


def acknowledged_and_seen(harness: Harness) -> tuple[dict[str, int], dict[str, int]]:
    person = somebody(harness)
    poller = Poller(person)

    async def all_writers() -> dict[str, int]:
        writers = [write(person, random.Random(index)) for index in range(WRITERS)]
        try:
            return {row["id"]: row["number"] for rows in await asyncio.gather(*writers) for row in rows}
        finally:
            poller.writing = False

    written, _ = harness.run_concurrently([all_writers(), poller.run()])
    return written, poller.seen


def test_everything_acknowledged_is_seen_and_no_number_is_missing(harness: Harness) -> None:
    written, seen = acknowledged_and_seen(harness)
    assert seen == written
    assert sorted(seen.values()) == list(range(1, len(seen) + 1))


class FromASequence(Records):
    """Numbers as a sequence gives them: each once, rising, but not in the order of the commits."""

    def __init__(self, services: Services) -> None:
        super().__init__(services._database, services.config, services.notifier, services.clock)
        self.numbers = itertools.count(1)
        self.numbered, self.commit_first = asyncio.Event(), asyncio.Event()

    async def push(self, session: Session, key: str, body: bytes, batch: Batch) -> BatchAnswer:
        first = [next(self.numbers) for _ in batch.records][0]  # noqa: RUF015 - all of them are taken
        self.numbered.set()
        if first == 1:
            await self.commit_first.wait()
        last = first + len(batch.records) - 1
        async with self._database.write() as writing:
            for number, new in enumerate(batch.records, first):
                await writing.run(
                    "INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
                    *(
                        session.account,
                        new.id,
                        number,
                        new.etag,
                        new.deleted,
                        new.key,
                        new.schema,
                        decode_base64url(new.blob),
                    ),
                )
            await writing.run("UPDATE accounts SET head = $2 WHERE id = $1 AND head < $2", session.account, last)
        return batch_answer(batch, first - 1, last, batch.epoch)


def test_numbers_from_a_sequence_are_caught(harness: Harness) -> None:
    person, services = somebody(harness), harness.app.services
    poller = Poller(person)
    poller.writing = False

    async def push() -> list[dict[str, Any]]:
        headers = person.bearer | {"Idempotency-Key": new_id()}
        answer = await harness.http.post("/v1/batches", json=person.batch(record()), headers=headers)
        assert answer.status_code == 200, answer.text
        written: list[dict[str, Any]] = answer.json()["records"]
        return written

    async def in_the_wrong_order() -> dict[str, int]:
        broken = FromASequence(services)
        services.records = broken
        first = asyncio.create_task(push())
        await broken.numbered.wait()
        second = await push()
        await poller.run()
        broken.commit_first.set()
        written = [*await first, *second]
        await poller.run()
        return {row["id"]: row["number"] for row in written}

    written = harness.run(in_the_wrong_order())
    assert set(written) - set(poller.seen), "the poller should have missed one"


async def both_waiting_for_the_lock(harness: Harness, person: Person) -> list[int]:
    """The statuses of two pushes of the same new record that have both read before either has written."""
    database, row = harness.app.services._database, record()
    batches = [person.batch(row), person.batch(row | {"etag": new_id()})]

    async def push(batch: dict[str, Any]) -> int:
        headers = person.bearer | {"Idempotency-Key": new_id()}
        return (await harness.http.post("/v1/batches", json=batch, headers=headers)).status_code

    async with database.write() as writing:
        await writing.row("SELECT head FROM accounts WHERE id = $1 FOR UPDATE", person.account)
        pushes = [asyncio.create_task(push(batch)) for batch in batches]
        waiting = 0
        while waiting < len(pushes):
            await asyncio.sleep(0.01)
            looked = await writing.row("SELECT count(*) AS locks FROM pg_locks WHERE NOT granted")
            waiting = looked["locks"] if looked else 0
    return sorted(await asyncio.gather(*pushes))


@pytest.mark.postgres
def test_what_was_read_before_the_lock_counts_only_where_it_still_holds(
    tmp_path: Any, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path, postgres.new_database()) as harness:
        assert harness.run(both_waiting_for_the_lock(harness, somebody(harness))) == [200, 409]
        monkeypatch.setattr(records, "PUSH", records.PUSH.replace("AND a.head = s.head ", ""))
        broken = harness.run(both_waiting_for_the_lock(harness, somebody(harness)))
        assert broken == [200, 200], "without it one of them should have been lost"
