"""From version 1 to 2: the history keeps a title as a message too, so that it can be said in another language."""

from __future__ import annotations

import sqlalchemy as sa


def keep_phrases(connection: sa.Connection) -> None:
    """Titles from before stay in the English they were written in."""
    connection.exec_driver_sql("ALTER TABLE acts ADD COLUMN phrase TEXT")
