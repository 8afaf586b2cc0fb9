"""Adds device links, through which a signed-in device lets a new one in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IDENTIFIER = sa.String(22).with_variant(sa.String(22, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("address", sa.LargeBinary, primary_key=True),
        sa.Column("account", IDENTIFIER, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("commitment", sa.LargeBinary, nullable=False),
        sa.Column("request", sa.LargeBinary),
        sa.Column("key", sa.LargeBinary),
        sa.Column("answer", sa.LargeBinary),
        sa.UniqueConstraint("account"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_links_created", "links", ["created"])
