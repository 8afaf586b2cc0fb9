"""Computes the timetable of a year from its records: accepted imports in order, choices, edits, own events.

Each accepted import has items under ids of its own. Its acceptance records which of them are known under another id,
which the student left out, and what it removed. If two imports differ, the one accepted later wins.

The field `order` of an import record is higher than that of every import accepted before. It is a value, not a stamp,
so that undoing an acceptance restores the order before it. The field `acceptance` is an object:
    ids      {own id: the id it is known by}      only where they differ
    left     [own id, ...]                        rows that the student left out
    removed  [id, ...]                            items that this document no longer has; the student confirmed it
    kept     [id, ...]                            items that it no longer has, but the student kept
An edit of a slot or of venues is {"set": value, "against": the documents' value when it was made}.
A choice's group is {"name": group, "ids": [ids of its meetings when it was chosen]}, or the name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import TypeVar

from desktop.domain.codec import from_plain, to_plain
from desktop.domain.drafts.document_items import DocumentItem, PrintedItem, document_items
from desktop.domain.drafts.draft import DocumentTypes, Draft, draft_from_json
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.records import SHARED, Json, Record, Records, Stamp, canonical_json
from desktop.domain.timetable.activities import LECTURE
from desktop.domain.timetable.assessments import EXAM_MINUTES, Assessment
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.colours import assign_colours
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.modules import Colour, Module
from desktop.domain.timetable.timetable import Timetable

SKIP_PREFIX = "skip:"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A student's decisions on an import; see the module's docstring."""

    ids: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The decisions as JSON values, without empty ones."""
        whole = to_plain(self) | {"removed": sorted(self.removed), "kept": sorted(self.kept)}
        return {name: value for name, value in whole.items() if value}


@dataclass(frozen=True, slots=True)
class AcceptedImport:
    """An accepted import: the `key` of its record, its content, and the student's decisions."""

    key: str
    order: int
    stamp: Stamp
    draft: Draft
    document_items: tuple[DocumentItem, ...]
    acceptance: Acceptance

    def known_id(self, document_item: DocumentItem) -> str:
        return self.acceptance.ids.get(document_item.id, document_item.id)


def exam_minutes(records: Records) -> int:
    """The assumed length of exams in minutes: the student's setting, or three hours."""
    minutes = records.get("settings", SHARED).get("exam_minutes", EXAM_MINUTES)
    return minutes if isinstance(minutes, int) and 0 < minutes <= 720 else EXAM_MINUTES


def accepted_imports(records: Records, year: int) -> tuple[list[AcceptedImport], list[str]]:
    """The accepted imports of a year in the order of acceptance, and the names of records that cannot be read."""
    read: list[AcceptedImport] = []
    unreadable: list[str] = []
    minutes = exam_minutes(records)
    for record in records.of_kind("import", year):
        decided = record.fields.get("acceptance")
        if decided is None or decided.value is None:
            continue
        try:
            acceptance = from_plain(Acceptance, decided.value)
            draft, stated_there = _read_document(record, year, minutes, records.document_types)
            read.append(AcceptedImport(record.key, _order(record), decided.stamp, draft, stated_there, acceptance))
        except InvalidInput:
            unreadable.append(f"{record.kind} {record.key}")
    read.sort(key=lambda each: (each.order, each.stamp, each.key))
    return read, unreadable


_document_cache: dict[tuple[str, int, int], tuple[Json, Draft, tuple[DocumentItem, ...]]] = {}
_MAX_CACHED_DOCUMENTS = 64


def _read_document(
    record: Record, year: int, minutes: int, types: DocumentTypes
) -> tuple[Draft, tuple[DocumentItem, ...]]:
    """The content of an import's document. Documents never change, so parsed ones are cached by identity."""
    plain, name = record.get("document", {}), (record.key, year, minutes)
    known = _document_cache.get(name)
    if known is None or known[0] is not plain or known[1].kind.name not in types:
        draft = draft_from_json(plain, types)
        known = plain, draft, document_items(draft, year, minutes)
        if len(_document_cache) >= _MAX_CACHED_DOCUMENTS:
            _document_cache.clear()
        _document_cache[name] = known
    return known[1], known[2]


def _order(record: Record) -> int:
    order = record.get("order", 0)
    return order if isinstance(order, int) else 0


def printed_items(imports: Iterable[AcceptedImport]) -> dict[str, PrintedItem]:
    """Meetings and assessments by id, from the documents alone, without choices and edits."""
    known: dict[str, PrintedItem] = {}
    for each in imports:
        for gone in each.acceptance.removed:
            known.pop(gone, None)
        for document_item in each.document_items:
            if document_item.id in each.acceptance.left:
                continue
            name = each.known_id(document_item)
            known[name] = _overlay(known.get(name), replace(document_item.item, id=name), each.key)
    return known


