"""Limits and quotas: announced before they are reached, enforced, and never at the expense of another student."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody, sync_proof

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def limited(answer: httpx.Response, policy: str) -> None:
    assert answer.status_code == 429
    assert answer.json()["type"] == "/problems/rate-limited"
    assert answer.json()["policy"] == policy
    assert 0 < int(answer.headers["retry-after"]) == answer.json()["retry_after"]
    assert answer.headers["x-ratelimit-remaining"] == "0"


def test_per_account_not_per_address(tmp_path: Path) -> None:
    with server(tmp_path, requests_per_minute=5) as harness:
        person, neighbour = somebody(harness), somebody(harness)
        left = [person.request_signed_in("GET", "/v1/head").headers["ratelimit"].split(";")[1] for _ in range(5)]
        assert left == ["r=4", "r=3", "r=2", "r=1", "r=0"]
        answer = person.request_signed_in("GET", "/v1/head")
        limited(answer, "requests")
        assert answer.headers["ratelimit-policy"] == '"requests";q=5;w=60'
        assert person.another_device().request_signed_in("GET", "/v1/head").status_code == 429
        assert neighbour.request_signed_in("GET", "/v1/head").status_code == 200


def test_batches_publications_and_calendars_have_their_own(tmp_path: Path) -> None:
    with server(tmp_path, batches_per_minute=2, publications_per_hour=1, calendar_reads_per_minute=2) as harness:
        person = somebody(harness)
        assert [person.push(record()).status_code for _ in range(2)] == [200, 200]
        limited(person.push(record()), "batches")
        body = {"token": b64(b"t" * 32), "calendar": CALENDAR}
        path = person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body).json()["path"]
        limited(person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body), "feeds")
        assert [harness.request("GET", path).status_code for _ in range(3)] == [200, 200, 429]
        assert person.request_signed_in("GET", "/v1/head").status_code == 200


def test_addresses_of_who_is_not_signed_in(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"registrations_per_hour": 1, "logins_per_minute": 6, "anonymous_per_minute": 3}
    with server(tmp_path, **settings) as harness:
        person = somebody(harness)
        limited(Person(harness, "another").register(), "registrations")
        while (
            last := harness.request("POST", "/v1/auth/challenge", json={"name": "abc", "action": "login"})
        ).is_success:
            pass
        limited(last, "logins")
        for _ in range(3):
            assert harness.request("GET", "/v1/head", headers={"Authorization": "Bearer x"}).status_code == 401
        limited(harness.request("GET", "/v1/head", headers={"Authorization": "Bearer x"}), "unauthenticated")
        limited(harness.request("GET", "/v1/info"), "unauthenticated")
        assert person.request_signed_in("GET", "/v1/head").status_code == 200, (
            "who is signed in does not share the address's limits"
        )


def test_a_session_that_ended_is_told_so_however_many_of_its_address_have_one(tmp_path: Path) -> None:
    """After a restore that is every device of a campus: none of them has to wait, or work, to hear it."""
    with server(tmp_path, anonymous_per_minute=2) as harness:
        people = [somebody(harness) for _ in range(3)]
        for person in people:
            assert person.request_signed_in("POST", "/v1/auth/logout").status_code == 204
        for path in ("/v1/head", "/v1/changes", "/v1/account"):
            assert [person.request_signed_in("GET", path).status_code for person in people] == [401, 401, 401]
        assert [harness.request("GET", "/v1/info").status_code for _ in range(3)] == [200, 200, 429]


def test_a_known_device_signs_in_although_its_address_did_too_often(tmp_path: Path) -> None:
    with server(tmp_path, logins_per_minute=20, device_logins_per_minute=4, device_lookups_per_minute=30) as harness:
        anna, ben = somebody(harness), somebody(harness)

        def ask(name: str, device: str) -> httpx.Response:
            body = {"name": name, "action": "login"}
            return harness.request("POST", "/v1/auth/challenge", json=body, headers={"Sync-Device": device})

        while ask("nobody", new_id()).status_code == 200:  # an attacker, or ten thousand others
            pass
        challenge = ask(anna.name, anna.device)
        assert challenge.status_code == 200
        content = json.dumps({"name": anna.name, "device": {"id": anna.device, "label": None}}).encode()
        proof = sync_proof(anna.key, "password", "login", "localhost", challenge.json(), content)
        headers = {"Sync-Proof": proof, "Sync-Device": anna.device, "Content-Type": "application/json"}
        answer = harness.request("POST", "/v1/auth/login", content=content, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["ratelimit-policy"] == '"device-logins";q=4;w=60'
        limited(ask(ben.name, anna.device), "logins")  # no device of his
        limited(ask(anna.name, "x" * 22), "logins")
        limited(ask(anna.name, "not a device"), "logins")
        assert [ask(anna.name, anna.device).status_code for _ in range(2)] == [200, 200]
        limited(ask(anna.name, anna.device), "device-logins")
        assert ask(ben.name, ben.device).status_code == 200
        gone = ask(anna.name, new_id())
        while gone.json()["policy"] == "logins":
            gone = ask(anna.name, new_id())
        limited(gone, "device-lookups")


def ask_from(harness: Harness, forwarded: str, peer: str) -> str:
    """Asks for /v1/info as `peer`; what is left for the address that the server believes."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=harness.app, client=(peer, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/v1/info", headers={"X-Forwarded-For": forwarded} if forwarded else {})

    left: str = harness.run(ask()).headers["x-ratelimit-remaining"]
    return left


