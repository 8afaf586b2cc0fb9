"""Records: the common form in which a student's acts are stored, undone, backed up and synced.

Every act (accepting an import, choosing a group, hiding a meeting, moving a term) sets fields of records. A field has
the stamp of the device that set it, so the records of two machines can be joined field by field without a clock. The
timetable is never stored; it is computed from records (`projection`).

| kind     | key                                | fields                                                          |
|----------|------------------------------------|-----------------------------------------------------------------|
| import   | year/document kind/digest of rows  | document (a draft), name, pdf (sha256), acceptance, order,      |
|          |                                    | deleted                                                         |
| year     | year                               | confirmed, recess_confirmed, source, region (of public          |
|          |                                    | holidays, or none), lectures_in_test_weeks, test_weeks,         |
|          |                                    | test_days, exams, supplementary_exams, deadlines                |
| term     | year/offered                       | start, end, deleted                                             |
| recess   | year/id                            | start, end, name, deleted                                       |
| day      | year/date                          | follows (weekday), off (reason), holiday (false: switched off)  |
| module   | year/module                        | name, colour, hidden, lectures_in_test_weeks,                   |
|          |                                    | mixed (a choice for each lecture)                               |
| choice   | year/module/offered/kind, and      | group, pinned                                                   |
|          | /activity where groups are mixed   |                                                                 |
| edit     | id of a meeting or assessment      | hidden, slot, venues, room, note, skip:DATE                     |
| event    | year/id                            | title, weekday or date, start, end, venue, offered, colour,     |
|          |                                    | note, skip:DATE, deleted                                        |
| clash    | year/id|id (ordered)               | accepted                                                        |
| settings | shared                             | alarms, exam minutes, planner preferences, export options       |
| feed     | id                                 | what a published calendar holds                                 |
| friend   | id                                 | name, address, colour, deleted                                  |
| layer    | id                                 | name, address or file (its name), holds (kind of its entries),  |
|          |                                    | colour, exported, deleted                                       |
| shared   | year/digest of what it holds, or   | what (plan or groups), groups, deleted; friend (their key)      |
|          | year/friend                        | where their calendar has the groups                             |
| conflict | year/digest of what it holds       | record, field, value, stamp, resolved                           |
| sign_in  | device/way/time                    | account, device, label, way, at                                 |
| state_   | name in the stamps of its writer   | state (what it knows the sync server to hold)                   |
| digest   |                                    |                                                                 |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.domain.drafts.draft import DocumentTypes
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg

SHARED = "shared"
DELETED = "deleted"

Json = Any  # null, bool, int, str, list and dict of these; floats are refused, since their text may differ by machine


def canonical_json(value: Json) -> str:
    """The canonical JSON text: sorted keys, no spaces, no ASCII escapes. Raises InvalidInput for other values."""
    try:
        _refuse_floats(value)
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as wrong:
        raise InvalidInput(msg("This value cannot be stored: {wrong}.", wrong=str(wrong))) from wrong


def _refuse_floats(value: Json) -> None:
    if value is None or isinstance(value, str | int):
        return
    if isinstance(value, float):
        raise TypeError(f"{value} is a fraction")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise TypeError(f"the name {name!r} is no text")
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A logical time: a Lamport `counter`, and the `device` that set the field.

    The higher stamp wins. `NEVER` is lower than any other; it marks a default that nobody chose.
    """

    counter: int
    device: str

    def to_json(self) -> Json:
        return [self.counter, self.device]


NEVER = Stamp(0, "")


def stamp_from_json(plain: Json) -> Stamp:
    """The inverse of `Stamp.to_json`. Raises InvalidInput."""
    match plain:
        case [int(counter), str(device)] if counter >= 0 and not isinstance(counter, bool):
            return Stamp(counter, device)
    raise InvalidInput("A stamp is not a counter and a device.")


@dataclass(frozen=True, slots=True)
class Field:
    """A value and the stamp with which it was set."""

    value: Json
    stamp: Stamp

    @property
    def order(self) -> tuple[Stamp, str]:
        """The sort key between two values of a field. For equal stamps (a copied profile) the value's text decides."""
        return self.stamp, canonical_json(self.value)


