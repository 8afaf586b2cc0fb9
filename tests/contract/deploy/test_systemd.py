"""The systemd units and the cron file."""

import argparse
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from syncserver import config
from syncserver.backup import commands as backup

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "packaging" / "server"
UNITS = sorted((SERVER / "systemd").iterdir())
HARDENED = [unit for unit in UNITS if unit.suffix == ".service"]
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they would be installed, with a program that exists and a user that exists."""
    for unit in UNITS:
        text = (
            unit.read_text()
            .replace("/opt/syncserver/bin/syncserver", "/bin/true")
            .replace("=syncserver\n", "=daemon\n")
        )
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text)
    (tmp_path / "syncserver@2.service").write_text((tmp_path / "syncserver@1.service").read_text())
    return tmp_path


@needs_systemd
def test_systemd_understands_every_line(units: Path) -> None:
    files = [str(path) for path in sorted(units.iterdir())]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *files],
        check=False,
        capture_output=True,
        text=True,
    )
    assert [line for line in done.stderr.splitlines() if "syncserver" in line] == []
    assert done.returncode == 0, done.stderr


@needs_systemd
def test_systemd_understands_the_units_of_the_database(tmp_path: Path) -> None:
    shipped = [*(SERVER / "pgbackrest").glob("sync-*"), SERVER / "patroni" / "patroni.service"]
    assert len(shipped) == 4
    files = []
    for unit in shipped:
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
        files += [] if "@" in unit.name else [str(tmp_path / unit.name)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=yes", *files],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert [line for line in done.stderr.splitlines() if "sync-database" in line or "patroni" in line] == []
    path = tmp_path / "sync-database-backup@.service"
    path = path.rename(tmp_path / "sync-database-backup@full.service")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=35", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


@needs_systemd
@pytest.mark.parametrize("unit", HARDENED, ids=lambda unit: unit.name)
def test_every_service_is_confined(unit: Path, units: Path) -> None:
    """systemd's own measure: 0 is safe, 10 is not. Only what a server on the network needs is left open."""
    path = units / unit.name.replace("@.", "@1.")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_only_what_makes_backups_reads_the_key_that_signs_them(tmp_path: Path) -> None:
    install = (ROOT / "docs" / "server" / "install.md").read_text()
    (settings,) = re.findall(r"^    # /etc/syncserver/syncserver\.toml\n((?:    .+\n)+)", install, re.MULTILINE)
    (tmp_path / "s.toml").write_text(settings.replace("    ", ""))
    key = config.load_config({"SYNC_CONFIG": str(tmp_path / "s.toml")}).backup_signing_key_file
    assert f"backup-signing-key {key}" in install
    hidden = {unit.name for unit in HARDENED if f"InaccessiblePaths=-{key}\n" in unit.read_text()}
    assert hidden == {"syncserver@.service"}


def test_a_migration_can_write_the_backup_that_it_begins_with_and_sign_it() -> None:
    serve, migrate = ((SERVER / "systemd" / f"syncserver{name}.service").read_text() for name in ("@", "-migrate"))
    assert re.search(r"^ReadWritePaths=-/var/backups/syncserver$", migrate, re.MULTILINE)
    assert "InaccessiblePaths" not in migrate
    for when in ("After", "Wants"):
        assert re.search(rf"^{when}=.*\bsyncserver-migrate\.service", serve, re.MULTILINE)


def test_commands_and_settings_are_the_servers() -> None:
    commands = ("serve", "migrate", *backup.add_commands(argparse.ArgumentParser().add_subparsers()))
    text = "\n".join(path.read_text() for path in (*UNITS, SERVER / "cron" / "syncserver", SERVER / "backup-loop.sh"))
    used = set(re.findall(r"(?:bin/syncserver|syncserver  syncserver|^\s*syncserver) ([a-z-]+)", text, re.MULTILINE))
    assert used <= set(commands)
    assert {"backup", "check-backups"} <= used
    names = set(re.findall(r"\b(SYNC_[A-Z_]+)=", text)) - {"SYNC_CONFIG"}
    assert names <= {config.environment_name(name) for name in config.Config.__dataclass_fields__}
    for unit in HARDENED:
        stop = re.search(r"TimeoutStopSec=(\d+)", unit.read_text())
        if stop:
            assert int(stop[1]) > config.Config().shutdown_seconds + 3


def test_the_scripts_are_sound() -> None:
    scripts = ("backup-loop.sh", "drill.sh", "compose/prepare.sh", "pgbackrest/loop.sh")
    for script in (SERVER / name for name in scripts):
        shell = "bash" if "bash" in script.read_text().splitlines()[0] else "sh"
        subprocess.run([shell, "-n", script], check=True)


def test_the_loop_makes_one_backup_a_day_and_looks_at_their_age(tmp_path: Path) -> None:
    log = tmp_path / "log"
    fake = tmp_path / "syncserver"
    fake.write_text(f'#!/bin/sh\necho "$@" >> {log}\n')
    fake.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BACKUP_AT": "00:00", "BACKUP_LOOK_SECONDS": "0.1"}
    with subprocess.Popen([SERVER / "backup-loop.sh"], env=environment) as loop:
        for _ in range(100):
            if log.exists() and log.read_text().count("check-backups") >= 3:
                break
            try:
                loop.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        loop.terminate()
        assert loop.wait(10) == 0
    said = log.read_text().splitlines()
    assert said[0].strip() == "backup"
    assert said.count(said[0]) == 1
    assert said.count("check-backups") >= 3
