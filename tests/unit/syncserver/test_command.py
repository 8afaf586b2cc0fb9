"""The server's commands, as an operator types them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

WITHOUT_THE_EXTRA = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"litestar", "msgspec", "uvicorn", "asyncpg", "limits", "structlog", "alembic"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import importlib.util
found = importlib.util.find_spec
def find_spec(name, package=None):
    try:
        return found(name, package)
    except ModuleNotFoundError:
        return None
importlib.util.find_spec = find_spec
from syncserver.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run(*arguments: str, without: bool = False, **settings: str) -> subprocess.CompletedProcess[str]:
    start = ["-c", WITHOUT_THE_EXTRA] if without else ["-m", "syncserver"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SYNC_")} | settings
    command = [sys.executable, *start, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_help_without_the_servers_packages_says_how_to_install_them() -> None:
    said = run("--help", without=True)
    assert said.returncode == 0
    assert "pip install 'up-schedule-generator[server]'" in said.stdout
    served = run("serve", without=True)
    assert served.returncode == 2
    assert "up-schedule-generator[server]" in served.stderr
    assert "Traceback" not in served.stderr


def test_help_names_every_command() -> None:
    said = run("--help").stdout
    for command in ("serve", "migrate", "config", "invite", "tidy", "backup", "verify-backup", "restore", "prune"):
        assert command in said


def test_config_shows_and_masks(tmp_path: Path) -> None:
    said = run("config", SYNC_PORT="4321", REDIS_URL="redis://:hunter2@h/0", SYNC_DATA_FOLDER=str(tmp_path))
    assert said.returncode == 0
    assert "SYNC_PORT=4321" in said.stdout
    assert "hunter2" not in said.stdout


def test_misconfiguration_is_one_sentence_and_2(tmp_path: Path) -> None:
    said = run("serve", SYNC_PORT="x", SYNC_DATA_FOLDER=str(tmp_path))
    assert said.returncode == 2
    assert said.stderr == "syncserver: SYNC_PORT is 'x'. It has to be a number.\n"
    away = run("serve", DATABASE_URL="postgresql://127.0.0.1:1/x", SYNC_DATA_FOLDER=str(tmp_path))
    assert away.returncode in (1, 2)
    assert "Traceback" not in away.stderr


def test_invite_and_tidy(tmp_path: Path) -> None:
    code = run("invite", "--uses", "3", SYNC_DATA_FOLDER=str(tmp_path))
    assert code.returncode == 0
    assert len(code.stdout.strip()) == 20
    assert run("tidy", SYNC_DATA_FOLDER=str(tmp_path)).stdout == "accounts: 0, tombstones: 0\n"
    assert run("invite", "--uses", "0", SYNC_DATA_FOLDER=str(tmp_path)).returncode == 2
