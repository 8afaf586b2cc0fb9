"""Merges a version of a record from a file with the stored one, as pure functions.

A server rejects a write that is based on an old version; a folder cannot. So every file says what its writer had seen:
a value that loses makes a conflict record unless the writer of the other value had seen it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from desktop.domain.records.merge import FIELDS_WITHOUT_CONFLICTS, conflict_record, join, winning_field
from desktop.domain.records.records import DELETED, NEVER, Field, Record, Stamp, canonical_json

Vector = Mapping[str, int]
Token = tuple[int, str]  # the counter up to which a profile published, and a random text that it drew then
MAX_TOKENS = 64  # of one stamp name, the newest
Tokens = Mapping[str, tuple[Token, ...]]  # by stamp name: all tokens drawn from the first of them to the last
ValueId = tuple[int, str, str]  # a stamp's counter and device, and a digest of the value, as a stamp may be used twice


def covers(seen: Vector, stamp: Stamp) -> bool:
    """True if the vector includes the value with this stamp."""
    return seen.get(stamp.device, 0) >= stamp.counter


def joined_vectors(one: Vector, other: Vector) -> dict[str, int]:
    """The pointwise maximum."""
    return {**one, **{name: max(counter, one.get(name, 0)) for name, counter in other.items()}}


def tokens_from_json(plain: Mapping[str, Iterable[tuple[int, str]]]) -> dict[str, tuple[Token, ...]]:
    """Raises ValueError, TypeError or AttributeError for malformed input."""
    return {
        str(name): tuple(sorted((int(counter), str(drawn)) for counter, drawn in tokens)[-MAX_TOKENS:])
        for name, tokens in plain.items()
    }


def joined_tokens(one: Tokens, other: Tokens) -> dict[str, tuple[Token, ...]]:
    """For each stamp name, the tokens that reach the higher counter, or else the longer list."""

    def reach(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], int]:
        return tokens[-1:], len(tokens)

    return {name: max(one.get(name, ()), other.get(name, ()), key=reach) for name in {**one, **other}}


def names_of_two(one: Tokens, other: Tokens) -> set[str]:
    """The stamp names that two profiles use.

    After a profile was copied, each copy has drawn tokens that the other does not have.
    """
    return {name for name, theirs in other.items() if _are_of_two(one.get(name, ()), theirs)}


def _are_of_two(one: tuple[Token, ...], other: tuple[Token, ...]) -> bool:
    if not one or not other:
        return False
    first, last = max(one[0][0], other[0][0]), min(one[-1][0], other[-1][0])
    return {each for each in one if first <= each[0] <= last} != {each for each in other if first <= each[0] <= last}


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one side knew about a record.

    `seen` is its vector. `over` has, by field, the values that it replaced after having seen them, though `seen` does
    not cover them. `bases` has the stamps of the server's version, by field.
    """

    seen: Vector
    over: Mapping[str, Collection[ValueId]] = field(default_factory=dict)
    bases: Mapping[str, Stamp] = field(default_factory=dict)


def receive(
    mine: Record | None, theirs: Record, reader: Knowledge, writer: Knowledge, forked: Collection[str] = ()
) -> tuple[Record, tuple[Record, ...]]:
    """The merged record, and a conflict record for each value that lost to a writer who had not seen it.

    `forked` are the stamp names that two profiles have used; no vector is valid for them.
    """
    if mine is None:
        return theirs, ()
    if theirs.kind == "conflict":
        return join(mine, theirs), ()
    lost = []
    for name, other in sorted(theirs.fields.items()):
        own = mine.fields.get(name)
        if own is None or name == DELETED or (theirs.kind, name) in FIELDS_WITHOUT_CONFLICTS:
            continue
        if (
            NEVER in {own.stamp, other.stamp}
            or own == other
            or canonical_json(own.value) == canonical_json(other.value)
        ):
            continue
        if not was_seen(name, own, other, reader, writer, forked):
            lost.append(conflict_record(theirs, name, other if winning_field(own, other) is own else own))
    return join(mine, theirs), tuple(lost)


def value_id(value: Field) -> ValueId:
    """Identifies a value, even under a stamp that two profiles have used."""
    digest = hashlib.sha256(canonical_json(value.value).encode()).hexdigest()[:16]
    return value.stamp.counter, value.stamp.device, digest


def was_replaced(value: Field, over: Collection[ValueId]) -> bool:
    """True if the value is among those that were replaced by a device that had seen them."""
    return bool(over) and value_id(value) in over


def was_seen(
    name: str, own: Field, other: Field, reader: Knowledge, writer: Knowledge, forked: Collection[str] = ()
) -> bool:
    """True if one of two values of a field was set by a device that had seen the other."""
    if was_replaced(own, writer.over.get(name, ())) or was_replaced(other, reader.over.get(name, ())):
        return True
    if own.stamp == other.stamp:
        return False  # two values with one stamp: two profiles used one stamp name
    if covers(writer.seen, own.stamp) or covers(reader.seen, other.stamp):
        return True
    if own.stamp.device == other.stamp.device and own.stamp.device not in forked:
        return True
    return _seen_by_base(name, own, other, reader, writer)


def _seen_by_base(name: str, own: Field, other: Field, reader: Knowledge, writer: Knowledge) -> bool:
    """The same, for versions that are on a server: those follow each other, so a later one has seen an earlier one."""
    ours, theirs = reader.bases.get(name), writer.bases.get(name)
    if ours is None or theirs is None:
        return False
    return (own.stamp == ours and ours <= theirs) or (other.stamp == theirs and theirs <= ours)


def is_used_twice(mine: Record | None, theirs: Record, seen: Vector) -> set[str]:
    """The stamp names that two profiles use, as far as one record shows.

    A device that has seen a value holds it, or a later one. So if the vector `seen` covers a value of `theirs` that
    `mine` never held, another profile uses its stamp name too.
    """
    if theirs.kind == "conflict":
        return set()
    found = set()
    for name, other in theirs.fields.items():
        own = None if mine is None else mine.fields.get(name)
        if covers(seen, other.stamp) and other.stamp != NEVER and (own is None or own.stamp < other.stamp):
            found.add(other.stamp.device)
    return found


def is_made_by_copy(mine: Record | None, theirs: Record, device: str) -> bool:
    """True if a field has this profile's stamp name but a value that this profile cannot have set."""
    if theirs.kind == "conflict":
        return False  # a conflict record has the stamp of the value that lost, whoever wrote the record
    for name, other in theirs.fields.items():
        if other.stamp.device != device:
            continue
        own = None if mine is None else mine.fields.get(name)
        if own is None or other.stamp > own.stamp:
            return True
        if other.stamp == own.stamp and canonical_json(own.value) != canonical_json(other.value):
            return True
    return False
