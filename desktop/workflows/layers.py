"""Layers: other calendars beside the timetable, added by their address or out of a file, fetched politely.

Which layers there are is synced; what is in them is not, each machine fetches it. What was read of a layer that is
removed stays until the next start, so that the removal can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from desktop.domain.commands.layers import move_layer, put_layer, remove_layer
from desktop.domain.errors import AppError, InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.layers import Layer, LayerEntry, layer_events, layers_of
from desktop.domain.records.records import Json, Records
from desktop.domain.timetable.events import LayerEvent, LayerKind
from desktop.domain.timetable.modules import Colour

if TYPE_CHECKING:  # the view is computed without any of these where there is no layer
    from desktop.store import Applied, Store

__all__ = [
    "Layer",
    "LayerKind",
    "LayerState",
    "ReadCalendar",
    "add",
    "add_file",
    "allow",
    "change",
    "events_of",
    "is_due",
    "layers_of",
    "read_file",
    "refresh",
    "remove",
    "replace_file",
    "state_of",
    "tidy",
]

_TARGET, _BODIES = "layers", "layer bodies"
MOST_LAYERS = 20
EVERY = timedelta(minutes=30)  # how often an address is asked at most, unless someone presses a button
LATEST = timedelta(days=1)  # how long a calendar that keeps failing is left alone at most
REREAD = timedelta(days=30)  # after which a file is read for the days that have come near
_AHEAD, _BEHIND = timedelta(days=300), timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ReadCalendar:
    """What was read of a calendar's bytes, and when (aware)."""

    at: datetime
    body: bytes
    entries: tuple[LayerEntry, ...]


@dataclass(frozen=True, slots=True)
class LayerState:
    """How a layer stands on this machine: read last `at` (aware), None if never, with so many entries."""

    at: datetime | None = None
    count: int = 0
    tried: datetime | None = None  # the last attempt, if it failed
    failures: int = 0  # in a row


def add(store: Store, name: str, address: str, kind: LayerKind, colour: Colour, *, loopback: bool = False) -> Layer:
    """Add a layer by its address; one act. Nothing is asked yet. Raises InvalidInput, StorageTrouble.

    `loopback` lets http to this machine itself through; it is for trying things out.
    """
    from desktop.sync.friends import friend_address  # noqa: PLC0415 - nothing of networks before it is wanted
    from desktop.workflows.addresses import confirm_address  # noqa: PLC0415 - as above

    checked = friend_address(address, loopback=loopback)
    known = layers_of(store.records())
    if any(layer.address == checked for layer in known):
        raise InvalidInput("This calendar is here already.", "Look at the list of calendars.")
    layer = Layer(token_hex(8), name, checked, "", kind, colour)
    act = put_layer(layer, is_new=True)
    _check_count(known)
    confirm_address(store, checked)
    store.apply(act)
    return layer


def read_file(path: Path, now: datetime) -> ReadCalendar:
    """What is in a calendar file, read in a process of its own. Raises FileTrouble, DocumentRefused."""
    from desktop.calendars.foreign import MOST_BYTES  # noqa: PLC0415 - as above
    from desktop.workflows.files import read_whole  # noqa: PLC0415 - as above

    return _read(read_whole(path, MOST_BYTES), now)


def add_file(store: Store, name: str, path: Path, found: ReadCalendar, kind: LayerKind, colour: Colour) -> Layer:
    """Add a layer of what was read of a file; one act. Raises InvalidInput, StorageTrouble."""
    layer = Layer(token_hex(8), name, "", path.name, kind, colour)
    act = put_layer(layer, is_new=True)
    _check_count(layers_of(store.records()))
    _keep(store, layer, found)
    store.apply(act)
    return layer


def replace_file(store: Store, layer: Layer, path: Path, found: ReadCalendar) -> None:
    """Read a layer's file again, or a newer one. What is in it is this machine's matter, its name a synced one."""
    _keep(store, layer, found)
    if layer.file != path.name:
        change(store, replace(layer, file=path.name))


def change(store: Store, layer: Layer) -> Applied:
    """Another name, kind, colour, or whether it is exported; one act. Raises InvalidInput, StorageTrouble."""
    return store.apply(put_layer(layer, is_new=False))


