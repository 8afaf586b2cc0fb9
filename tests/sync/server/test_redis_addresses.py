"""Redis in operators' set-ups: with TLS, on a Unix socket, through a failing-over Sentinel; and never a cluster."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from syncserver.__main__ import main
from syncserver.config import Config
from syncserver.errors import ConfigurationError
from syncserver.limits.redis_address import connection_pool
from tests.services import redis as redis_service
from tests.services.postgres import free_port
from tests.services.redis import RedisServer, Sentinel, running_redis
from tests.sync.server.harness import Harness, record, server, somebody

pytestmark = pytest.mark.redis


@pytest.fixture(autouse=True)
def there() -> None:
    if reason := redis_service.unavailable_reason():
        pytest.skip(reason)


def counts_in_redis(running: Harness) -> bool:
    return "sync_limits_shared 1.0" in running.request("GET", "/metrics").text


def test_a_unix_socket(tmp_path: Path) -> None:
    socket = tmp_path / "redis.sock"
    with running_redis("--unixsocket", str(socket)), server(tmp_path, redis_url=f"unix://{socket}?db=0") as running:
        assert somebody(running).push(record()).status_code == 200
        assert counts_in_redis(running)


def test_tls_with_a_certificate_that_is_checked(tmp_path: Path) -> None:
    key, certificate, port = tmp_path / "redis.key", tmp_path / "redis.crt", free_port()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    options = ["--tls-port", str(port), "--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    with running_redis(*options, "--tls-auth-clients", "no"):
        address = f"rediss://localhost:{port}/0"
        with server(tmp_path / "one", redis_url=f"{address}?ssl_ca_certs={certificate}") as running:
            assert somebody(running).push(record()).status_code == 200
            assert counts_in_redis(running)
        with server(tmp_path / "two", redis_url=address) as running:  # signed by nobody that this machine knows
            assert somebody(running).push(record()).status_code == 200
            assert not counts_in_redis(running)


def test_a_failover_by_sentinel_costs_no_request(tmp_path: Path) -> None:
    with running_redis() as primary, running_redis("--replicaof", "127.0.0.1", str(primary.port)) as replica:
        sentinel = Sentinel(tmp_path, primary)
        sentinel.start()
        try:
            deadline = time.monotonic() + 60
            while not sentinel.knows_replica():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            nobody = free_port()
            address = f"redis+sentinel://127.0.0.1:{nobody},127.0.0.1:{sentinel.port}/limits/0"
            with server(tmp_path / "data", redis_url=address, requests_per_minute=100_000) as running:
                anna = somebody(running)
                assert anna.push(record()).status_code == 200
                assert counts_in_redis(running)
                primary.kill()
                deadline = time.monotonic() + 60
                while not (is_primary(replica) and counts_in_redis(running) and has_counts(replica)):
                    assert anna.push(record()).status_code == 200
                    assert time.monotonic() < deadline
        finally:
            sentinel.kill()


def is_primary(server: RedisServer) -> bool:
    return b"master" in redis_service.send_command(server.port, "ROLE")


def has_counts(server: RedisServer) -> bool:
    return b"window" in redis_service.send_command(server.port, "KEYS *")


def test_a_cluster_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # By itself the bus takes the port 10000 above, and there may be none.
    bus = ("--cluster-port", str(free_port()))
    with running_redis("--cluster-enabled", "yes", *bus, "--dir", str(tmp_path)) as cluster:
        monkeypatch.setenv("REDIS_URL", cluster.url)
        monkeypatch.setenv("SYNC_DATA_FOLDER", str(tmp_path / "data"))
        assert main(["serve"]) == 2
    assert "Redis Cluster" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis+cluster://a", "redis+sentinel://"),
        ("http://a", "redis+sentinel://"),
    ],
)
def test_schemes(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says.replace("+", r"\+")):
        Config(redis_url=url)


def test_sentinels_may_be_ipv6_addresses() -> None:
    pool = connection_pool("redis+sentinel://a,b:1,[::1]:2/mymaster")
    places = [each.connection_pool.connection_kwargs for each in pool.sentinel_manager.sentinels]
    assert [(each["host"], each["port"]) for each in places] == [("a", 26379), ("b", 1), ("::1", 2)]


@pytest.mark.parametrize("url", ["redis+sentinel://a:1", "redis://user:secret@a:1/0?socket_timeout=long"])
def test_what_cannot_be_an_address_is_said_in_words(url: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL") as refused:
        connection_pool(url)
    assert "secret" not in str(refused.value)
