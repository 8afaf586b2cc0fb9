"""`push`: write the stored timetable into an online calendar, or print only the plan, as JSON."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from contextlib import closing
from datetime import UTC, date, datetime

from desktop.app import App
from desktop.cli.error_lines import print_error, undecided_text
from desktop.cli.output import print_json
from desktop.cli.secret import read_secret
from desktop.domain.commands.choices import undecided_modules
from desktop.domain.errors import InvalidInput
from desktop.workflows import export, push, timetable
from desktop.workflows.push import PushResult, Target
from desktop.workflows.timetable import View

CLIENT_ID, CLIENT_SECRET = "UPSCHEDULE_GOOGLE_CLIENT_ID", "UPSCHEDULE_GOOGLE_CLIENT_SECRET"


def caldav(args: argparse.Namespace) -> int:
    """Push into a calendar on a CalDAV server."""
    password = read_secret(args.password_fd, "Password: ")
    with _open(args) as app:
        view = _view(app, args)
        with closing(push.connect_caldav(args.url, args.user, password)) as connection:
            return _push(app, view, push.caldav_target(app.store, view, connection, args.calendar), args)


def google(args: argparse.Namespace) -> int:
    """Push into Google Calendar; opens the browser if this profile has not been granted the scopes needed."""
    client = push.GoogleClient(os.environ.get(CLIENT_ID, ""), os.environ.get(CLIENT_SECRET, ""))
    with _open(args) as app:
        view = _view(app, args)
        sign_in = push.google_sign_in(app.store, app.vault(), client)
        scopes = push.google_scopes(args.calendar)
        if not sign_in.allows(scopes):
            print("Your browser asks whether this program may write to your calendar.", file=sys.stderr)
            sign_in.sign_in(webbrowser.open, scopes)
        return _push(app, view, push.google_target(app.store, view, sign_in, args.calendar), args)


def _open(args: argparse.Namespace) -> App:
    """Open the profile; read-only for --plan, which changes nothing, so that it works while the window is open."""
    return App.open_read_only(args.profile) if args.plan else App.open(args.profile)


def _view(app: App, args: argparse.Namespace) -> View:
    view = timetable.compute_view(app.store, args.year, date.today())  # noqa: DTZ011 - the day where the student is
    if view.timetable.is_empty:
        raise InvalidInput(f"There is no timetable of {view.year} in this profile.", "Import one in the window first.")
    return view


def _push(app: App, view: View, target: Target, args: argparse.Namespace) -> int:
    if args.remove_all:
        return _report(push.remove_pushed_events(app.store, target, _print_progress))
    options = export.options_of(view.records)
    now = datetime.now(UTC)
    drawn = push.plan_push(app.store, view, target, options, now)
    alike = [step.uid for step in drawn.plan.steps if step.like is not None]
    if alike and args.remove_look_alikes:
        drawn = push.plan_push(app.store, view, target, options, now, alike)
    if args.plan:
        print_json(drawn.plan.to_json(), 2)
        status = 0
    else:
        status = _report(push.carry_out_push(app.store, drawn, target, _print_progress))
        if alike and not args.remove_look_alikes:
            print_error(_look_alikes_text(len(alike)), "note")
    if modules := undecided_modules(view.timetable):
        print_error(undecided_text(modules, included=options.undecided), "note")
    return status


def _look_alikes_text(count: int) -> str:
    return (
        f"{count} events of this calendar looked like the timetable’s already, but were not from this program; they"
        " stay. --plan lists them before a first push, --remove-look-alikes removes them then."
    )


def _print_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total}", end="\n" if done >= total else "", file=sys.stderr)


def _report(done: PushResult) -> int:
    print(f"{done.written} written.")
    for step in done.kept_changes:
        print_error(step.reason, step.title)
    for title, reason in done.refused:
        print_error(reason, title)
    return 1 if done.refused else 0
