"""`groups`: share the student's groups as a link or a file, and open those of a friend."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from desktop.app import App
from desktop.cli.error_lines import print_error
from desktop.cli.output import check_output, write_output
from desktop.workflows import shared_choices, timetable
from desktop.workflows.shared_choices import SharedKind


def share(args: argparse.Namespace) -> int:
    """Print the link of the chosen groups, or write them to a file."""
    if args.file is not None:
        check_output(args.file, shared_choices.is_shared_file, "a file of groups", force=args.force)
    with App.open_read_only(args.profile) as app:
        view = timetable.compute_view(app.store, args.year, date.today())  # noqa: DTZ011 - the day where the student is
    shared = shared_choices.choices_to_share(view, SharedKind.GROUPS)
    if args.file is None:
        print(shared_choices.link_of(shared))
    else:
        write_output(args.file, shared.file_body())
    return 0


def open_shared(args: argparse.Namespace) -> int:
    """Store what a friend shared."""
    if shared_choices.is_shared_link(args.source):
        shared = shared_choices.read_link(args.source)
    else:
        shared = shared_choices.read_file(Path(args.source))
    with App.open(args.profile) as app:
        title = shared_choices.store_choices(app.store, shared).title
        view = timetable.compute_view(app.store, shared.year, date.today())  # noqa: DTZ011 - as above
    print(f"{title}.")
    for words in shared_choices.difference_texts(view.timetable, shared):
        print_error(words, "note")
    return 0
