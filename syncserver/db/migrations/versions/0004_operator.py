"""Adds what an operator can set while servers run: locked accounts, closed registrations."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("locked", sa.BigInteger))
    op.add_column("server", sa.Column("registrations_closed", sa.Boolean, nullable=False, server_default=sa.false()))
