"""The server's answers have exactly the form of docs/sync-protocol.md."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey, VerifyKey

import desktop
from syncserver import wire
from syncserver.accounts import challenge_response
from syncserver.errors import PROBLEM_TYPES
from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody, sync_proof

PAGE = (Path(__file__).parents[2] / "docs" / "sync-protocol.md").read_text("utf-8")
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def example(after: str) -> Any:
    """The first JSON example after a text of the page."""
    block = re.search(r"```json\n(.*?)```", PAGE[PAGE.index(after) :], re.DOTALL)
    assert block is not None
    return json.loads(block[1])


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def person(harness: Harness) -> Person:
    return somebody(harness)


def shape(value: Any) -> Any:
    """The members of a value and the types of what is in them."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value)


def problem(response: Any, status: int, name: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["type"] == f"/problems/{name}"
    assert document["status"] == status
    assert document["title"] == PROBLEM_TYPES[name][1]
    assert document["instance"] == f"urn:request:{response.headers['x-request-id']}"
    return document


def test_every_problem_type_is_in_the_page_with_its_status() -> None:
    told = {name: int(status) for status, name in re.findall(r"^\| (\d+) \| `/problems/([a-z-]+)`", PAGE, re.MULTILINE)}
    assert told == {name: status for name, (status, _) in PROBLEM_TYPES.items()}


def test_the_vector_of_the_page() -> None:
    key = SigningKey(b"\x01" * 32)
    signature = re.search(r"\n```\n([A-Za-z0-9_-]{86})\n```", PAGE)
    assert signature is not None
    said = challenge_response.signed_message("login", "sync.example.org", "thandi", "bm9uY2U", 1767225600, b"{}")
    VerifyKey(bytes(key.verify_key)).verify(said, wire.decode_base64url(signature[1]))
    challenge = {"name": "thandi", "nonce": "bm9uY2U", "time": 1767225600}
    assert sync_proof(key, "password", "login", "sync.example.org", challenge, b"{}").endswith(signature[1])


def test_info(harness: Harness) -> None:
    answer = harness.request("GET", "/v1/info").json()
    told = example("`GET /v1/info`")
    assert shape(answer) == shape(told)
    assert answer["limits"] == told["limits"]
    assert answer["minimum_keyring_client"] == told["minimum_keyring_client"] == desktop.__version__
    assert answer["kdf"] == told["kdf"]


def test_a_challenge_and_the_salt_of_a_name_nobody_has(harness: Harness, person: Person) -> None:
    told = example("200, the same for known and unknown names")
    known, unknown = person.challenge("login"), person.challenge("login", "Nobody")
    assert shape(known) == shape(unknown) == shape(told)
    assert known["kdf"]["salt"] == b64(b"s" * 16)
    assert unknown["name"] == "nobody"
    assert unknown["kdf"] == person.challenge("register", " NOBODY ")["kdf"]
    assert unknown["kdf"]["salt"] != person.challenge("login", "nobody2")["kdf"]["salt"]
    assert {key: unknown["kdf"][key] for key in ("memory_kib", "passes", "lanes")} == {
        key: known["kdf"][key] for key in ("memory_kib", "passes", "lanes")
    }


def test_register_login_and_what_they_answer(harness: Harness) -> None:
    person = Person(harness, "Someone.New")
    answer = person.register()
    assert answer.status_code == 201
    told = example("201, the session:")
    assert set(answer.json()) == set(told)
    assert answer.json()["name"] == "someone.new"
    assert set(answer.json()["keyring"]) == set(example("## 5. The keyring"))
    again = person.login()
    assert again.status_code == 200
    assert set(again.json()) == set(told)
    assert again.json()["keyring"] == answer.json()["keyring"]
    assert again.json()["token"] != answer.json()["token"]
    old = {"Authorization": f"Bearer {answer.json()['token']}"}
    problem(harness.request("GET", "/v1/head", headers=old), 401, "session-ended")


def test_recovery_key_signs_in_too(person: Person) -> None:
    assert person.login("recovery").status_code == 200


def test_head_changes_batches_and_conflicts_as_in_the_page(person: Person) -> None:
    assert shape(person.request_signed_in("GET", "/v1/head").json()) == shape(example("**`GET /v1/head`**"))
    first = record(blob="AAECAw")
    answer = person.push(first)
    assert answer.status_code == 200
    assert shape(answer.json()) == shape(example("All or nothing. 200"))
    assert answer.json()["before"] == 0
    assert answer.json()["head"] == 1
    page = person.changes().json()
    assert shape(page) == shape(example("**`GET /v1/changes?cursor=&limit=`**"))
    assert page["records"][0] == {key: value for key, value in first.items() if key != "base"} | {"number": 1}
    refused = person.push(record(first["id"]), record(first["id"][:-2] + "Aw", base=new_id()))
    document = problem(refused, 409, "conflict")
    assert set(example("Only answers 200 are stored")) <= set(document)
    assert document["conflicts"][0] == {"id": first["id"], "current": page["records"][0]}
    assert document["conflicts"][1]["current"] is None
    manifest = person.request_signed_in("GET", "/v1/manifest").json()
    assert manifest["records"] == [{"id": first["id"], "etag": first["etag"], "deleted": False, "number": 1}]
    assert manifest["cursor"] == page["cursor"] == answer.json()["cursor"]


def test_head_answers_304_until_there_is_news(person: Person) -> None:
    etag = person.request_signed_in("GET", "/v1/head").headers["etag"]
    same = person.request_signed_in("GET", "/v1/head", headers={"If-None-Match": etag})
    assert same.status_code == 304
    assert same.content == b""
    person.push(record())
    assert person.request_signed_in("GET", "/v1/head", headers={"If-None-Match": etag}).status_code == 200


def test_a_held_head_is_answered_by_a_push(person: Person) -> None:
    etag = person.request_signed_in("GET", "/v1/head").headers["etag"]
    http, headers = person.harness.http, person.bearer

    async def later() -> Any:
        while not person.harness.app.services.notifier.held_count:
            await http.get("/healthz")
        return await http.post(
            "/v1/batches", json=person.batch(record()), headers=headers | {"Idempotency-Key": new_id()}
        )

    held, pushed = person.harness.run_concurrently(
        [http.get("/v1/head?wait=30", headers=headers | {"If-None-Match": etag}), later()]
    )
    assert pushed.status_code == 200
    assert held.status_code == 200
    assert held.json()["head"] == 1


def test_the_same_batch_again_gets_the_stored_answer(person: Person) -> None:
    key, first = new_id(), record()
    answer = person.push(first, key=key)
    assert person.push(record(first["id"], first["etag"])).status_code == 200
    again = person.push(first, key=key)
    assert again.status_code == 200
    assert again.json() == answer.json()
    problem(person.push(record(), key=key), 422, "key-reused")


def test_changes_page_by_number_and_by_size(person: Person) -> None:
    blob = b64(b"x" * 65_536)
    for _ in range(4):
        assert person.push(*(record(blob=blob) for _ in range(10))).status_code == 200
    page = person.changes().json()
    assert page["more"]
    assert 1_048_576 <= sum(len(wire.decode_base64url(row["blob"])) for row in page["records"]) < 1_048_576 + 65_537
    seen = [row["number"] for row in page["records"]]
    while page["more"]:
        page = person.changes(page["cursor"], 7).json()
        assert len(page["records"]) <= 7
        seen += [row["number"] for row in page["records"]]
    assert seen == list(range(1, 41))
    assert page["cursor"] == f"{person.epoch}.40"


def test_cursors_of_another_epoch_beyond_the_head_and_before_the_tidying(person: Person) -> None:
    person.push(record())
    document = problem(person.changes(f"{new_id()}.0"), 410, "gone")
    assert document["reason"] == "epoch"
    assert document["epoch"] == person.epoch
    assert problem(person.changes(f"{person.epoch}.2"), 410, "gone")["reason"] == "epoch"
    person.harness.sql("UPDATE accounts SET gc_floor = 1 WHERE id = $1", person.account)
    assert problem(person.changes(f"{person.epoch}.0"), 410, "gone")["reason"] == "gc"
    assert person.changes().status_code == 200
    assert problem(person.push(record(), epoch=new_id()), 410, "gone")["reason"] == "epoch"


def test_keyring_replacement(person: Person) -> None:
    other = person.another_device()
    ring = person.request_signed_in("GET", "/v1/keyring")
    assert ring.headers["etag"] == f'"{person.etag}"'
    assert (
        person.request_signed_in("GET", "/v1/keyring", headers={"If-None-Match": ring.headers["etag"]}).status_code
        == 304
    )
    problem(person.request_signed_in("PUT", "/v1/keyring", json=ring.json()), 428, "precondition-required")
    rotated = ring.json() | {"version": 2, "etag": new_id(), "keys": b64(b"new")}
    stale = {"If-Match": f'"{new_id()}"'}
    refused = problem(
        person.request_signed_in("PUT", "/v1/keyring", json=rotated, headers=stale), 412, "precondition-failed"
    )
    assert refused["current"] == ring.json()
    match = {"If-Match": ring.headers["etag"]}
    older = ring.json() | {"etag": new_id()}
    problem(person.request_signed_in("PUT", "/v1/keyring", json=older, headers=match), 412, "precondition-failed")
    problem(person.request_signed_in("PUT", "/v1/keyring", json=rotated, headers=match), 403, "proof-required")
    assert person.request_with_proof("PUT", "/v1/keyring", "keyring", rotated, **match).json() == rotated
    assert other.request_signed_in("GET", "/v1/head").status_code == 200, "rotating data keys ends no session"

    old, person.key = person.key, SigningKey.generate()
    person.version = 3
    replaced = person.keyring()
    match = {"If-Match": f'"{rotated["etag"]}"'}
    problem(person.request_signed_in("PUT", "/v1/keyring", json=replaced, headers=match), 403, "proof-required")
    new, person.key = person.key, old
    answer = person.request_with_proof("PUT", "/v1/keyring", "keyring", replaced, **match)
    assert answer.status_code == 200, answer.text
    assert person.request_signed_in("GET", "/v1/head").status_code == 200
    problem(other.request_signed_in("GET", "/v1/head"), 401, "session-ended")
    problem(person.login(), 401, "login-refused")
    person.key = new
    assert person.login().status_code == 200


def test_devices(person: Person) -> None:
    other = person.another_device()
    listed = person.request_signed_in("GET", "/v1/devices").json()["devices"]
    assert {device["id"]: device["current"] for device in listed} == {person.device: True, other.device: False}
    assert person.request_signed_in("PUT", f"/v1/devices/{other.device}", json={"label": "AAAA"}).status_code == 204
    assert "AAAA" in [device["label"] for device in person.request_signed_in("GET", "/v1/devices").json()["devices"]]
    for _ in range(2):
        assert person.request_signed_in("DELETE", f"/v1/devices/{other.device}").status_code == 204
    problem(other.request_signed_in("GET", "/v1/head"), 401, "session-ended")
    problem(other.push(record()), 401, "session-ended")
    problem(other.login(), 403, "device-revoked")
    problem(person.request_signed_in("DELETE", f"/v1/devices/{new_id()}"), 404, "not-found")
    assert len(person.request_signed_in("GET", "/v1/devices").json()["devices"]) == 1


def test_published_calendars(person: Person) -> None:
    http, token, feed = person.harness, b64(b"\x07" * 31 + person.account.encode()[:1]), new_id()
    published = person.request_signed_in("PUT", f"/v1/feeds/{feed}", json={"token": token, "calendar": CALENDAR})
    assert published.status_code == 201
    path = published.json()["path"]
    assert path == f"/v1/calendars/{token}.ics"
    plain = http.request("GET", path, headers={"Accept-Encoding": "identity"})
    assert plain.text == CALENDAR
    assert plain.headers["content-type"] == "text/calendar; charset=utf-8"
    assert plain.headers["cache-control"] == "private, max-age=900"
    packed = http.request("GET", path, headers={"Accept-Encoding": "gzip"})
    assert packed.text == CALENDAR
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != plain.headers["etag"]
    for etag in (plain.headers["etag"], packed.headers["etag"], f"W/{plain.headers['etag']}", "*"):
        assert http.request("GET", path, headers={"If-None-Match": etag}).status_code == 304
    since = {"If-Modified-Since": plain.headers["last-modified"]}
    assert http.request("GET", path, headers=since).status_code == 304
    assert http.request("GET", path, headers=since | {"If-None-Match": '"other"'}).status_code == 200
    assert http.request("GET", path, headers={"If-Modified-Since": "yesterday"}).status_code == 200
    head = http.request("HEAD", path, headers={"Accept-Encoding": "identity"})
    assert head.content == b""
    assert head.headers["content-length"] == str(len(CALENDAR))
    assert (
        person.request_signed_in("PUT", f"/v1/feeds/{feed}", json={"token": token, "calendar": CALENDAR}).status_code
        == 200
    )
    stranger = somebody(person.harness)
    taken = stranger.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json={"token": token, "calendar": CALENDAR})
    problem(taken, 409, "token-taken")
    fresh = b64(b"\x08" * 31 + person.account.encode()[:1])
    assert (
        person.request_signed_in("PUT", f"/v1/feeds/{feed}", json={"token": fresh, "calendar": CALENDAR}).status_code
        == 200
    )
    problem(http.request("GET", path), 410, "feed-revoked")
    assert len(person.request_signed_in("GET", "/v1/feeds").json()["feeds"]) == 1
    assert person.request_signed_in("DELETE", f"/v1/feeds/{feed}").status_code == 204
    problem(http.request("GET", f"/v1/calendars/{fresh}.ics"), 410, "feed-revoked")
    problem(http.request("GET", f"/v1/calendars/{b64(bytes(32))}.ics"), 404, "not-found")
    kept = person.harness.sql(
        "SELECT count(*) AS n FROM feeds WHERE token = $1", hashlib.sha256(fresh.encode()).digest()
    )
    assert kept[0]["n"] == 0


