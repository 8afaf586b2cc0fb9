"""Matches the items of a new document to the known ones, by label, slot and venues together.

Every interpretation of the document as changes of known items has a cost: for a moved slot, a renamed label or group,
or other rooms. An item that appears or disappears costs more. The cheapest interpretation is used if no other is nearly
as cheap. Otherwise, if the student's edits or choices depend on it, it becomes a `Question`: two groups that swap their
times look the same as two groups that swap their names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.drafts.document_items import DocumentItem, PrintedItem, slot_suffix
from desktop.domain.importing.assignment import Assignment, connected_components, find_assignments
from desktop.domain.messages import DateText, Message, Weekday, listed, msg
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.travel import full_campus_name

_SEPARATE_ITEMS_COST = 10  # the cost of a new item and a removed item instead of one changed item
_COST_MARGIN = 1  # interpretations this close to the cheapest count as equally good
_MAX_MOVE_DAYS = 60  # an assessment does not move from one semester to the other
_MAX_OPTIONS = 4


@dataclass(frozen=True, slots=True)
class MatchOption:
    """One interpretation: the known id of each item by its own id, and a sentence that describes it."""

    ids: Mapping[str, str]
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the student. `key` identifies it in the decisions; `about` are the own ids of its items."""

    key: str
    words: str
    about: tuple[str, ...]
    options: tuple[MatchOption, ...]


@dataclass(frozen=True, slots=True)
class ItemMatches:
    """The known id of each item by its own id, without those in question, and the questions."""

    ids: Mapping[str, str]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ProtectedIds:
    """The ids that the student's data depends on: of items edited by hand, and of items of chosen groups."""

    edited: Collection[str]
    chosen: Collection[str]


def match_items(stated: Sequence[DocumentItem], known: Mapping[str, PrintedItem], owned: ProtectedIds) -> ItemMatches:
    """Match each item of the document to a known one. New items get an unused id."""
    ids: dict[str, str] = {}
    questions: list[Question] = []
    old_buckets: dict[tuple[str, ...], list[PrintedItem]] = defaultdict(list)
    for item in known.values():
        old_buckets[_bucket(item)].append(item)
    new_buckets: dict[tuple[str, ...], list[DocumentItem]] = defaultdict(list)
    for document_item in stated:
        new_buckets[_bucket(document_item.item)].append(document_item)
    free = _IdAllocator(known, stated)
    for bucket, everything in new_buckets.items():
        same, new, old = _match_identical(everything, old_buckets.get(bucket, []))
        ids |= same
        found, asked = _match_similar(new, old, owned, free)
        ids |= found
        questions += asked
    return ItemMatches(ids, tuple(questions))


class _IdAllocator:
    """Assigns unused ids to new items."""

    def __init__(self, known: Mapping[str, PrintedItem], stated: Iterable[DocumentItem]) -> None:
        self._known = known
        self._own = {document_item.id for document_item in stated}

    def allocate(self, document_item: DocumentItem) -> str:
        name = document_item.id
        if name not in self._known:
            return name
        for with_end in (False, True):
            name = f"{document_item.id}/{slot_suffix(document_item.item, with_end)}"
            if name not in self._known and name not in self._own:
                return name
        count = 2
        while f"{name}/{count}" in self._known:
            count += 1
        return f"{name}/{count}"


def _bucket(item: PrintedItem) -> tuple[str, ...]:
    if isinstance(item, Meeting):
        return item.module, item.offered, item.kind
    return item.module, item.kind


def _group(item: PrintedItem) -> str:
    # A preliminary exam has its module's campus, as HATF; a final one has HATFIELD.
    return item.group if isinstance(item, Meeting) else f"{full_campus_name(item.campus)}/{item.paper}"


def _label(item: PrintedItem) -> str:
    return item.activity if isinstance(item, Meeting) else item.name


def _item_time(item: PrintedItem) -> object:
    return item.slot if isinstance(item, Meeting) else (item.date, item.start)


