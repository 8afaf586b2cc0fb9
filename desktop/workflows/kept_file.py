"""A calendar file that is kept up to date: written again after every change, and each of these writes can be undone.

The choice of the file belongs to this machine: restoring a backup never brings a file of another machine to write to.
The student makes the first write, after its preview; later ones are stored with the file's content before them.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desktop.calendars.options import ExportOptions, options_from_json
from desktop.calendars.revisions import Revision, updated_revisions
from desktop.domain.codec import to_plain
from desktop.domain.errors import FileError, InvalidInput
from desktop.domain.messages import msg
from desktop.store import Store
from desktop.workflows.export import IcsPreview, preview_with_revisions, revisions, save_ics, store_revisions
from desktop.workflows.files import is_existing_file, read_bounded, write_atomically
from desktop.workflows.timetable import compute_view

__all__ = ["FileWrite", "file_writes", "keep_file", "kept_file", "stop_keeping", "undo_write", "update_kept_files"]

KEPT_FILES_TARGET = "kept file"  # a target in the external state: the kept files, by academic year
WRITES_TARGET = "kept file writes"  # another: the later writes, by number
MAX_BYTES = 20_000_000  # of a file that is replaced; a timetable has a hundredth of it
MAX_UNDOABLE_WRITES = 20  # that are stored for undo


@dataclass(frozen=True, slots=True)
class FileWrite:
    """One write of a kept file: how many events it added, changed and cancelled, and whether it can be undone."""

    number: int
    year: int
    path: Path
    at: datetime  # aware
    added: int
    changed: int
    cancelled: int
    is_undone: bool
    can_undo: bool


def keep_file(store: Store, shown: IcsPreview, path: Path, options: ExportOptions) -> None:
    """Write a previewed file to `path`, and keep it up to date from now on, with `options`.

    Raises FileError (nothing was written), StorageError.
    """
    path = path.absolute()
    save_ics(store, shown, path)
    store_revisions(store, _revisions(shown.year), revisions(store, f"ics/{shown.year}"))
    entry = {"path": str(path), "digest": _digest(shown.body), "options": to_plain(options)}
    store.external_state.put(KEPT_FILES_TARGET, str(shown.year), entry)


def kept_file(store: Store, year: int) -> Path | None:
    """The file that is kept up to date for an academic year, if any."""
    entry = _entries(store).get(year)
    return Path(entry["path"]) if entry is not None else None


def stop_keeping(store: Store, year: int) -> None:
    """Stop updating the file of a year; the file itself stays."""
    store.external_state.put(KEPT_FILES_TARGET, str(year), None)


def update_kept_files(store: Store, today: date, now: datetime) -> tuple[FileWrite, ...]:
    """Write each kept file whose timetable has changed since its last write. `now` is aware.

    Raises FileError, InvalidInput (the file was replaced by something that is no calendar), StorageError; files
    written before the error stay written.
    """
    entries = _entries(store)
    found = []
    for year, entry in sorted(entries.items()):
        shown = compute_view(store, year, today)
        known = revisions(store, _revisions(year))
        made = preview_with_revisions(store, shown, options_from_json(entry["options"]), known, now)
        if _digest(made.body) != entry["digest"]:
            found.append(_write(store, entry, made, known, now))
    return tuple(found)


def file_writes(store: Store) -> tuple[FileWrite, ...]:
    """The stored writes of kept files, the latest first."""
    plain = store.external_state.read(WRITES_TARGET)
    found = [each for number, entry in plain.items() if (each := _parse_write(number, entry)) is not None]
    return tuple(sorted(found, key=lambda each: each.number, reverse=True))


def undo_write(store: Store, number: int) -> FileWrite:
    """Restore the file's content before a write, and stop keeping it up to date: the next change would overwrite it.

    Raises InvalidInput if the file has changed since the write, FileError, StorageError.
    """
    entry = store.external_state.read(WRITES_TARGET).get(str(number))
    write = _parse_write(str(number), entry)
    if entry is None or write is None or not write.can_undo:
        raise InvalidInput(
            "The file was changed or moved since then, so it stays as it is.", "Save the calendar file again."
        )
    before = entry["before"]
    if before is None:
        write.path.unlink(missing_ok=True)
    else:
        write_atomically(write.path, zlib.decompress(b64decode(before)))
    kept = _entries(store).get(write.year)
    if kept is not None and Path(kept["path"]) == write.path:
        stop_keeping(store, write.year)
    store.external_state.put(WRITES_TARGET, str(number), entry | {"undone": True})
    return write


def _write(
    store: Store, entry: Mapping[str, Any], made: IcsPreview, known: Mapping[str, Revision], now: datetime
) -> FileWrite:
    path = Path(entry["path"])
    before = read_bounded(path, MAX_BYTES) if is_existing_file(path) else None
    if before is not None and _digest(before) != entry["digest"] and not before.lstrip().startswith(b"BEGIN:VCALENDAR"):
        raise InvalidInput(
            msg("{file} is no calendar file any more, so it is not kept up to date.", file=path.name),
            "Move that file away, or keep another one up to date under Calendar file.",
        )
    write_atomically(path, made.body)
    store.external_state.put(KEPT_FILES_TARGET, str(made.year), {**entry, "digest": _digest(made.body)})
    store_revisions(store, _revisions(made.year), updated_revisions(made.events, known))
    fates = Counter(
        _event_change(known.get(event.uid), event.sequence, cancelled=event.cancelled) for event in made.events
    )
    written = store.external_state.read(WRITES_TARGET)
    number = max(map(int, written), default=0) + 1
    plain = {
        "year": made.year,
        "path": str(path),
        "at": now.isoformat(),
        "counts": [fates["added"], fates["changed"], fates["cancelled"]],
        "before": None if before is None else b64encode(zlib.compress(before)).decode(),
        "digest": _digest(made.body),
        "undone": False,
    }
    kept = dict(sorted(written.items(), key=lambda each: int(each[0]))[-(MAX_UNDOABLE_WRITES - 1) :])
    store.external_state.write(WRITES_TARGET, {**kept, str(number): plain})
    told = _parse_write(str(number), plain)
    if told is None:
        raise ValueError("a write that was remembered cannot be read")
    return told


def _event_change(before: Revision | None, sequence: int, *, cancelled: bool) -> str:
    if before is not None and before.sequence == sequence:
        return "same"
    if cancelled:
        return "cancelled"
    return "added" if before is None or before.cancelled else "changed"


def _entries(store: Store) -> dict[int, dict[str, Any]]:
    found = {}
    for year, plain in store.external_state.read(KEPT_FILES_TARGET).items():
        if year.isdigit() and isinstance(plain, dict) and {"path", "digest", "options"} <= plain.keys():
            found[int(year)] = plain
    return found


def _parse_write(number: str, plain: Any) -> FileWrite | None:
    """Parse a stored write; None for one of another version."""
    try:
        path, (added, changed, cancelled) = Path(plain["path"]), plain["counts"]
        is_undone = bool(plain["undone"])
        can_undo = not is_undone and _has_digest(path, str(plain["digest"]))
        at = datetime.fromisoformat(plain["at"])
        return FileWrite(
            int(number), int(plain["year"]), path, at, int(added), int(changed), int(cancelled), is_undone, can_undo
        )
    except (KeyError, TypeError, ValueError):
        return None


def _has_digest(path: Path, digest: str) -> bool:
    try:
        return is_existing_file(path) and _digest(read_bounded(path, MAX_BYTES)) == digest
    except FileError:
        return False


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _revisions(year: int) -> str:
    return f"kept ics/{year}"
