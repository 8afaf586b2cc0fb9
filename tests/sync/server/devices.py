"""Devices that push, lose answers, retry, pull and meet restores, and the server's invariants meanwhile.

The tests of `Machine` pass because of rules R6 to R8 (docs/architecture.md); without any one of them they fail. R5
concerns concurrent writers: `test_writers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from syncserver.sync.epochs import begin_epoch
from tests.sync.server.harness import Harness, Person, b64, new_id, record, somebody

TABLES = ("records", "receipts", "accounts")
POOL = [b64(bytes([index]) * 16) for index in range(4)]


@dataclass
class Device:
    """One device: what it believes the server has, and which pushes may not have arrived."""

    person: Person
    cursor: str | None = None
    view: dict[str, tuple[str, str]] = field(default_factory=dict)
    unacknowledged: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


class World:
    """One account with three devices, and what the server must have."""

    def __init__(self, harness: Harness, new_etag: Callable[[World], str], new_epoch: bool) -> None:
        self.harness = harness
        self.new_etag = new_etag
        self.new_epoch = new_epoch
        first = somebody(harness)
        self.devices = [Device(first), Device(first.another_device()), Device(first.another_device())]
        self.account = first.account
        self.stored: dict[str, tuple[str, str]] = {}
        self.answers: dict[str, Any] = {}
        self.saved: dict[str, Any] | None = None

    # -- what devices do

    def push(self, device: Device, identifier: str, lost: bool) -> None:
        base, _ = device.view.get(identifier, (None, ""))
        etag = self.new_etag(self)
        if etag == base:
            return
        written = record(identifier, base, etag=etag)
        self.send(device, new_id(), device.person.batch(written), lost)

    def send(self, device: Device, key: str, batch: dict[str, Any], lost: bool) -> None:
        believed = {row["id"]: device.view.get(row["id"]) for row in batch["records"] if row["base"] is not None}
        response = self.request(
            device, "POST", "/v1/batches", json=batch, headers={"Idempotency-Key": key}, unless=key not in self.answers
        )
        if key in self.answers and response.status_code != 410:
            assert response.status_code == 200, "R6: a batch that was answered 200 is answered 200 again"
            assert response.json()["records"] == self.answers[key]["records"], "R6: with the same numbers"
        elif response.status_code == 200:
            for row in batch["records"]:
                if row["base"] is not None and believed[row["id"]] and believed[row["id"]][0] == row["base"]:
                    assert self.stored[row["id"]] == believed[row["id"]], "R7: what was replaced is what was seen"
                self.stored[row["id"]] = (row["etag"], row["blob"])
            self.answers[key] = response.json()
        if lost:
            device.unacknowledged.append((key, batch))
        elif response.status_code == 200:
            self.acknowledged(device, batch, response.json())
        elif response.status_code == 410:
            assert response.json()["reason"] == "epoch"
            device.cursor = None
        else:
            assert response.status_code == 409, response.text
            for conflict in response.json()["conflicts"]:
                now = conflict["current"]
                assert (now and (now["etag"], now["blob"])) == self.stored.get(conflict["id"])

    def acknowledged(self, device: Device, batch: dict[str, Any], answer: dict[str, Any]) -> None:
        """Moves the cursor past its batch if it stood right before it."""
        if device.cursor == f"{answer['epoch']}.{answer['before']}":
            device.cursor = answer["cursor"]
            for row in batch["records"]:
                device.view[row["id"]] = (row["etag"], row["blob"])

    def pull(self, device: Device, limit: int) -> bool:
        """Pulls one page; returns whether there are more."""
        response = self.request(device, "GET", "/v1/changes", params={"limit": str(limit)} | cursor_of(device))
        if response.status_code == 410:
            device.cursor, device.view = None, {}
            return True
        page = response.json()
        if device.cursor is None:
            device.view = {}
        for row in page["records"]:
            device.view[row["id"]] = (row["etag"], row["blob"])
        device.cursor = page["cursor"]
        return bool(page["more"])

    def request(self, device: Device, method: str, path: str, unless: bool = True, **keywords: Any) -> Any:
        """Sends a request, after signing in again if the session has ended."""
        response = device.person.request_signed_in(method, path, **keywords)
        if response.status_code == 401:
            assert device.person.login().status_code == 200
            response = device.person.request_signed_in(method, path, **keywords)
        return response

    # -- what the operator does

    def save(self) -> None:
        rows = {
            name: self.harness.sql(f"SELECT * FROM {name} WHERE {self.rows_of_account(name)}", self.account)
            for name in TABLES
        }
        self.saved = {"rows": rows, "stored": dict(self.stored), "answers": dict(self.answers)}

    @staticmethod
    def rows_of_account(table: str) -> str:
        return "id = $1" if table == "accounts" else "account = $1"

    def restore(self) -> None:
        """Puts the rows of an earlier moment back, as a restored backup would."""
        assert self.saved is not None
        database, saved = self.harness.app.services._database, self.saved

        async def put_back() -> None:
            async with database.write() as connection:
                for table in ("records", "receipts"):
                    await connection.run(f"DELETE FROM {table} WHERE account = $1", self.account)
                for table in ("records", "receipts"):
                    for row in saved["rows"][table]:
                        names = list(row.keys())
                        marks = ", ".join(f"${index + 1}" for index in range(len(names)))
                        await connection.run(
                            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", *(row[name] for name in names)
                        )
                old = saved["rows"]["accounts"][0]
                await connection.run(
                    "UPDATE accounts SET head = $2, records = $3, bytes = $4 WHERE id = $1",
                    self.account,
                    old["head"],
                    old["records"],
                    old["bytes"],
                )
                if self.new_epoch:
                    await begin_epoch(connection, database.on_postgres)
                    self.harness.app.services.sessions.forget()

        self.harness.run(put_back())
        self.stored, self.answers = dict(saved["stored"]), dict(saved["answers"])
        for device in self.devices:
            device.person.epoch = self.harness.sql("SELECT epoch FROM server")[0]["epoch"]

    # -- what must be true in the end

    def settle(self) -> None:
        for device in self.devices:
            while self.pull(device, 3):
                pass
            assert device.view == self.stored, "a device that pulled everything has everything, and nothing else"


def cursor_of(device: Device) -> dict[str, str]:
    return {"cursor": device.cursor} if device.cursor else {}


def machine(
    harness: Harness, new_etag: Callable[[World], str] = lambda _: new_id(), new_epoch: bool = True
) -> type[RuleBasedStateMachine]:
    """The state machine on `harness`; the arguments leave a rule out."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.world = World(harness, new_etag, new_epoch)

        @rule(index=st.integers(0, 2), identifier=st.sampled_from(POOL), lost=st.booleans())
        def push(self, index: int, identifier: str, lost: bool) -> None:
            self.world.push(self.world.devices[index], identifier, lost)

        @rule(index=st.integers(0, 2))
        def retry(self, index: int) -> None:
            device = self.world.devices[index]
            if device.unacknowledged:
                key, batch = device.unacknowledged.pop(0)
                self.world.send(device, key, batch, lost=False)

        @rule(index=st.integers(0, 2), limit=st.integers(1, 3))
        def pull(self, index: int, limit: int) -> None:
            self.world.pull(self.world.devices[index], limit)

        @rule()
        def save(self) -> None:
            self.world.save()

        @precondition(lambda self: self.world.saved is not None)
        @rule()
        def restore(self) -> None:
            self.world.restore()

        def teardown(self) -> None:
            self.world.settle()

    return Machine


def run(kind: type[RuleBasedStateMachine], max_examples: int, shrink: bool = True) -> None:
    """Runs a state machine; without `shrink` the first failure is reported as it is."""
    phases = [Phase.explicit, Phase.reuse, Phase.generate] + ([Phase.shrink] if shrink else [])
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        kind,
        settings=settings(
            max_examples=max_examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=not shrink,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