def _overlay(below: PrintedItem | None, item: PrintedItem, source: str) -> PrintedItem:
    # Exports list the rooms of a meeting in no particular order; sorted, they can be compared.
    venues = tuple(sorted(item.printed_venues))
    earlier = () if below is None else below.sources
    sources = (*(each for each in earlier if each != source), source)
    return replace(item, sources=sources, venues=venues, printed_venues=venues)


def project(records: Records, year: int) -> Timetable:
    """The timetable of an academic year. Records that cannot be read are listed in `Timetable.unreadable`."""
    imports, unreadable = accepted_imports(records, year)
    known = printed_items(imports)
    edits = {record.key: record for record in records.of_kind("edit", year)}
    items: list[PrintedItem] = []
    for item in known.values():
        record = edits.get(item.id)
        if record is not None:
            try:
                items.append(_apply_edit(item, record))
                continue
            except (InvalidInput, ValueError, TypeError, KeyError):
                unreadable.append(f"{record.kind} {record.key}")
        items.append(item)
    modules = _modules(records, year, {item.module for item in items})
    meetings = sorted(
        (_mark_mixed(item, modules[item.module]) for item in items if isinstance(item, Meeting)), key=_meeting_order
    )
    assessments = sorted((item for item in items if isinstance(item, Assessment)), key=_assessment_order)
    events: list[OwnEvent] = []
    for record in records.of_kind("event", year):
        try:
            events.append(own_event_from_record(record))
        except (InvalidInput, ValueError, TypeError, KeyError):
            unreadable.append(f"{record.kind} {record.key}")
    return Timetable(
        year=year,
        modules=modules,
        meetings=tuple(meetings),
        assessments=tuple(assessments),
        events=tuple(events),
        choices=_choices(records, meetings),
        unreadable=tuple(sorted(unreadable)),
    )


def _mark_mixed(meeting: Meeting, module: Module) -> Meeting:
    return replace(meeting, mixed=True) if module.mixed and meeting.kind == LECTURE else meeting


def _meeting_order(meeting: Meeting) -> tuple[object, ...]:
    return meeting.module, meeting.offered, meeting.kind, meeting.group, meeting.activity, meeting.slot, meeting.id


def _assessment_order(assessment: Assessment) -> tuple[object, ...]:
    return assessment.date, assessment.start, assessment.module, assessment.name, assessment.id


def _modules(records: Records, year: int, codes: set[str]) -> dict[str, Module]:
    given = assign_colours(codes)
    modules = {}
    for code in sorted(codes):
        record = records.get("module", f"{year}/{code}")
        modules[code] = Module(
            year=year,
            code=code,
            name=str(record.get("name", "")),
            colour=parse_colour(record.get("colour")) or given[code],
            hidden=record.get("hidden", False) is True,
            mixed=record.get("mixed", False) is True,
        )
    return modules


def parse_colour(name: Json) -> Colour | None:
    """The colour with that name, or None (a newer version may have more)."""
    try:
        return Colour(name)
    except ValueError:
        return None


def _choices(records: Records, meetings: Iterable[Meeting]) -> dict[ChoiceKey, Choice]:
    offered: dict[ChoiceKey, dict[str, list[str]]] = {}
    for meeting in meetings:
        offered.setdefault(meeting.choice_key, {}).setdefault(meeting.group, []).append(meeting.id)
    choices = {}
    for key, groups in offered.items():
        record = records.get("choice", str(key))
        pinned = record.get("pinned", False) is True
        if key.activity and "group" not in record.fields:
            # Until a group is chosen for this lecture, the choice for all lectures applies.
            whole = records.get("choice", str(replace(key, activity="")))
            pinned = (record if "pinned" in record.fields else whole).get("pinned", False) is True
            record = whole
        wanted = record.get("group")
        group = _resolve_group(wanted, groups)
        name = wanted.get("name", "") if isinstance(wanted, dict) else wanted or ""
        only = next(iter(groups)) if len(groups) == 1 else None
        choices[key] = Choice(
            key=key,
            groups=tuple(sorted(groups)),
            group=group or only,
            automatic=only is not None,
            pinned=group is not None and pinned,
            lost="" if group else str(name),
        )
    return choices


