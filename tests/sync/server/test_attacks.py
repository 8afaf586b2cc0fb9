"""Requests without permission get nothing, and no information."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from syncserver import wire
from syncserver.accounts import deletion_ledger
from tests.sync.server.harness import Clock, Harness, Person, b64, new_id, record, server, somebody, sync_proof

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Harness]:
    with server(tmp_path_factory.mktemp("attacks"), clock=clock, failures_before_delay=1000) as running:
        yield running


@pytest.fixture
def person(harness: Harness) -> Person:
    return somebody(harness)


def login_with(
    person: Person, challenge: dict[str, Any], key: SigningKey, host: str = "localhost", **changes: Any
) -> Any:
    body = json.dumps({"name": person.name, "device": {"id": person.device, "label": None}} | changes).encode()
    proof = sync_proof(key, "password", "login", host, challenge, body)
    headers = {"Sync-Proof": proof, "Content-Type": "application/json", "Host": host}
    return person.harness.request("POST", "/v1/auth/login", content=body, headers=headers)


def test_a_proof_is_good_once(person: Person) -> None:
    challenge = person.challenge("login")
    assert login_with(person, challenge, person.key).status_code == 200
    assert login_with(person, challenge, person.key).json()["type"] == "/problems/challenge-stale"


def test_a_proof_is_good_for_two_minutes(person: Person, clock: Clock) -> None:
    challenge = person.challenge("login")
    clock.now += 121
    assert login_with(person, challenge, person.key).json()["type"] == "/problems/challenge-stale"
    challenge = person.challenge("login")
    clock.now += 119
    assert login_with(person, challenge, person.key).status_code == 200


def test_a_proof_is_for_one_action_name_host_and_body(person: Person) -> None:
    stranger = somebody(person.harness)
    wrong_action, wrong_name = person.challenge("delete-account"), stranger.challenge("login")
    assert login_with(person, wrong_action, person.key).json()["type"] == "/problems/challenge-stale"
    assert login_with(person, wrong_name, person.key).json()["type"] == "/problems/challenge-stale"
    made_up = person.challenge("login") | {"nonce": b64(bytes(56))}
    assert login_with(person, made_up, person.key).json()["type"] == "/problems/challenge-stale"
    other_host = login_with(person, person.challenge("login"), person.key, host="evil.example")
    assert other_host.status_code == 421
    challenge = person.challenge("login")
    body = json.dumps({"name": person.name, "device": {"id": person.device, "label": None}}).encode()
    headers = {"Content-Type": "application/json"}
    for host, signed_body in (("evil.example", body), ("localhost", body + b" ")):
        proof = sync_proof(person.key, "password", "login", host, challenge, signed_body)
        answer = person.harness.request("POST", "/v1/auth/login", content=body, headers=headers | {"Sync-Proof": proof})
        assert answer.json()["type"] == "/problems/login-refused"


def test_unknown_names_and_wrong_keys_look_the_same(person: Person) -> None:
    nobody = Person(person.harness, "nobody-at-all")
    wrong = login_with(person, person.challenge("login"), SigningKey.generate())
    unknown = login_with(nobody, nobody.challenge("login"), nobody.key)
    assert wrong.status_code == unknown.status_code == 401
    same = {"instance": ""}
    assert wrong.json() | same == unknown.json() | same


def test_unknown_names_take_the_time_of_known_ones(person: Person) -> None:
    """Statistically: which of the two came first is about as often the one as the other."""
    nobody = Person(person.harness, "nobody-at-all")
    known, unknown = [], []
    for _ in range(60):
        for asking, times in ((person, known), (nobody, unknown)):
            challenge = asking.challenge("login")
            begun = time.perf_counter()
            assert login_with(asking, challenge, SigningKey.generate()).status_code == 401
            times.append(time.perf_counter() - begun)
    slower = sum(one > other for one, other in zip(known, unknown, strict=True))
    # A difference of a fifth of the time would show as nearly 60 or 0; chance alone stays within these bounds.
    assert 8 < slower < 52, (statistics.median(known), statistics.median(unknown))


def test_another_accounts_ids_are_of_no_use(person: Person) -> None:
    stranger = somebody(person.harness)
    mine = record()
    assert person.push(mine).status_code == 200
    feed, token = new_id(), b64(b"\x01" * 31 + stranger.account.encode()[:1])
    assert (
        person.request_signed_in("PUT", f"/v1/feeds/{feed}", json={"token": token, "calendar": CALENDAR}).status_code
        == 201
    )

    assert stranger.push(record(mine["id"], mine["etag"])).json()["conflicts"] == [{"id": mine["id"], "current": None}]
    assert stranger.push(record(mine["id"])).status_code == 200, "the same id in another account is another record"
    assert person.request_signed_in("GET", "/v1/manifest").json()["records"][0]["etag"] == mine["etag"]
    assert stranger.request_signed_in("DELETE", f"/v1/devices/{person.device}").status_code == 404
    assert stranger.request_signed_in("PUT", f"/v1/devices/{person.device}", json={"label": "AAAA"}).status_code == 404
    assert stranger.request_signed_in("DELETE", f"/v1/feeds/{feed}").status_code == 204
    assert person.harness.request("GET", f"/v1/calendars/{token}.ics").status_code == 200
    key = new_id()
    assert person.push(record(), key=key).status_code == 200
    assert stranger.push(record(), key=key).status_code == 200, "keys are the account's own"
    ring = person.request_signed_in("GET", "/v1/keyring").json()
    taken = stranger.request_signed_in("PUT", "/v1/keyring", json=ring, headers={"If-Match": f'"{ring["etag"]}"'})
    assert taken.status_code == 412
    assert person.request_signed_in("GET", "/v1/head").status_code == 200


def test_nobody_deletes_with_a_stolen_token(person: Person) -> None:
    thief = Person(person.harness, person.name, person.account, person.device, token=person.token)
    assert (
        thief.request_with_proof("DELETE", "/v1/account", "delete-account").json()["type"] == "/problems/login-refused"
    )
    thief.key = person.key
    assert thief.request_with_proof("DELETE", "/v1/account", "login").json()["type"] == "/problems/challenge-stale"
    assert person.request_signed_in("GET", "/v1/head").status_code == 200


def replacing(person: Person, **changes: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """A keyring to replace the present one, and the header that says so."""
    ring = person.request_signed_in("GET", "/v1/keyring").json()
    return ring | {"version": ring["version"] + 1, "etag": new_id()} | changes, {"If-Match": f'"{ring["etag"]}"'}


def test_a_stolen_token_changes_nothing_of_the_keyring(person: Person) -> None:
    before = person.request_signed_in("GET", "/v1/keyring").json()
    thief = Person(person.harness, person.name, person.account, person.device, token=person.token)
    for changes in ({"keys": b64(b"for nobody")}, {"version": 2**31 - 1}, {"login_key": b64(bytes(32))}):
        ring, match = replacing(thief, **changes)
        refused = thief.request_signed_in("PUT", "/v1/keyring", json=ring, headers=match)
        assert refused.json()["type"] == "/problems/proof-required", changes
        refused = thief.request_with_proof("PUT", "/v1/keyring", "keyring", ring, **match)
        assert refused.json()["type"] == "/problems/login-refused", changes
    assert person.request_signed_in("GET", "/v1/keyring").json() == before


def test_a_proof_for_the_keyring_is_good_for_one_keyring_once(person: Person) -> None:
    ring, match = replacing(person)
    body = json.dumps(ring).encode()
    proof = sync_proof(person.key, "password", "keyring", "localhost", person.challenge("keyring"), body)
    headers = match | {"Sync-Proof": proof, "Content-Type": "application/json"}
    other = json.dumps(ring | {"keys": b64(b"for nobody")}).encode()
    assert person.request_signed_in("PUT", "/v1/keyring", content=other, headers=headers).status_code == 401
    assert person.request_signed_in("PUT", "/v1/keyring", content=body, headers=headers).status_code == 200
    again, match = replacing(person)
    headers |= match
    refused = person.request_signed_in("PUT", "/v1/keyring", content=json.dumps(again).encode(), headers=headers)
    assert refused.status_code == 401


def test_the_version_of_a_keyring_does_not_jump(person: Person) -> None:
    for version in (2**31 - 1, 1 + wire.KEYRING_VERSION_STEP + 1):
        ring, match = replacing(person, version=version)
        refused = person.request_with_proof("PUT", "/v1/keyring", "keyring", ring, **match)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/version"
    ring, match = replacing(person, version=1 + wire.KEYRING_VERSION_STEP)
    assert person.request_with_proof("PUT", "/v1/keyring", "keyring", ring, **match).status_code == 200


def test_a_client_that_asks_for_no_password_changes_no_keyring(person: Person) -> None:
    for old in ("upschedule/0.1.0", "upschedule/0.1.99"):
        ring, match = replacing(person)
        refused = person.request_with_proof("PUT", "/v1/keyring", "keyring", ring, **match, **{"Sync-Client": old})
        assert (refused.status_code, refused.json()["minimum"]) == (426, wire.KEYRING_CLIENT)
        assert person.request_signed_in("GET", "/v1/head", headers={"Sync-Client": old}).status_code == 200
    ring, match = replacing(person)
    current = {"Sync-Client": f"upschedule/{wire.KEYRING_CLIENT}"}
    assert person.request_with_proof("PUT", "/v1/keyring", "keyring", ring, **match, **current).status_code == 200


def test_tokens_that_are_none(person: Person) -> None:
    for header in (
        "",
        "Bearer",
        "Bearer x",
        f"Basic {person.token}",
        f"Bearer {person.token}A",
        f"Bearer {b64(bytes(32))}",
    ):
        answer = person.harness.request("GET", "/v1/head", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert person.request_signed_in("POST", "/v1/auth/logout").status_code == 204
    assert person.request_signed_in("GET", "/v1/head").status_code == 401
    assert person.push(record()).status_code == 401


def test_sessions_end_when_unused(harness: Harness, clock: Clock) -> None:
    person = somebody(harness)
    clock.now += 89 * 86_400
    assert person.request_signed_in("GET", "/v1/head").status_code == 200, "and this use counts"
    clock.now += 89 * 86_400
    assert person.request_signed_in("GET", "/v1/head").status_code == 200
    clock.now += 91 * 86_400
    assert person.request_signed_in("GET", "/v1/head").status_code == 401


def test_names_are_one_name_however_they_are_written(harness: Harness) -> None:
    person = Person(harness, "ﬁona.O")
    assert person.register().status_code == 201
    assert Person(harness, " Fiona.o ").register().json()["type"] == "/problems/name-taken"
    for name in ("ab", "a" * 65, "with space", "a\x00bc", "naïve/..", "a\nb c"):
        answer = harness.request("POST", "/v1/auth/challenge", json={"name": name, "action": "login"})
        assert answer.status_code == 422, name


def test_deletions_are_in_the_ledger_and_nothing_else_is(person: Person) -> None:
    path = person.harness.config.ledger_path
    before = deletion_ledger.read(path)
    assert person.request_with_proof("DELETE", "/v1/account", "delete-account", which="recovery").status_code == 204
    added = deletion_ledger.read(path).keys() - before.keys()
    assert added == {deletion_ledger.fingerprint(person.account)}
    assert person.name not in path.read_text()
    assert person.account not in path.read_text()


def test_registration_closed_and_by_invitation(tmp_path: Path) -> None:
    with server(tmp_path / "closed", registration="closed") as closed:
        assert Person(closed, "anybody").register().json()["type"] == "/problems/registration-closed"
    with server(tmp_path / "invited", registration="invitation") as invited:
        invited.run(invited.app.services.accounts.create_invitation("welcome", 1, 2**40))
        for code in (None, "wrong"):
            refused = Person(invited, "anybody").register(invitation=code)
            assert refused.json()["type"] == "/problems/registration-closed"
        assert Person(invited, "anybody").register(invitation="welcome").status_code == 201
        assert Person(invited, "somebody").register(invitation="welcome").status_code == 403
