"""Undo and redo over stamped fields: exact inverses of acts, which never change what another device has set since.

Each field that an act set is a step from one version to another, and a version is identified by its stamp. Undoing
sets the older value again under a new stamp, because other machines may have seen the newer one; every step that
refers to the older version then gets the new stamp. So a chain of acts on one field can be undone and redone to either
end, while a field with any other stamp can no longer be changed by this history.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa

from desktop.domain.messages import Message, message_from_json
from desktop.domain.records.records import DELETED, NEVER, Field, Json, Record, Stamp, stamp_from_json
from desktop.store.schema import acts, pack, stamp_text, steps, unpack

DONE, UNDONE = "done", "undone"

# Records of these kinds that an act created are deleted when it is undone; of all others, the fields are set to null.
DELETABLE = frozenset({"import", "term", "recess", "event", "feed", "friend", "layer", "shared"})
_MAX_ACTS = 200  # acts that can be undone; older ones are dropped from the history
_ABSENT = Field(None, NEVER)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record before an act (None: there was none) and after it, and the `names` of the fields that the act set."""

    before: Record | None
    after: Record
    names: tuple[str, ...]


def add_act(connection: sa.Connection, title: str, at: datetime, settings: Iterable[RecordChange]) -> int:
    """Adds an act to the history and returns its number. Undone acts can no longer be redone."""
    connection.execute(acts.delete().where(acts.c.state == UNDONE))
    act = connection.execute(
        acts.insert().returning(acts.c.id),
        {"title": title, "at": at.isoformat(), "state": DONE, "phrase": _phrase_text(title)},
    ).scalar_one()
    noted = [row for setting in settings for row in _rows(act, setting)]
    if noted:
        connection.execute(steps.insert(), noted)
    connection.execute(acts.delete().where(acts.c.id <= act - _MAX_ACTS))
    return int(act)


def _phrase_text(title: str) -> str | None:
    return json.dumps(title.to_json(), ensure_ascii=False) if isinstance(title, Message) else None


def _title(title: str, phrase: str | None) -> str:
    """The title as a translatable message; as English text if there is no message, or it cannot be read."""
    if phrase is None:
        return title
    try:
        return message_from_json(json.loads(phrase))
    except (ValueError, RecursionError):
        return title


def _rows(act: int, setting: RecordChange) -> Iterator[dict[str, object]]:
    record = setting.after
    name = {"act": act, "kind": record.kind, "key": record.key}
    if setting.before is None and record.kind in DELETABLE and not record.is_deleted:
        # Created by this act: one step, from a deletion (computed when it is needed) to the current value.
        after = record.fields.get(DELETED, _ABSENT)
        made = record.stamp.to_json()
        before = {"before": pack(made), "before_stamp": f"made by {act}"}
        yield name | {"field": DELETED} | before | {"after": pack(None), "after_stamp": stamp_text(after.stamp)}
        return
    for field in setting.names:
        was = setting.before.fields.get(field, _ABSENT) if setting.before else _ABSENT
        after = record.fields[field]
        before = {"before": pack(was.value), "before_stamp": stamp_text(was.stamp)}
        yield name | {"field": field} | before | {"after": pack(after.value), "after_stamp": stamp_text(after.stamp)}


Load = Callable[[str, str], Record | None]


@dataclass(frozen=True, slots=True)
class Reversal:
    """A possible undo (`back`) or redo: the act's number and title, and the `values` to set in each record."""

    act: int
    title: str
    back: bool
    values: tuple[tuple[Record, dict[str, Json]], ...]


def next_title(connection: sa.Connection, load: Load, *, back: bool) -> str | None:
    """The title of the act that undo (`back`) or redo would change next, or None."""
    walk = next_reversal(connection, load, back=back, whole=False)
    return None if walk is None else walk.title


def next_reversal(connection: sa.Connection, load: Load, *, back: bool, whole: bool = True) -> Reversal | None:
    """The undo (`back`) or redo that would be done next, or None.

    Acts are skipped if all their fields were set by something else since. Without `whole` the result has only the
    first record, which is enough to know that there is one.
    """
    order = acts.c.id.desc() if back else acts.c.id
    candidates = connection.execute(
        sa.select(acts.c.id, acts.c.title, acts.c.phrase)
        .where(acts.c.state == (DONE if back else UNDONE))
        .order_by(order)
    )
    for act, title, phrase in candidates:
        rows = connection.execute(sa.select(steps).where(steps.c.act == act).order_by(steps.c.kind, steps.c.key)).all()
        found = []
        for (kind, key), group in groupby(rows, lambda row: (row.kind, row.key)):
            record = load(kind, key) or Record(kind, key)
            values = {}
            for row in group:
                standing = stamp_text(record.fields.get(row.field, _ABSENT).stamp)
                if standing == (row.after_stamp if back else row.before_stamp):
                    values[row.field] = unpack(row.before if back else row.after)
            if values:
                found.append((record, values))
                if not whole:
                    break
        if found:
            return Reversal(act, _title(title, phrase), back, tuple(found))
    return None


def perform_reversal(connection: sa.Connection, walk: Reversal, stamp: Stamp, device: str) -> tuple[Record, ...]:
    """Performs an undo or redo in the history, under `stamp`; returns the changed records for the caller to store."""
    new = []
    for record, values in walk.values:
        moved = record.with_values({name: value for name, value in values.items() if name != DELETED}, stamp)
        if DELETED in values:
            moved = moved.with_values({DELETED: _deletion(moved, values[DELETED], device)}, stamp)
        new.append(moved)
        for name in values:
            _restamp(connection, walk, record, name, stamp)
    connection.execute(acts.update().where(acts.c.id == walk.act).values(state=UNDONE if walk.back else DONE))
    return tuple(new)


def _restamp(connection: sa.Connection, walk: Reversal, record: Record, name: str, stamp: Stamp) -> None:
    """Gives the restored version the new `stamp` in every step that refers to it."""
    same_field = (steps.c.kind == record.kind) & (steps.c.key == record.key) & (steps.c.field == name)
    side = steps.c.before_stamp if walk.back else steps.c.after_stamp
    old = connection.execute(sa.select(side).where(same_field, steps.c.act == walk.act)).scalar_one()
    for column in (steps.c.before_stamp, steps.c.after_stamp):
        connection.execute(steps.update().where(same_field, column == old).values({column: stamp_text(stamp)}))


def _deletion(record: Record, wanted: Json, device: str) -> Json:
    """A deletion that has seen this device's own changes, the creation of the record, and what `wanted` had seen.

    It has not seen an edit that another device made meanwhile, so such an edit restores the record.
    """
    if not wanted:
        return None
    made = stamp_from_json(wanted) if isinstance(wanted, list) else None
    before = wanted if isinstance(wanted, dict) else {}
    seen = {
        name: each.stamp.to_json()
        for name, each in record.fields.items()
        if name != DELETED
        and (
            each.stamp.device == device
            or each.stamp == made
            or (name in before and each.stamp <= stamp_from_json(before[name]))
        )
    }
    return seen or {"": NEVER.to_json()}
