"""Settings: their sources, their valid values, and that secrets stay masked."""

import dataclasses
from pathlib import Path

import pytest

from syncserver.config import MASK, Config, effective_settings, environment_name, load_config, parse_version
from syncserver.errors import ConfigurationError


def test_defaults_need_no_configuration() -> None:
    config = load_config({})
    assert not config.on_postgres
    assert config.bind == "127.0.0.1"
    assert config.sqlite_path.parent == config.folder


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text(
        'port = 1234\nregistration = "closed"\nhosts = ["a.example", "b.example:8443"]\npublic_feeds = true\n'
    )
    config = load_config({"SYNC_PORT": "99", "SYNC_TRUSTED_PROXIES": "10.0.0.1, ::1/128"}, file)
    assert (config.port, config.registration, config.public_feeds) == (99, "closed", True)
    assert config.hosts == ("a.example", "b.example:8443")
    assert config.trusted_proxies == ("10.0.0.1", "::1/128")
    assert load_config({"SYNC_CONFIG": str(file)}).port == 1234


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SYNC_PORT", "x", "has to be a number"),
        ("SYNC_PORT", "70000", "highest port is 65535"),
        ("SYNC_PORT", "-1", "or more"),
        ("SYNC_POOL_SIZE", "0", "1 or more"),
        ("SYNC_ACQUIRE_SECONDS", "nan", "or more"),
        ("SYNC_REGISTRATION", "sometimes", "open, invitation, closed"),
        ("SYNC_PUBLIC_FEEDS", "maybe", "true or false"),
        ("SYNC_TRUSTED_PROXIES", "proxy", "no address or network"),
        ("SYNC_SHARED_NETWORKS", "campus", "no address or network"),
        ("SYNC_SECURITY_CONTACTS", "security@up.example", "mailto:"),
        ("SYNC_SECURITY_CONTACTS", "https://x\nPolicy: https://y", "mailto:"),
        ("SYNC_SECURITY_POLICY", "http://x", "https:"),
        ("SYNC_HOSTS", "https://x", "sync.example.org"),
        ("SYNC_MINIMUM_CLIENT", "2", "1.2.3"),
        ("DATABASE_URL", "mysql://x", "postgresql://"),
        ("REDIS_URL", "http://x", "redis://"),
        ("SYNC_PROT", "1", "is not a setting"),
    ],
)
def test_what_cannot_work_is_told_by_name(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as raised:
        load_config({name: value})
    assert name in str(raised.value)


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_config({}, tmp_path / "none.toml")
    file = tmp_path / "server.toml"
    file.write_text("port = ")
    with pytest.raises(ConfigurationError, match="not TOML"):
        load_config({}, file)
    file.write_text("prot = 1")
    with pytest.raises(ConfigurationError, match="prot"):
        load_config({}, file)


def test_every_setting_is_documented_and_secrets_are_masked() -> None:
    config = load_config({"DATABASE_URL": "postgresql://u:hunter2@h/d", "SYNC_METRICS_TOKEN": "hunter2"})
    shown = effective_settings(config)
    assert len(shown) == len(dataclasses.fields(Config))
    assert all(doc.endswith(".") for _, _, doc in shown)
    assert "hunter2" not in str(shown)
    assert {value for name, value, _ in shown if name in ("DATABASE_URL", "SYNC_METRICS_TOKEN")} == {MASK}
    assert environment_name("redis_url") == "REDIS_URL"


@pytest.mark.parametrize(("text", "version"), [("1.2.3", (1, 2, 3)), ("1.2", None), ("1.2.3.4", None), ("a.b.c", None)])
def test_versions(text: str, version: object) -> None:
    assert parse_version(text) == version
