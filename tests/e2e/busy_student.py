"""A program that edits and imports as fast as it can and reports what was saved; a test kills it halfway.

    python -m tests.e2e.busy_student PROFILE FIRST LAST

Prints the number of each action once it is saved. What an action does follows from its number alone, so the test can
tell from the numbers what has to be there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path

from desktop.app import App
from desktop.document_types import LECTURES
from desktop.document_types.rows import LectureRow
from desktop.domain.drafts.draft import Draft
from desktop.domain.records.records import Act, Change, Record
from desktop.workflows import imports, timetable

TODAY = date(2026, 3, 2)
IMPORT_EVERY, UNDO_EVERY, MODULES = 10, 7, 12


def draft(number: int) -> Draft:
    """A lectures document that is different for each number."""
    rows = tuple(
        LectureRow(
            f"COS {number}",
            "S1",
            f"G{group:02}",
            "E",
            "L",
            f"L{line}",
            (group + line) % 5,
            time(8, 30),
            time(9, 20),
            "IT 4-4",
            "HATFIELD",
            (),
        )
        for group in range(4)
        for line in range(10)
    )
    return Draft(LECTURES, 1, rows)


def perform_action(app: App, number: int) -> None:
    if number % IMPORT_EVERY == 0:
        imports.accept(app.store, imports.propose(app.store, draft(number), str(number), TODAY, year=2026))
    elif number % UNDO_EVERY == 0:
        timetable.undo(app.store)
    else:
        changes = tuple(Change("module", f"2026/COS {(number + each) % MODULES}", {"name": number}) for each in (0, 5))
        timetable.apply_act(app.store, Act(f"Act {number}", changes))


def expected_records(last: int) -> dict[tuple[str, str], object]:
    """The expected result of the actions up to `last`, by record: a name, or that it exists."""
    done: list[dict[tuple[str, str], object]] = []
    for number in range(1, last + 1):
        if number % IMPORT_EVERY == 0:
            done.append({("import", str(number)): number})
        elif number % UNDO_EVERY == 0:
            if done:
                done.pop()
        else:
            done.append({("module", f"2026/COS {(number + each) % MODULES}"): number for each in (0, 5)})
    found: dict[tuple[str, str], object] = {}
    for each in done:
        found |= each
    return found


def stored_records(records: Iterable[Record]) -> dict[tuple[str, str], object]:
    """The same, read from records."""
    found: dict[tuple[str, str], object] = {}
    for record in records:
        if record.kind == "import" and not record.is_deleted:
            found["import", str(record.get("name"))] = int(str(record.get("name")))
            assert len(record.get("document")["entries"]) == 40
        elif record.kind == "module" and record.get("name") is not None:
            found[record.name] = record.get("name")
    return found


def main() -> None:
    profile, first, last = sys.argv[1:]
    with App.open(Path(profile)) as app:
        print("open", flush=True)
        for number in range(int(first), int(last) + 1):
            perform_action(app, number)
            print(number, flush=True)


if __name__ == "__main__":
    main()