def remove(store: Store, layer: Layer) -> Applied:
    return store.apply(remove_layer(store.records(), layer))


def allow(store: Store, layer: Layer) -> None:
    """The student agrees that the address of this layer is asked. Raises StorageTrouble."""
    from desktop.workflows.addresses import confirm_address  # noqa: PLC0415 - as above

    confirm_address(store, layer.address)


def state_of(store: Store, layer: Layer) -> LayerState:
    return _state(_kept(store, layer))


def is_due(layer: Layer, state: LayerState, now: datetime) -> bool:
    """Whether it is time to read the layer anew. One that fails is asked after an ever longer time."""
    if not layer.address:
        return state.at is not None and not timedelta(0) <= now - state.at < REREAD
    last = state.tried or state.at
    wait = min(LATEST, EVERY * 2 ** min(state.failures, 10))
    # A moment to come is one of a clock that was wrong then or is now: it keeps nobody from asking.
    return last is None or not timedelta(0) <= now - last < wait


def refresh(store: Store, layer: Layer, now: datetime, *, forced: bool = False, loopback: bool = False) -> bool:
    """Read a layer anew where it is due (or `forced`); whether anything in it is another. `now` is aware.

    Raises Unconfirmed before anything is asked, NotReachable, NotAllowed (gone, too large), DocumentRefused (no
    calendar); what was known stays then.
    """
    known = _kept(store, layer)
    state = _state(known)
    if not forced and not is_due(layer, state, now):
        return False
    body = _body(store, layer)
    if not layer.address:
        return state.at is not None and _keep(store, layer, _read(body, now))
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
    is_other = _keep(store, layer, found, address=layer.address, etag=came.etag, modified=came.modified)
    if came.address != layer.address:
        store.apply(move_layer(layer, came.address))
    return is_other


def events_of(store: Store, records: Records, year: int) -> tuple[LayerEvent, ...]:
    """What all layers have in a year, as this machine read them last."""
    layers = layers_of(records)
    if not layers:
        return ()
    kept = store.external_state.read(_TARGET)
    found = [event for layer in layers for event in layer_events(layer, _entries(kept.get(layer.key)), year)]
    return tuple(sorted(found, key=lambda event: (event.dates, event.start, event.id)))


def tidy(store: Store) -> None:
    """Let go of what was read of layers that are gone."""
    live = {layer.key for layer in layers_of(store.records())}
    for target in (_TARGET, _BODIES):
        for key in store.external_state.read(target).keys() - live:
            store.external_state.put(target, key, None)


def _check_count(known: tuple[Layer, ...]) -> None:
    if len(known) >= MOST_LAYERS:
        raise InvalidInput(msg("There are {n} calendars already.", n=len(known)), "Remove one of them first.")


def _read(body: bytes, now: datetime) -> ReadCalendar:
    from desktop.calendars.foreign import read_entries_aside  # noqa: PLC0415 - as above

    first: date = now.date() - _BEHIND
    return ReadCalendar(now, body, read_entries_aside(body, first, now.date() + _AHEAD))


def _keep(store: Store, layer: Layer, found: ReadCalendar, **how: Json) -> bool:
    """Keeps what was read; whether it is other than what was kept."""
    from desktop.calendars.foreign import entry_to_json  # noqa: PLC0415 - as above

    before = _kept(store, layer)
    entries = [entry_to_json(each) for each in found.entries]
    store.external_state.put(_BODIES, layer.key, found.body.decode("utf-8", "replace"))
    store.external_state.put(_TARGET, layer.key, {"at": found.at.isoformat(), **how, "entries": entries})
    return bool(before.get("entries") != entries)


def _kept(store: Store, layer: Layer) -> dict[str, Any]:
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
    """What was kept of a layer; nothing where it cannot be made out, since a backup may be anybody's."""
    from desktop.calendars.foreign import MOST_TIMES, entry_from_json  # noqa: PLC0415 - as above

    entries = kept.get("entries") if isinstance(kept, dict) else None
    try:
        return tuple(entry_from_json(each) for each in entries[:MOST_TIMES]) if isinstance(entries, list) else ()
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
