"""Where in which document a meeting or a sitting was read."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.assembly import accepted_imports
from desktop.domain.draft import Place
from desktop.domain.records import Records
from desktop.domain.timetable import Item, OwnEvent


@dataclass(frozen=True, slots=True)
class Origin:
    """A document by its file's `name` and hash, and the `places` in it."""

    name: str
    sha256: str
    places: tuple[Place, ...]


def origin_of(records: Records, item: Item) -> Origin | None:
    """The newest document that says so, or None for an own event or where no document of it is left."""
    if isinstance(item, OwnEvent):
        return None
    imports, _ = accepted_imports(records, item.year)
    for each in reversed(imports):
        rows = [row for said in each.statements if each.known_id(said) == item.id for row in said.rows]
        if rows:
            name = str(records.get("import", each.key).get("name", ""))
            return Origin(name, each.draft.sha256, tuple(each.draft.rows[row].place for row in rows))
    return None
