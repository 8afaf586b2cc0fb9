"""Creates the first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IDENTIFIER = sa.String(22).with_variant(sa.String(22, collation="C"), "postgresql")


def _of_account() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account"], ["accounts.id"], ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "server",
        sa.Column(
            "id", sa.Integer, sa.CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False
        ),
        sa.Column("epoch", IDENTIFIER, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("system_identifier", sa.String(32), nullable=False),
        sa.Column("timeline", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("id", IDENTIFIER, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("gc_floor", sa.BigInteger, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("pushed", sa.BigInteger, nullable=False),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_table(
        "keyrings",
        sa.Column("account", IDENTIFIER, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("etag", IDENTIFIER, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("memory_kib", sa.Integer, nullable=False),
        sa.Column("passes", sa.Integer, nullable=False),
        sa.Column("lanes", sa.Integer, nullable=False),
        sa.Column("login_key", sa.LargeBinary, nullable=False),
        sa.Column("recovery_login_key", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by_password", sa.LargeBinary, nullable=False),
        sa.Column("wrapped_by_recovery", sa.LargeBinary, nullable=False),
        sa.Column("keys", sa.LargeBinary, nullable=False),
        _of_account(),
    )
    op.create_table(
        "devices",
        sa.Column("account", IDENTIFIER, primary_key=True),
        sa.Column("id", IDENTIFIER, primary_key=True),
        sa.Column("label", sa.LargeBinary),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
        _of_account(),
    )
    op.create_index("ix_devices_seen", "devices", ["seen"])
    op.create_table(
        "sessions",
        sa.Column("token", sa.LargeBinary, primary_key=True),
        sa.Column("account", IDENTIFIER, nullable=False),
        sa.Column("device", IDENTIFIER, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("account", "device"),
        _of_account(),
    )
    op.create_index("ix_sessions_used", "sessions", ["used"])
    op.create_table(
        "records",
        sa.Column("account", IDENTIFIER, primary_key=True),
        sa.Column("id", IDENTIFIER, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("etag", IDENTIFIER, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("key", IDENTIFIER, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("written", sa.BigInteger, nullable=False),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("account", "number"),
        _of_account(),
    )
    op.create_table(
        "receipts",
        sa.Column("account", IDENTIFIER, primary_key=True),
        sa.Column("key", IDENTIFIER, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("before", sa.BigInteger, nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        _of_account(),
    )
    op.create_index("ix_receipts_created", "receipts", ["created"])
    op.create_table(
        "feeds",
        sa.Column("account", IDENTIFIER, primary_key=True),
        sa.Column("id", IDENTIFIER, primary_key=True),
        sa.Column("token", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("etag", sa.String(44), nullable=False),
        sa.Column("calendar", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        _of_account(),
    )
    op.create_table(
        "revoked_feeds",
        sa.Column("token", sa.LargeBinary, primary_key=True),
        sa.Column("revoked", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "spent_challenges",
        sa.Column("nonce", sa.LargeBinary, primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_spent_challenges_expires", "spent_challenges", ["expires"])
    op.create_table(
        "invitations",
        sa.Column("code", sa.LargeBinary, primary_key=True),
        sa.Column("uses", sa.Integer, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "deletions",
        sa.Column("account", sa.LargeBinary, primary_key=True),
        sa.Column("deleted", sa.BigInteger, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Sealed and gzipped bytes do not get smaller: trying costs time and nothing else.
        op.execute("ALTER TABLE records ALTER COLUMN blob SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE feeds ALTER COLUMN calendar SET STORAGE EXTERNAL")