def test_a_forwarded_address_is_believed_of_a_trusted_proxy_only(tmp_path: Path) -> None:
    with server(tmp_path, anonymous_per_minute=100, trusted_proxies=("10.0.0.0/8",)) as harness:
        assert ask_from(harness, "196.21.1.1", "10.0.0.1") == "99"
        assert ask_from(harness, "196.21.1.1", "10.0.0.2") == "98", "the student's address, whichever proxy"
        assert ask_from(harness, "1.2.3.4, 196.21.1.1", "10.0.0.1") == "97", "what the student wrote is not believed"
        assert ask_from(harness, "196.21.1.1, 10.0.0.9", "10.0.0.1") == "96", "a proxy behind a proxy"
        assert ask_from(harness, "196.21.1.1", "41.0.0.1") == "99", "not of anybody else"
        assert ask_from(harness, "196.21.1.1", "41.0.0.1") == "98"
        assert ask_from(harness, "nonsense", "10.0.0.1") == "99"
        assert ask_from(harness, "", "2001:db8::1") == "99"
        assert ask_from(harness, "", "2001:db8::2") == "98", "an IPv6 network is one neighbour"


def test_failed_logins_are_slowed_down_for_that_name_from_that_address(tmp_path: Path) -> None:
    with server(tmp_path, failures_before_delay=2) as harness:
        person, other = somebody(harness), somebody(harness)
        right, person.key = person.key, other.key
        assert [person.login().status_code for _ in range(2)] == [401, 401]
        person.key = right
        delayed = person.login()
        assert delayed.status_code == 429
        assert delayed.json()["type"] == "/problems/login-delayed"
        assert int(delayed.headers["retry-after"]) == 1
        assert other.login().status_code == 200


def test_quotas(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"account_records": 3, "account_bytes": 200, "account_devices": 2, "account_feeds": 1}
    with server(tmp_path, **settings) as harness:
        person = somebody(harness)
        first = [record() for _ in range(3)]
        assert person.push(*first).status_code == 200
        refused = person.push(record())
        assert refused.status_code == 403
        assert refused.json() | {"quota": "records", "limit": 3, "used": 3} == refused.json()
        gone = record(first[0]["id"], first[0]["etag"], deleted=True)
        assert person.push(gone, record()).status_code == 200, "one goes, one comes"
        too_big = record(first[1]["id"], first[1]["etag"], blob=b64(bytes(150)))
        assert person.push(too_big).json()["quota"] == "bytes"
        assert person.request_signed_in("GET", "/v1/account").json()["usage"]["bytes"] == 4 * 24
        person.another_device()
        third = Person(harness, person.name, key=person.key)
        assert third.login().json()["quota"] == "devices"
        assert person.login().status_code == 200, "a known device needs no room"
        body = {"token": b64(b"q" * 32), "calendar": CALENDAR}
        assert person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body).status_code == 201
        assert person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body).json()["quota"] == "feeds"


def test_an_outdated_client_is_told(tmp_path: Path) -> None:
    with server(tmp_path, minimum_client="2.0.0") as harness:
        old = harness.request("GET", "/v1/info", headers={"Sync-Client": "upschedule/1.9.9"})
        assert old.status_code == 426
        assert old.json()["minimum"] == "2.0.0"
        assert old.headers["upgrade"] == "upschedule/2.0.0"
        for version in ("upschedule/2.0.0", "curl", ""):
            assert harness.request("GET", "/v1/info", headers={"Sync-Client": version}).status_code == 200