def _resolve_group(wanted: Json, groups: Mapping[str, list[str]]) -> str | None:
    """The present name of the chosen group, found by its meetings, or else by its name."""
    if isinstance(wanted, dict):
        name, ids = wanted.get("name"), set(map(str, wanted.get("ids") or ()))
    else:
        name, ids = wanted, set()
    shared = {group: len(ids & set(own)) for group, own in groups.items()}
    most = max(shared.values(), default=0)
    if most:
        best = sorted(group for group, count in shared.items() if count == most)
        return name if isinstance(name, str) and name in best else best[0]
    return name if isinstance(name, str) and name in groups else None


def skipped_dates(record: Record) -> frozenset[date]:
    """The dates that an edit or an own event skips."""
    return frozenset(
        date.fromisoformat(name.removeprefix(SKIP_PREFIX))
        for name, each in record.fields.items()
        if name.startswith(SKIP_PREFIX) and each.value is True
    )


def _apply_edit(item: PrintedItem, record: Record) -> PrintedItem:
    edited: set[str] = set()
    outdated: set[str] = set()

    def value_of(name: str, now: Json) -> Json:
        """The value that the student set. Adds `name` to `edited`, and to `outdated` if the documents changed."""
        match record.get(name):
            case None:
                return None
            case {"set": value, **rest}:
                edited.add(name)
                if "against" in rest and not _equal_values(name, rest["against"], now):
                    outdated.add(name)
                return value
        raise InvalidInput(msg("The edit of {name} has another shape.", name=name))

    venues_set = value_of("venues", list(item.printed_venues))
    venues = tuple(map(str, venues_set)) if venues_set is not None else item.printed_venues
    room = str(record.get("room", ""))
    if room:
        edited.add("room")
        if room not in venues:
            outdated.add("room")
        venues = (room,)
    note = str(record.get("note", ""))
    if note:
        edited.add("note")
    hidden = record.get("hidden", False) is True
    if isinstance(item, Meeting):
        slot = item.slot
        value = value_of("slot", slot_to_json(item.slot))
        if value is not None:
            slot = slot_from_json(value)
        return replace(
            item,
            slot=slot,
            venues=venues,
            room=room,
            note=note,
            hidden=hidden,
            skipped=skipped_dates(record),
            edited=frozenset(edited),
            outdated=frozenset(outdated),
        )
    value = value_of("slot", time_slot_to_json(item.date, item.start, item.end))
    if item.assumed_end and "slot" in outdated:  # another assumed length of exams is no change
        against = time_slot_from_json(record.get("slot")["against"])
        outdated -= {"slot"} if against[:2] == (item.date, item.start) else set()
    day, start, end = (item.date, item.start, item.end) if value is None else time_slot_from_json(value)
    return replace(
        item,
        date=day,
        start=start,
        end=end,
        assumed_end=item.assumed_end and value is None,
        venues=venues,
        room=room,
        note=note,
        hidden=hidden,
        edited=frozenset(edited),
        outdated=frozenset(outdated),
    )


def _equal_values(name: str, against: Json, now: Json) -> bool:
    if name == "venues" and isinstance(against, list) and isinstance(now, list):
        return sorted(map(str, against)) == sorted(now)
    return canonical_json(against) == canonical_json(now)


def slot_to_json(slot: Slot) -> Json:
    return to_plain((slot.weekday, slot.start, slot.end))


def slot_from_json(plain: Json) -> Slot:
    """The inverse of `slot_to_json`. Raises InvalidInput."""
    return Slot(*from_plain(tuple[int, time, time], plain))


def time_slot_to_json(day: date, start: time, end: time) -> Json:
    return to_plain((day, start, end))


def time_slot_from_json(plain: Json) -> tuple[date, time, time]:
    """The inverse of `time_slot_to_json`. Raises InvalidInput."""
    day, start, end = from_plain(tuple[date, time, time], plain)
    if start >= end:
        raise InvalidInput(msg("An end at {end} is not after a start at {start}.", end=end, start=start))
    return day, start, end


def own_event_from_record(record: Record) -> OwnEvent:
    """An own event from its record. Raises InvalidInput, ValueError, TypeError or KeyError for another shape."""
    weekday, on = record.get("weekday"), record.get("date")
    return OwnEvent(
        id=f"{record.year}/event/{record.key.split('/', 1)[1]}",
        year=int(record.key.split("/", 1)[0]),
        title=str(record.get("title", "")),
        start=time.fromisoformat(record.get("start", "")),
        end=time.fromisoformat(record.get("end", "")),
        weekday=None if weekday is None else int(weekday),
        on=None if on is None else date.fromisoformat(on),
        offered=str(record.get("offered", "")),
        venue=str(record.get("venue", "")),
        note=str(record.get("note", "")),
        colour=parse_colour(record.get("colour")) or Colour.GRAPHITE,
        skipped=skipped_dates(record),
    )
