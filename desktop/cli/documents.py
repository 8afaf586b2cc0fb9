"""`parse` and `export`: documents in, JSON or a calendar file out; no profile is touched."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.app import make_reader
from desktop.cli.saying import say
from desktop.domain.draft import Draft
from desktop.domain.errors import AppError, FileTrouble
from desktop.workflows.documents import find_documents, read_all


def parse(asked: argparse.Namespace) -> int:
    """Print what the files say, in their order."""
    drafts, status = _read(asked.files)
    found = [_plain(path, draft) for path, draft in drafts]
    # What a module is called may hold any letter; the terminal's own encoding may not.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(json.dumps(found, ensure_ascii=False, indent=None if asked.json else 2))
    return status


def export(asked: argparse.Namespace) -> int:
    """Write the calendar of the files that could be read."""
    from desktop.workflows.files import write_whole  # noqa: PLC0415 - not for parse
    from desktop.workflows.standalone import ExportOptions, Wishes, calendar_of_drafts  # noqa: PLC0415

    drafts, status = _read(asked.files)
    if not drafts:
        raise FileTrouble(f"{asked.ics} was not written, since none of the files could be read.")
    undecided = asked.undecided == "include"
    wishes = Wishes(
        choices=asked.choose,
        rooms=asked.room,
        terms=asked.term,
        recesses=asked.recess,
        swaps=asked.swap,
        region=asked.holidays,
        year=asked.year,
        options=ExportOptions(undecided=undecided, singles=asked.single_events, language=asked.language),
    )
    for path, draft in drafts:
        for problem in draft.problems:
            say(f"page {problem.place.page}: expected {problem.expected}, found {problem.found}.", str(path))
    written = calendar_of_drafts([(path.name, draft) for path, draft in drafts], wishes, asked.now or datetime.now(UTC))
    for note in written.notes:
        say(note, "note")
    write_whole(asked.ics, written.body)
    return status


def _read(files: Sequence[Path]) -> tuple[list[tuple[Path, Draft]], int]:
    """The drafts of what could be read; a line for each of the others, and the exit status they make."""
    drafts, status = [], 0
    paths = find_documents(files)
    if not paths:
        raise FileTrouble(f"There is no PDF in {', '.join(map(str, files))}.", "Name PDFs, or another folder.")
    for path, answer in read_all(make_reader(), paths):
        if isinstance(answer, AppError):
            say(answer, str(path))
            status = 1
        else:
            drafts.append((path, answer))
    return drafts, status


def _plain(path: Path, draft: Draft) -> dict[str, Any]:
    return {
        "file": str(path),
        "kind": str(draft.kind),
        "pages": draft.pages,
        "entries": [row.entry() | {"page": row.place.page} for row in draft.rows],
        "problems": [
            {
                "page": problem.place.page,
                "text": problem.place.text,
                "expected": problem.expected,
                "found": problem.found,
            }
            for problem in draft.problems
        ],
    }