def _match_identical(
    new: list[DocumentItem], old: list[PrintedItem]
) -> tuple[dict[str, str], list[DocumentItem], list[PrintedItem]]:
    """Match items with equal group, label, slot and venues. Returns their ids, and the remaining new and old items."""

    def traits(item: PrintedItem) -> tuple[object, ...]:
        return _group(item), _label(item), _item_time(item), frozenset(item.printed_venues)

    by_traits = {traits(item): item for item in old}
    ids: dict[str, str] = {}
    rest = []
    for document_item in new:
        item = by_traits.pop(traits(document_item.item), None)
        if item is None:
            rest.append(document_item)
        else:
            ids[document_item.id] = item.id
    taken = set(ids.values())
    return ids, rest, [item for item in old if item.id not in taken]


def _distance(old: PrintedItem, new: PrintedItem) -> int:
    """The distance of two slots: 0 equal, 2 overlapping or on the same date, 4 elsewhere, 9 implausible."""
    if isinstance(old, Meeting) and isinstance(new, Meeting):
        if old.slot == new.slot:
            return 0
        same_day = old.slot.weekday == new.slot.weekday
        return 2 if same_day and old.slot.start < new.slot.end and new.slot.start < old.slot.end else 4
    if isinstance(old, Assessment) and isinstance(new, Assessment):
        if old.date != new.date:
            return 4 if abs((old.date - new.date).days) <= _MAX_MOVE_DAYS else 9
        return 0 if old.start == new.start else 2
    return 9


def _cost(old: PrintedItem, new: PrintedItem, renamed: Mapping[str, str]) -> int | None:
    """The cost of `new` as a change of `old`, relative to two separate items; None if they cannot be the same."""
    moved = _distance(old, new)
    same_group = _group(old) == renamed.get(_group(new), _group(new))
    same_label = _label(old) == _label(new)
    ours, theirs = set(old.printed_venues), set(new.printed_venues)
    rooms = 0 if ours == theirs else 1 if ours & theirs or not ours or not theirs else 2
    if isinstance(old, Assessment):
        rooms = min(rooms, 1)  # tests have other rooms in every export
    cost = moved + rooms
    if not same_label:
        cost += 3
    if not same_group:
        cost += 4
    if same_group and same_label:
        return cost - _SEPARATE_ITEMS_COST
    if same_group and moved == 4:
        cost += 2  # another label at another time: only the room could be evidence
    if not same_group and (moved > (2 if same_label else 0) or (not same_label and rooms)):
        return None
    return cost - _SEPARATE_ITEMS_COST if cost < _SEPARATE_ITEMS_COST else None


def _costs(new: Sequence[DocumentItem], old: Sequence[PrintedItem], renamed: Mapping[str, str]) -> list[dict[int, int]]:
    rows = []
    for document_item in new:
        allowed = {}
        for column, item in enumerate(old):
            cost = _cost(item, document_item.item, renamed)
            if cost is not None and cost <= 0:
                allowed[column] = cost
        rows.append(allowed)
    return rows


def _match_similar(
    new: list[DocumentItem], old: list[PrintedItem], owned: ProtectedIds, free: _IdAllocator
) -> tuple[dict[str, str], list[Question]]:
    renamed: dict[str, str] = {}
    readings: list[tuple[list[int], list[Assignment]]] = []
    for _ in range(2):  # a group recognised as renamed helps to match its other items
        costs = _costs(new, old, renamed)
        readings = [
            (rows, find_assignments([costs[row] for row in rows], _COST_MARGIN, _MAX_OPTIONS))
            for rows, _ in connected_components(costs)
        ]
        found = _renamed_groups(new, old, readings)
        if found == renamed:
            break
        renamed = found
    ids: dict[str, str] = {}
    questions: list[Question] = []
    for rows, options in readings:
        about = [new[row] for row in rows]
        if len(options) > 1 and _affects_student_data(about, old, options, owned):
            questions.append(_question(about, old, options, free))
        else:
            ids |= _most_plausible_ids(about, old, options, free)
    return ids, questions


def _renamed_groups(
    new: Sequence[DocumentItem], old: Sequence[PrintedItem], readings: Iterable[tuple[list[int], list[Assignment]]]
) -> dict[str, str]:
    """Unambiguously renamed groups: new name -> old name."""
    became: dict[str, set[str]] = defaultdict(set)
    for rows, options in readings:
        if len(options) != 1:
            continue
        for row, column in zip(rows, options[0].columns, strict=True):
            if column is not None:
                became[_group(new[row].item)].add(_group(old[column]))
    renamed = {name: next(iter(names)) for name, names in became.items() if len(names) == 1}
    renamed = {name: before for name, before in renamed.items() if name != before}
    return {name: before for name, before in renamed.items() if list(renamed.values()).count(before) == 1}


