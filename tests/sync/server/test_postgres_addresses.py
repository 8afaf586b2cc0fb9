"""Postgres in operators' set-ups: on a Unix socket, behind TLS, on one of several hosts, behind pgbouncer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncserver.backup import dumps
from syncserver.config import Config
from syncserver.db.migrations import NEWEST, migrate
from syncserver.errors import ConfigurationError
from tests.services import pgbouncer
from tests.services.postgres import PostgresServer, free_port, running_postgres, unavailable_reason, unprivileged_user
from tests.sync.server.harness import record, server, somebody

pytestmark = pytest.mark.postgres


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """For `localhost`, signed by itself; the key is beside it."""
    made = tmp_path / "server.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(tmp_path / "server.key"), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[PostgresServer]:
    """Takes connections with TLS only, and on a Unix socket in its folder."""
    if reason := unavailable_reason():
        pytest.skip(reason)
    with running_postgres() as running:
        running.stop()
        for name in ("server.crt", "server.key"):
            copy = running.data / name
            copy.write_bytes(certificate.with_name(name).read_bytes())
            copy.chmod(0o600)
            if user := unprivileged_user():
                os.chown(copy, user["user"], user["group"])
        rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\nhostssl all all ::1/128 trust\n"
        (running.data / "pg_hba.conf").write_text(rules)
        running.settings |= {"ssl": "on", "unix_socket_directories": str(running.folder)}
        running.start()
        yield running


def uses(address: str, folder: Path) -> None:
    """The migration, the server with its listener, and the programs that backups are made with."""
    config = Config(database_url=address, data_folder=str(folder))
    assert migrate(config)[1] == NEWEST
    with server(folder, address) as running:
        anna = somebody(running)
        assert anna.push(record()).json()["head"] == 1
        assert running.request("GET", "/readyz").status_code == 200
        gone = anna.another_device()
        assert anna.request_signed_in("DELETE", f"/v1/devices/{gone.device}").status_code == 204
    assert dumps.run_psql(address, "SELECT count(*) FROM records") == "1"
    taken: list[bytes] = []
    dumps.dump_database(config, folder, taken.extend)
    assert b"".join(taken).startswith(b"PGDMP")


def test_tls_and_a_unix_socket(encrypted: PostgresServer, certificate: Path, tmp_path: Path) -> None:
    socket = f"postgresql://postgres@/NAME?host={encrypted.folder}&port={encrypted.port}"
    host = f"postgresql://postgres@localhost:{encrypted.port}/NAME"
    for number, address in enumerate(
        (socket, f"{host}?sslmode=require", f"{host}?sslmode=verify-full&sslrootcert={certificate}")
    ):
        name = f"addresses_{number}"
        dumps.run_psql(socket.replace("NAME", "postgres"), f"CREATE DATABASE {name}")
        uses(address.replace("NAME", name), tmp_path / name)
    with pytest.raises(ConfigurationError, match="cannot be used"):
        migrate(Config(database_url=f"{host.replace('NAME', 'addresses_1')}?sslmode=disable"))
    with pytest.raises(ConfigurationError, match="certificate"):  # of nobody that this machine knows
        migrate(Config(database_url=f"{host.replace('NAME', 'addresses_1')}?sslmode=verify-full&sslrootcert=/dev/null"))


def test_the_primary_is_found_among_several_hosts(tmp_path: Path) -> None:
    if reason := unavailable_reason():
        pytest.skip(reason)
    with running_postgres() as primary:
        name = primary.new_database().rsplit("/", 1)[1]
        replica = primary.replica()
        try:
            hosts = f"127.0.0.1:{free_port()},127.0.0.1:{replica.port},127.0.0.1:{primary.port}"
            uses(f"postgresql://postgres@{hosts}/{name}", tmp_path)
        finally:
            replica.stop()


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_pgbouncer(postgres: PostgresServer, tmp_path: Path, mode: str) -> None:
    if reason := pgbouncer.unavailable_reason():
        pytest.skip(reason)
    name = postgres.new_database().rsplit("/", 1)[1]
    with pgbouncer.running_pgbouncer(postgres, mode) as port:
        address = f"postgresql://postgres@127.0.0.1:{port}/{name}"
        if mode == "session":
            uses(address, tmp_path)
        else:
            with pytest.raises(ConfigurationError, match="pool_mode = session"):
                migrate(Config(database_url=address))