def test_export_has_everything_and_deletion_leaves_nothing(person: Person) -> None:
    first = record()
    person.push(first)
    token = b64(b"\x09" * 31 + person.account.encode()[:1])
    person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json={"token": token, "calendar": CALENDAR})
    export = person.request_signed_in("GET", "/v1/export").json()
    assert export["records"][0]["blob"] == first["blob"]
    assert export["feeds"][0]["calendar"] == CALENDAR
    assert export["keyring"]["etag"] == person.etag
    assert export["devices"][0]["id"] == person.device
    usage = person.request_signed_in("GET", "/v1/account").json()["usage"]
    assert usage == {"records": 1, "bytes": 24, "devices": 1, "feeds": 1}

    problem(person.request_signed_in("DELETE", "/v1/account"), 403, "proof-required")
    assert person.request_with_proof("DELETE", "/v1/account", "delete-account").status_code == 204
    problem(person.request_signed_in("GET", "/v1/head"), 401, "session-ended")
    problem(person.login(), 401, "login-refused")
    problem(person.harness.request("GET", f"/v1/calendars/{token}.ics"), 410, "feed-revoked")
    for table in ("records", "receipts", "devices", "sessions", "feeds", "keyrings"):
        assert person.harness.sql(f"SELECT 1 FROM {table} WHERE account = $1", person.account) == []
    person.token = ""
    problem(person.register(), 409, "account-exists")
    again = Person(person.harness, person.name)
    assert again.register().status_code == 201


def test_problem_pages_and_openapi(harness: Harness) -> None:
    assert harness.request("GET", "/problems/conflict").text.startswith("409 conflict")
    problem(harness.request("GET", "/problems/none"), 404, "not-found")
    schema = harness.request("GET", "/v1/openapi.json").json()
    told = {re.sub(r"{.*", "{}", path) for path in re.findall(r"\*\*`(?:GET|POST|PUT|DELETE) (/v1/[^`?]*)", PAGE)}
    assert told == {re.sub(r"{.*", "{}", path) for path in schema["paths"] if path.startswith("/v1/")}
