"""Version 1 to 2: the history stores a title also as a message, so that it can be shown in another language."""

from __future__ import annotations

import sqlalchemy as sa


def keep_phrases(connection: sa.Connection) -> None:
    """Existing titles stay in English."""
    connection.exec_driver_sql("ALTER TABLE acts ADD COLUMN phrase TEXT")
