"""`year`: take the semester dates from the university's year calendar, as copied from its page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop.academic import proposed_calendar
from desktop.app import App
from desktop.cli.error_lines import print_error
from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.domain.year_calendar import MAX_CHARACTERS, PastedYear, line_counts_text, line_texts, read_year_calendar
from desktop.workflows import terms


def year(args: argparse.Namespace) -> int:
    """Print each line with its interpretation; with --accept, store the dates."""
    text = _read_text(args.paste)
    number = terms.year_of_pasted(text, args.year)
    if not args.accept:
        return _print_pasted(
            read_year_calendar(text, proposed_calendar(number)), "Nothing was changed. Add --accept to use these dates."
        )
    with App.open(args.profile) as app:
        pasted = terms.read_pasted(app.store, text, number)
        status = _print_pasted(pasted, "")
        if status == 0:
            terms.adopt_calendar(app.store, pasted.calendar)
            print(f"The semester dates of {number} are now these.")
    return status


def _print_pasted(pasted: PastedYear, end: str) -> int:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr] # the terminal's encoding may lack a letter
    for line in pasted.lines:
        print(line.text, *line_texts(line), sep="\n    ")
    print()
    for note in pasted.kept:
        print(note)
    calendar = pasted.calendar
    for code, term in sorted(calendar.terms.items()):
        print(f"{code}: {term.start.day} {term.start:%B} to {term.end.day} {term.end:%B %Y}")
    print(line_counts_text(pasted))
    if not pasted.usable:
        print_error(
            "No date of the semesters, recess or lectures was found in this text. Copy the list of dates off the page."
        )
        return 1
    if end:
        print(end)
    return 0


def _read_text(path: Path) -> str:
    try:
        if str(path) == "-":
            body = sys.stdin.buffer.read(4 * MAX_CHARACTERS)
        else:
            with path.open("rb") as stream:
                body = stream.read(4 * MAX_CHARACTERS)
    except OSError as trouble:
        raise FileError(
            msg("{file} cannot be read: {why}.", file=path.name, why=cause(trouble)),
            "Check that the file is there and is yours to read.",
        ) from trouble
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