@dataclass(frozen=True, slots=True)
class Record:
    """A stored and synced thing: its `kind`, its natural `key`, and stamped fields by name.

    Unknown fields are kept, so an older version of the program loses nothing that a newer one wrote.
    """

    kind: str
    key: str
    fields: Mapping[str, Field] = field(default_factory=dict)

    @property
    def name(self) -> tuple[str, str]:
        return self.kind, self.key

    @property
    def year(self) -> int | None:
        """The academic year of the record; None if it is shared by all years."""
        head = self.key.split("/", 1)[0]
        return int(head) if head.isdigit() and len(head) == 4 else None

    @property
    def is_deleted(self) -> bool:
        """True if it was deleted and no field was set afterwards; a later edit restores the record."""
        deletion = self.fields.get(DELETED)
        if deletion is None or not deletion.value:
            return False
        seen = deletion.value
        return all(
            name == DELETED or (name in seen and other.stamp <= stamp_from_json(seen[name]))
            for name, other in self.fields.items()
        )

    @property
    def stamp(self) -> Stamp:
        """The highest stamp of its fields."""
        return max((each.stamp for each in self.fields.values()), default=NEVER)

    def get(self, name: str, default: Json = None) -> Json:
        """The value of a field, or `default` if it was never set or is null."""
        found = self.fields.get(name)
        return default if found is None or found.value is None else found.value

    def with_values(self, values: Mapping[str, Json], stamp: Stamp) -> Record:
        """The record with these fields set, each under `stamp`."""
        return replace(self, fields={**self.fields, **{name: Field(value, stamp) for name, value in values.items()}})

    def deletion(self) -> Json:
        """The value of the field `deleted`: the names and stamps of all fields at the time of the deletion."""
        return {name: each.stamp.to_json() for name, each in self.fields.items() if name != DELETED} or {"": [0, ""]}

    def to_json(self) -> Json:
        """The record as JSON values, as it is synced."""
        return {
            "kind": self.kind,
            "key": self.key,
            "fields": {name: [each.value, each.stamp.to_json()] for name, each in sorted(self.fields.items())},
        }


def record_from_json(plain: Json) -> Record:
    """The inverse of `Record.to_json`. Accepts unknown kinds. Raises InvalidInput for any other shape."""
    match plain:
        case {"kind": str(kind), "key": str(key), "fields": dict(fields)}:
            read = {}
            for name, pair in fields.items():
                match pair:
                    case [value, stamp]:
                        read[str(name)] = Field(value, stamp_from_json(stamp))
                    case _:
                        raise InvalidInput(
                            msg("The field {name} of a {kind} record has no stamp.", name=name, kind=kind)
                        )
            return Record(kind, key, read)
    raise InvalidInput("This is not a record.")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one record: `values` by field name. Null resets a field to its default."""

    kind: str
    key: str
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Act:
    """What a student did, as one undoable unit. `title` is in the past tense: "Chose P02 for COS 212"."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """A snapshot of all records, indexed by kind and key."""

    by_name: Mapping[tuple[str, str], Record]
    document_types: DocumentTypes = field(default_factory=dict, compare=False)  # needed to read imports

    def get(self, kind: str, key: str) -> Record:
        """The record, or an empty one if nothing was ever set."""
        return self.by_name.get((kind, key)) or Record(kind, key)

    def of_kind(self, kind: str, year: int | None = None) -> list[Record]:
        """The records of a kind (and year) that are not deleted, sorted by key."""
        return sorted(
            (
                record
                for record in self.by_name.values()
                if record.kind == kind and (year is None or record.year == year) and not record.is_deleted
            ),
            key=lambda record: record.key,
        )

    def with_changes(self, changes: Iterable[Change], stamp: Stamp) -> Records:
        """The records as they would be after these changes, without storing anything."""
        new = dict(self.by_name)
        for change in changes:
            record = new.get((change.kind, change.key)) or Record(change.kind, change.key)
            new[record.name] = record.with_values(change.values, stamp)
        return Records(new, self.document_types)


def index_records(records: Iterable[Record], document_types: DocumentTypes | None = None) -> Records:
    """`Records` from an iterable. A later record with the same kind and key replaces an earlier one."""
    return Records({record.name: record for record in records}, document_types or {})
