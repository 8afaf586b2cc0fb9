"""`layers`: other calendars shown beside the stored timetable."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from desktop.app import App
from desktop.cli.error_lines import print_error
from desktop.cli.output import print_json
from desktop.domain.errors import AppError, InvalidInput
from desktop.domain.timetable.modules import Colour
from desktop.workflows import layers
from desktop.workflows.layers import Layer, LayerKind


def list_layers(args: argparse.Namespace) -> int:
    """Print the calendars, without a request."""
    with App.open(args.profile) as app:
        found = [(layer, layers.state_of(app.store, layer)) for layer in layers.layers_of(app.store.records())]
    if args.json:
        print_json([_plain(layer, state) for layer, state in found])
        return 0
    for layer, state in found:
        at = "not read yet"
        if state.at is not None:
            at = f"{_counted(state)} as of {state.at.astimezone():%Y-%m-%d %H:%M}"
        print(f"{layer.name} · {layer.kind} · {at} · {layer.address or layer.file}")
    return 0


def add(args: argparse.Namespace) -> int:
    """Add a calendar by its address or from a file, and read it."""
    kind, colour, now = LayerKind(args.kind), Colour(args.colour), datetime.now(UTC)
    with App.open(args.profile) as app:
        if "://" in args.source:
            layer = layers.add(app.store, args.name, args.source, kind, colour)
            layers.refresh(app.store, layer, now)
        else:
            path = Path(args.source)
            layer = layers.add_file(app.store, args.name, path, layers.read_file(path, now), kind, colour)
        print(f"Added {layer.name}: {_counted(layers.state_of(app.store, layer))}.")
    return 0


def remove(args: argparse.Namespace) -> int:
    with App.open(args.profile) as app:
        layer = _named(app, args.name)
        layers.remove(app.store, layer)
    print(f"Removed {layer.name}.")
    return 0


def fetch(args: argparse.Namespace) -> int:
    """Read every calendar again; prints an error for each that fails."""
    status, now = 0, datetime.now(UTC)
    with App.open(args.profile) as app:
        for layer in layers.layers_of(app.store.records()):
            try:
                layers.refresh(app.store, layer, now, forced=True)
            except AppError as trouble:
                print_error(trouble, layer.name)
                status = 1
    return status


def _named(app: App, name: str) -> Layer:
    found = [layer for layer in layers.layers_of(app.store.records()) if layer.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise InvalidInput(
            f"There is no calendar called {name}." if not found else f"Several calendars are called {name}.",
            "See `upschedule layers list`.",
        )
    return found[0]


def _counted(state: layers.LayerState) -> str:
    return "1 entry" if state.count == 1 else f"{state.count} entries"


def _plain(layer: Layer, state: layers.LayerState) -> dict[str, object]:
    return {
        "name": layer.name,
        "address": layer.address or None,
        "file": layer.file or None,
        "kind": str(layer.kind),
        "colour": str(layer.colour),
        "exported": layer.exported,
        "entries": state.count,
        "read": state.at.isoformat() if state.at is not None else None,
    }
