"""Undo and redo over stamped fields: exact inverses of acts that never touch what another device has set since.

Each field it set is a step from one version to another, a version being known by its stamp. Undoing sets the older
value again, under a new stamp, because other machines may have seen the newer one; from then on every step that knows
the older version knows it by its new stamp. So a chain of acts on one field can be undone and redone to either end,
while a field that carries any other stamp is no longer this history's to change.
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

# What an act brings into being of these kinds is taken back by deleting it; of all others, by setting fields to null.
DELETABLE = frozenset({"import", "term", "recess", "event", "feed", "friend", "layer", "shared"})
_KEPT = 200  # acts that can be undone; older ones stay done
_ABSENT = Field(None, NEVER)


@dataclass(frozen=True, slots=True)
class Setting:
    """An act that sets fields of one record: as it `was` (None: there was none), as it `is`, and which `names`."""

    was: Record | None
    now: Record
    names: tuple[str, ...]


def remember(connection: sa.Connection, title: str, at: datetime, settings: Iterable[Setting]) -> int:
    """Note an act and return its number. What was undone before it can no longer be redone."""
    connection.execute(acts.delete().where(acts.c.state == UNDONE))
    act = connection.execute(
        acts.insert().returning(acts.c.id),
        {"title": title, "at": at.isoformat(), "state": DONE, "phrase": _phrase_text(title)},
    ).scalar_one()
    noted = [row for setting in settings for row in _rows(act, setting)]
    if noted:
        connection.execute(steps.insert(), noted)
    connection.execute(acts.delete().where(acts.c.id <= act - _KEPT))
    return int(act)


def _phrase_text(title: str) -> str | None:
    return json.dumps(title.to_json(), ensure_ascii=False) if isinstance(title, Message) else None


def _title(title: str, phrase: str | None) -> str:
    """The title as it can be said in any language; in English where it is no message, or none that can be read."""
    if phrase is None:
        return title
    try:
        return message_from_json(json.loads(phrase))
    except (ValueError, RecursionError):
        return title


def _rows(act: int, setting: Setting) -> Iterator[dict[str, object]]:
    record = setting.now
    name = {"act": act, "kind": record.kind, "key": record.key}
    if setting.was is None and record.kind in DELETABLE and not record.is_deleted:
        # Made by this act: one step, from a deletion (worked out when it is needed) to what stands there now.
        after = record.fields.get(DELETED, _ABSENT)
        made = record.stamp.to_json()
        before = {"before": pack(made), "before_stamp": f"made by {act}"}
        yield name | {"field": DELETED} | before | {"after": pack(None), "after_stamp": stamp_text(after.stamp)}
        return
    for field in setting.names:
        was = setting.was.fields.get(field, _ABSENT) if setting.was else _ABSENT
        after = record.fields[field]
        before = {"before": pack(was.value), "before_stamp": stamp_text(was.stamp)}
        yield name | {"field": field} | before | {"after": pack(after.value), "after_stamp": stamp_text(after.stamp)}


Load = Callable[[str, str], Record | None]


@dataclass(frozen=True, slots=True)
class Walk:
    """A step back or forth that can be taken: the act's number and title, and the `values` to set in each record."""

    act: int
    title: str
    back: bool
    values: tuple[tuple[Record, dict[str, Json]], ...]


def next_title(connection: sa.Connection, load: Load, *, back: bool) -> str | None:
    """The title of what undo (`back`) or redo would do now, or None."""
    walk = next_walk(connection, load, back=back, whole=False)
    return None if walk is None else walk.title


def next_walk(connection: sa.Connection, load: Load, *, back: bool, whole: bool = True) -> Walk | None:
    """What undo (`back`) or redo would do now, or None. Acts of which nothing is left to reach are passed over.

    Without `whole` it is enough that there is anything: only the first record is in it.
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
            return Walk(act, _title(title, phrase), back, tuple(found))
    return None


def taken(connection: sa.Connection, walk: Walk, stamp: Stamp, device: str) -> tuple[Record, ...]:
    """Note that `walk` is taken under `stamp`; returns the records as they are after it, for the caller to keep."""
    new = []
    for record, values in walk.values:
        moved = record.with_values({name: value for name, value in values.items() if name != DELETED}, stamp)
        if DELETED in values:
            moved = moved.with_values({DELETED: _deletion(moved, values[DELETED], device)}, stamp)
        new.append(moved)
        for name in values:
            _rename(connection, walk, record, name, stamp)
    connection.execute(acts.update().where(acts.c.id == walk.act).values(state=UNDONE if walk.back else DONE))
    return tuple(new)


def _rename(connection: sa.Connection, walk: Walk, record: Record, name: str, stamp: Stamp) -> None:
    """The version brought back lives under `stamp` from now on, in every step that knows it."""
    same_field = (steps.c.kind == record.kind) & (steps.c.key == record.key) & (steps.c.field == name)
    side = steps.c.before_stamp if walk.back else steps.c.after_stamp
    old = connection.execute(sa.select(side).where(same_field, steps.c.act == walk.act)).scalar_one()
    for column in (steps.c.before_stamp, steps.c.after_stamp):
        connection.execute(steps.update().where(same_field, column == old).values({column: stamp_text(stamp)}))


def _deletion(record: Record, wanted: Json, device: str) -> Json:
    """A deletion that has seen what this device did, what made the record, and what the deletion before had seen.

    An edit that another device made meanwhile is not among it, so that it brings the record back.
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
