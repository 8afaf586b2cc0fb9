"""Layers: other calendars beside the timetable, added by address or from a file, fetched at limited intervals.

The list of layers is synced. Their content is not: each machine fetches it. The content of a removed layer stays until
the next start, so that the removal can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from desktop.domain.commands.layers import change_layer_address, remove_layer, save_layer
from desktop.domain.errors import AppError, InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.layers import Layer, LayerEntry, layer_events, layers_of
from desktop.domain.records.records import Json, Records
from desktop.domain.timetable.events import LayerEvent, LayerKind
from desktop.domain.timetable.modules import Colour

if TYPE_CHECKING:  # not imported at run time: without layers, the view is computed before the store is loaded
    from desktop.store import Applied, Store

__all__ = [
    "Layer",
    "LayerKind",
    "LayerState",
    "ReadCalendar",
    "add",
    "add_file",
    "change",
    "confirm",
    "delete_unused_content",
    "events_of",
    "is_due",
    "layers_of",
    "read_file",
    "refresh",
    "remove",
    "replace_file",
    "state_of",
]

_TARGET, _BODIES = "layers", "layer bodies"
MAX_LAYERS = 20
FETCH_INTERVAL = timedelta(minutes=30)  # between two requests to an address, unless the student presses a button
MAX_RETRY_WAIT = timedelta(days=1)  # the longest wait between two requests to a calendar that keeps failing
FILE_REREAD_INTERVAL = timedelta(
    days=30
)  # after which a file is parsed again, for the days that have come within range
_AHEAD, _BEHIND = timedelta(days=300), timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ReadCalendar:
    """The content of a calendar, and when it was read (aware)."""

    at: datetime
    body: bytes
    entries: tuple[LayerEntry, ...]


@dataclass(frozen=True, slots=True)
class LayerState:
    """A layer's state on this machine: when it was last read (`at`, aware; None if never), with `count` entries."""

    at: datetime | None = None
    count: int = 0
    tried: datetime | None = None  # the last attempt, if it failed
    failures: int = 0  # consecutive ones


def add(store: Store, name: str, address: str, kind: LayerKind, colour: Colour, *, loopback: bool = False) -> Layer:
    """Add a layer by its address; one act. It is not fetched yet. Raises InvalidInput, StorageError.

    `loopback` allows http to this machine itself, for tests.
    """
    from desktop.sync.friends import friend_address  # noqa: PLC0415 - network modules are imported only when needed
    from desktop.workflows.addresses import confirm_address  # noqa: PLC0415 - as above

    checked = friend_address(address, loopback=loopback)
    known = layers_of(store.records())
    if any(layer.address == checked for layer in known):
        raise InvalidInput("This calendar is here already.", "Look at the list of calendars.")
    layer = Layer(token_hex(8), name, checked, "", kind, colour)
    act = save_layer(layer, is_new=True)
    _check_count(known)
    confirm_address(store, checked)
    store.apply(act)
    return layer


def read_file(path: Path, now: datetime) -> ReadCalendar:
    """Read a calendar file; a child process parses it. Raises FileError, DocumentRefused."""
    from desktop.calendars.foreign import MAX_INPUT_BYTES  # noqa: PLC0415 - as above
    from desktop.workflows.files import read_bounded  # noqa: PLC0415 - as above

    return _read(read_bounded(path, MAX_INPUT_BYTES), now)


def add_file(store: Store, name: str, path: Path, found: ReadCalendar, kind: LayerKind, colour: Colour) -> Layer:
    """Add a layer from a file that was read (`found`); one act. Raises InvalidInput, StorageError."""
    layer = Layer(token_hex(8), name, "", path.name, kind, colour)
    act = save_layer(layer, is_new=True)
    _check_count(layers_of(store.records()))
    _store_content(store, layer, found)
    store.apply(act)
    return layer


def replace_file(store: Store, layer: Layer, path: Path, found: ReadCalendar) -> None:
    """Replace a layer's content by that of a file. The content stays on this machine; the file's name is synced."""
    _store_content(store, layer, found)
    if layer.file != path.name:
        change(store, replace(layer, file=path.name))


def change(store: Store, layer: Layer) -> Applied:
    """Store a layer's new name, kind, colour or `exported`; one act. Raises InvalidInput, StorageError."""
    return store.apply(save_layer(layer, is_new=False))


def remove(store: Store, layer: Layer) -> Applied:
    return store.apply(remove_layer(store.records(), layer))


def confirm(store: Store, layer: Layer) -> None:
    """Allow requests to the address of this layer. Raises StorageError."""
    from desktop.workflows.addresses import confirm_address  # noqa: PLC0415 - as above

    confirm_address(store, layer.address)


def state_of(store: Store, layer: Layer) -> LayerState:
    return _state(_stored_content(store, layer))


