"""Makes a database of this version, which later versions have to open: run once when a version is released.

    python -m tests.e2e.upgrades.make

Writes `version-N.sqlite3` beside this file, unless it exists. Its contents are the same for every version.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from desktop.domain.records.merge import HeldRecord, SentVersion, UnreadableRecord
from desktop.domain.records.records import Act, Change, Record, Stamp
from desktop.store import Store
from desktop.store.schema import VERSION
from desktop.workflows import imports
from tests.e2e.busy_student import TODAY, draft

HERE = Path(__file__).parent


def fill(store: Store) -> None:
    """Stores something of everything a database can hold."""
    imports.accept(store, imports.propose(store, draft(10), "lectures.pdf", TODAY, year=2026))
    store.apply(Act("Named", (Change("module", "2026/COS 10", {"name": "Réseaux 🎓", "colour": "Sage"}),)))
    store.apply(Act("Renamed", (Change("module", "2026/COS 10", {"name": "Networks"}),)))
    store.apply(Act("Chose", (Change("choice", "2026/COS 10/S1/L", {"group": "G02"}),)))
    store.apply(Act("Added", (Change("event", "2026/gym", {"title": "Gym", "weekday": 1}),)))
    store.undo()
    store.external_state.write("ics/2026", {"uid-1": {"sequence": 3}})
    theirs = Record("settings", "shared").with_values({"exam_minutes": 120}, Stamp(40, "other"))
    with store.sync_repository.transaction() as moment:
        moment.put(
            HeldRecord(
                theirs, pending=True, etag="e1", base=theirs, sent=SentVersion("e2", theirs), refused="too large"
            )
        )
        moment.set_memo("cursor", "epoch:7")
        moment.set_aside(UnreadableRecord("r1", "e9", False, 3, "k1", b"\x00\xff", "newer"))


def main() -> int:
    target = HERE / f"version-{VERSION}.sqlite3"
    if target.exists():
        print(f"{target.name} is there already; a released version does not change.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "timetable.sqlite3", lambda: datetime(2026, 3, 2, tzinfo=UTC))
        fill(store)
        store.database.copy_to(target)
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
