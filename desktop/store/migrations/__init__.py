"""Old databases brought up to date, one version after another.

`STEPS[n]` turns a database of version n into one of version n + 1, on a connection that is in a transaction. It is
written against the tables as they were then, in SQL, never against `schema`, which moves on. Nothing of this is
imported while the database is of the newest version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from desktop.domain.errors import StorageTrouble
from desktop.domain.messages import msg
from desktop.store import schema
from desktop.store.copies import Copied, save_copy
from desktop.store.migrations.phrases import keep_phrases

Step = Callable[[sa.Connection], None]
STEPS: Mapping[int, Step] = {1: keep_phrases}


class Upgraded(Copied, Protocol):
    """What can be brought up to date: an open database that can be copied first."""

    def writing(self) -> AbstractContextManager[sa.Connection]: ...


def upgrade(database: Upgraded, version: int) -> None:
    """Bring a database of `version` up to date, having saved a copy of it first. All of it happens, or nothing.

    Raises StorageTrouble where there is no way up from that version, or no room for the copy.
    """
    path = [STEPS[each] for each in range(version, schema.VERSION) if each in STEPS]
    if version < 1 or len(path) < schema.VERSION - version:
        raise StorageTrouble(
            msg("The stored timetable has the format {version}, which this version cannot read.", version=version),
            "Open it once with an older version of the program, or start with another profile folder.",
        )
    save_copy(database, f"before format {schema.VERSION}")
    with database.writing() as connection:
        for step in path:
            step(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")
