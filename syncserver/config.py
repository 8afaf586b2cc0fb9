"""The server's settings: defaults, then a TOML file, then the environment.

Every setting is a field of `Config` with its sentence of documentation beside it, and is called `SYNC_<NAME>` in the
environment and `<name>` in the file; DATABASE_URL, REDIS_URL and SENTRY_DSN go by the names that hosts give them.
"""

import dataclasses
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

import platformdirs

from syncserver.errors import ConfigurationError

UNPREFIXED_NAMES = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL", "sentry_dsn": "SENTRY_DSN"}
REDIS_SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel")
MASK = "********"


def setting(default: Any, doc: str, *, secret: bool = False, choices: tuple[str, ...] = (), least: float = 0) -> Any:
    """Declares a setting: default, documentation, whether `syncserver config` masks it, valid values."""
    metadata = {"doc": doc, "secret": secret, "choices": choices, "least": least}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Config:
    """The server's settings, validated. Times in seconds, sizes in bytes, unless the name says otherwise."""

    bind: str = setting("127.0.0.1", "Address to listen on. Keep loopback behind a proxy on the same machine.")
    port: int = setting(8765, "Port to listen on; 0 takes a free one.")
    hosts: tuple[str, ...] = setting(
        (), "Public names (host or host:port) that signed requests may name, separated by commas. Empty: loopback only."
    )
    trusted_proxies: tuple[str, ...] = setting(
        (), "Addresses or networks of proxies whose X-Forwarded-For is trusted, separated by commas. Empty: none."
    )
    data_folder: str = setting("", "Where SQLite and the deletion ledger live. Empty: the platform's data folder.")
    database_url: str = setting(
        "",
        "postgresql://user:password@host/name, as libpq takes it: several hosts separated by commas, sslmode and "
        "sslrootcert, a Unix socket's folder as host. Empty: SQLite in the data folder.",
        secret=True,
    )
    redis_url: str = setting(
        "",
        "redis://host:6379/0, rediss:// with TLS, redis+sentinel://host:26379,host:26379/service by Sentinel, for "
        "limits shared between processes. Empty: per process.",
        secret=True,
    )
    pool_size: int = setting(10, "Postgres connections per process.", least=1)
    acquire_seconds: float = setting(2.0, "How long a request waits for a connection before 503.", least=0.01)
    lock_seconds: float = setting(2.0, "How long a statement waits for a lock before 503.", least=0.01)
    statement_seconds: float = setting(5.0, "How long a statement may run before 503.", least=0.01)

    registration: str = setting("open", "Who may create an account.", choices=("open", "invitation", "closed"))
    minimum_client: str = setting("0.0.0", "Oldest accepted client version; clients that state an older one get 426.")
    session_days: int = setting(90, "Days without use after which a session ends.", least=1)

    requests_per_minute: int = setting(300, "Signed-in requests, per account.", least=1)
    batches_per_minute: int = setting(60, "Batches of records, per account.", least=1)
    publications_per_hour: int = setting(20, "Published calendars, per account.", least=1)
    exports_per_hour: int = setting(6, "Exports of all data, per account, one at a time.", least=1)
    registrations_per_hour: int = setting(
        10, "New accounts, per address, before each further one costs the client a proof of work.", least=1
    )
    logins_per_minute: int = setting(
        60, "Challenges and sign-ins, per address, before each further one costs a proof of work.", least=1
    )
    shared_networks: tuple[str, ...] = setting(
        (),
        "Addresses or networks that many students share (for example a campus), separated by commas. Their limits are "
        "larger.",
    )
    shared_network_factor: int = setting(
        50, "Factor by which the limits per address are larger for addresses in shared_networks.", least=1
    )
    name_logins_per_hour: int = setting(
        100, "Sign-ins to one name from devices that its account does not know.", least=1
    )
    device_logins_per_minute: int = setting(
        10, "Challenges and sign-ins of a known device, in addition to those of its address.", least=1
    )
    device_lookups_per_minute: int = setting(
        30_000, "Lookups of whether a sign-in comes from a known device, per address.", least=1
    )
    anonymous_per_minute: int = setting(300, "Other requests without a session, per address.", least=1)
    calendar_reads_per_minute: int = setting(60, "Reads of one published calendar.", least=1)
    failures_before_delay: int = setting(
        5, "Failed sign-ins of one name from one address before delays begin.", least=1
    )

    account_records: int = setting(5000, "Live records an account may have.", least=1)
    account_deletions: int = setting(
        5000, "Deletions that are kept for an account's other devices; further ones count as live records.", least=0
    )
    account_bytes: int = setting(20_000_000, "Bytes of records an account may have.", least=1)
    account_devices: int = setting(20, "Devices an account may have.", least=1)
    account_feeds: int = setting(5, "Published calendars an account may have.", least=0)
    feed_bytes: int = setting(524_288, "Bytes one published calendar may have.", least=1)
    request_bytes: int = setting(1_048_576, "Bytes a request's body may have.", least=1024)
    body_seconds: float = setting(20.0, "A request's body has to arrive within this time.", least=0.05)
    wait_seconds: int = setting(30, "Longest wait for news that a client may ask for.", least=0)

    receipt_days: int = setting(7, "How long the answers of batches are kept for retries.", least=1)
    tombstone_days: int = setting(180, "How long deletions are kept at the least.", least=1)
    public_feeds: bool = setting(
        False,
        "Lets shared caches (a CDN) keep published calendars. The cost: a revoked one stays there for 15 minutes.",
    )

    keep_alive_seconds: int = setting(90, "How long idle connections are kept; clients poll once a minute.", least=1)
    drain_seconds: float = setting(
        1.0, "How long /readyz reports not ready after SIGTERM, before connections are refused."
    )
    shutdown_seconds: int = setting(20, "How long requests in flight may take to finish after that.", least=1)
    metrics_port: int = setting(0, "Separate port for /metrics, on `bind`; 0: on the main port, with metrics_token.")
    metrics_token: str = setting("", "Bearer token for /metrics. Empty: only from loopback.", secret=True)
    sentry_dsn: str = setting("", "Sentry-compatible address for errors. Empty: none are sent.", secret=True)
    log_level: str = setting(
        "info", "Least severe level that is logged.", choices=("debug", "info", "warning", "error")
    )
    free_disk_bytes: int = setting(
        100_000_000, "/readyz reports not ready when the data folder's disk has less than this free."
    )
    price_per_month: float = setting(0.0, "What running the server costs a month, for the dashboard's cost per user.")

    operator_name: str = setting("", "Who runs this server, shown to students.")
    operator_contact: str = setting("", "How to reach them: an e-mail address or a page.")
    operator_privacy: str = setting("", "Address of the operator's privacy page.")
    security_contacts: tuple[str, ...] = setting(
        (),
        "Contacts for reporting vulnerabilities, mailto: or https:, separated by commas, for "
        "/.well-known/security.txt. Empty: none is served.",
    )
    security_policy: str = setting("", "https: address of a page on how vulnerabilities are handled.")
    deletion_ledger: str = setting(
        "", "File that lists deleted accounts, copied to the backups. Empty: deleted-accounts.log in the data folder."
    )

    backup_folder: str = setting("", "Where backups go. Empty: backups in the data folder.")
    backup_public_key: str = setting("", "Key that backups are encrypted to; `syncserver backup-key` makes a pair.")
    backup_private_key_file: str = setting("", "File with the matching private key, for verify-backup and restore.")
    backup_signing_key_file: str = setting(
        "", "File with the key that signs backups; `syncserver backup-signing-key` makes a pair. Empty: unsigned."
    )
    backup_signers: tuple[str, ...] = setting(
        (), "Public keys whose signatures are accepted when a backup is verified or restored, separated by commas."
    )
    backup_keep_days: int = setting(7, "Backups older than this are pruned, never the last good one.", least=1)
    backup_overdue_hours: float = setting(25.0, "Age of the last good backup that raises an alert.", least=0.01)
    backup_s3_url: str = setting("", "s3://bucket/prefix that receives a copy of each backup. Empty: none.")
    backup_s3_endpoint: str = setting("", "Address of an S3-compatible store. Empty: Amazon's.")
    migrate_without_backup: bool = setting(False, "Allows a migration of Postgres without a backup first.")
    notify_urls: tuple[str, ...] = setting(
        (), "Apprise addresses (webhooks, mailtos) for alerts, separated by commas.", secret=True
    )

    def __post_init__(self) -> None:
        _validate(self)

    @property
    def folder(self) -> Path:
        """The data folder."""
        return (
            Path(self.data_folder)
            if self.data_folder
            else Path(platformdirs.user_data_path("upschedule-server", False))
        )

    @property
    def sqlite_path(self) -> Path:
        """The SQLite database file, used if `database_url` is empty."""
        return self.folder / "sync.sqlite3"

    @property
    def on_postgres(self) -> bool:
        """Whether the data is in Postgres; otherwise it is in SQLite."""
        return bool(self.database_url)

    @property
    def ledger_path(self) -> Path:
        """The deletion ledger's file."""
        return Path(self.deletion_ledger) if self.deletion_ledger else self.folder / "deleted-accounts.log"


