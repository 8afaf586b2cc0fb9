"""The fast path's answers equal those of the framework's routes, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from syncserver.accounts.sessions import FIND
from tests.sync.server.harness import Harness, Person, b64, new_id, record, server, somebody

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
TOKEN = b64(b"t" * 32)
FEED = f"/v1/calendars/{TOKEN}.ics"
GONE = f"/v1/calendars/{b64(b'g' * 32)}.ics"
UNKNOWN = f"/v1/calendars/{b64(b'u' * 32)}.ics"
PASSING = {"x-request-id", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"}


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    with server(tmp_path_factory.mktemp("swift")) as harness:
        person = somebody(harness)
        person.push(record())
        person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json={"token": TOKEN, "calendar": CALENDAR})
        taken_back = f"/v1/feeds/{new_id()}"
        person.request_signed_in("PUT", taken_back, json={"token": b64(b"g" * 32), "calendar": CALENDAR})
        person.request_signed_in("DELETE", taken_back)
        yield person


async def no_routes(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("the routes were asked")


def both(
    harness: Harness, method: str, path: str, headers: dict[str, str], swift: bool = True, content: bytes | None = None
) -> httpx.Response:
    """The swift answer, that of the routes (asked with a parameter that means nothing) being the same."""
    with pytest.MonkeyPatch.context() as patch:
        if swift:
            patch.setattr(harness.app._inner_app, "_inner_app", no_routes)
        ours = harness.request(method, path, headers=headers, content=content)
    theirs = harness.request(method, f"{path}{'&' if '?' in path else '?'}nothing=1", headers=headers, content=content)
    assert ours.status_code == theirs.status_code
    kept = [{k: v for k, v in answer.headers.items() if k not in PASSING} for answer in (ours, theirs)]
    assert kept[0] == kept[1]
    assert len(ours.headers.multi_items()) == len(theirs.headers.multi_items()), "no header twice"
    assert ours.headers.keys() == theirs.headers.keys()
    if ours.status_code < 400:
        assert ours.content == theirs.content
    else:
        assert ours.json() | {"instance": ""} == theirs.json() | {"instance": ""}
    return ours


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_calendars(person: Person, method: str, encoding: str) -> None:
    whole = both(person.harness, method, FEED, {"Accept-Encoding": encoding})
    assert whole.status_code == 200
    assert whole.text == (CALENDAR if method == "GET" else "")
    for condition in (
        {"If-None-Match": whole.headers["etag"]},
        {"If-Modified-Since": whole.headers["last-modified"]},
    ):
        assert both(person.harness, method, FEED, {"Accept-Encoding": encoding, **condition}).status_code == 304
    other = {"Accept-Encoding": encoding, "If-None-Match": '"other"', "If-Modified-Since": "yesterday"}
    assert both(person.harness, method, FEED, other).status_code == 200


def test_calendars_that_are_not_there(person: Person) -> None:
    assert both(person.harness, "GET", GONE, {}).status_code == 410
    assert both(person.harness, "GET", UNKNOWN, {}).status_code == 404


def test_where_the_account_stands(person: Person) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    now = both(person.harness, "GET", "/v1/head", headers)
    assert now.status_code == 200
    fresh = {**headers, "If-None-Match": now.headers["etag"]}
    assert both(person.harness, "GET", "/v1/head", fresh).status_code == 304
    assert both(person.harness, "GET", "/v1/head?wait=1", fresh).status_code == 304
    assert both(person.harness, "GET", "/v1/head", {}).status_code == 401
    for wait in ("x", "007", "-1"):
        assert both(person.harness, "GET", f"/v1/head?wait={wait}", headers, swift=False).status_code == 400


def test_both_ways_look_a_session_up_equally_often(tmp_path: Path) -> None:
    moment = [1_800_000_000.0]
    with server(tmp_path, clock=lambda: moment[0]) as harness:
        person = somebody(harness)
        headers = {"Authorization": f"Bearer {person.token}"}
        looked_up = 0
        database = harness.app.services.sessions._database
        row = database.row

        async def counting(statement: str, *values: object) -> object:
            nonlocal looked_up
            looked_up += statement == FIND
            return await row(statement, *values)

        for query in ("", "?nothing=1"):  # answered before the framework, and by its route
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(database, "row", counting)
                harness.app.services.sessions.forget()
                looked_up = 0
                for _ in range(3):
                    assert harness.request("GET", f"/v1/head{query}", headers=headers).status_code == 200
                    moment[0] += 60
            assert looked_up == 1, query


def test_what_is_new(person: Person) -> None:
    headers = {"Authorization": f"Bearer {person.token}"}
    first = both(person.harness, "GET", "/v1/changes?limit=1", headers)
    assert len(first.json()["records"]) == 1
    cursor = first.json()["cursor"]
    for query in (f"?cursor={cursor}", f"?cursor={cursor}&limit=500"):
        assert both(person.harness, "GET", f"/v1/changes{query}", headers).json()["records"] == []
    epoch = cursor.partition(".")[0]
    assert both(person.harness, "GET", f"/v1/changes?cursor={epoch}.99", headers).status_code == 410
    assert both(person.harness, "GET", f"/v1/changes?cursor={epoch[::-1]}.0", headers).status_code >= 400
    for query in ("?limit=0", "?limit=9999", "?cursor=1"):
        assert both(person.harness, "GET", f"/v1/changes{query}", headers, swift=False).status_code == 400


def test_pushes(person: Person) -> None:
    def pushed(content: bytes, **headers: str) -> httpx.Response:
        known = {
            "Authorization": f"Bearer {person.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": new_id(),
        }
        return both(person.harness, "POST", "/v1/batches", known | headers, content=content)

    body = json.dumps({"epoch": person.epoch, "records": [record(), record()]}).encode()
    written = pushed(body)
    assert written.status_code == 200, "and the routes, asked with the same key, give the stored answer"
    assert len(written.json()["records"]) == 2
    assert pushed(body).status_code == 409
    assert pushed(body[:-3]).status_code == 400
    assert pushed(b"{}").status_code == 422
    assert pushed(body, Authorization="Bearer x").status_code == 401


def test_too_often(tmp_path: Path) -> None:
    with server(tmp_path, calendar_reads_per_minute=1, requests_per_minute=1) as harness:
        assert harness.request("GET", UNKNOWN).status_code == 404
        assert both(harness, "GET", UNKNOWN, {}).status_code == 429
        person = somebody(harness)
        assert person.request_signed_in("GET", "/v1/head").status_code == 200
        assert both(harness, "GET", "/v1/head", {"Authorization": f"Bearer {person.token}"}).status_code == 429


def test_a_fault_is_one_requests(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("somebody")

    monkeypatch.setattr(person.harness.app.services.records, "head", broken)
    answer = both(person.harness, "GET", "/v1/head", {"Authorization": f"Bearer {person.token}"})
    assert answer.status_code == 500
    assert "somebody" not in answer.text


def test_figures_name_the_route_and_no_token(person: Person) -> None:
    both(person.harness, "GET", FEED, {})
    figures = person.harness.app._metrics.render().decode()
    line = next(line for line in figures.splitlines() if 'route="/v1/calendars/' in line and 'method="GET"' in line)
    assert 'route="/v1/calendars/{name}"' in line
    assert TOKEN not in figures
    assert sum('sync_requests_total{method="GET",route="/v1/calendars' in row for row in figures.splitlines()) <= 4
