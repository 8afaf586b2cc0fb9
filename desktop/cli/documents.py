"""`parse` and `export`: print documents as JSON, or write a calendar file of them; no profile is used."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop.app import make_document_reader
from desktop.cli.error_lines import print_error, undecided_text
from desktop.cli.output import STANDARD_OUTPUT, check_output, is_calendar, print_json, write_output
from desktop.domain.drafts.draft import Draft, Problem
from desktop.domain.errors import AppError, FileError
from desktop.workflows.documents import find_documents, printable_name, read_documents
from desktop.workflows.files import read_bounded

MAX_REPLACED_BYTES = 20_000_000  # bytes of a calendar file that is replaced


def parse(args: argparse.Namespace) -> int:
    """Print the documents in the files as JSON, in order."""
    drafts, status = _read(_documents(args.files))
    found = [_plain(path, draft) for path, draft in drafts]
    print_json(found, None if args.json else 2)
    return status


def export(args: argparse.Namespace) -> int:
    """Write the calendar file of the documents that could be read."""
    from desktop.workflows.standalone import ExportOptions, StandaloneOptions, calendar_of_drafts  # noqa: PLC0415 - not for parse

    paths = _documents(args.files)
    check_output(args.ics, is_calendar, "a calendar file", paths, force=args.force)
    drafts, status = _read(paths)
    if not drafts:
        raise FileError(f"{args.ics} was not written, since none of the files could be read.")
    undecided = args.undecided == "include"
    wishes = StandaloneOptions(
        choices=args.choose,
        rooms=args.room,
        terms=args.term,
        recesses=args.recess,
        swaps=args.swap,
        region=args.holidays,
        year=args.year,
        options=ExportOptions(undecided=undecided, singles=args.single_events, language=args.language),
        replaced=_calendar_there(args.ics),
    )
    for path, draft in drafts:
        for remark in draft.remarks:
            print_error(remark, str(path))
        for problem in draft.problems:
            print_error(f"{_where(problem)}: expected {problem.expected}, found {problem.found}.", str(path))
    named = [(printable_name(path), draft) for path, draft in drafts]
    written = calendar_of_drafts(named, wishes, args.now or datetime.now(UTC))
    for note in written.notes:
        print_error(note, "note")
    write_output(args.ics, written.body)
    if written.undecided:
        print_error(undecided_text(written.undecided, included=undecided), "note")
    unreadable = sum(len(draft.problems) for _, draft in drafts)
    if unreadable:
        lines, say_it = ("1 line", "it says") if unreadable == 1 else (f"{unreadable} lines", "they say")
        left_out = f"{lines} could not be read, so what {say_it} is not in the calendar."
        print_error(left_out, "note" if args.skip_unreadable else "")
        return status if args.skip_unreadable else 1
    return status


def _calendar_there(path: Path) -> bytes:
    """The calendar file that will be replaced; empty if there is none."""
    if path == STANDARD_OUTPUT or not path.is_file():
        return b""
    body = read_bounded(path, MAX_REPLACED_BYTES)
    return body if is_calendar(body[:64]) else b""


def _documents(files: Sequence[Path]) -> tuple[Path, ...]:
    paths = find_documents(files)
    if not paths:
        raise FileError(f"There is no PDF in {', '.join(map(str, files))}.", "Name PDFs, or another folder.")
    return paths


def _read(paths: Sequence[Path]) -> tuple[list[tuple[Path, Draft]], int]:
    """The drafts of the readable files, and the exit status; prints an error for each of the others."""
    drafts, status = [], 0
    for path, answer in read_documents(make_document_reader(), paths):
        if isinstance(answer, AppError):
            print_error(answer, str(path))
            status = 1
        else:
            drafts += [(path, draft) for draft in answer]
    return drafts, status


def _where(problem: Problem) -> str:
    """The page in a PDF, or the line in a table of text."""
    place = problem.place
    return f"page {place.page}" if place.page else f"line {place.top:.0f}"


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
        "remarks": list(draft.remarks),
    }