def load_config(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Config:
    """Loads the settings from `file`, overridden by the environment.

    `file` defaults to $SYNC_CONFIG, else syncserver.toml in the platform's config folder, if it exists. Raises
    `ConfigurationError`, whose message names the setting and its valid values.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    path = file or (Path(environment["SYNC_CONFIG"]) if environment.get("SYNC_CONFIG") else None)
    default = Path(platformdirs.user_config_path("upschedule-server", False)) / "syncserver.toml"
    if path is not None or default.is_file():
        values |= _read_settings_file(path or default)
    types = get_type_hints(Config)
    for field in dataclasses.fields(Config):
        name = environment_name(field.name)
        if environment.get(name):
            values[field.name] = _parse_value(name, environment[name], types[field.name])
    known = {"SYNC_CONFIG"} | {environment_name(field.name) for field in dataclasses.fields(Config)}
    unknown = sorted(name for name in environment if name.startswith("SYNC_") and name not in known)
    if unknown:
        raise ConfigurationError(f"{unknown[0]} is not a setting of the server. `syncserver config` lists them all.")
    return Config(**values)


def environment_name(name: str) -> str:
    """Returns the environment variable of the setting `name`."""
    return UNPREFIXED_NAMES.get(name, f"SYNC_{name.upper()}")


def effective_settings(config: Config) -> list[tuple[str, str, str]]:
    """Returns every setting as (environment name, value with secrets masked, documentation)."""
    listed = []
    for field in dataclasses.fields(config):
        value = getattr(config, field.name)
        shown = ",".join(value) if isinstance(value, tuple) else str(value)
        if field.metadata["secret"] and shown:
            shown = MASK
        listed.append((environment_name(field.name), shown, field.metadata["doc"]))
    return listed


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Parses `1.2.3` into numbers; returns None if the text is not a version."""
    match = re.fullmatch(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _read_settings_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigurationError(f"The settings file {path} is not TOML: {error}.") from error
    types = get_type_hints(Config)
    for name, value in values.items():
        if name not in types:
            raise ConfigurationError(
                f"{name} in {path} is not a setting of the server. `syncserver config` lists them all."
            )
        if types[name] == tuple[str, ...] and isinstance(value, list):
            values[name] = tuple(str(item) for item in value)
        elif not isinstance(value, str) or types[name] is not str:
            values[name] = _parse_value(name, str(value), types[name])
    return values


def _parse_value(name: str, text: str, kind: Any) -> Any:
    if kind is bool:
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("0", "false", "no", "off"):
            return False
        raise ConfigurationError(f"{name} is {text!r}. It has to be true or false.")
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError as error:
            raise ConfigurationError(f"{name} is {text!r}. It has to be a number.") from error
    if kind == tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return text


def _validate(config: Config) -> None:
    for field in dataclasses.fields(config):
        value, name, rules = getattr(config, field.name), environment_name(field.name), field.metadata
        if rules["choices"] and value not in rules["choices"]:
            raise ConfigurationError(f"{name} is {value!r}. It has to be one of {', '.join(rules['choices'])}.")
        if isinstance(value, int | float) and not isinstance(value, bool) and not rules["least"] <= value < 2**53:
            raise ConfigurationError(f"{name} is {value}. It has to be {rules['least']} or more.")
    for name in ("port", "metrics_port"):
        if getattr(config, name) > 65535:
            raise ConfigurationError(f"{environment_name(name)} is {getattr(config, name)}. The highest port is 65535.")
    for name in ("trusted_proxies", "shared_networks"):
        for network in getattr(config, name):
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise ConfigurationError(
                    f"{environment_name(name)} has {network!r}, which is no address or network."
                ) from error
    for name, addresses, kinds in (
        ("security_contacts", config.security_contacts, ("https", "mailto", "tel")),
        ("security_policy", [config.security_policy] if config.security_policy else [], ("https",)),
    ):
        for address in addresses:
            if urlsplit(address).scheme not in kinds or not re.fullmatch(r"[!-~]+", address):
                known = ", ".join(f"{kind}:" for kind in kinds)
                raise ConfigurationError(
                    f"{environment_name(name)} has {address!r}. It has to begin with one of {known}."
                )
    for host in config.hosts:
        if host != host.lower() or not re.fullmatch(r"[a-z0-9.\-\[\]:]+", host):
            raise ConfigurationError(f"SYNC_HOSTS has {host!r}. A host is written as in an address: sync.example.org.")
    if config.database_url and config.database_url.partition("://")[0] not in ("postgresql", "postgres"):
        raise ConfigurationError("DATABASE_URL has to begin with postgresql://, or be empty for SQLite.")
    if config.redis_url and config.redis_url.partition("://")[0] not in REDIS_SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in REDIS_SCHEMES)
        raise ConfigurationError(
            f"REDIS_URL has to begin with one of {known}, or be empty. A Redis Cluster is not supported."
        )
    if parse_version(config.minimum_client) is None:
        raise ConfigurationError(f"SYNC_MINIMUM_CLIENT is {config.minimum_client!r}. A version looks like 1.2.3.")
