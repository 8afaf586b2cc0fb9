"""`groups`: share the student's groups as a link or a file, and open those of a friend."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from desktop.app import App
from desktop.cli.output import check_output, write_output
from desktop.cli.trouble_lines import print_error
from desktop.workflows import shared_choices, timetable
from desktop.workflows.shared_choices import SharedKind


def share(asked: argparse.Namespace) -> int:
    """Print the link of the chosen groups, or write them to a file."""
    if asked.file is not None:
        check_output(asked.file, shared_choices.is_shared_file, "a file of groups", force=asked.force)
    with App.open_to_read(asked.profile) as app:
        view = timetable.view(app.store, asked.year, date.today())  # noqa: DTZ011 - the day where the student is
    shared = shared_choices.share(view, SharedKind.GROUPS)
    if asked.file is None:
        print(shared_choices.link_of(shared))
    else:
        write_output(asked.file, shared.body())
    return 0


def open_shared(asked: argparse.Namespace) -> int:
    """Store what a friend shared."""
    if shared_choices.is_shared_link(asked.source):
        shared = shared_choices.read_link(asked.source)
    else:
        shared = shared_choices.read_file(Path(asked.source))
    with App.open(asked.profile) as app:
        title = shared_choices.keep(app.store, shared).title
        view = timetable.view(app.store, shared.year, date.today())  # noqa: DTZ011 - as above
    print(f"{title}.")
    for words in shared_choices.missing_words(view.timetable, shared):
        print_error(words, "note")
    return 0