def is_due(layer: Layer, state: LayerState, now: datetime) -> bool:
    """True if it is time to read the layer again. After failures the wait doubles each time, up to a day."""
    if not layer.address:
        return state.at is not None and not timedelta(0) <= now - state.at < FILE_REREAD_INTERVAL
    last = state.tried or state.at
    wait = min(MAX_RETRY_WAIT, FETCH_INTERVAL * 2 ** min(state.failures, 10))
    # A time in the future comes from a clock that is or was wrong: it must not block requests.
    return last is None or not timedelta(0) <= now - last < wait


def refresh(store: Store, layer: Layer, now: datetime, *, forced: bool = False, loopback: bool = False) -> bool:
    """Read a layer again if it is due (or `forced`). True if its entries changed. `now` is aware.

    Raises Unconfirmed before any request, NotReachable, NotAllowed (gone, too large), DocumentRefused (no calendar);
    the last content stays then.
    """
    known = _stored_content(store, layer)
    state = _state(known)
    if not forced and not is_due(layer, state, now):
        return False
    body = _body(store, layer)
    if not layer.address:
        return state.at is not None and _store_content(store, layer, _read(body, now))
    from desktop.sync.friends import fetch  # noqa: PLC0415 - as above
    from desktop.workflows.addresses import check_confirmed  # noqa: PLC0415 - as above

    check_confirmed(store, layer.address)
    is_same = known.get("address") == layer.address and bool(body)
    try:
        came = fetch(
            layer.address,
            etag=_text(known.get("etag")) if is_same else None,
            modified=_text(known.get("modified")) if is_same else None,
            loopback=loopback,
        )
        found = _read(body if came.data is None else came.data, now)
    except AppError:
        failed = {"tried": now.isoformat(), "failures": state.failures + 1}
        store.external_state.put(_TARGET, layer.key, {**known, **failed})
        raise
    is_other = _store_content(store, layer, found, address=layer.address, etag=came.etag, modified=came.modified)
    if came.address != layer.address:
        store.apply(change_layer_address(layer, came.address))
    return is_other


def events_of(store: Store, records: Records, year: int) -> tuple[LayerEvent, ...]:
    """The events of all layers in a year, as this machine read them last."""
    layers = layers_of(records)
    if not layers:
        return ()
    kept = store.external_state.read(_TARGET)
    found = [event for layer in layers for event in layer_events(layer, _entries(kept.get(layer.key)), year)]
    return tuple(sorted(found, key=lambda event: (event.dates, event.start, event.id)))


def delete_unused_content(store: Store) -> None:
    """Delete the stored content of removed layers."""
    live = {layer.key for layer in layers_of(store.records())}
    for target in (_TARGET, _BODIES):
        for key in store.external_state.read(target).keys() - live:
            store.external_state.put(target, key, None)


def _check_count(known: tuple[Layer, ...]) -> None:
    if len(known) >= MAX_LAYERS:
        raise InvalidInput(msg("There are {n} calendars already.", n=len(known)), "Remove one of them first.")


def _read(body: bytes, now: datetime) -> ReadCalendar:
    from desktop.calendars.foreign import read_layer_entries  # noqa: PLC0415 - as above

    first: date = now.date() - _BEHIND
    return ReadCalendar(now, body, read_layer_entries(body, first, now.date() + _AHEAD))


def _store_content(store: Store, layer: Layer, found: ReadCalendar, **how: Json) -> bool:
    """Store what was read. True if its entries differ from those stored before."""
    from desktop.calendars.foreign import entry_to_json  # noqa: PLC0415 - as above

    before = _stored_content(store, layer)
    entries = [entry_to_json(each) for each in found.entries]
    store.external_state.put(_BODIES, layer.key, found.body.decode("utf-8", "replace"))
    store.external_state.put(_TARGET, layer.key, {"at": found.at.isoformat(), **how, "entries": entries})
    return bool(before.get("entries") != entries)


def _stored_content(store: Store, layer: Layer) -> dict[str, Any]:
    kept = store.external_state.read(_TARGET).get(layer.key)
    return kept if isinstance(kept, dict) else {}


def _body(store: Store, layer: Layer) -> bytes:
    body = store.external_state.read(_BODIES).get(layer.key)
    return body.encode() if isinstance(body, str) else b""


def _state(kept: dict[str, Any]) -> LayerState:
    at, failures = _time(kept.get("at")), kept.get("failures")
    return LayerState(
        at,
        len(_entries(kept)),
        _time(kept.get("tried")),
        failures if isinstance(failures, int) and failures > 0 else 0,
    )


def _entries(kept: object) -> tuple[LayerEntry, ...]:
    """The stored entries of a layer; none if they are invalid, since they may come from an untrusted backup."""
    from desktop.calendars.foreign import MAX_TIMES, entry_from_json  # noqa: PLC0415 - as above

    entries = kept.get("entries") if isinstance(kept, dict) else None
    try:
        return tuple(entry_from_json(each) for each in entries[:MAX_TIMES]) if isinstance(entries, list) else ()
    except (InvalidInput, TypeError, ValueError):
        return ()


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
