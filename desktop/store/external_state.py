"""Stores what was last written to each external target: JSON bodies by id, replaced in one transaction.

A target is a destination of an export (the file of a year, a published feed, a calendar that is pushed to). The
exporter decides what a body holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from desktop.domain.records.records import Json, canonical_json
from desktop.store.database import Database
from desktop.store.schema import ledger


class ExternalState:
    """The external state of one profile, by target."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, target: str) -> dict[str, Any]:
        """The stored bodies of `target`, by id; empty if there are none."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(ledger.c.id, ledger.c.body).where(ledger.c.target == target))
            return {each: json.loads(body) for each, body in rows}

    def write(self, target: str, entries: Mapping[str, Json]) -> None:
        """Replaces all entries of `target`. Raises InvalidInput for a body that is not JSON, StorageError."""
        rows = [{"target": target, "id": each, "body": canonical_json(body)} for each, body in entries.items()]
        with self._database.writing() as connection:
            connection.execute(ledger.delete().where(ledger.c.target == target))
            if rows:
                connection.execute(ledger.insert(), rows)

    def put(self, target: str, each: str, body: Json) -> None:
        """Stores one entry of `target`, or removes it if `body` is None; for work that is recorded step by step."""
        with self._database.writing() as connection:
            connection.execute(ledger.delete().where(ledger.c.target == target, ledger.c.id == each))
            if body is not None:
                connection.execute(ledger.insert(), {"target": target, "id": each, "body": canonical_json(body)})

    def targets(self) -> tuple[str, ...]:
        """The targets that have entries, sorted."""
        with self._database.reading() as connection:
            return tuple(connection.execute(sa.select(ledger.c.target).distinct().order_by(ledger.c.target)).scalars())

    def forget(self, target: str) -> None:
        self.write(target, {})
