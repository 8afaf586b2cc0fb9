"""Layers: other calendars shown with the timetable. A layer is a record; each machine reads its entries itself.

An entry of zero length is a deadline in every layer. An all-day entry has no hours, so it is used only in a layer of
deadlines, and is due at the end of its first day.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desktop.domain.records.projection import parse_colour
from desktop.domain.records.records import Record, Records
from desktop.domain.timetable.events import LayerEvent, LayerKind
from desktop.domain.timetable.modules import Colour

KIND = "layer"
DAY_END = time(23, 59)
_MAX_TIMED_LENGTH = timedelta(days=7)  # a longer entry is treated like an all-day one


@dataclass(frozen=True, slots=True)
class Layer:
    """Another calendar: downloaded from `address`, or read once from a file with the name `file`."""

    key: str
    name: str
    address: str
    file: str
    kind: LayerKind
    colour: Colour
    exported: bool = False


@dataclass(frozen=True, slots=True, order=True)
class LayerEntry:
    """An entry of a calendar, naive, on UP's clock. For all-day entries, `end` is the midnight after the last day."""

    start: datetime
    end: datetime
    title: str = ""
    place: str = ""
    is_deadline: bool = False
    is_free: bool = False  # marked as taking no time
    is_all_day: bool = False


def layers_of(records: Records) -> tuple[Layer, ...]:
    """All layers, sorted by name."""
    return tuple(
        sorted((_layer(record) for record in records.of_kind(KIND)), key=lambda each: (each.name.casefold(), each.key))
    )


def _layer(record: Record) -> Layer:
    kind = record.get("holds")
    return Layer(
        record.key,
        str(record.get("name", "")),
        str(record.get("address", "")),
        str(record.get("file", "")),
        LayerKind(kind) if kind in set(LayerKind) else LayerKind.SHOWN,
        parse_colour(record.get("colour")) or Colour.GRAPHITE,
        record.get("exported", False) is True,
    )


def layer_events(layer: Layer, entries: Iterable[LayerEntry], year: int) -> Iterator[LayerEvent]:
    """The events of a layer in a calendar year. Entries with equal texts and hours become one event of many dates."""
    dates: dict[tuple[str, str, LayerKind, time, time], set[date]] = defaultdict(set)
    for entry in entries:
        for day, start, end in _split_by_day(layer, entry):
            if day.year == year:
                dates[entry.title, entry.place, _kind(layer, entry), start, end].add(day)
    for (title, place, kind, start, end), held in dates.items():
        named = "\n".join((title, place, kind, f"{start:%H:%M}", f"{end:%H:%M}"))
        on = tuple(sorted(held))
        yield LayerEvent(
            id=f"{year}/{KIND}/{layer.key}/{hashlib.sha256(named.encode()).hexdigest()[:16]}",
            year=year,
            title=title or layer.name,
            start=start,
            end=end,
            on=on[0],
            venue=place,
            colour=layer.colour,
            layer=layer.key,
            layer_name=layer.name,
            kind=kind,
            dates=on,
            exported=layer.exported,
        )


def _kind(layer: Layer, entry: LayerEntry) -> LayerKind:
    if entry.is_deadline or layer.kind is LayerKind.DEADLINE:
        return LayerKind.DEADLINE
    return LayerKind.SHOWN if entry.is_free else layer.kind


def _split_by_day(layer: Layer, entry: LayerEntry) -> Iterator[tuple[date, time, time]]:
    """The entry split at midnight: date, start and end of each part."""
    day = entry.start.date()
    if entry.is_all_day:
        if layer.kind is LayerKind.DEADLINE:
            yield day, DAY_END, DAY_END
        return
    is_long = entry.end - entry.start > _MAX_TIMED_LENGTH
    if _kind(layer, entry) is LayerKind.DEADLINE and (is_long or entry.end.date() != day):
        yield day, entry.start.time(), entry.start.time()
        return
    if is_long:
        return
    start = entry.start.time()
    while day < entry.end.date():
        if start < DAY_END:
            yield day, start, DAY_END
        day, start = day + timedelta(days=1), time()
    if start < entry.end.time() or entry.is_deadline:
        yield day, start, entry.end.time()
