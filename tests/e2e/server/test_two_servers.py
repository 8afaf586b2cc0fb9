"""Two servers behind the shipped proxy: restarted in turn, killed, restored under live clients, watched."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncserver.backup import backup_crypto
from tests.e2e.server import service
from tests.load import machine
from tests.services.postgres import free_port

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.skipif(
        bool(service.unavailable_reason()), reason=service.unavailable_reason() or "everything is there"
    ),
]

GENEROUS = {
    "SYNC_REQUESTS_PER_MINUTE": "100000",
    "SYNC_BATCHES_PER_MINUTE": "100000",
    "SYNC_DRAIN_SECONDS": "3",
    "SYNC_TRUSTED_PROXIES": "127.0.0.1",
}


@pytest.fixture(scope="module")
def deployed() -> Iterator[machine.Machine]:
    with machine.running(accounts=40, records=5, servers=2, **GENEROUS) as running:
        yield running


@pytest.fixture
def proxy(deployed: machine.Machine) -> Iterator[service.Proxy]:
    for server in deployed.servers:
        if server.process is None or server.process.poll() is not None:
            server.start()
    with service.proxy(deployed.servers) as found:
        yield found


@pytest.fixture
def url(proxy: service.Proxy) -> str:
    return proxy.url


def each_wrote(everybody: list[service.Client], more: int = 3) -> bool:
    """Waits until every client has had so many more batches acknowledged than now."""
    before = [len(client.acknowledged) for client in everybody]
    return wait_for(
        lambda: all(len(client.acknowledged) >= n + more for client, n in zip(everybody, before, strict=True))
    )


def clients(deployed: machine.Machine, url: str, first: int, count: int, retries: int) -> list[service.Client]:
    return [service.Client(url, who, deployed.epoch(), retries) for who in deployed.seeded[first : first + count]]


def heads(deployed: machine.Machine) -> dict[str, int]:
    rows = deployed.sql("SELECT id, head FROM accounts").splitlines()
    return {row.split("|")[0]: int(row.split("|")[1]) for row in rows}


def test_a_rolling_restart_loses_no_request(deployed: machine.Machine, proxy: service.Proxy) -> None:
    """Each server stops while clients go on, without a single retry of theirs."""
    everybody = clients(deployed, proxy.url, 0, 6, retries=0)
    with service.clients_running(everybody):
        assert each_wrote(everybody)
        for server in deployed.servers:
            server.stop()
            server.start()
            assert wait_for(lambda back=server: proxy.uses(back))
        assert each_wrote(everybody, 10)
    assert set(service.answers(everybody)) == {200}, service.answers(everybody)
    assert all(len(client.acknowledged) > 20 for client in everybody)
    now = heads(deployed)
    assert all(now[client.who.account] == client.acknowledged[-1] for client in everybody)


def test_one_of_two_killed_costs_retries_only(deployed: machine.Machine, proxy: service.Proxy) -> None:
    everybody = clients(deployed, proxy.url, 10, 6, retries=6)
    with service.clients_running(everybody):
        assert each_wrote(everybody)
        deployed.servers[0].kill()
        assert each_wrote(everybody, 10)
        deployed.servers[0].start()
        assert wait_for(lambda: proxy.uses(deployed.servers[0]))
        assert each_wrote(everybody)
    assert set(service.answers(everybody)) <= {0, 200, 502, 503}, service.answers(everybody)
    now = heads(deployed)
    for client in everybody:
        assert client.unacknowledged == 0
        # Each acknowledged batch has its own three numbers: written once, none lost, none twice.
        assert client.acknowledged == [5 + 3 * (n + 1) for n in range(len(client.acknowledged))]
        assert now[client.who.account] == client.acknowledged[-1]


def test_the_proxy_hides_what_is_not_for_everybody(deployed: machine.Machine, url: str) -> None:
    for path in ("/metrics", "/readyz", "/healthz"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url + path, timeout=5)
    with urllib.request.urlopen(f"{url}/v1/info", timeout=5) as answer:
        assert json.loads(answer.read())["server"] == "up-schedule-sync"
        assert "Server" not in answer.headers


def test_prometheus_sees_both_and_notices_when_one_is_gone(deployed: machine.Machine) -> None:
    if shutil.which("prometheus") is None:
        pytest.skip("prometheus is not installed")
    ports = [free_port(), free_port()]
    watched = [
        machine.ServerProcess({**server.environment, "SYNC_METRICS_PORT": str(port)}, server.log)
        for server, port in zip(deployed.servers, ports, strict=True)
    ]
    try:
        for server in watched:
            server.start()
        with service.prometheus([f"127.0.0.1:{port}" for port in ports]) as address:
            assert wait_for(lambda: len(asked(address, 'up{job="syncserver"} == 1')) == 2)
            assert asked(address, "sync_accounts")
            watched[0].kill()
            assert wait_for(lambda: alerting(address, "SyncServerDown"))
            assert wait_for(lambda: len(asked(address, 'up{job="syncserver"} == 1')) == 1)
    finally:
        for server in watched:
            server.stop()


def asked(address: str, query: str) -> list[object]:
    from urllib.parse import quote

    try:
        with urllib.request.urlopen(f"{address}/api/v1/query?query={quote(query)}", timeout=5) as answer:
            return list(json.loads(answer.read())["data"]["result"])
    except OSError:
        return []


def alerting(address: str, name: str) -> bool:
    with urllib.request.urlopen(f"{address}/api/v1/alerts", timeout=5) as answer:
        alerts = json.loads(answer.read())["data"]["alerts"]
    return any(alert["labels"]["alertname"] == name for alert in alerts)


def wait_for(what: Callable[[], object], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def command(deployed: machine.Machine, tmp_path: Path, public: str, *words: str) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SYNC_")}
    environment |= deployed.servers[0].environment | {"SYNC_BACKUP_PUBLIC_KEY": public, "SYNC_LOG_LEVEL": "warning"}
    program = [sys.executable, "-m", "syncserver", *words]
    return subprocess.run(program, cwd=machine.ROOT, env=environment, check=False, capture_output=True, text=True)


def test_a_restore_under_live_clients_is_seen_as_a_new_epoch(
    deployed: machine.Machine, url: str, tmp_path: Path
) -> None:
    """Made last in this file: it ends every session. Nobody is ever answered by something in between."""
    public, private = backup_crypto.generate_keys()
    (tmp_path / "key").write_text(private)
    made = command(deployed, tmp_path, public, "backup", "--verify", "--key-file", str(tmp_path / "key"))
    assert made.returncode == 0, made.stderr
    before, epoch = heads(deployed), deployed.epoch()
    everybody = clients(deployed, url, 20, 6, retries=0)
    with service.clients_running(everybody):
        assert each_wrote(everybody, 1)
        done = command(
            deployed, tmp_path, public, "restore", "latest", "--replace", "--no-safety-copy", "--unsigned",
            "--key-file", str(tmp_path / "key"),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert wait_for(lambda: any(401 in client.answers for client in everybody))
    assert "New epoch" in done.stdout
    assert deployed.epoch() != epoch
    assert heads(deployed) == before
    assert set(service.answers(everybody)) <= {200, 401, 503}, service.answers(everybody)
    assert all(server.ready() for server in deployed.servers)
