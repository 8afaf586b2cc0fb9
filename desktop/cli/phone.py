"""`phone`: write the stored timetable as one HTML file that a phone opens offline."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from desktop.app import App
from desktop.cli.error_lines import print_error
from desktop.cli.output import check_output, write_output
from desktop.domain.commands.choices import is_undecided_included, undecided_modules
from desktop.domain.errors import InvalidInput
from desktop.workflows import phone, timetable


def write_phone_file(args: argparse.Namespace) -> int:
    check_output(args.file, phone.is_phone_file, "a timetable for a phone", force=args.force)
    now = args.now or datetime.now(UTC)
    with App.open_read_only(args.profile) as app:
        view = timetable.compute_view(app.store, args.year, date.today())  # noqa: DTZ011 - the day where the student is
        if view.timetable.is_empty:
            raise InvalidInput(
                f"There is no timetable of {view.year} in this profile.", "Import one in the window first."
            )
        document = phone.make_phone_file(view, args.language, now)
    write_output(args.file, document.body)
    modules = undecided_modules(view.timetable)
    if modules and not is_undecided_included(view.records, view.year):
        print_error(f"no group is chosen for {', '.join(modules)}, so these classes are not in the file.", "note")
    if document.last_day is None:
        print_error(f"nothing is left of {view.year}.", "note")
    elif document.is_cut:
        print_error(f"the file ends on {document.last_day}, since it would be too large. Make a new one then.", "note")
    return 0
