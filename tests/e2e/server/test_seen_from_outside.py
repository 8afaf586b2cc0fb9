"""The operator's view (readiness, metrics, logs), and that it contains nothing of a student's."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.postgres import PostgresServer
from tests.sync.server.harness import Clock, Harness, b64, new_id, record, server, somebody
from tests.sync.server.process import server_process

CALENDAR = "BEGIN:VCALENDAR\r\nX-SECRET:lecture-in-room-4-5\r\nEND:VCALENDAR\r\n"


def test_nothing_secret_is_logged(tmp_path: Path) -> None:
    with server_process(tmp_path, log_level="debug") as serving:
        person = serving.somebody()
        person.name = person.name.upper()
        other = person.another_device()
        secrets = [person.token, other.token, person.name, person.name.lower(), "lecture-in-room"]
        first = record()
        person.push(first)
        person.push(record(first["id"]))
        token = b64(b"\x21" * 32)
        published = {"token": token, "calendar": CALENDAR}
        path = person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=published).json()["path"]
        serving.request("GET", path)
        serving.request("GET", f"/v1/calendars/{b64(bytes(32))}.ics")
        person.request_signed_in("PUT", f"/v1/devices/{other.device}", json={"label": b64(b"my phone")})
        person.request_signed_in("GET", "/v1/export")
        person.request_signed_in("GET", "/v1/changes?cursor=nonsense")
        serving.request("POST", "/v1/auth/login", json={"name": person.name, "device": 1})
        serving.request("GET", f"/{person.token}/{token}")
        assert person.request_with_proof("DELETE", "/v1/account", "delete-account").status_code == 204
        secrets += [token, b64(bytes(32)), first["blob"], first["etag"], b64(b"my phone"), "127.0.0.1:"]
        assert serving.stop() == 0
        lines = serving.log.read_text().splitlines()
    parsed = [json.loads(line) for line in lines]
    answered = [line for line in parsed if line["event"] == "answered"]
    assert {"/v1/batches", "/v1/calendars/{name}", "unmatched"} <= {line["route"] for line in answered}
    assert all(re.fullmatch("[0-9a-f]{16}", line["request_id"]) for line in answered)
    for line in lines:
        if '"event":"serving"' not in line:
            assert [secret for secret in secrets if secret in line] == [], line


def figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, name
    return float(found[1])


def metrics(harness: Harness, **headers: str) -> httpx.Response:
    return harness.request("GET", "/metrics", headers=headers)


def test_figures(tmp_path: Path) -> None:
    with server(tmp_path, price_per_month=12.5) as harness:
        person = somebody(harness)
        key, written = new_id(), record()
        person.push(written, key=key)
        person.push(written, key=key)
        person.push(written)
        text = metrics(harness).text
        assert figure(text, 'sync_requests_total{method="POST",route="/v1/batches",status="200"}') == 2
        assert figure(text, 'sync_requests_total{method="POST",route="/v1/batches",status="409"}') == 1
        assert figure(text, 'sync_request_seconds_count{method="POST",route="/v1/batches"}') == 3
        results = ("written", "replayed", "conflict")
        assert [figure(text, f'sync_batches_total{{result="{result}"}}') for result in results] == [1, 1, 1]
        assert figure(text, "sync_accounts") == 1
        assert figure(text, "sync_stored_bytes") == 24
        assert figure(text, 'sync_active_devices{within="day"}') == 1
        assert figure(text, 'sync_retention{week="0"}') == 1
        assert figure(text, "sync_price_per_month") == 12.5
        assert figure(text, 'sync_backup_time_seconds{result="good"}') == 0
        assert figure(text, 'sync_database_connections{state="limit"}') > 0
        for secret in (person.name, person.account, person.token, person.device):
            assert secret not in text


def test_who_may_see_the_figures(tmp_path: Path) -> None:
    with server(tmp_path / "token", metrics_token="let-me-see") as harness:
        assert metrics(harness).status_code == 404
        assert metrics(harness, Authorization="Bearer let-me-seen").status_code == 404
        assert metrics(harness, Authorization="Bearer let-me-see").status_code == 200
    with server(tmp_path / "public", hosts=("sync.example.org",)) as harness:
        assert metrics(harness).status_code == 404, "behind a proxy everybody is loopback"


def test_figures_on_a_port_of_their_own(tmp_path: Path) -> None:
    from tests.services.postgres import free_port

    port = free_port()
    with server_process(tmp_path, metrics_port=port) as serving:
        assert serving.request("GET", "/metrics").status_code == 404
        assert "sync_accounts 0.0" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert httpx.get(f"http://127.0.0.1:{port}/v1/info").status_code == 404
        assert serving.stop() == 0


def trouble(harness: Harness) -> Any:
    answer = harness.request("GET", "/readyz")
    assert answer.status_code == 503
    return answer.json()


def test_readiness(tmp_path: Path) -> None:
    with server(tmp_path) as harness:
        assert harness.request("GET", "/readyz").json() == {"status": "ready"}
        harness.sql("UPDATE alembic_version SET version_num = '0000'")
        assert "0000" in trouble(harness)["migrations"]
        assert harness.request("GET", "/healthz").status_code == 200
    with server(tmp_path / "full", free_disk_bytes=2**52) as harness:
        assert trouble(harness) == {"disk": "nearly full"}


@pytest.mark.postgres
def test_a_database_that_is_busy_is_a_503_soon(tmp_path: Path, postgres: PostgresServer) -> None:
    settings: dict[str, Any] = {"pool_size": 1, "acquire_seconds": 0.2, "lock_seconds": 0.2}
    with server(tmp_path, postgres.new_database(), **settings) as harness:
        person = somebody(harness)
        database = harness.app.services._database

        async def hold() -> list[Any]:
            async with database.write() as connection:
                await connection.row("SELECT 1 FROM accounts WHERE id = $1 FOR UPDATE", person.account)
                return [await harness.http.get("/v1/head", headers=person.bearer), await harness.http.get("/readyz")]

        busy, ready = harness.run(hold())
        assert busy.status_code == ready.status_code == 503
        assert busy.json()["type"] == "/problems/unavailable"
        assert int(busy.headers["retry-after"]) > 0
        assert person.request_signed_in("GET", "/v1/head").status_code == 200


def test_faults_are_told_without_what_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server(tmp_path) as harness:
        person = somebody(harness)
        reported: list[BaseException] = []
        harness.app.litestar_app.state.report_fault = reported.append

        async def broken(*_: Any) -> None:
            raise ZeroDivisionError("secret")

        monkeypatch.setattr(harness.app.services.records, "push", broken)
        answer = person.push(record())
        assert answer.status_code == 500
        assert answer.json()["type"] == "/problems/internal"
        assert "secret" not in answer.text
        assert [type(error) for error in reported] == [ZeroDivisionError]


def test_security_txt_says_whom_to_tell(tmp_path: Path) -> None:
    with server(tmp_path / "none") as silent:
        assert silent.request("GET", "/.well-known/security.txt").status_code == 404
    clock = Clock()
    contacts = ("mailto:security@up.example", "https://up.example/security")
    settings: dict[str, Any] = {"security_contacts": contacts, "security_policy": "https://up.example/policy"}
    with server(tmp_path / "told", clock=clock, hosts=("sync.up.example",), **settings) as harness:
        answer = harness.request("GET", "/.well-known/security.txt")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        fields = [line.partition(": ")[::2] for line in answer.text.splitlines()]
        assert [value for name, value in fields if name == "Contact"] == list(contacts)
        expires = datetime.strptime(dict(fields)["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert 0 < expires.timestamp() - clock.now < 365 * 86_400, "RFC 9116: less than a year"
        assert dict(fields)["Canonical"] == "https://sync.up.example/.well-known/security.txt"
        assert dict(fields)["Policy"] == "https://up.example/policy"
        clock.now += 400 * 86_400
        assert harness.request("GET", "/.well-known/security.txt").text != answer.text
