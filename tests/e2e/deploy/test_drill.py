"""The drill of the operations page: a backup is restored to a server, and nothing else is left behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from syncserver.accounts import deletion_ledger
from syncserver.config import Config
from tests.load import seeding
from tests.services.postgres import free_port

DRILL = Path(__file__).parents[3] / "packaging" / "server" / "drill.sh"
SYNCSERVER = Path(sys.executable).parent / "syncserver"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a server with accounts, a key and a backup; and of a machine whose temporary files are `scratch`."""
    (tmp_path / "scratch").mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNC_")}
    config = Config(data_folder=str(tmp_path / "data"))
    seeding.seed(config, 3, 5)
    deletion_ledger.append(config.ledger_path, deletion_ledger.fingerprint("somebody who left"), 1)
    made = kept | {"SYNC_DATA_FOLDER": str(tmp_path / "data"), "SYNC_BACKUP_FOLDER": str(tmp_path / "backups")}
    for command in ("backup-key", "backup-signing-key"):
        for line in run(made, command, str(tmp_path / f"{command}.key")).splitlines():
            name, _, value = line.partition("=")
            made[name] = value
    run(made, "backup")
    del made["SYNC_BACKUP_SIGNING_KEY_FILE"]  # it stays on the real server
    return made | {"SYNCSERVER": str(SYNCSERVER), "TMPDIR": str(tmp_path / "scratch"), "DRILL_PORT": str(free_port())}


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([SYNCSERVER, *words], env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def drill(environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    [backup] = (folder / "backups").glob("*.backup")
    return subprocess.run(
        [DRILL, backup, folder / "backup-key.key"], env=environment, check=False, capture_output=True, text=True
    )


def test_a_backup_becomes_a_server(environment: dict[str, str], tmp_path: Path) -> None:
    before = (tmp_path / "data" / "sync.sqlite3").read_bytes()
    (tmp_path / "backups" / "deleted-accounts.log").unlink()  # the backup alone was brought here
    done = drill(environment, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 accounts" in done.stdout
    assert "The drill held" in done.stdout
    assert list((tmp_path / "scratch").iterdir()) == []
    assert (tmp_path / "data" / "sync.sqlite3").read_bytes() == before


def test_a_damaged_backup_fails_the_drill(environment: dict[str, str], tmp_path: Path) -> None:
    [backup] = (tmp_path / "backups").glob("*.backup")
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2] + b"X" + whole[len(whole) // 2 + 1 :])
    done = drill(environment, tmp_path)
    assert done.returncode != 0
    assert "held" not in done.stdout
    assert list((tmp_path / "scratch").iterdir()) == []
