"""Parses a Postgres connection URI: several hosts, Unix sockets, TLS.

Parsed once, for asyncpg and for Postgres' own programs. https://www.postgresql.org/docs/current/libpq-connect.html,
34.1.1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from syncserver.errors import ConfigurationError

SCHEMES = ("postgresql", "postgres")
SESSION_ATTRIBUTES = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
ENVIRONMENT = {
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "dbname": "PGDATABASE",
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "channel_binding": "PGCHANNELBINDING",
    "gssencmode": "PGGSSENCMODE",
}
LIBPQ_ONLY_PARAMETERS = ("connect_timeout", "channel_binding", "gssencmode", "application_name")
IGNORED_PARAMETERS = ("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout")


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Connection parameters of a database: `parameters` by libpq's names, hosts and ports separated by commas."""

    parameters: dict[str, str]

    @classmethod
    def parse(cls, url: str) -> PostgresAddress:
        """Parses a URI; raises `ConfigurationError`, whose message says what is wrong and never contains a password."""
        scheme, _, rest = url.partition("://")
        if scheme not in SCHEMES:
            raise ConfigurationError("DATABASE_URL has to begin with postgresql://, or be empty for SQLite.")
        # Not urlsplit: newer Pythons refuse several hosts of which one is an IPv6 address.
        rest, _, query = rest.partition("?")
        rest, _, database = rest.partition("/")
        login, _, hosts = rest.rpartition("@")
        user, _, password = login.partition(":")
        given = {"user": unquote(user), "password": unquote(password), "dbname": unquote(database)}
        pairs = [_split_port(host) for host in hosts.split(",")] if hosts else []
        given["host"] = ",".join(unquote(host) for host, _ in pairs)
        given["port"] = ",".join(port for _, port in pairs) if any(port for _, port in pairs) else ""
        parameters = {name: value for name, value in given.items() if value}
        for name, value in parse_qsl(query):
            if name not in ENVIRONMENT and name not in (*LIBPQ_ONLY_PARAMETERS, *IGNORED_PARAMETERS):
                known = ", ".join(sorted({*ENVIRONMENT, "application_name"}))
                raise ConfigurationError(f"DATABASE_URL has the parameter {name!r}, which is not one of {known}.")
            if name not in IGNORED_PARAMETERS:
                parameters[name] = value
        if "host" in parameters:
            parameters["host"] = ",".join(host.strip("[]") for host in parameters["host"].split(","))
        return cls(_validated_parameters(parameters))

    @property
    def hosts(self) -> list[str]:
        """The hosts, in order; paths of Unix socket folders begin with a slash."""
        return self.parameters["host"].split(",") if "host" in self.parameters else []

    @property
    def dsn(self) -> str:
        """Returns the URI for asyncpg."""
        kept = {
            name: value
            for name, value in self.parameters.items()
            if name not in (*LIBPQ_ONLY_PARAMETERS, "user", "password", "dbname")
        }
        if "host" in kept:
            kept["host"] = ",".join(f"[{host}]" if ":" in host else host for host in self.hosts)
        login = quote(self.parameters.get("user", ""), safe="")
        if "password" in self.parameters:
            login += ":" + quote(self.parameters["password"], safe="")
        database = quote(self.parameters.get("dbname", ""), safe="")
        query = urlencode(kept, quote_via=quote)
        return f"postgresql://{login}{'@' if login else ''}/{database}{'?' if query else ''}{query}"

    def environment(self) -> dict[str, str]:
        """Returns the environment for Postgres' own programs: a password is never an argument that others can see."""
        return {variable: self.parameters[name] for name, variable in ENVIRONMENT.items() if name in self.parameters}


def _split_port(host: str) -> tuple[str, str]:
    """Splits a host from its port ('' for none); IPv6 addresses are in brackets."""
    if host.startswith("["):
        address, _, port = host[1:].partition("]")
        return address, port.removeprefix(":")
    address, _, port = host.partition(":")
    return address, port


def _validated_parameters(parameters: dict[str, str]) -> dict[str, str]:
    hosts, ports = parameters.get("host", "").split(","), parameters.get("port", "").split(",")
    for port in ports:
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise ConfigurationError("DATABASE_URL has a port that is no number from 1 to 65535.")
    if len(ports) not in (1, len(hosts)):
        raise ConfigurationError("DATABASE_URL has several ports. Give one for all hosts, or one for each.")
    parameters = dict(parameters)
    if len(ports) > 1:
        parameters["port"] = ",".join(port or "5432" for port in ports)
    elif len(hosts) > 1 and ports[0]:
        parameters["port"] = ",".join(ports * len(hosts))
    for name, choices in (("target_session_attrs", SESSION_ATTRIBUTES), ("sslmode", TLS_MODES)):
        if parameters.get(name, choices[0]) not in choices:
            raise ConfigurationError(
                f"DATABASE_URL has {name}={parameters[name]}. It has to be one of {', '.join(choices)}."
            )
    if len(hosts) > 1:  # one that accepts connections may be a replica
        parameters.setdefault("target_session_attrs", "read-write")
    return parameters
