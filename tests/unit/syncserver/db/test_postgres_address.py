"""Parsing of operators' Postgres addresses, and messages for invalid ones."""

import pytest

from syncserver.db.postgres_address import PostgresAddress
from syncserver.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (
            "postgresql://sync:p%40ss@db.example.org:6432/sync",
            {
                "PGUSER": "sync",
                "PGPASSWORD": "p@ss",
                "PGHOST": "db.example.org",
                "PGPORT": "6432",
                "PGDATABASE": "sync",
            },
        ),
        (
            "postgres://sync@a:5432,b:5433,[::1]/sync",
            {
                "PGUSER": "sync",
                "PGHOST": "a,b,::1",
                "PGPORT": "5432,5433,5432",
                "PGDATABASE": "sync",
                "PGTARGETSESSIONATTRS": "read-write",
            },
        ),
        ("postgresql:///sync?host=/run/postgresql", {"PGHOST": "/run/postgresql", "PGDATABASE": "sync"}),
        (
            "postgresql://sync@%2Frun%2Fpostgresql/sync",
            {"PGUSER": "sync", "PGHOST": "/run/postgresql", "PGDATABASE": "sync"},
        ),
        (
            "postgresql://a/sync?sslmode=verify-full&sslrootcert=/etc/ca.pem&tcp_user_timeout=5",
            {"PGHOST": "a", "PGDATABASE": "sync", "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/ca.pem"},
        ),
        (
            "postgresql:///sync?host=a,b&port=6432&target_session_attrs=primary",
            {"PGHOST": "a,b", "PGPORT": "6432,6432", "PGDATABASE": "sync", "PGTARGETSESSIONATTRS": "primary"},
        ),
    ],
)
def test_programs_of_postgres_are_told_the_same(url: str, environment: dict[str, str]) -> None:
    address = PostgresAddress.parse(url)
    assert address.environment() == environment
    assert PostgresAddress.parse(address.dsn).environment() == environment, "and asyncpg too"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://a/b", "postgresql://"),
        ("postgresql://a:b/c", "port"),
        ("postgresql://a:70000/c", "port"),
        ("postgresql:///c?host=a,b,c&port=1,2", "one for all hosts, or one for each"),
        ("postgresql://user:secret@a/c?sslmode=on", "verify-full"),
        ("postgresql://user:secret@a,b/c?target_session_attrs=leader", "read-write"),
        ("postgresql://user:secret@a/c?ssl_mode=require", "ssl_mode"),
    ],
)
def test_what_cannot_be_an_address_is_said_in_words(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        PostgresAddress.parse(url)
    assert says in str(refused.value)
    assert "secret" not in str(refused.value)
