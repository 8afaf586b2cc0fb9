"""Deletions count against quotas as records do, beyond those that an account needs for its other devices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desktop.sync.client import Client
from tests.services.postgres import PostgresServer
from tests.sync.server.harness import Harness, Person, record, server, somebody
from tests.sync.server.process import server_process


@pytest.fixture(params=["sqlite", "postgres"])
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    url = ""
    if request.param == "postgres":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.new_database()
    with server(tmp_path, url, account_records=3, account_deletions=4) as running:
        yield running


def deletions(person: Person, count: int) -> httpx.Response:
    """Pushes deletions of what never was."""
    return person.push(*(record(deleted=True) for _ in range(count)))


def refused(answer: httpx.Response, used: int) -> None:
    assert answer.status_code == 403
    assert answer.json() | {"quota": "records", "limit": 3, "used": used} == answer.json()


def test_further_ones_count_as_live_records(harness: Harness) -> None:
    person = somebody(harness)
    live = [record() for _ in range(3)]
    assert person.push(*live).status_code == 200
    assert deletions(person, 4).status_code == 200, "as many as are free"
    refused(deletions(person, 1), 3)
    refused(person.push(record()), 3)
    edited = record(live[0]["id"], live[0]["etag"])
    gone = record(live[1]["id"], live[1]["etag"], deleted=True)
    assert person.push(edited, gone).status_code == 200, "what is there can always be changed and deleted"
    refused(person.push(record()), 3)
    back = record(gone["id"], gone["etag"])
    assert person.push(back).status_code == 200, "and brought back"
    refused(deletions(person, 1), 3)


def test_they_leave_no_room_for_more_records_than_there_may_be(harness: Harness) -> None:
    person = somebody(harness)
    assert deletions(person, 7).status_code == 200
    refused(deletions(person, 1), 3)
    refused(person.push(record()), 3)
    old = harness.sql("SELECT id, etag FROM records WHERE account = $1 LIMIT 3", person.account)
    back = [record(row["id"], row["etag"]) for row in old]
    assert person.push(*back).status_code == 200
    refused(person.push(record()), 3)


def test_one_goes_and_one_comes_for_long(harness: Harness) -> None:
    person = somebody(harness)
    last = record()
    assert person.push(last).status_code == 200
    for _ in range(6):
        gone, last = record(last["id"], last["etag"], deleted=True), record()
        assert person.push(gone, last).status_code == 200
    gone = record(last["id"], last["etag"], deleted=True)
    refused(person.push(gone, record()), 3)
    assert person.push(gone).status_code == 200


def test_the_manifest_is_paged(harness: Harness) -> None:
    person = somebody(harness)
    assert person.push(record(), record(), record()).status_code == 200
    assert deletions(person, 2).status_code == 200
    whole = person.request_signed_in("GET", "/v1/manifest").json()
    assert (len(whole["records"]), whole["more"]) == (5, False), "clients before pages get all"
    pages, after = [], 0
    while True:
        page = person.request_signed_in("GET", f"/v1/manifest?limit=2&after={after}").json()
        pages.append(page["records"])
        assert page["cursor"] == whole["cursor"]
        if not page["more"]:
            break
        after = page["records"][-1]["number"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [each for page in pages for each in page] == whole["records"]
    assert person.request_signed_in("GET", "/v1/manifest?limit=5&after=5").json()["records"] == []
    for wrong in ("limit=0", "limit=5001", "limit=x", "after=-1&limit=2"):
        assert person.request_signed_in("GET", f"/v1/manifest?{wrong}").status_code == 400


def test_the_application_reads_all_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.sync.client._MANIFEST_PAGE", 2)
    with server_process(tmp_path) as running:
        person = running.somebody()
        written = [record() for _ in range(5)]
        assert person.push(*written).status_code == 200
        client = Client(running.url)
        client.token = person.token
        manifest = client.manifest()
        client.close()
    assert manifest.etags == {each["id"]: each["etag"] for each in written}
    assert manifest.cursor == f"{person.epoch}.5"
