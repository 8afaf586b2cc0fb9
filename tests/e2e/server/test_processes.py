"""The server as a process: killed during a batch, stopped cleanly, two at once, with Redis and Postgres failing."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services import redis as redis_service
from tests.services.postgres import PostgresServer, running_postgres, unavailable_reason
from tests.sync.server.harness import Person, b64, new_id, record
from tests.sync.server.process import ServerProcess, server_process


@pytest.fixture
def durable_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test's own that flushes its log, to be killed."""
    if reason := unavailable_reason():
        pytest.skip(reason)
    with running_postgres(fsync=True) as server:
        yield server


class Writer(threading.Thread):
    """Pushes batches of five new records until told to stop; retries each with its key until it is answered."""

    def __init__(self, person: Person, url: str) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.url = url
        self.acknowledged: dict[str, list[tuple[str, int]]] = {}
        self.sent: dict[str, list[str]] = {}
        self.writing = True
        self.refused: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self.url, timeout=10) as client:
            while self.writing:
                key = new_id()
                batch = self.person.batch(*(record() for _ in range(5)))
                self.sent[key] = [row["id"] for row in batch["records"]]
                while not self.answered(client, key, batch):
                    if not self.writing:
                        return
                    time.sleep(0.01)

    def answered(self, client: httpx.Client, key: str, batch: dict[str, Any]) -> bool:
        try:
            response = client.post("/v1/batches", json=batch, headers=self.person.bearer | {"Idempotency-Key": key})
        except httpx.TransportError:
            return False
        if response.status_code == 200:
            self.acknowledged[key] = [(row["id"], row["number"]) for row in response.json()["records"]]
            return True
        if response.status_code != 503:
            self.refused.append(response.text)
        return response.status_code != 503


def check_all_there_once(person: Person, writers: list[Writer]) -> None:
    """Every acknowledged batch is there under its numbers; one that was not is there whole or not at all."""
    there = {row["id"]: row["number"] for row in person.request_signed_in("GET", "/v1/manifest").json()["records"]}
    assert sorted(there.values()) == list(range(1, len(there) + 1)), "each number once"
    for writer in writers:
        assert writer.refused == []
        for batch in writer.acknowledged.values():
            assert [(identifier, there.get(identifier)) for identifier, _ in batch] == batch
        for key, identifiers in writer.sent.items():
            found = sum(identifier in there for identifier in identifiers)
            assert found == 5 if key in writer.acknowledged else found in (0, 5)
    assert set(there) <= {identifier for writer in writers for sent in writer.sent.values() for identifier in sent}


def kill_again_and_again(server: ServerProcess, times: int, kill: Any) -> None:
    person = server.somebody()
    writers = [Writer(person, server.url) for _ in range(3)]
    for writer in writers:
        writer.start()
    source = random.Random(5)
    try:
        for _ in range(times):
            before = sum(len(writer.acknowledged) for writer in writers)
            while sum(len(writer.acknowledged) for writer in writers) < before + 3:
                time.sleep(0.005)
            time.sleep(source.uniform(0, 0.02))
            kill()
    finally:
        for writer in writers:
            writer.writing = False
        for writer in writers:
            writer.join(20)
    check_all_there_once(person, writers)


