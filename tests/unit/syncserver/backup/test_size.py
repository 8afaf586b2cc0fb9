"""Duration of a restore with a term's worth of students: a long run, with its figures in build/load."""

import dataclasses
import itertools
import time
from pathlib import Path

import pytest

from syncserver.backup import archive, backup_crypto, restore
from syncserver.config import Config
from tests.load import seeding
from tests.load.scenarios import build_folder
from tests.services.fixtures import postgres as postgres  # noqa: PLC0414 - a fixture
from tests.services.postgres import PostgresServer

ACCOUNTS, RECORDS, BLOB = 1000, 300, 600


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_thousand_accounts_come_back(kind: str, postgres: PostgresServer, tmp_path: Path) -> None:
    """Nothing is asserted about the time: it is written down beside the load tests' reports."""
    public, private = backup_crypto.generate_keys()
    url = postgres.new_database() if kind == "postgres" else ""
    config = Config(database_url=url, data_folder=str(tmp_path / "data"), backup_public_key=public)
    seeding.seed(config, ACCOUNTS, RECORDS, blob_bytes=BLOB)
    times = [time.monotonic()]
    entry = archive.make_backup(config)
    times.append(time.monotonic())
    restore.verify_backup(config, entry.path, private, unsigned=True)
    times.append(time.monotonic())
    fresh = postgres.new_database() if kind == "postgres" else ""
    target = dataclasses.replace(config, database_url=fresh, data_folder=str(tmp_path / "fresh"))
    done = restore.restore_backup(target, entry.path, private, unsigned=True)
    times.append(time.monotonic())
    assert (done.accounts, done.records) == (ACCOUNTS, ACCOUNTS * RECORDS)
    made, verified, restored = (b - a for a, b in itertools.pairwise(times))
    line = (
        f"{kind}: {ACCOUNTS} accounts x {RECORDS} records of {BLOB} bytes, {entry.manifest.bytes / 1e6:.0f} MB sealed: "
        f"made in {made:.1f} s, verified in {verified:.1f} s, restored in {restored:.1f} s\n"
    )
    with (build_folder() / "restore.txt").open("a") as report:
        report.write(line)
