"""Failover of Postgres, behind one server and behind two: acknowledged commits decide whether a new epoch begins."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from syncserver.config import Config
from syncserver.db import postgres as gateway
from syncserver.db.migrations import NEWEST, migrate
from syncserver.errors import ConfigurationError
from syncserver.sync import epochs
from tests.services.balancer import running_balancer
from tests.services.postgres import PostgresServer, running_postgres, unavailable_reason
from tests.sync.server.harness import Person, b64, new_id, record, server, somebody, sync_proof
from tests.sync.server.process import server_process

pytestmark = pytest.mark.postgres
CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "HEARTBEAT_SECONDS", 0.5)
    monkeypatch.setattr(gateway, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(epochs, "WAIT_FOR_OTHERS_SECONDS", 2.0)


@pytest.fixture
def primary() -> Iterator[PostgresServer]:
    if reason := unavailable_reason():
        pytest.skip(reason)
    with running_postgres(settings={"wal_keep_size": "64MB"}) as running:
        yield running


def either(url: str, *servers: PostgresServer) -> str:
    """The address of a database that is on whichever of `servers` is the primary."""
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"postgresql://postgres@{hosts}/{url.rsplit('/', 1)[1]}?target_session_attrs=read-write"


def publish(person: Person) -> str:
    token = b64(new_id().encode()[:16] * 2)
    response = person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json={"token": token, "calendar": CALENDAR})
    assert response.status_code == 201, response.text
    return token


def until(answer: Callable[[], httpx.Response], *statuses: int, seconds: float = 60) -> httpx.Response:
    """Asks until the answer has one of `statuses`; 503 and nothing else comes before."""
    deadline = time.monotonic() + seconds
    while (response := answer()).status_code not in statuses:
        assert response.status_code == 503, response.text
        assert int(response.headers["Retry-After"]) > 0
        assert time.monotonic() < deadline, response.text
        time.sleep(0.02)
    return response


class Pusher(threading.Thread):
    """Pushes one record after the other, each until it is answered, and remembers what was acknowledged."""

    def __init__(self, person: Person) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.acknowledged: dict[str, int] = {}
        self.others: list[str] = []
        self.pushing = True
        self.start()

    def run(self) -> None:
        while self.pushing:
            row, key = record(), new_id()
            while self.pushing:
                response = self.person.push(row, key=key)
                if response.status_code == 200:
                    self.acknowledged[row["id"]] = response.json()["records"][0]["number"]
                    break
                if response.status_code != 503:
                    self.others.append(response.text)
                    self.pushing = False
                time.sleep(0.005)

    def wait_for_more(self, count: int = 10) -> None:
        wanted = len(self.acknowledged) + count
        deadline = time.monotonic() + 60
        while len(self.acknowledged) < wanted:
            assert self.is_alive(), self.others
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def stop(self) -> None:
        self.pushing = False
        self.join(60)


def manifest(person: Person) -> dict[str, int]:
    response = until(lambda: person.request_signed_in("GET", "/v1/manifest"), 200)
    return {row["id"]: row["number"] for row in response.json()["records"]}


def killed(primary: PostgresServer) -> None:
    primary.kill()


def stopped(primary: PostgresServer) -> None:
    primary.stop()


@pytest.mark.parametrize("end", [killed, stopped])
def test_a_failover_that_lost_nothing_keeps_sessions_and_calendars(
    tmp_path: Path, primary: PostgresServer, end: Callable[[PostgresServer], None]
) -> None:
    url = primary.new_database()
    replica = primary.replica(synchronous=True)
    try:
        address = either(url, primary, replica)
        with server(tmp_path / "one", address) as one, server(tmp_path / "two", address) as two:
            anna, ben = somebody(one), somebody(two)
            calendar, pushers = publish(anna), [Pusher(anna), Pusher(ben)]
            for pusher in pushers:
                pusher.wait_for_more()
            end(primary)
            replica.promote()
            for pusher in pushers:
                pusher.wait_for_more()
                pusher.stop()
                assert pusher.others == []
                there = manifest(pusher.person)
                assert {identifier: there.get(identifier) for identifier in pusher.acknowledged} == pusher.acknowledged
                assert sorted(there.values()) == list(range(1, len(there) + 1)), "each number once"
                head = pusher.person.request_signed_in("GET", "/v1/head").json()
                assert head["epoch"] == pusher.person.epoch
            assert two.request("GET", f"/v1/calendars/{calendar}.ics").status_code == 200
    finally:
        replica.stop()


def test_a_lost_tail_is_a_new_epoch_for_every_process(tmp_path: Path, primary: PostgresServer) -> None:
    url = primary.new_database()
    replica = primary.replica()
    try:
        address = either(url, primary, replica)
        with server(tmp_path / "one", address) as one, server(tmp_path / "two", address) as two:
            anna, ben, carla = somebody(one), somebody(two), somebody(two)
            kept = record()
            assert ben.push(kept).status_code == 200
            calendar = publish(anna)
            deadline = time.monotonic() + 20
            while replica.run_sql("SELECT count(*) FROM records", url.rsplit("/", 1)[1]) != "1":
                assert time.monotonic() < deadline
            replica.stop()
            assert anna.push(record()).status_code == 200  # `two` and `ben` have lost nothing of their own
            assert carla.request_with_proof("DELETE", "/v1/account", "delete-account").status_code == 204
            primary.kill()
            replica.settings["primary_conninfo"] = ""
            replica.start()
            replica.promote()
            for person in (anna, ben):
                before = person.epoch
                ended = until(lambda person=person: person.request_signed_in("GET", "/v1/head"), 401, 200)
                deadline = time.monotonic() + 20
                while ended.status_code == 200:
                    assert time.monotonic() < deadline
                    ended = until(lambda person=person: person.request_signed_in("GET", "/v1/head"), 401, 200)
                assert person.login().status_code == 200
                assert person.epoch != before
            assert anna.epoch == ben.epoch, "one new epoch"
            for running in (one, two):
                figures = running.request("GET", "/metrics").text
                assert "sync_epoch_changes_total 1.0" in figures
                assert "sync_database_timeline 2.0" in figures
                assert "sync_clock_skew_seconds " in figures
            assert manifest(ben) == {kept["id"]: 1}
            assert one.request("GET", f"/v1/calendars/{calendar}.ics").status_code == 404
            assert carla.login().status_code == 401, "who was deleted stays deleted"
    finally:
        replica.stop()


def test_a_primary_that_was_left_behind_is_noticed_while_it_goes_on_answering(
    tmp_path: Path, primary: PostgresServer
) -> None:
    url = primary.new_database()
    replica = primary.replica()
    try:
        with running_balancer(primary.port) as balancer:
            address = f"postgresql://postgres@127.0.0.1:{balancer.port}/{url.rsplit('/', 1)[1]}"
            with server(tmp_path, address) as one:
                anna = somebody(one)
                pusher = Pusher(anna)
                pusher.wait_for_more()
                replica.promote()
                balancer.set_target(replica.port)  # half open: what is connected stays with the old primary
                pusher.join(30)
                assert not pusher.is_alive(), "it went on for ever"
                assert "session-ended" in pusher.others[0]
                before = anna.epoch
                assert anna.login().status_code == 200
                assert anna.epoch != before
                assert anna.push(record()).status_code == 200
                # The old one is reached again: nothing more is written there.
                balancer.set_target(primary.port)
                time.sleep(1.5)
                rows = int(primary.run_sql("SELECT count(*) FROM records", url.rsplit("/", 1)[1]))
                for _ in range(20):
                    assert anna.push(record()).status_code in (200, 503)
                assert int(primary.run_sql("SELECT count(*) FROM records", url.rsplit("/", 1)[1])) == rows
    finally:
        replica.stop()


@pytest.mark.parametrize("remembered", [True, False])
def test_what_a_process_acknowledged_outlives_it(tmp_path: Path, primary: PostgresServer, remembered: bool) -> None:
    url = primary.new_database()
    replica = primary.replica(synchronous=True)
    try:
        address = either(url, primary, replica)
        with server(tmp_path, address) as one:
            anna = somebody(one)
            assert anna.push(record()).status_code == 200
        primary.kill()
        replica.promote()
        if not remembered:
            shutil.rmtree(tmp_path / "acknowledged-commits")
        with server(tmp_path, address) as anna.harness:
            assert anna.request_signed_in("GET", "/v1/head").status_code == (200 if remembered else 401)
            anna.login()
            assert anna.push(record()).json()["records"][0]["number"] == 2
    finally:
        replica.stop()


def test_a_snapshot_of_the_disk_put_back_is_a_new_epoch(tmp_path: Path, primary: PostgresServer) -> None:
    url = primary.new_database()
    with server(tmp_path / "data", url) as one:
        anna = somebody(one)
        primary.stop()
        shutil.copytree(primary.data, tmp_path / "snapshot")
        primary.start()
        response = until(lambda: anna.push(record()), 200)
        assert response.json()["epoch"] == anna.epoch, "a restart is no restore"
        primary.kill()
        user = primary.data.stat()
        shutil.rmtree(primary.data)
        shutil.copytree(tmp_path / "snapshot", primary.data)
        for path in (primary.data, *primary.data.rglob("*")):
            shutil.chown(path, user.st_uid, user.st_gid)
        primary.start()
        until(lambda: anna.push(record()), 401)


AHEAD = """
import sys, time
now = time.time
time.time = lambda: now() + 180
from syncserver.__main__ import main
sys.exit(main(["serve"]))
"""


def test_processes_whose_clocks_disagree_sign_each_others_devices_in(tmp_path: Path, primary: PostgresServer) -> None:
    url = primary.new_database()
    (tmp_path / "ahead").mkdir()
    (tmp_path / "right").mkdir()
    command = (sys.executable, "-c", AHEAD)
    with (
        server_process(tmp_path / "ahead", command, database_url=url, hosts="same.example.org") as ahead,
        server_process(tmp_path / "right", database_url=url, hosts="same.example.org", log_level="warning") as right,
    ):
        host = {"Host": "same.example.org", "Content-Type": "application/json"}
        for one in (ahead, right):
            one.client.headers.update(host)
        anna = Person(ahead, "anna", host="same.example.org")  # type: ignore[arg-type]
        assert anna.register().status_code == 201
        for asked, used in ((ahead, right), (right, ahead)):
            anna.harness = asked  # type: ignore[assignment]
            challenge = anna.challenge("login")
            body = json.dumps({"name": anna.name, "device": {"id": anna.device, "label": None}}).encode()
            proof = sync_proof(anna.key, "password", "login", anna.host, challenge, body)
            answer = used.request("POST", "/v1/auth/login", content=body, headers={"Sync-Proof": proof})
            assert answer.status_code == 200, answer.text


def test_a_server_goes_on_beside_a_newer_one_that_only_added(tmp_path: Path, primary: PostgresServer) -> None:
    url = primary.new_database()
    name = url.rsplit("/", 1)[1]
    with server(tmp_path, url) as one:
        anna = somebody(one)
        primary.run_sql(
            f"UPDATE alembic_version SET version_num = '9999'; UPDATE server SET min_compatible = '{NEWEST}'", name
        )
        assert one.request("GET", "/readyz").status_code == 200
        assert anna.push(record()).status_code == 200
    with server(tmp_path, url) as anna.harness:  # and may be started again, as when an upgrade is taken back
        assert anna.harness.request("GET", "/readyz").status_code == 200
        assert anna.push(record()).status_code == 200
        primary.run_sql("UPDATE server SET min_compatible = '9999'", name)
        answer = anna.harness.request("GET", "/readyz")
        assert answer.status_code == 503
        assert "9999" in answer.json()["migrations"]
    with pytest.raises(ConfigurationError, match="9999"):
        migrate(Config(database_url=url))


def test_a_migration_steps_back_from_a_table_that_is_busy(
    primary: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = primary.new_database()
    name = url.rsplit("/", 1)[1]
    config = Config(database_url=url)
    migrate(config)
    primary.run_sql(
        "DROP TABLE commit_markers; ALTER TABLE server DROP COLUMN min_compatible, DROP COLUMN registrations_closed; "
        "ALTER TABLE accounts DROP COLUMN locked; "
        "UPDATE alembic_version SET version_num = '0002'",
        name,
    )
    reader = subprocess.Popen(
        [primary.program / "psql", "-XqAt", "-d", url, "-c", "BEGIN; SELECT * FROM server; SELECT pg_sleep(600)"],
        stdout=subprocess.DEVNULL,
    )
    backups: list[str] = []
    moving = threading.Thread(target=lambda: migrate(config, backups.append))
    moving.start()
    try:
        deadline = time.monotonic() + 60
        blocked, free = 0, 0
        while not (blocked and free):  # whoever asks behind it waits shortly, and not for the reader's ten minutes
            assert time.monotonic() < deadline
            try:
                primary.run_sql("SET lock_timeout = '100ms'; SELECT epoch FROM server", name)
                free += bool(blocked)
            except subprocess.CalledProcessError:
                blocked += 1
            time.sleep(0.05)
    finally:
        reader.kill()
        reader.wait()
        primary.run_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()"
        )
    moving.join(60)
    assert primary.run_sql("SELECT version_num FROM alembic_version", name) == NEWEST
    assert backups == ["0002"]


def test_a_deletion_whose_file_hangs_is_refused_and_nothing_is_deleted(tmp_path: Path, primary: PostgresServer) -> None:
    with server(tmp_path, primary.new_database()) as one:
        anna = somebody(one)
        anna.push(record())
        ledger = one.config.ledger_path
        ledger.touch()
        with ledger.open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            refused = anna.request_with_proof("DELETE", "/v1/account", "delete-account")
            assert refused.status_code == 503
            assert refused.headers["Retry-After"] == "60"
        assert len(manifest(anna)) == 1
        assert ledger.read_bytes() == b""
        assert anna.request_with_proof("DELETE", "/v1/account", "delete-account").status_code == 204


def test_a_postgres_that_hangs_costs_a_request_its_time_limit(tmp_path: Path, primary: PostgresServer) -> None:
    url = primary.new_database()
    with server(tmp_path, url, statement_seconds=0.5, acquire_seconds=0.5) as one:
        anna = somebody(one)
        primary.freeze()
        try:
            for _ in range(3):
                begun = time.monotonic()
                assert anna.push(record()).status_code == 503
                assert time.monotonic() - begun < 20  # far more than half a second twice; without a limit, never
        finally:
            primary.resume()
        assert until(lambda: anna.push(record()), 200).json()["epoch"] == anna.epoch
