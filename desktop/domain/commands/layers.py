"""Commands for layers."""

from __future__ import annotations

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.layers import KIND, Layer
from desktop.domain.records.records import DELETED, Act, Change, Json, Records

MAX_NAME_LENGTH = 60


def save_layer(layer: Layer, *, is_new: bool) -> Act:
    """Add or change a layer. Raises InvalidInput if its name is empty or too long."""
    name = " ".join(layer.name.split())
    if not name or len(name) > MAX_NAME_LENGTH:
        raise InvalidInput("A calendar needs a name of at most 60 characters.", "Enter one.")
    values: dict[str, Json] = {
        "name": name,
        "address": layer.address or None,
        "file": layer.file or None,
        "holds": str(layer.kind),
        "colour": str(layer.colour),
        "exported": layer.exported,
    }
    title = msg("Added {what}", what=name) if is_new else msg("Changed {what}", what=name)
    return Act(title, (Change(KIND, layer.key, values),))


def change_layer_address(layer: Layer, address: str) -> Act:
    """Change the address of a layer after a permanent redirect."""
    return Act(msg("{name}’s calendar has moved", name=layer.name), (Change(KIND, layer.key, {"address": address}),))


def remove_layer(records: Records, layer: Layer) -> Act:
    deletion = records.get(KIND, layer.key).deletion()
    return Act(msg("Removed {name}", name=layer.name), (Change(KIND, layer.key, {DELETED: deletion}),))
