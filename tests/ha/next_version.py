"""Makes a fictitious next version of the server, which differs by a migration that only adds."""

import shutil
import sys
from pathlib import Path

from syncserver.db.migrations import NEWEST

ROOT = Path(__file__).parents[2]
NEXT = f"{int(NEWEST) + 1:04}"
COMMAND = (sys.executable, "-P", "-m", "syncserver", "serve")  # what PYTHONPATH names, not this folder

MIGRATION = f'''"""Adds what nothing uses."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NEWEST}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("made_up", sa.Column("id", sa.BigInteger, primary_key=True))
    op.add_column("records", sa.Column("made_up", sa.Integer, nullable=True))
'''


def make(folder: Path) -> Path:
    """Writes the version's sources to `folder`."""
    package = folder / "syncserver"
    shutil.copytree(ROOT / "syncserver", package, ignore=shutil.ignore_patterns("__pycache__"))
    migrations = package / "db" / "migrations"
    (migrations / "versions" / f"{NEXT}_made_up.py").write_text(MIGRATION)
    text = (migrations / "__init__.py").read_text()
    newer = text.replace(f'NEWEST = "{NEWEST}"', f'NEWEST = "{NEXT}"')
    if newer == text:
        raise RuntimeError("the revision was not found")
    (migrations / "__init__.py").write_text(newer)
    return folder
