"""The tables, as SQLAlchemy metadata.

Only migrations (and the test that compares them with this module) create tables; the server's statements are SQL text
beside the code that runs them. Identifiers are stored as their 22 characters on the wire, in byte order: they are
compared and returned far more often than they are stored. Times are seconds since 1970 UTC.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def identifier() -> TypeEngine[str]:
    """Returns the type of a 16-byte identifier: 22 characters of base64url, in byte order also on Postgres."""
    return String(22).with_variant(String(22, collation="C"), "postgresql")


def account_foreign_key() -> ForeignKeyConstraint:
    """Returns the foreign key of rows that are deleted with their account."""
    return ForeignKeyConstraint(["account"], ["accounts.id"], ondelete="CASCADE")


server = Table(
    "server",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
    Column("epoch", identifier(), nullable=False),  # R8
    Column("secret", LargeBinary, nullable=False),  # challenges and false salts
    Column("system_identifier", String(32), nullable=False),  # Postgres' own, '' on SQLite
    Column("timeline", Integer, nullable=False),
    Column("created", BigInteger, nullable=False),
    # The oldest revision whose servers may still use these tables.
    Column("min_compatible", String(32), nullable=False, server_default=""),
    Column("registrations_closed", Boolean, nullable=False, server_default=false()),  # overrides the settings
)

commit_markers = Table(
    "commit_markers",
    metadata,
    Column("marker", identifier(), primary_key=True),  # random: identifies the transaction that wrote it
    Column("created", BigInteger, nullable=False),
    Index(None, "created"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", identifier(), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("created", BigInteger, nullable=False),
    Column("head", BigInteger, nullable=False),  # R5: only ever written under this row's lock
    Column("gc_floor", BigInteger, nullable=False),  # cursors below this may miss a deletion
    Column("records", Integer, nullable=False),  # live ones
    Column("bytes", BigInteger, nullable=False),  # of all blobs
    Column("pushed", BigInteger, nullable=False),  # the last batch, 0 for never
    Column("locked", BigInteger),  # when an operator locked it
    postgresql_with={"fillfactor": "70"},
)

keyrings = Table(
    "keyrings",
    metadata,
    Column("account", identifier(), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("etag", identifier(), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("login_key", LargeBinary, nullable=False),
    Column("recovery_login_key", LargeBinary, nullable=False),
    Column("wrapped_by_password", LargeBinary, nullable=False),
    Column("wrapped_by_recovery", LargeBinary, nullable=False),
    Column("keys", LargeBinary, nullable=False),
    account_foreign_key(),
)

devices = Table(
    "devices",
    metadata,
    Column("account", identifier(), primary_key=True),
    Column("id", identifier(), primary_key=True),
    Column("label", LargeBinary),
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False),  # everything up to here is applied there
    Column("revoked", BigInteger),
    account_foreign_key(),
    Index(None, "seen"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", LargeBinary, primary_key=True),  # SHA-256 of it
    Column("account", identifier(), nullable=False),
    Column("device", identifier(), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
    UniqueConstraint("account", "device"),
    account_foreign_key(),
    Index(None, "used"),
)

records = Table(
    "records",
    metadata,
    Column("account", identifier(), primary_key=True),
    Column("id", identifier(), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("etag", identifier(), nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("key", identifier(), nullable=False),
    Column("schema", Integer, nullable=False),
    Column("written", BigInteger, nullable=False),
    Column("blob", LargeBinary, nullable=False),
    UniqueConstraint("account", "number"),
    account_foreign_key(),
)

receipts = Table(
    "receipts",
    metadata,
    Column("account", identifier(), primary_key=True),
    Column("key", identifier(), primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),  # of the body
    Column("before", BigInteger, nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    account_foreign_key(),
    Index(None, "created"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("account", identifier(), primary_key=True),
    Column("id", identifier(), primary_key=True),
    Column("token", LargeBinary, nullable=False, unique=True),  # SHA-256 of it
    Column("etag", String(44), nullable=False),
    Column("calendar", LargeBinary, nullable=False),  # gzip
    Column("bytes", Integer, nullable=False),  # unpacked
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    account_foreign_key(),
)

links = Table(
    "links",
    metadata,
    Column("address", LargeBinary, primary_key=True),  # SHA-256 of it
    Column("account", identifier(), nullable=False, unique=True),  # a new link takes the place of the one before
    Column("created", BigInteger, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    Column("request", LargeBinary),  # of the new device; the rest is the first device's
    Column("key", LargeBinary),
    Column("answer", LargeBinary),
    account_foreign_key(),
    Index(None, "created"),
)

revoked_feeds = Table(
    "revoked_feeds",
    metadata,
    Column("token", LargeBinary, primary_key=True),
    Column("revoked", BigInteger, nullable=False),
)

spent_challenges = Table(
    "spent_challenges",
    metadata,
    Column("nonce", LargeBinary, primary_key=True),
    Column("expires", BigInteger, nullable=False),
    Index(None, "expires"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("code", LargeBinary, primary_key=True),  # SHA-256 of it
    Column("uses", Integer, nullable=False),  # left
    Column("expires", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
)

deletions = Table(
    "deletions",
    metadata,
    Column("account", LargeBinary, primary_key=True),  # SHA-256 of its id
    Column("deleted", BigInteger, nullable=False),
)
