"""The merge of two versions of a record, and what a machine knows of the server's copy of each.

Of two values of a field the one with the higher stamp stands; no wall clock is asked. Where both sides changed a field
since their last common version, the value that lost becomes a conflict record for the student. A machine that meets its
own stamps on values it did not set can tell that its profile was copied.

A join of versions is commutative, associative and idempotent, so machines that have seen the same versions agree,
whatever the order in which they saw them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import DELETED, NEVER, SHARED, Field, Record, Stamp, canonical, stamp_from_json

MOST_COUNTER = 2**53  # what every implementation of JSON holds exactly; a higher counter is no honest one

# Both sides of these hold the same by their key (the digest of the rows), so that nothing is lost with one of them.
# The order of acceptance says nothing by itself that a person would want back, and a friend's calendar has their groups
# as they are.
SAME_BY_KEY = frozenset(
    {("import", "document"), ("import", "pdf"), ("import", "order"), ("shared", "what"), ("shared", "groups")}
)

STATE_DIGEST = "state_digest"  # what a device knows the sync server to hold
_NOBODYS_CHOICE = frozenset({"conflict", STATE_DIGEST})  # kinds of which nobody would want another value back


def later(one: Field, other: Field) -> Field:
    """The field of the two that stands: the higher stamp, and at equal stamps the higher text of the value."""
    if one.stamp != other.stamp:
        return one if one.stamp > other.stamp else other
    return one if one.order >= other.order else other


def join(one: Record, other: Record) -> Record:
    """The least version that holds everything either version holds. Raises ValueError for two different records."""
    if one.name != other.name:
        raise ValueError(f"{one.name} and {other.name} are two records, not two versions of one")
    fields = dict(one.fields)
    for name, theirs in other.fields.items():
        mine = fields.get(name)
        fields[name] = theirs if mine is None else later(mine, theirs)
    return replace(one, fields=fields)


def same(one: Record, other: Record) -> bool:
    """Whether two versions hold the same; unlike ==, a true is no 1 here."""
    return (
        one.name == other.name
        and one.fields.keys() == other.fields.keys()
        and all(_equal(each, other.fields[name]) for name, each in one.fields.items())
    )


def _equal(one: Field | None, other: Field | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.stamp == other.stamp and (one.value is other.value or canonical(one.value) == canonical(other.value))


def _newer(one: Field | None, other: Field | None) -> bool:
    """Whether `one` was set after `other` (which may never have been)."""
    if one is None:
        return False
    return other is None or (not _equal(one, other) and later(one, other) is one)


@dataclass(frozen=True, slots=True)
class Sent:
    """A version on its way to the server, of which no answer has come: it may have arrived or not."""

    etag: str
    record: Record


@dataclass(frozen=True, slots=True)
class Held:
    """A record as this machine holds it, with what it knows of the server's copy.

    `pending`: it holds something the server has not confirmed. `etag`: of the server's copy last seen, None where the
    server has none. `base`: the last common version. `refused`: why the server did not take it; a new act on the
    record clears this (and sets `pending`), so that the changed record is tried again.
    """

    record: Record
    pending: bool = True
    etag: str | None = None
    base: Record | None = None
    sent: Sent | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record of the server that this version cannot read, kept as it came and shown, never dropped.

    `record_id`, `etag` and `deleted` are the server's; `sealed` is the encrypted body; `schema` and `key_id` what it
    was sealed under; `reason` is one of `newer` (a newer version wrote it), `damaged`, `no key`, `incomplete` (pieces
    are missing), and `part` (itself a piece of a large record: nothing is wrong with it, and it is not shown).
    """

    record_id: str
    etag: str
    deleted: bool
    schema: int
    key_id: str
    sealed: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a version that came in: what to hold now, and the conflict records to add."""

    held: Held
    conflicts: tuple[Record, ...]
    changed: bool  # the local record is another than before
    foreign: bool  # it carries a stamp of this device that this device never made: the profile was copied or restored


def receive(held: Held | None, incoming: Record, etag: str, device: str, *, restored: bool = False) -> Received:
    """Join a version of the server into what is held. `device` is the name in this machine's own stamps.

    `restored`: the server was restored from a backup, so that what it says need not descend from `held.base`.
    """
    if held is None:
        foreign = any(each.stamp.device == device for each in incoming.fields.values())
        return Received(Held(incoming, pending=False, etag=etag, base=incoming), (), changed=True, foreign=foreign)
    merged = join(held.record, incoming)
    now = Held(
        merged,
        pending=not same(merged, incoming),
        etag=etag,
        base=incoming,
        # A version sent against an older etag can no longer be taken; had it been, the incoming one has seen it.
        sent=None,
        refused=held.refused if same(merged, held.record) else None,
    )
    lost = conflicts(held, incoming, restored=restored)
    return Received(now, lost, changed=not same(merged, held.record), foreign=_made_elsewhere(held, incoming, device))


def acknowledge(held: Held, sent: Sent) -> Held:
    """What is held after the server took `sent`; an edit made meanwhile stays pending."""
    pending = not same(held.record, sent.record)
    return Held(held.record, pending, etag=sent.etag, base=sent.record, refused=held.refused)


def disown(held: Held) -> Held:
    """What is held after the server turned out not to have the record: nothing of it is common any more."""
    return Held(held.record, refused=held.refused)


def conflicts(held: Held, incoming: Record, *, restored: bool = False) -> tuple[Record, ...]:
    """A conflict record for each field that both sides changed since the last common version, holding what lost."""
    if incoming.kind in _NOBODYS_CHOICE:
        return ()
    found = []
    for name, theirs in sorted(incoming.fields.items()):
        mine = held.record.fields.get(name)
        if mine is None or name == DELETED or (incoming.kind, name) in SAME_BY_KEY:
            continue
        if NEVER in {mine.stamp, theirs.stamp} or canonical(mine.value) == canonical(theirs.value):
            continue
        base = held.base.fields.get(name) if held.base else None
        on_its_way = held.sent.record.fields.get(name) if held.sent else None
        if _equal(theirs, base) or _equal(theirs, on_its_way):
            continue  # nothing that was not seen here
        both = not _seen_by_its_maker(theirs, mine) if restored else _newer(mine, base) and _newer(theirs, base)
        if both:
            loser = theirs if later(mine, theirs) is mine else mine
            found.append(conflict_record(incoming, name, loser))
    return tuple(found)


def _seen_by_its_maker(older: Field, newer: Field) -> bool:
    """Whether one device set both, one after the other."""
    return older.stamp.device == newer.stamp.device and older.stamp.counter < newer.stamp.counter


def conflict_record(record: Record, name: str, loser: Field) -> Record:
    """What a person may still choose instead: the same on every machine that saw the same value lose."""
    held = {"record": [record.kind, record.key], "field": name, "value": loser.value, "stamp": loser.stamp.to_json()}
    digest = hashlib.sha256(canonical(held).encode()).hexdigest()[:32]
    scope = SHARED if record.year is None else str(record.year)
    return Record("conflict", f"{scope}/{digest}", {key: Field(value, loser.stamp) for key, value in held.items()})


def _made_elsewhere(held: Held, incoming: Record, device: str) -> bool:
    """Whether a field carries this device's name and yet is nothing this machine holds, sent or shared before."""
    for name, theirs in incoming.fields.items():
        if theirs.stamp.device != device:
            continue
        known = [held.record, held.base, held.sent.record if held.sent else None]
        if any(version is not None and _equal(theirs, version.fields.get(name)) for version in known):
            continue
        if _newer(theirs, held.base.fields.get(name) if held.base else None):
            return True
    return False


def check(record: Record) -> Record:
    """The record, if its stamps and its deletion are of the form this version computes with; raises InvalidInput."""
    for name, each in record.fields.items():
        _check_counter(each.stamp)
        if name == DELETED and each.value is not None:
            if not isinstance(each.value, Mapping):
                raise InvalidInput("A deletion does not say what it had seen.")
            for seen in each.value.values():
                _check_counter(stamp_from_json(seen))
    return record


def _check_counter(stamp: Stamp) -> None:
    if stamp.counter > MOST_COUNTER:
        raise InvalidInput("A stamp is higher than any act can have made it.")
