"""Adds commit markers, which show that a failover lost nothing, and the oldest compatible revision."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IDENTIFIER = sa.String(22).with_variant(sa.String(22, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "commit_markers",
        sa.Column("marker", IDENTIFIER, primary_key=True),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_commit_markers_created", "commit_markers", ["created"])
    op.add_column("server", sa.Column("min_compatible", sa.String(32), nullable=False, server_default=""))
