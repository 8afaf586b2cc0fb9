"""Bad input of any kind: a 4xx with a problem document, never a 500, never a change."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody
from tests.sync.server.process import ServerProcess, server_process

WITH_BODIES = [
    ("POST", "/v1/auth/challenge"),
    ("POST", "/v1/auth/register"),
    ("POST", "/v1/auth/login"),
    ("PUT", "/v1/keyring"),
    ("PUT", f"/v1/devices/{b64(bytes(16))}"),
    ("POST", "/v1/batches"),
    ("PUT", f"/v1/feeds/{b64(bytes(16))}"),
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with server(tmp_path_factory.mktemp("hostile"), request_bytes=262_144) as running:
        yield running


@pytest.fixture(scope="module")
def person(harness: Harness) -> Person:
    return somebody(harness)


def refused(answer: Any, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    return document


def state(person: Person) -> Any:
    export = person.request_signed_in("GET", "/v1/export").json()
    return export | {"exported": 0}


@pytest.mark.parametrize(("method", "path"), WITH_BODIES)
def test_bodies_that_are_not_what_they_should_be(person: Person, method: str, path: str) -> None:
    before = state(person)
    headers = person.bearer | {
        "Content-Type": "application/json",
        "Idempotency-Key": new_id(),
        "If-Match": f'"{new_id()}"',
    }

    def send(body: bytes, **changed: str) -> Any:
        return person.harness.request(method, path, content=body, headers=headers | changed)

    for body in (b"", b"{", b"\xff\xfe", b"{}x", b'{"a":' * 50_000, b"\x00", b'{"name":"\xed\xa0\x80"}'):
        refused(send(body), 400, 422)
    refused(send(b"[" * 1000 + b"]" * 1000), 400, 422)
    for body in (b"{}", b"[]", b"null", b"1", b'"text"', b'{"unknown": 1}', b"1e999", b"-0"):
        refused(send(body), 422, 400)
    refused(send(b"a" * 262_145), 413)
    content_type = {"Content-Type": "text/plain"}
    refused(send(b"{}", **content_type), 415)
    refused(send(gzip.compress(b"{}"), **{"Content-Encoding": "gzip"}), 415)
    assert state(person) == before


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(route=st.sampled_from(WITH_BODIES), value=JSON_VALUES)
def test_any_json(person: Person, route: tuple[str, str], value: Any) -> None:
    headers = {"Idempotency-Key": new_id(), "If-Match": f'"{new_id()}"'}
    refused(person.request_signed_in(*route, json=value, headers=headers), 400, 403, 404, 422)


def damaged(value: Any) -> st.SearchStrategy[Any]:
    """`value` with one thing in it changed for another kind of thing."""
    other = st.sampled_from(
        [None, -1, 2**70, 1.5, True, "", "=", "AAAA", "a" * 22, "é" * 22, "A" * 43, [], {}, [1], {"a": 1}]
    )
    if isinstance(value, dict):
        inside = [damaged(item).map(lambda new, key=key: value | {key: new}) for key, item in value.items()]
        missing = [st.just({name: item for name, item in value.items() if name != key}) for key in value]
        return st.one_of(other, *inside, *missing, st.just(value | {"more": 1}))
    if isinstance(value, list) and value:
        return other | damaged(value[0]).map(lambda new: [new, *value[1:]])
    return other


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(data=st.data())
def test_a_batch_with_one_thing_wrong_changes_nothing_or_says_so(person: Person, data: st.DataObject) -> None:
    good = {"epoch": person.epoch, "records": [record()]}
    body = data.draw(damaged(good))
    head = person.request_signed_in("GET", "/v1/head").json()["head"]
    answer = person.request_signed_in("POST", "/v1/batches", json=body, headers={"Idempotency-Key": new_id()})
    if answer.status_code == 200:  # the change made another good batch of it
        assert person.request_signed_in("GET", "/v1/head").json()["head"] == head + 1
    else:
        refused(answer, 400, 409, 410, 413, 422)
        assert person.request_signed_in("GET", "/v1/head").json()["head"] == head


def test_batches_at_their_limits(person: Person) -> None:
    refused(person.push(), 422)
    refused(person.push(*(record() for _ in range(101))), 422)
    twice = record()
    assert refused(person.push(twice, twice | {"etag": new_id()}), 422)["errors"][0]["pointer"] == "/records/1/id"
    large = record(blob=b64(bytes(65_537)))
    document = refused(person.push(record(), large), 413)
    assert document["type"] == "/problems/record-too-large"
    assert document["id"] == large["id"]
    assert person.push(record(blob=b64(bytes(65_536)))).status_code == 200
    same = new_id()
    refused(person.push(record(base=same, etag=same)), 422)
    for blob in ("AA==", "AB", "A+/A", "A", "AAA\n", "é" * 4):
        assert refused(person.push(record(blob=blob)), 422)["errors"][0]["pointer"] == "/records/0/blob", blob
    batch = person.batch(record())
    refused(person.request_signed_in("POST", "/v1/batches", json=batch), 428)
    for key in ("x", "é", "a" * 10_000):
        refused(
            person.request_signed_in("POST", "/v1/batches", json=batch, headers={"Idempotency-Key": key.encode()}), 400
        )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    path=st.sampled_from(
        ["/v1/head", "/v1/changes", "/v1/calendars/", "/v1/devices/", "/v1/feeds/", "/problems/", "/v1/"]
    ),
    tail=st.text(st.characters(codec="utf-8"), max_size=20),
    method=st.sampled_from(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]),
    parameters=st.dictionaries(st.sampled_from(["cursor", "limit", "wait"]), st.text(max_size=30), max_size=3),
)
def test_any_address(person: Person, path: str, tail: str, method: str, parameters: dict[str, str]) -> None:
    answer = person.request_signed_in(method, path + quote(tail), params=parameters | {"wait": "0"})
    assert answer.status_code < 500


def test_headers_that_are_not_what_they_should_be(person: Person) -> None:
    ring = person.request_signed_in("GET", "/v1/keyring").json()
    for proof in (
        "x",
        "password..",
        f"password.{'a' * 200}.{'A' * 86}",
        f"other.AAAA.{'A' * 86}",
        f"password.AAAA.{'=' * 86}",
    ):
        answer = person.request_signed_in("DELETE", "/v1/account", headers={"Sync-Proof": proof})
        assert answer.status_code in (400, 401), proof
        assert answer.json()["type"] in ("/problems/malformed", "/problems/challenge-stale", "/problems/login-refused")
    for match in ("x", '"', 'W/"a"', "*", '""'):
        refused(person.request_signed_in("PUT", "/v1/keyring", json=ring, headers={"If-Match": match}), 400, 412)
    for cursor in ("x", ".", f"{person.epoch}", f"{person.epoch}.", f"{person.epoch}.-1", f"{person.epoch}.1e3"):
        refused(person.changes(cursor), 400)
    refused(person.changes(f"{person.epoch}.{'9' * 30}"), 400)
    refused(person.changes(f"{person.epoch}.٣"), 400)
    for limit in ("0", "501", "x", "1.5", ""):
        refused(person.request_signed_in("GET", f"/v1/changes?limit={limit}"), 400)
    assert person.request_signed_in("GET", "/v1/head").status_code == 200


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_process(tmp_path_factory.mktemp("slow"), body_seconds=0.5, request_bytes=65_536) as serving:
        yield serving


def exchanged(serving: ServerProcess, *parts: bytes, pause: float = 0.0, close: bool = False) -> bytes:
    """Sends raw bytes; returns the server's answer."""
    with socket.create_connection(("127.0.0.1", serving.port), 10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        if close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
            head, _, body = received.partition(b"\r\n\r\n")
            if b"content-length" in head.lower() and len(body) >= int(
                head.lower().split(b"content-length:")[1].split()[0]
            ):
                break
        return received


def test_slow_endless_and_cut_off_bodies(process: ServerProcess) -> None:
    person = process.somebody()
    head = f"POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n".encode()
    head += b"Content-Type: application/json\r\nIdempotency-Key: AAAAAAAAAAAAAAAAAAAAAA\r\n"
    slow = exchanged(process, head + b"Content-Length: 100\r\n\r\n{")
    assert slow.startswith(b"HTTP/1.1 408")
    assert json.loads(slow.partition(b"\r\n\r\n")[2])["type"] == "/problems/slow-request"
    announced = exchanged(process, head + b"Content-Length: 65537\r\n\r\n")
    assert announced.startswith(b"HTTP/1.1 413")
    endless = exchanged(
        process, head + b"Transfer-Encoding: chunked\r\n\r\n", *[b"4000\r\n" + b"x" * 16_384 + b"\r\n"] * 5
    )
    assert endless.startswith(b"HTTP/1.1 413")
    exchanged(process, head + b"Content-Length: 100\r\n\r\n{", close=True)
    exchanged(process, b"\x00\x01\x02 nonsense\r\n\r\n")
    assert person.request_signed_in("GET", "/v1/head").json()["head"] == 0
    assert b"internal" not in process.log.read_bytes()
    figures = process.request("GET", "/metrics").text
    assert 'status="500"' not in figures
