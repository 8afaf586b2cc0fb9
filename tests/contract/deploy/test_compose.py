"""The compose file: its specification's schema, and the properties it promises."""

import dataclasses
import subprocess
import tomllib
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from jsonschema import Draft7Validator

from syncserver import config
from syncserver.backup import archive, backup_crypto

SERVER = Path(__file__).parents[3] / "packaging" / "server"
COMPOSE = yaml.safe_load((SERVER / "compose" / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
ARCHIVE = yaml.safe_load((SERVER / "compose" / "archive.yaml").read_text())
OPEN = {"proxy": ["80:8080", "443:8443", "443:8443/udp"], "grafana": ["127.0.0.1:3000:3000"]}


@pytest.mark.parametrize("name", ["compose.yaml", "archive.yaml"])
def test_it_is_what_the_specification_says(name: str) -> None:
    schema = next(Path(check_jsonschema.__file__).parent.rglob("compose-spec.json")).read_text()
    composed = yaml.safe_load((SERVER / "compose" / name).read_text())
    errors = list(Draft7Validator(yaml.safe_load(schema)).iter_errors(composed))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    user = str(service["user"]).split(":")[0]
    assert user.isdigit()
    assert (user == "0") == (name == "container-exporter")  # which reads what only root may, and can change nothing
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["restart"] == "no" or service["healthcheck"]["test"]  # what ends has no health to look at
    limits = service["deploy"]["resources"]["limits"]
    assert {"cpus", "memory", "pids"} <= set(limits)
    assert service.get("ports", []) == OPEN.get(name, [])
    assert ":" in service["image"]
    assert not service["image"].endswith(":latest")


def test_a_migration_can_write_the_backup_that_it_begins_with_and_sign_it() -> None:
    migrate = SERVICES["migrate"]
    assert migrate["command"] == ["migrate"]
    assert "backups:/var/backups/syncserver" in migrate["volumes"]
    assert "backup_signing_key" in migrate["secrets"]
    assert migrate["environment"]["SYNC_BACKUP_SIGNING_KEY_FILE"] == "/run/secrets/backup_signing_key"
    assert SERVICES["server"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_everything_it_mentions_is_there(tmp_path: Path) -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith("/") or source in COMPOSE["volumes"] or (SERVER / "compose" / source).exists()
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
        assert set(service.get("depends_on", [])) <= set(SERVICES)
    assert (SERVER / "Containerfile").exists()
    assert COMPOSE["x-server"]["build"] == {"context": "../../..", "dockerfile": "packaging/server/Containerfile"}


def test_secrets_are_read_by_the_containers_and_by_nobody_else(tmp_path: Path) -> None:
    subprocess.run([SERVER / "compose" / "prepare.sh", "sync.example.org", tmp_path], check=True, capture_output=True)
    group = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())["SYNC_SECRETS_GROUP"]
    for path in (tmp_path / "secrets", *(tmp_path / "secrets").iterdir()):
        assert path.stat().st_mode & 0o007 == 0, f"{path.name} is for everybody"
        assert path.stat().st_gid == int(group)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    for service in SERVICES.values():
        assert bool(service.get("secrets")) == ("group_add" in service)


def test_the_archive_is_of_the_same_postgres(tmp_path: Path) -> None:
    """The command of a file beside another replaces the whole: nothing of the first may get lost."""
    plain, archiving = SERVICES["postgres"]["command"], ARCHIVE["services"]["postgres"]["command"]
    assert archiving.startswith(plain.rstrip())
    subprocess.run([SERVER / "compose" / "prepare.sh", "sync.example.org", tmp_path], check=True, capture_output=True)
    assert (tmp_path / ARCHIVE["secrets"]["pgbackrest"]["file"]).is_file()
    assert (
        f"pg1-path={SERVICES['postgres']['environment']['PGDATA']}\n"
        in (tmp_path / "secrets" / "pgbackrest.conf").read_text()
    )
    [container] = [name for name in ARCHIVE["services"] if name not in SERVICES]
    service = ARCHIVE["services"][container]
    assert service["user"] == SERVICES["postgres"]["user"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    known = {*COMPOSE["volumes"], *ARCHIVE["volumes"]}
    assert {volume.split(":")[0] for volume in service["volumes"]} <= known
    assert (SERVER / "pgbackrest" / "Containerfile").exists()


def test_its_settings_are_the_servers_and_preparing_makes_the_rest(tmp_path: Path) -> None:
    prepare = [str(SERVER / "compose" / "prepare.sh"), "sync.example.org", str(tmp_path)]
    subprocess.run(prepare, check=True, capture_output=True)
    variables = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    for file in COMPOSE["secrets"].values():
        assert (tmp_path / file["file"]).is_file()
    environment = {}
    for name, value in SERVICES["server"]["environment"].items():
        key = value[2:].split(":")[0].rstrip("}")
        environment[name] = variables[key] if value.startswith("${") else value
    environment["SYNC_CONFIG"] = str(tmp_path / "secrets" / "syncserver.toml")
    settings = config.load_config(environment)
    assert settings.hosts == ("sync.example.org",)
    assert settings.on_postgres
    password = (tmp_path / "secrets" / "postgres_password").read_text()
    assert len(password) > 20
    assert password in tomllib.loads((tmp_path / "secrets" / "syncserver.toml").read_text())["database_url"]
    assert settings.metrics_port == 9765
    signing = SERVICES["backup"]["environment"]["SYNC_BACKUP_SIGNING_KEY_FILE"]
    assert signing == "/run/secrets/backup_signing_key"
    assert "backup_signing_key" in SERVICES["backup"]["secrets"]
    assert "backup_signing_key" not in SERVICES["server"]["secrets"], "only what makes backups signs them"
    here = dataclasses.replace(settings, backup_signing_key_file=str(tmp_path / "secrets" / "backup_signing_key"))
    assert archive.known_signers(here)[0].startswith(backup_crypto.SIGNER_PREFIX)
    again = subprocess.run(prepare, check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "there already" in again.stderr


@pytest.mark.parametrize("domain", ["", "Sync.example.org", "a b", "x$(id)"])
def test_preparing_refuses_what_is_no_domain(domain: str, tmp_path: Path) -> None:
    done = subprocess.run([SERVER / "compose" / "prepare.sh", domain, tmp_path], check=False, capture_output=True)
    assert done.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_the_proxy_closes_before_the_server_does() -> None:
    """A proxy that keeps a connection longer than the server meets resets (seen with a server default of 5 s)."""
    line = next(line for line in (SERVER / "caddy" / "Caddyfile").read_text().splitlines() if "keepalive " in line)
    assert int(line.split()[1].rstrip("s")) < config.Config().keep_alive_seconds
