"""Exports in pieces: complete, blocking nobody and blocked by nobody, and each piece made only when it is read."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.postgres import PostgresServer
from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody
from tests.sync.server.process import ServerProcess, server_process

UNREAD = 25
BLOB = 60_000
FILL = "X-FILL:" + "\u00e9" * 90_000
CALENDAR = f'BEGIN:VCALENDAR\r\nSUMMARY:caf\u00e9 \U0001f600 "quoted"\r\n{FILL}\r\nEND:VCALENDAR\r\n'


@pytest.fixture(params=["sqlite", "postgres"])
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path, url) as running:
        yield running


def test_everything_is_in_it(harness: Harness) -> None:
    person = somebody(harness)
    written = [record(blob=b64(bytes([number]) * BLOB)) for number in range(6)]
    for some in (written[:3], written[3:]):
        assert person.push(*some).status_code == 200
    gone = record(written[0]["id"], written[0]["etag"], deleted=True)
    assert person.push(gone).status_code == 200
    for number in range(2):
        token = b64(bytes([number]) + b"t" * 31)
        answer = person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json={"token": token, "calendar": CALENDAR})
        assert answer.status_code == 201
    export = person.request_signed_in("GET", "/v1/export").json()
    assert export["head"] == 7
    assert export["keyring"] == person.request_signed_in("GET", "/v1/keyring").json()
    assert export["devices"] == person.request_signed_in("GET", "/v1/devices").json()["devices"]
    assert export["records"] == person.changes().json()["records"]
    assert [feed["calendar"] for feed in export["feeds"]] == [CALENDAR] * 2
    assert somebody(harness).request_signed_in("GET", "/v1/export").json()["records"] == []


def test_it_waits_for_no_writer(harness: Harness) -> None:
    person = somebody(harness)
    assert person.push(record()).status_code == 200
    database = harness.app.services._database

    async def export_meanwhile() -> Any:
        async with database.write() as connection:
            await connection.rows("SELECT id FROM accounts WHERE id = $1 FOR UPDATE", person.account)
            return await harness.http.get("/v1/export", headers=person.bearer)

    assert len(harness.run(export_meanwhile()).json()["records"]) == 1


def test_so_many_an_hour(tmp_path: Path) -> None:
    with server(tmp_path, exports_per_hour=2) as harness:
        person = somebody(harness)
        assert [person.request_signed_in("GET", "/v1/export").status_code for _ in range(3)] == [200, 200, 429]
        assert person.request_signed_in("GET", "/v1/export").json()["policy"] == "exports"
        assert somebody(harness).request_signed_in("GET", "/v1/export").status_code == 200


def full(running: ServerProcess, records: int) -> Person:
    person = running.somebody()
    for _ in range(records // 10):
        blobs = [record(blob=b64(bytes(BLOB))) for _ in range(10)]
        assert person.push(*blobs).status_code == 200
    return person


def asked(running: ServerProcess, person: Person) -> socket.socket:
    """A client that asks for an export and reads none of it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", running.port))
    client.settimeout(20)
    head = f"GET /v1/export HTTP/1.1\r\nhost: {running.host}\r\nauthorization: Bearer {person.token}\r\n\r\n"
    client.sendall(head.encode())
    return client


def memory(running: ServerProcess) -> int:
    assert running.process is not None
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def test_who_does_not_read_costs_little_and_holds_nobody_up(tmp_path: Path) -> None:
    with server_process(tmp_path) as running:
        people = [full(running, 100)] + [full(running, 20) for _ in range(UNREAD - 1)]
        assert len(people[0].request_signed_in("GET", "/v1/export").json()["records"]) == 100
        before = memory(running)
        with contextlib.ExitStack() as opened:
            clients = [opened.enter_context(asked(running, person)) for person in people]
            for client in clients:
                assert client.recv(1, socket.MSG_PEEK) == b"H"
            one_more = people[0].request_signed_in("GET", "/v1/export")
            assert one_more.status_code == 429, "one at a time"
            assert int(one_more.headers["retry-after"]) > 0
            other = running.somebody()
            assert [other.push(record()).status_code for _ in range(5)] == [200] * 5
            assert memory(running) - before < 20_000_000
            text = b""
            while not text.endswith(b"0\r\n\r\n"):
                text += clients[0].recv(1_000_000)
        assert text.count(b'"etag"') > 100, "who reads in the end gets all"
        until = time.monotonic() + 20
        while (
            again := people[1].request_signed_in("GET", "/v1/export")
        ).status_code == 429 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(json.loads(again.content)["records"]) == 20, "and who went away may ask again"
