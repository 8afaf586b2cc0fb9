"""Caches the last view in a file, so that the week can be shown before the store is loaded.

The cached view is shown only until the store is open; nothing is computed or stored from it. It contains no documents.
Unpickling is limited to the types that a view consists of, so that a manipulated file cannot run code.
"""

from __future__ import annotations

import contextlib
import io
import pickle
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import desktop
from desktop.domain.records.records import Records
from desktop.private_files import create_private_file

if TYPE_CHECKING:
    from desktop.workflows.timetable import View

FILE_NAME = "last-view"
MAX_BYTES = 16 * 1024 * 1024
_HEADER = f"upschedule view 5 {desktop.__version__}\n".encode()
_ALLOWED_CLASSES = {
    "desktop.workflows.timetable": {"View", "TodoItem", "TodoKind"},
    "desktop.domain.timetable.assessments": None,
    "desktop.domain.timetable.choices": None,
    "desktop.domain.timetable.events": None,
    "desktop.domain.timetable.meetings": None,
    "desktop.domain.timetable.modules": None,
    "desktop.domain.timetable.occurrences": None,
    "desktop.domain.timetable.terms": None,
    "desktop.domain.timetable.timetable": None,
    "desktop.domain.clashes": None,
    "desktop.domain.importing.import_sets": None,
    "desktop.domain.records.records": {"Records"},
    "desktop.domain.messages": None,
    "desktop.domain.event_kinds": {"EventKind"},
    "datetime": {"date", "datetime", "time", "timedelta"},
    "builtins": {"frozenset", "set", "dict", "list", "tuple", "object"},
    "copyreg": {"_reconstructor"},
}


def save_view(folder: Path, view: View) -> None:
    """Caches a view for the next start. An error on writing is ignored: it only makes the next start slower."""
    body = _HEADER + pickle.dumps(replace(view, records=Records({})), protocol=5)
    new = folder / f"{FILE_NAME}.new"
    with contextlib.suppress(OSError):
        with create_private_file(new) as stream:
            stream.write(body)
        new.replace(folder / FILE_NAME)


def load_view(folder: Path) -> View | None:
    """The view cached by this version of the program; None if there is none or it cannot be read."""
    from desktop.workflows.timetable import View as ViewKind  # noqa: PLC0415 - not before the first frame

    try:
        with (folder / FILE_NAME).open("rb") as stream:
            body = stream.read(MAX_BYTES)
        if not body.startswith(_HEADER):
            return None
        found = _ViewUnpickler(io.BytesIO(body[len(_HEADER) :])).load()
    except Exception:  # noqa: BLE001 - a damaged file can fail in any way, and the view is not needed
        return None
    return found if isinstance(found, ViewKind) else None


def _enum_member(kind: type, name: str) -> Any:
    """A member of an enumeration. Python 3.11.0 to 3.11.3 pickle it as an attribute of its class."""
    if not issubclass(kind, Enum):
        raise pickle.UnpicklingError(f"{kind.__name__} is no enumeration.")
    return kind[name]


class _ViewUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "getattr"):
            return _enum_member
        allowed = _ALLOWED_CLASSES.get(module, set())
        if (allowed is not None and name not in allowed) or "." in name:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a view.")
        found = super().find_class(module, name)
        if allowed is None and not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no kind of value.")
        return found
