"""Operator commands take effect at once, are logged by id, and name nobody."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import NotAllowed
from desktop.sync import problem_errors
from syncserver.__main__ import protect_ids
from syncserver.accounts import deletion_ledger
from syncserver.limits.rate_limits import Limits
from syncserver.ops import logs, operator_commands
from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer
from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture(params=["sqlite", "postgres"])
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path, url) as running:
        yield running


def run(harness: Harness, *words: str, **settings: str) -> int:
    parser = argparse.ArgumentParser()
    operator_commands.add_commands(parser.add_subparsers(dest="command", required=True))
    arguments = parser.parse_args(protect_ids(words))
    code: int = arguments.handler(dataclasses.replace(harness.config, **settings), arguments)
    return code


def published(person: Person) -> str:
    body = {"token": b64(person.device.encode()[:16] * 2), "calendar": CALENDAR}
    path: str = person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body).json()["path"]
    return path


def test_a_locked_account_does_nothing_until_it_is_unlocked(harness: Harness) -> None:
    person, other = somebody(harness), somebody(harness)
    assert person.push(record()).status_code == 200
    path = published(person)
    assert run(harness, "accounts", "lock", person.account) == 0
    harness.app.services.sessions.forget({person.account})  # what SQLite's servers do within ten seconds
    for answer in (person.push(record()), person.changes(), person.request_signed_in("GET", "/v1/account")):
        assert answer.status_code == 401
    refused = person.login()
    assert refused.json()["type"] == "/problems/account-locked"
    told = problem_errors.error_from_problem(refused.status_code, None, refused.json())
    assert isinstance(told, NotAllowed)
    assert str(told.title) == "Whoever runs the server has locked this account."
    assert harness.request("GET", path).json()["type"] == "/problems/account-locked"
    assert other.push(record()).status_code == 200
    stranger = Person(harness, person.name)
    assert stranger.login().json()["type"] == "/problems/login-refused", "who has no key is not told"
    assert run(harness, "accounts", "unlock", person.account) == 0
    assert person.login().status_code == 200
    assert len(person.changes().json()["records"]) == 1
    assert harness.request("GET", path).status_code == 200


def test_sessions_end_and_devices_sign_in_again(harness: Harness) -> None:
    person, other = somebody(harness), somebody(harness)
    assert run(harness, "sessions", "end", person.account) == 0
    assert person.changes().status_code == 401
    assert other.changes().status_code == 200
    assert person.login().status_code == 200
    assert run(harness, "sessions", "end", "--all") == 0
    assert [each.changes().status_code for each in (person, other)] == [401, 401]
    assert run(harness, "sessions", "end") == 1
    assert run(harness, "sessions", "end", person.account, "--all") == 1


def test_registrations_are_closed_and_opened_while_the_server_runs(harness: Harness) -> None:
    assert run(harness, "registrations", "close") == 0
    assert Person(harness, "anybody").register().json()["type"] == "/problems/registration-closed"
    assert harness.request("GET", "/v1/info").json()["registration"] == "closed"
    assert run(harness, "registrations", "open") == 0
    assert harness.request("GET", "/v1/info").json()["registration"] == "open"
    assert Person(harness, "anybody").register().status_code == 201


def test_a_deleted_account_is_gone_for_good(harness: Harness, capsys: pytest.CaptureFixture[str]) -> None:
    person = somebody(harness)
    path = published(person)
    assert run(harness, "accounts", "delete", person.account) == 1
    assert "Nothing was deleted" in capsys.readouterr().err
    assert person.login().status_code == 200
    assert run(harness, "accounts", "delete", person.account, "--yes") == 0
    assert person.login().json()["type"] == "/problems/login-refused"
    assert harness.request("GET", path).json()["type"] == "/problems/feed-revoked"
    assert deletion_ledger.fingerprint(person.account) in deletion_ledger.read(harness.config.ledger_path)
    assert Person(harness, "again", person.account).register().json()["type"] == "/problems/account-exists"
    assert run(harness, "accounts", "show", person.account) == 1


def test_everything_is_said_and_logged_by_id(harness: Harness, capsys: pytest.CaptureFixture[str]) -> None:
    large, small = somebody(harness), somebody(harness)
    assert large.push(record(), record(deleted=True), record()).status_code == 200
    words = (
        ("accounts", "list"),
        ("accounts", "list", "--by", "seen", "--limit", "1"),
        ("accounts", "show", large.account),
        ("accounts", "lock", small.account),
        ("accounts", "unlock", small.account),
        ("limits", "show", large.account),
        ("sessions", "end", small.account),
        ("registrations", "close"),
        ("registrations", "open"),
        ("accounts", "delete", small.account, "--yes"),
    )
    logs.configure("warning")
    try:
        for each in words:
            assert run(harness, *each) == 0
    finally:
        said, told = capsys.readouterr()
        logs.configure("error")
    logged = [json.loads(line) for line in told.splitlines() if '"operator"' in line]
    kept = (harness.config.folder / operator_commands.LOG_FILE).read_text()
    assert said.index(large.account) < said.index(small.account), "the largest first"
    assert "2 and 1 deletions, 72 bytes" in said
    assert "records    2 of 5000" in said
    assert [line["command"] for line in logged] == [" ".join(each[:2]) for each in words]
    assert [line["account"] for line in logged if line["account"]] == [
        *(large.account, small.account, small.account, large.account, small.account, small.account)
    ]
    assert [line.split()[1:3] for line in kept.splitlines()] == [list(each[:2]) for each in words]
    assert kept.count(small.account) == 4
    for person in (large, small):
        assert person.name not in said + told + kept


@pytest.mark.parametrize("account", ["thandi", "x" * 22, "'; DROP TABLE accounts"])
def test_names_and_nonsense_are_no_ids(harness: Harness, account: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(harness, "accounts", "lock", account) == 1
    assert "no account's id" in capsys.readouterr().err
    for unknown in (new_id(), "-" + new_id()[1:], "--" + new_id()[2:], "-h" + new_id()[2:]):
        assert run(harness, "accounts", "lock", unknown) == 1
        assert f"There is no account {unknown}." in capsys.readouterr().err


def test_requests_are_told_where_redis_counts(
    tmp_path: Path, redis: RedisServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(tmp_path, redis_url=redis.url) as harness:
        person = somebody(harness)
        assert [person.push(record()).status_code for _ in range(3)] == [200] * 3
        assert run(harness, "limits", "show", person.account) == 0
        limits = Limits(harness.config)
        assert limits.is_shared
        lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
        assert lines["batches"] in {f"1000000 in 60 seconds, {count} in this window" for count in range(4)}
    with server(tmp_path) as harness:
        assert run(harness, "limits", "show", person.account) == 0
        assert "counted in each process" in capsys.readouterr().out