@pytest.mark.parametrize("times", [2, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_killed_in_mid_batch_on_sqlite(tmp_path: Path, times: int) -> None:
    with server_process(tmp_path, account_records=1_000_000) as server:

        def kill() -> None:
            server.kill()
            server.start()

        kill_again_and_again(server, times, kill)


@pytest.mark.postgres
@pytest.mark.parametrize("times", [1, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_killed_in_mid_batch_on_postgres(tmp_path: Path, durable_postgres: PostgresServer, times: int) -> None:
    url = durable_postgres.new_database()
    with server_process(tmp_path, database_url=url, account_records=1_000_000) as server:

        def kill() -> None:
            server.kill()
            server.start()

        kill_again_and_again(server, times, kill)


@pytest.mark.postgres
@pytest.mark.parametrize("times", [1, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])])
def test_postgres_killed_in_mid_batch(tmp_path: Path, durable_postgres: PostgresServer, times: int) -> None:
    url = durable_postgres.new_database()
    with server_process(tmp_path, database_url=url, account_records=1_000_000) as server:

        def kill() -> None:
            durable_postgres.kill()
            assert server.request("GET", "/healthz").status_code == 200
            durable_postgres.start()

        kill_again_and_again(server, times, kill)
        epochs = durable_postgres.run_sql("SELECT count(DISTINCT epoch) FROM server", url.rsplit("/", 1)[1])
        assert epochs == "1", "a crash is no restore"


@pytest.mark.postgres
def test_two_processes_share_news_and_ended_sessions_and_one_may_die(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.new_database()
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with (
        server_process(tmp_path / "one", database_url=url) as one,
        server_process(tmp_path / "two", database_url=url) as two,
    ):
        person = one.somebody()
        other = person.another_device()
        etag = two.request("GET", "/v1/head", headers=other.bearer).headers["etag"]
        held: list[httpx.Response] = []

        def hold() -> None:
            headers = other.bearer | {"If-None-Match": etag}
            held.append(two.request("GET", "/v1/head?wait=30", headers=headers))

        waiting = threading.Thread(target=hold)
        waiting.start()
        assert person.push(record()).status_code == 200
        waiting.join(20)
        assert held[0].status_code == 200
        assert held[0].json()["head"] == 1

        assert person.request_signed_in("DELETE", f"/v1/devices/{other.device}").status_code == 204
        deadline = time.monotonic() + 8  # sooner than any process would look again by itself
        while two.request("GET", "/v1/head", headers=other.bearer).status_code != 401:
            assert time.monotonic() < deadline
            time.sleep(0.02)

        one.kill()
        answered = two.request(
            "POST", "/v1/batches", json=person.batch(record()), headers=person.bearer | {"Idempotency-Key": new_id()}
        )
        assert answered.json()["head"] == 2


def test_sigterm_answers_held_requests_and_ends_with_0(tmp_path: Path) -> None:
    with server_process(tmp_path, drain_seconds=1.0) as server:
        person = server.somebody()
        etag = person.request_signed_in("GET", "/v1/head").headers["etag"]
        answers: list[httpx.Response] = []

        def hold() -> None:
            with httpx.Client(base_url=server.url, timeout=40) as client:
                headers = person.bearer | {"If-None-Match": etag}
                answers.append(client.get("/v1/head?wait=30", headers=headers))

        waiting = threading.Thread(target=hold)
        waiting.start()
        while "sync_held_requests 1.0" not in server.request("GET", "/metrics").text:
            time.sleep(0.02)
        assert server.process is not None
        server.process.terminate()
        while server.request("GET", "/readyz").status_code != 503:
            time.sleep(0.01)
        assert person.push(record()).status_code == 200, "work goes on until the socket closes"
        waiting.join(20)
        assert answers[0].status_code == 304
        assert server.process.wait(20) == 0


def test_a_held_request_is_let_go_with_its_client(tmp_path: Path) -> None:
    with server_process(tmp_path) as server:
        person = server.somebody()
        etag = person.request_signed_in("GET", "/v1/head").headers["etag"]
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            lines = ["GET /v1/head?wait=30 HTTP/1.1", f"Host: {server.host}", f"If-None-Match: {etag}"]
            lines += [f"{name}: {value}" for name, value in person.bearer.items()]
            client.sendall("\r\n".join([*lines, "", ""]).encode())
            while "sync_held_requests 1.0" not in server.request("GET", "/metrics").text:
                time.sleep(0.02)
        deadline = time.monotonic() + 20  # sooner than it would have ended by itself
        while "sync_held_requests 0.0" not in server.request("GET", "/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.mark.redis
def test_redis_may_go_and_come_back_under_load(tmp_path: Path) -> None:
    if reason := redis_service.unavailable_reason():
        pytest.skip(reason)
    with (
        redis_service.running_redis() as redis,
        server_process(tmp_path, redis_url=redis.url, requests_per_minute=100_000, account_records=1_000_000) as server,
    ):
        person = server.somebody()
        writer = Writer(person, server.url)
        writer.start()

        def wait_for_more() -> None:
            wanted = len(writer.acknowledged) + 10
            while len(writer.acknowledged) < wanted:
                assert writer.is_alive()
                time.sleep(0.01)

        wait_for_more()
        assert "sync_limits_shared 1.0" in server.request("GET", "/metrics").text
        redis.kill()
        wait_for_more()
        assert "sync_limits_shared 0.0" in server.request("GET", "/metrics").text
        headers = person.request_signed_in("GET", "/v1/head").headers
        assert int(headers["x-ratelimit-remaining"]) > 99_000, "this process counts for itself"
        redis.start()
        while "sync_limits_shared 1.0" not in server.request("GET", "/metrics").text:
            time.sleep(0.05)
        wait_for_more()
        writer.writing = False
        writer.join(20)
        assert writer.refused == []
        check_all_there_once(person, [writer])


@pytest.mark.postgres
def test_a_postgres_that_lost_what_was_acknowledged_is_a_new_epoch(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.new_database()
    with server_process(tmp_path, database_url=url) as server:
        person = server.somebody()
        person.push(record())
        token = b64(bytes(range(32)))
        calendar = {"token": token, "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"}
        assert person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=calendar).status_code == 201
        assert server.stop() == 0
        postgres.run_sql("TRUNCATE receipts, commit_markers", url.rsplit("/", 1)[1])
        server.start()
        assert person.request_signed_in("GET", "/v1/head").status_code == 401
        assert server.request("GET", f"/v1/calendars/{token}.ics").status_code == 404
        before = person.epoch
        assert person.login().status_code == 200
        assert person.epoch != before
        gone = person.changes(f"{before}.1")
        assert gone.status_code == 410
        assert gone.json()["epoch"] == person.epoch
        assert len(person.changes().json()["records"]) == 1
