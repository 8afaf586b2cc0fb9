"""`push`: write the stored timetable into an online calendar, or print only the plan, as JSON."""

from __future__ import annotations

import argparse
import os
import sys
import webbrowser
from contextlib import closing
from datetime import UTC, date, datetime

from desktop.app import App
from desktop.cli.output import print_json
from desktop.cli.secret import read_secret
from desktop.cli.trouble_lines import print_error, undecided_words
from desktop.domain.commands.choices import undecided_modules
from desktop.domain.errors import InvalidInput
from desktop.workflows import export, push, timetable
from desktop.workflows.push import Done, Target
from desktop.workflows.timetable import View

CLIENT_ID, CLIENT_SECRET = "UPSCHEDULE_GOOGLE_CLIENT_ID", "UPSCHEDULE_GOOGLE_CLIENT_SECRET"


def caldav(asked: argparse.Namespace) -> int:
    """Push into a calendar on a CalDAV server."""
    password = read_secret(asked.password_fd, "Password: ")
    with _open(asked) as app:
        view = _view(app, asked)
        with closing(push.connect(asked.url, asked.user, password)) as connection:
            return _push(app, view, push.caldav_target(app.store, view, connection, asked.calendar), asked)


def google(asked: argparse.Namespace) -> int:
    """Push into Google Calendar; opens the browser if this profile has not been granted the scopes needed."""
    client = push.GoogleClient(os.environ.get(CLIENT_ID, ""), os.environ.get(CLIENT_SECRET, ""))
    with _open(asked) as app:
        view = _view(app, asked)
        sign_in = push.google_sign_in(app.store, app.vault(), client)
        scopes = push.google_scopes(asked.calendar)
        if not sign_in.allows(scopes):
            print("Your browser asks whether this program may write to your calendar.", file=sys.stderr)
            sign_in.open(webbrowser.open, scopes)
        return _push(app, view, push.google_target(app.store, view, sign_in, asked.calendar), asked)


def _open(asked: argparse.Namespace) -> App:
    """Open the profile; read-only for --plan, which changes nothing, so that it works while the window is open."""
    return App.open_to_read(asked.profile) if asked.plan else App.open(asked.profile)


def _view(app: App, asked: argparse.Namespace) -> View:
    view = timetable.view(app.store, asked.year, date.today())  # noqa: DTZ011 - the day where the student is
    if view.timetable.is_empty:
        raise InvalidInput(f"There is no timetable of {view.year} in this profile.", "Import one in the window first.")
    return view


def _push(app: App, view: View, target: Target, asked: argparse.Namespace) -> int:
    if asked.remove_all:
        return _report(push.take_away(app.store, target, _tell))
    options = export.options_of(view.records)
    now = datetime.now(UTC)
    drawn = push.draw_up_push(app.store, view, target, options, now)
    alike = [step.uid for step in drawn.plan.steps if step.like is not None]
    if alike and asked.remove_look_alikes:
        drawn = push.draw_up_push(app.store, view, target, options, now, alike)
    if asked.plan:
        print_json(drawn.plan.to_json(), 2)
        status = 0
    else:
        status = _report(push.carry_out_push(app.store, drawn, target, _tell))
        if alike and not asked.remove_look_alikes:
            print_error(_alike_words(len(alike)), "note")
    if modules := undecided_modules(view.timetable):
        print_error(undecided_words(modules, included=options.undecided), "note")
    return status


def _alike_words(count: int) -> str:
    return (
        f"{count} events of this calendar looked like the timetable’s already, but were not from this program; they"
        " stay. --plan lists them before a first push, --remove-look-alikes removes them then."
    )


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total}", end="\n" if done >= total else "", file=sys.stderr)


def _report(done: Done) -> int:
    print(f"{done.written} written.")
    for step in done.left:
        print_error(step.reason, step.title)
    for title, reason in done.refused:
        print_error(reason, title)
    return 1 if done.refused else 0
