"""Point-in-time restore between two acknowledged writes, from an archive made with the operator's files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.postgres import PostgresServer, running_postgres, unavailable_reason, unprivileged_user
from tests.sync.server.harness import Person, record
from tests.sync.server.process import server_process

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
SHIPPED = Path(__file__).parents[3] / "packaging" / "server" / "pgbackrest"


class Archive:
    """A Postgres that archives, and pgBackRest beside it."""

    def __init__(self, postgres: PostgresServer) -> None:
        self.postgres = postgres
        self.settings = postgres.folder / "pgbackrest.conf"
        text = (SHIPPED / "pgbackrest.conf").read_text()
        for name, value in {
            "repo1-path": postgres.folder / "archive",
            "repo1-cipher-pass": "made up for a test",
            "pg1-path": postgres.data,
            "pg1-port": postgres.port,
            "pg1-socket-path": postgres.folder,
        }.items():
            text, count = re.subn(f"(?m)^{name}=.*$", f"{name}={value}", text)
            assert count == 1, name
        self.settings.write_text(
            f"{text}pg1-user=postgres\n\n[global]\nlog-path={postgres.folder}\nlock-path={postgres.folder}\n"
        )
        if os.geteuid() == 0:
            shutil.chown(self.settings, "postgres", "postgres")

    def run(self, *arguments: str) -> None:
        command = ["pgbackrest", f"--config={self.settings}", "--stanza=sync", *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, **unprivileged_user())
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        """Starts archiving: Postgres reads the shipped file, and the archive is made."""
        lines = (SHIPPED / "archive.conf").read_text().replace("pgbackrest ", f"pgbackrest --config={self.settings} ")
        with (self.postgres.data / "postgresql.conf").open("a") as settings:
            settings.write(f"\n{lines}unix_socket_directories = '{self.postgres.folder}'\n")
        del self.postgres.settings["archive_mode"]
        self.postgres.settings["unix_socket_directories"] = str(self.postgres.folder)
        self.postgres.stop()
        self.postgres.start()
        self.run("stanza-create")
        self.run("check")

    def restore_to(self, moment: str) -> None:
        self.postgres.stop()
        self.run("restore", "--type=time", f"--target={moment}", "--target-action=promote")
        self.postgres.start()


@pytest.fixture
def archive() -> Iterator[Archive]:
    if reason := unavailable_reason() or ("" if shutil.which("pgbackrest") else "pgBackRest is not installed"):
        pytest.skip(reason)
    with running_postgres(fsync=True, settings={"archive_mode": "off"}) as postgres:
        made = Archive(postgres)
        made.start()
        yield made


def push(person: Person) -> str:
    row = record()
    response = person.push(row)
    assert response.status_code == 200, response.text
    return str(row["id"])


def there(person: Person) -> set[str]:
    response = person.request_signed_in("GET", "/v1/manifest")
    assert response.status_code == 200, response.text
    return {row["id"] for row in response.json()["records"]}


def test_the_database_is_put_back_to_between_two_writes(archive: Archive, tmp_path: Path) -> None:
    postgres = archive.postgres
    with server_process(tmp_path, database_url=postgres.new_database()) as server:
        archive.run("--type=full", "backup")
        time.sleep(2)  # a backup that ended in the same second counts as too new
        person = server.somebody()
        first = push(person)
        moment = postgres.run_sql("SELECT now()")
        second = push(person)
        epoch = person.request_signed_in("GET", "/v1/manifest").json()["epoch"]
        postgres.run_sql("SELECT pg_switch_wal()")
        archive.run("check")  # waits until the archive has it
        server.stop()
        archive.restore_to(moment)
        server.start()
        assert person.request_signed_in("GET", "/v1/manifest").status_code == 401
        person.login()
        assert there(person) == {first}
        assert person.request_signed_in("GET", "/v1/manifest").json()["epoch"] != epoch
        archive.run("--type=full", "backup")  # the new timeline is archived too
        assert second not in there(person)
