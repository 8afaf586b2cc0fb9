"""Migrates old databases, one version at a time.

`STEPS[n]` migrates a database from version n to n + 1, on a connection that is in a transaction. It is written in SQL
against the tables as they were then, never against `schema`, which changes. Nothing here is imported if the database
has the newest version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from desktop.domain.errors import StorageError
from desktop.domain.messages import msg
from desktop.store import schema
from desktop.store.copies import Copyable, save_copy
from desktop.store.migrations.phrases import keep_phrases

Step = Callable[[sa.Connection], None]
STEPS: Mapping[int, Step] = {1: keep_phrases}


class Migratable(Copyable, Protocol):
    """An open database that can be copied and then migrated."""

    def writing(self) -> AbstractContextManager[sa.Connection]: ...


def migrate(database: Migratable, version: int) -> None:
    """Migrates a database from `version` to the newest, in one transaction, after saving a copy of it.

    Raises StorageError if there is no migration from that version, or no room for the copy.
    """
    path = [STEPS[each] for each in range(version, schema.VERSION) if each in STEPS]
    if version < 1 or len(path) < schema.VERSION - version:
        raise StorageError(
            msg("The stored timetable has the format {version}, which this version cannot read.", version=version),
            "Open it once with an older version of the program, or start with another profile folder.",
        )
    save_copy(database, f"before format {schema.VERSION}")
    with database.writing() as connection:
        for step in path:
            step(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
