"""Merges two versions of a record, and tracks what a machine knows of the server's copy.

Of two values of a field, the one with the higher stamp wins; wall clocks are not used. If both sides changed a field
since their last common version, the value that lost becomes a conflict record for the student. A machine that receives
its own stamps on values it did not set can tell that its profile was copied.

The join is commutative, associative and idempotent, so machines that have seen the same versions agree, whatever the
order in which they received them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import DELETED, NEVER, SHARED, Field, Record, Stamp, canonical_json, stamp_from_json

MAX_COUNTER = 2**53  # the largest integer exact in every JSON implementation; a higher counter is forged

# Fields that need no conflict record. Most are equal on both sides because the key contains their digest. The order of
# acceptance is of no use to a person, and the groups of a friend's calendar are read from it again.
FIELDS_WITHOUT_CONFLICTS = frozenset(
    {("import", "document"), ("import", "pdf"), ("import", "order"), ("shared", "what"), ("shared", "groups")}
)

STATE_DIGEST = "state_digest"  # the kind of record that tells what a device knows of the sync server
_KINDS_WITHOUT_CONFLICTS = frozenset({"conflict", STATE_DIGEST})  # kinds without conflict records


def winning_field(one: Field, other: Field) -> Field:
    """The field that wins: the one with the higher stamp, or, for equal stamps, the higher JSON text of the value."""
    if one.stamp != other.stamp:
        return one if one.stamp > other.stamp else other
    return one if one.order >= other.order else other


def join(one: Record, other: Record) -> Record:
    """The least upper bound of two versions of a record. Raises ValueError for two different records."""
    if one.name != other.name:
        raise ValueError(f"{one.name} and {other.name} are two records, not two versions of one")
    fields = dict(one.fields)
    for name, theirs in other.fields.items():
        mine = fields.get(name)
        fields[name] = theirs if mine is None else winning_field(mine, theirs)
    return replace(one, fields=fields)


def equal_versions(one: Record, other: Record) -> bool:
    """True if two versions are equal. Unlike with ==, true and 1 differ."""
    return (
        one.name == other.name
        and one.fields.keys() == other.fields.keys()
        and all(_equal_fields(each, other.fields[name]) for name, each in one.fields.items())
    )


def _equal_fields(one: Field | None, other: Field | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.stamp == other.stamp and (
        one.value is other.value or canonical_json(one.value) == canonical_json(other.value)
    )


def _is_newer(one: Field | None, other: Field | None) -> bool:
    """True if `one` was set after `other`, or `other` was never set."""
    if one is None:
        return False
    return other is None or (not _equal_fields(one, other) and winning_field(one, other) is one)


@dataclass(frozen=True, slots=True)
class SentVersion:
    """A version sent to the server without a response so far: it may have arrived or not."""

    etag: str
    record: Record


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record on this machine, with what is known of the server's copy.

    `pending` is true if the record has changes that the server has not confirmed. `etag` is that of the server's copy
    last seen, None if the server has none. `base` is the last common version. `refused` is why the server refused the
    record. A new act on the record clears it and sets `pending`, so that the changed record is sent again.
    """

    record: Record
    pending: bool = True
    etag: str | None = None
    base: Record | None = None
    sent: SentVersion | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A record of the server that this version cannot read. It is stored as received and shown, never dropped.

    `record_id`, `etag` and `deleted` are the server's. `sealed` is the encrypted body, `schema` and `key_id` are those
    it was sealed with. `reason` is `newer` (written by a newer version), `damaged`, `no key`, `incomplete` (parts are
    missing), or `part` (a part of a large record: nothing is wrong with it, and it is not shown).
    """

    record_id: str
    etag: str
    deleted: bool
    schema: int
    key_id: str
    sealed: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """The result of receiving a version: the record to store, and the conflict records to add."""

    held: HeldRecord
    conflicts: tuple[Record, ...]
    changed: bool  # the local record differs from before
    has_foreign_stamp: (
        bool  # it has a stamp of this device that this device did not make: the profile was copied or restored
    )


def receive(
    held: HeldRecord | None, incoming: Record, etag: str, device: str, *, restored: bool = False
) -> ReceiveResult:
    """Join a version received from the server. `device` is the name in this machine's own stamps.

    `restored` is true if the server was restored from a backup: its version may then not descend from `held.base`.
    """
    if held is None:
        foreign = any(each.stamp.device == device for each in incoming.fields.values())
        return ReceiveResult(
            HeldRecord(incoming, pending=False, etag=etag, base=incoming), (), changed=True, has_foreign_stamp=foreign
        )
    merged = join(held.record, incoming)
    now = HeldRecord(
        merged,
        pending=not equal_versions(merged, incoming),
        etag=etag,
        base=incoming,
        # A version sent with an older etag can no longer be accepted. If it was, the incoming one includes it.
        sent=None,
        refused=held.refused if equal_versions(merged, held.record) else None,
    )
    lost = find_conflicts(held, incoming, restored=restored)
    return ReceiveResult(
        now,
        lost,
        changed=not equal_versions(merged, held.record),
        has_foreign_stamp=_has_foreign_stamp(held, incoming, device),
    )


def acknowledge(held: HeldRecord, sent: SentVersion) -> HeldRecord:
    """The held record after the server accepted `sent`. An edit made since then stays pending."""
    pending = not equal_versions(held.record, sent.record)
    return HeldRecord(held.record, pending, etag=sent.etag, base=sent.record, refused=held.refused)


def clear_server_version(held: HeldRecord) -> HeldRecord:
    """The held record after the server turned out not to have it: there is no common version any more."""
    return HeldRecord(held.record, refused=held.refused)


def find_conflicts(held: HeldRecord, incoming: Record, *, restored: bool = False) -> tuple[Record, ...]:
    """A conflict record with the losing value, for each field that both sides changed since the common version."""
    if incoming.kind in _KINDS_WITHOUT_CONFLICTS:
        return ()
    found = []
    for name, theirs in sorted(incoming.fields.items()):
        mine = held.record.fields.get(name)
        if mine is None or name == DELETED or (incoming.kind, name) in FIELDS_WITHOUT_CONFLICTS:
            continue
        if NEVER in {mine.stamp, theirs.stamp} or canonical_json(mine.value) == canonical_json(theirs.value):
            continue
        base = held.base.fields.get(name) if held.base else None
        on_its_way = held.sent.record.fields.get(name) if held.sent else None
        if _equal_fields(theirs, base) or _equal_fields(theirs, on_its_way):
            continue  # already known here
        both = not _is_successor(theirs, mine) if restored else _is_newer(mine, base) and _is_newer(theirs, base)
        if both:
            loser = theirs if winning_field(mine, theirs) is mine else mine
            found.append(conflict_record(incoming, name, loser))
    return tuple(found)


def _is_successor(older: Field, newer: Field) -> bool:
    """True if one device set both, `older` first."""
    return older.stamp.device == newer.stamp.device and older.stamp.counter < newer.stamp.counter


def conflict_record(record: Record, name: str, loser: Field) -> Record:
    """The conflict record for a losing value. Its key is the same on every machine, so that it is stored once."""
    held = {"record": [record.kind, record.key], "field": name, "value": loser.value, "stamp": loser.stamp.to_json()}
    digest = hashlib.sha256(canonical_json(held).encode()).hexdigest()[:32]
    scope = SHARED if record.year is None else str(record.year)
    return Record("conflict", f"{scope}/{digest}", {key: Field(value, loser.stamp) for key, value in held.items()})


def _has_foreign_stamp(held: HeldRecord, incoming: Record, device: str) -> bool:
    """True if a field has this device's stamp, but is in none of the versions that this machine held or sent."""
    for name, theirs in incoming.fields.items():
        if theirs.stamp.device != device:
            continue
        known = [held.record, held.base, held.sent.record if held.sent else None]
        if any(version is not None and _equal_fields(theirs, version.fields.get(name)) for version in known):
            continue
        if _is_newer(theirs, held.base.fields.get(name) if held.base else None):
            return True
    return False


def check_record(record: Record) -> Record:
    """The record, if its stamps and its deletion are valid. Raises InvalidInput."""
    for name, each in record.fields.items():
        _check_counter(each.stamp)
        if name == DELETED and each.value is not None:
            if not isinstance(each.value, Mapping):
                raise InvalidInput("A deletion does not say what it had seen.")
            for seen in each.value.values():
                _check_counter(stamp_from_json(seen))
    return record


def _check_counter(stamp: Stamp) -> None:
    if stamp.counter > MAX_COUNTER:
        raise InvalidInput("A stamp is higher than any act can have made it.")
