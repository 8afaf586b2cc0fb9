"""The tables of a profile's database in its newest version, and the encoding of stored values.

- `records`: the student's records, and what is known of the server's version of each; written by acts, and by sync
  through the sync repository.
- `acts`, `steps`: the history for undo and redo; a step is one field before and after an act.
- `facts`: single values: this device's name, the stamp counter, the namespace of calendar ids.
- `memos`, `aside`: data of sync: its cursor and the like, and rows of the server that it cannot read.
- `ledger`: what was written to which calendar, so that it can be updated there.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

import sqlalchemy as sa

from desktop.domain.records.records import Field, Json, Record, Stamp, canonical_json, stamp_from_json

VERSION = 2  # PRAGMA user_version; raising it needs a module in `migrations` and a database of this version as fixture
APPLICATION_ID = 0x55505347  # "UPSG", PRAGMA application_id: distinguishes our databases from those of other programs

metadata = sa.MetaData()

records = sa.Table(
    "records",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer),  # null: shared by all years
    sa.Column("live", sa.Boolean, nullable=False),  # not deleted; computed from the fields at every write
    sa.Column("fields", sa.LargeBinary, nullable=False),
    sa.Column("pending", sa.Integer),  # the place in the queue of rows to be sent to the server; null: not pending
    sa.Column("etag", sa.Text),
    sa.Column("base", sa.LargeBinary),
    sa.Column("sent_etag", sa.Text),
    sa.Column("sent", sa.LargeBinary),
    sa.Column("refused", sa.Text),
    sa.Index("records_by_year", "year"),
    sa.Index("records_pending", "pending", sqlite_where=sa.text("pending IS NOT NULL")),
    sqlite_with_rowid=True,
)

acts = sa.Table(
    "acts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),  # when, in UTC, ISO 8601; shown, never compared
    sa.Column("state", sa.Text, nullable=False),  # done or undone
    sa.Column("phrase", sa.Text),  # the title as a translatable message, if it is one
    sqlite_autoincrement=True,
)

steps = sa.Table(
    "steps",
    metadata,
    sa.Column("act", sa.Integer, sa.ForeignKey("acts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("before", sa.LargeBinary, nullable=False),
    sa.Column("before_stamp", sa.Text, nullable=False),
    sa.Column("after", sa.LargeBinary, nullable=False),
    sa.Column("after_stamp", sa.Text, nullable=False),
    sa.Index("steps_by_field", "kind", "key", "field"),
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

memos = sa.Table(
    "memos",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

aside = sa.Table(
    "aside",
    metadata,
    sa.Column("record_id", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
)

_LARGE = 1024  # bytes from which compression pays; documents of imports shrink to about a tenth


def pack(value: Json) -> bytes:
    """Encodes a JSON value as stored bytes, compressed if it is large. Raises InvalidInput for what is not JSON."""
    text = canonical_json(value).encode()
    return b"j" + text if len(text) < _LARGE else b"z" + zlib.compress(text, 6)


def unpack(stored: bytes) -> Json:
    """The reverse of `pack`. Raises ValueError for anything else."""
    try:
        text = zlib.decompress(stored[1:]) if stored[:1] == b"z" else stored[1:]
    except zlib.error as wrong:
        raise ValueError(f"a stored value is damaged: {wrong}") from wrong
    return json.loads(text)


def pack_fields(fields: Mapping[str, Field]) -> bytes:
    return pack({name: [each.value, each.stamp.to_json()] for name, each in fields.items()})


def unpack_record(kind: str, key: str, stored: bytes) -> Record:
    plain = unpack(stored)
    return Record(kind, key, {name: Field(value, stamp_from_json(stamp)) for name, (value, stamp) in plain.items()})


def stamp_text(stamp: Stamp) -> str:
    """A stamp as stored with a step: equal texts are equal stamps, but their order is not the stamps' order."""
    return f"{stamp.counter}@{stamp.device}"