def _affects_student_data(
    about: Sequence[DocumentItem], old: Sequence[PrintedItem], options: Sequence[Assignment], owned: ProtectedIds
) -> bool:
    """True if the options differ for an item with edits or a chosen group."""
    places: dict[int, set[int | None]] = defaultdict(set)
    for option in options:
        for column in {each for other in options for each in other.columns if each is not None}:
            places[column].add(option.columns.index(column) if column in option.columns else None)
    for column, rows in places.items():
        if len(rows) < 2:
            continue
        item = old[column]
        groups = {_group(about[row].item) for row in rows if row is not None}
        if item.id in owned.edited or (item.id in owned.chosen and len(groups) + (None in rows) > 1):
            return True
    return False


def _most_plausible_ids(
    about: Sequence[DocumentItem], old: Sequence[PrintedItem], options: Sequence[Assignment], free: _IdAllocator
) -> dict[str, str]:
    """The option that is the most plausible and keeps the most labels, if the student's data does not depend on it."""
    if len(options) == 1:
        return _ids(about, old, options[0], free)

    def rank(option: Assignment) -> tuple[int, int]:
        pairs = [
            (old[column], document_item.item)
            for column, document_item in zip(option.columns, about, strict=True)
            if column is not None
        ]
        unbelievable = sum(_distance(before, after) == 9 for before, after in pairs)
        return unbelievable, -sum(_group(b) == _group(a) and _label(b) == _label(a) for b, a in pairs)

    return _ids(about, old, min(options, key=rank), free)


def _ids(
    about: Sequence[DocumentItem], old: Sequence[PrintedItem], option: Assignment, free: _IdAllocator
) -> dict[str, str]:
    return {
        document_item.id: old[column].id if column is not None else free.allocate(document_item)
        for document_item, column in zip(about, option.columns, strict=True)
    }


def _question(
    about: Sequence[DocumentItem], old: Sequence[PrintedItem], options: Sequence[Assignment], free: _IdAllocator
) -> Question:
    module = about[0].item.module
    names = listed(sorted({_short_label(document_item.item) for document_item in about}))
    return Question(
        key=min(document_item.id for document_item in about),
        words=msg(
            "{module}: what is {names} now? This document can be read in more than one way.",
            module=module,
            names=names,
        ),
        about=tuple(document_item.id for document_item in about),
        options=tuple(MatchOption(_ids(about, old, each, free), _option_text(about, old, each)) for each in options),
    )


def _option_text(about: Sequence[DocumentItem], old: Sequence[PrintedItem], option: Assignment) -> str:
    parts = [
        _match_text(document_item.item, None if column is None else old[column])
        for document_item, column in zip(about, option.columns, strict=True)
    ]
    words = parts[-1]
    for part in reversed(parts[:-1]):
        words = msg("{one}; {others}", one=part, others=words)
    return msg("{parts}.", parts=words)


def _match_text(after: PrintedItem, before: PrintedItem | None) -> Message:
    what, at = _short_label(after), item_time_text(after)
    if before is None:
        return msg("{what} on {at} is new", what=what, at=at)
    called, was = _short_label(before), item_time_text(before)
    if called != what and _item_time(before) != _item_time(after):
        template = "{what} on {at} was called {called} and was on {was}"
        return msg(template, what=what, at=at, called=called, was=was)
    if called != what:
        return msg("{what} on {at} was called {called}", what=what, at=at, called=called)
    if _item_time(before) != _item_time(after):
        return msg("{what} on {at} was on {was}", what=what, at=at, was=was)
    return msg("{what} on {at} has other rooms", what=what, at=at)


def _short_label(item: PrintedItem) -> str:
    return f"{item.group} {item.activity}" if isinstance(item, Meeting) else item.name


def item_time_text(item: PrintedItem) -> Message:
    """The time of a meeting or assessment as text: `Tuesday 10:30`, `12 Nov 2025 07:30`."""
    if isinstance(item, Meeting):
        return msg("{day} {time}", day=Weekday(item.slot.weekday), time=item.slot.start)
    return msg("{day} {time}", day=DateText(item.date, "d MMM yyyy"), time=item.start)
