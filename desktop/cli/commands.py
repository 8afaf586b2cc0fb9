"""The commands by name, with their options."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.messages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name

SUMMARIES: Mapping[str, str] = {
    "today": "print today's classes, tests and exams",
    "next": "print what begins next",
    "week": "print the classes, tests and exams of a week",
    "parse": "print what timetable PDFs say, as JSON",
    "export": "write a calendar file of timetable PDFs",
    "push": "write the stored timetable into an online calendar",
    "phone": "write the stored timetable as one file for a phone",
    "layers": "show other calendars beside the stored timetable: deadlines, a club, work",
    "groups": "share your groups with a friend, or open what a friend shared",
    "sync": "keep this profile the same as on other machines",
    "year": "take the semester dates off UP's year calendar",
    "profile": "back up, restore or repair everything the program has stored",
}


def parser(make: type[argparse.ArgumentParser], profile: Path | None, name: str) -> argparse.ArgumentParser:
    """The parser of the command `name`; `make` is the class to instantiate, `profile` the one named before the command.

    Imports only the modules that this command needs.
    """
    top = make("upschedule")
    top.set_defaults(profile=profile)
    commands = top.add_subparsers(dest="name", required=True, parser_class=make)
    _COMMANDS[name](commands)
    return top


def add_all(commands: Commands) -> None:
    """Add every command, for the manual page."""
    for add in _COMMANDS.values():
        add(commands)


def _add(commands: Commands, name: str, text: str, examples: str = "") -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        description=text,
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _today(commands: Commands) -> None:
    from desktop.cli import agenda  # noqa: PLC0415 - only for a command

    text = "Print the classes, tests, exams and own events of today, or of another day, from the stored timetable."
    command = _add(commands, "today", text, "  upschedule today\n  upschedule today --date 2026-03-23 --json")
    command.add_argument("--date", type=_date, metavar="DATE", help="another day, such as 2026-03-23")
    command.set_defaults(command=agenda.today)
    _add_view_options(command)


def _week(commands: Commands) -> None:
    from desktop.cli import agenda  # noqa: PLC0415 - only for a command

    text = "Print this week, or the week of another day, from the stored timetable."
    command = _add(commands, "week", text, "  upschedule week\n  upschedule week --date 2026-03-23")
    command.add_argument("--date", type=_date, metavar="DATE", help="a day of another week, such as 2026-03-23")
    command.set_defaults(command=agenda.week)
    _add_view_options(command)


def _next(commands: Commands) -> None:
    from desktop.cli import agenda  # noqa: PLC0415 - only for a command

    text = "Print the class, test, exam or own event of the stored timetable that begins next."
    command = _add(commands, "next", text, "  upschedule next\n  upschedule next --json | jq -r .location")
    command.set_defaults(command=agenda.next_event)
    _add_view_options(command)


def _add_view_options(command: argparse.ArgumentParser) -> None:
    """Add the options of the read-only commands, which also work while the window is open."""
    command.add_argument("--json", action="store_true", help="answer in JSON")
    command.add_argument(
        "--now", type=_moment, default=None, metavar="TIME", help="another moment, such as 2026-03-23T08:00+02:00"
    )


def _parse(commands: Commands) -> None:
    from desktop.cli import documents  # noqa: PLC0415 - only for a command

    parse = _add(
        commands,
        "parse",
        "Print what timetable PDFs of the student portal say: a JSON array with one object for each file, in the\n"
        "order given. A file that is refused gets a line on the standard error, and the exit status is then 1.\n"
        "Nothing is stored.",
        "  upschedule parse UP_MOD_XLS.pdf\n  upschedule parse --json ~/Downloads | jq '.[].entries | length'",
    )
    parse.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a PDF, or a folder of PDFs")
    parse.add_argument("--json", action="store_true", help="everything on one line, for programs")
    parse.set_defaults(command=documents.parse)


def _export(commands: Commands) -> None:
    from desktop.cli import documents  # noqa: PLC0415 - only for a command

    export = _add(
        commands,
        "export",
        "Write the calendar file of timetable PDFs. The stored timetable is neither read nor changed.\n"
        "Where lines cannot be read, the file is written without them, and the exit status is 1.",
        "  upschedule export lectures.pdf tests.pdf exams.pdf --ics 2026.ics\n"
        "  upschedule export lectures.pdf --ics s1.ics --term S1=2026-02-09..2026-05-27 \\\n"
        '      --choose "COS 212/S1/P=P02" --recess 2026-03-28..2026-04-06 --swap 2026-03-25=Friday',
    )
    export.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a PDF, or a folder of PDFs")
    export.add_argument(
        "--ics", required=True, type=Path, metavar="OUT.ics", help="the file to write; - is standard output"
    )
    export.add_argument("--force", action="store_true", help="write over OUT.ics even if it is no calendar file")
    export.add_argument(
        "--skip-unreadable",
        action="store_true",
        help="exit with status 0 although lines that could not be read are left out",
    )
    export.add_argument(
        "--term",
        action="append",
        default=[],
        metavar="S1=FIRST..LAST",
        help="the first and last day of what is offered in S1, S2, Y or Q1 to Q4 (as often as needed)",
    )
    export.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="MODULE/OFFERED/KIND=GROUP",
        help='the group attended, such as "COS 212/S1/P=P02" (as often as needed)',
    )
    export.add_argument(
        "--room",
        action="append",
        default=[],
        metavar="MODULE/ACTIVITY=ROOM",
        help='the room of several that is yours, such as "COS 212/L1=IT 4-1" (as often as needed)',
    )
    export.add_argument(
        "--recess", action="append", default=[], metavar="FIRST..LAST", help="days without lectures, both included"
    )
    export.add_argument(
        "--swap",
        action="append",
        default=[],
        metavar="DATE=WEEKDAY",
        help="a day on which another weekday's timetable is followed, such as 2026-03-25=Friday; or DATE=off",
    )
    export.add_argument(
        "--holidays", default="ZA", metavar="ZA|none", help="whose public holidays are kept free (ZA if not said)"
    )
    export.add_argument(
        "--undecided",
        choices=("include", "exclude"),
        default="include",
        help="whether groups among which none is chosen are written, as tentative (include if not said)",
    )
    export.add_argument(
        "--single-events",
        action="store_true",
        help="write each date as an event of its own, for programs that ignore exceptions",
    )
    export.add_argument(
        "--language", choices=tuple(LANGUAGES), default="en", help="the language of the file (en if not said)"
    )
    export.add_argument("--year", type=_year, metavar="YEAR", help="the academic year of lectures, which print none")
    export.add_argument(
        "--now",
        type=_moment,
        default=None,
        metavar="TIME",
        help="the moment the file says it was written, such as 2026-01-15T08:00Z: the same input and moment give the "
        "same bytes",
    )
    export.set_defaults(command=documents.export)


def _push(commands: Commands) -> None:
    from desktop.cli import push  # noqa: PLC0415 - only for a command

    top = _add(
        commands,
        "push",
        "Write the stored timetable into an online calendar: what changed since the last push, and nothing else.\n"
        "What you changed over there stays. The password is read from standard input, or from --password-fd.",
        "  upschedule push caldav --url https://dav.example.org/ --user thandi --plan < password.txt\n"
        "  upschedule push google",
    )
    kinds = top.add_subparsers(dest="what", required=True, parser_class=type(top))
    caldav = kinds.add_parser("caldav", description="Into a calendar on a CalDAV server (iCloud, Nextcloud, Fastmail).")
    caldav.add_argument(
        "--url", required=True, metavar="URL", help="the server's address, or your e-mail address there"
    )
    caldav.add_argument("--user", required=True, metavar="USER")
    caldav.add_argument("--password-fd", type=int, metavar="N", help="read the password from this descriptor")
    caldav.set_defaults(command=push.caldav)
    google = kinds.add_parser(
        "google",
        description=f"Into Google Calendar. {push.CLIENT_ID} holds the client id of this program.",
    )
    google.set_defaults(command=push.google)
    for each in (caldav, google):
        each.add_argument(
            "--calendar", default="", metavar="ID", help="an existing calendar; else one of its own is made"
        )
        each.add_argument("--year", type=_year, metavar="YEAR", help="the academic year (this one if not said)")
        each.add_argument("--plan", action="store_true", help="only print what would be done, as JSON")
        each.add_argument(
            "--remove-look-alikes",
            action="store_true",
            help="before a first push, remove events that say the same but are not from this program (see --plan)",
        )
        each.add_argument("--remove-all", action="store_true", help="remove everything that was ever written there")


def _phone(commands: Commands) -> None:
    from desktop.cli import phone  # noqa: PLC0415 - only for a command

    top = _add(
        commands,
        "phone",
        "Write what is left of the stored timetable as one HTML file: every day, the weeks, tests and exams.\n"
        "Send it to your phone; it opens there in the browser, without a connection.",
        "  upschedule phone timetable.html\n  upschedule phone --language af rooster.html",
    )
    top.add_argument("file", type=Path, metavar="FILE.html", help="the file to write; - is standard output")
    top.add_argument("--force", action="store_true", help="write over FILE.html even if it is something else")
    top.add_argument("--year", type=_year, metavar="YEAR", help="the academic year (this one if not said)")
    top.add_argument(
        "--language", choices=tuple(LANGUAGES), default="en", help="the language of the file (en if not said)"
    )
    top.add_argument("--now", type=_moment, metavar="TIME", help="the moment it is made: days before that are left out")
    top.set_defaults(command=phone.write_phone_file)


def _sync(commands: Commands) -> None:
    from desktop.cli import sync  # noqa: PLC0415 - only for a command

    top = _add(
        commands,
        "sync",
        "Keep this profile the same as on other machines, through a folder that OneDrive, Google Drive, Dropbox,\n"
        "Nextcloud, iCloud Drive, Syncthing or a USB stick carries, or through a server. Neither can read it.\n"
        "A password is read from standard input, or from the file descriptor named with --password-fd; it is never\n"
        "an argument.",
        "  upschedule --profile one sync --folder ~/OneDrive/Timetable create < password.txt\n"
        "  upschedule --profile two sync --folder ~/OneDrive/Timetable join < password.txt\n"
        "  upschedule --profile one sync --server http://127.0.0.1:8080 register --name thandi < password.txt\n"
        "  upschedule --profile two sync --server http://127.0.0.1:8080 login --name thandi < password.txt\n"
        "  upschedule --profile two sync now",
    )
    way = top.add_mutually_exclusive_group()
    way.add_argument("--server", metavar="URL", help="the server's address; http only for this machine itself")
    way.add_argument("--folder", metavar="DIR", type=Path, help="the folder, as it is called on this machine")
    kinds = top.add_subparsers(dest="what", required=True, parser_class=type(top))
    register = kinds.add_parser("register", description="Make an account; prints its recovery key, once.")
    register.add_argument("--invitation", metavar="CODE", help="for a server that asks for one")
    register.set_defaults(command=sync.register)
    login = kinds.add_parser("login", description="Sign in to an account.")
    login.add_argument(
        "--recovery", action="store_true", help="with the recovery key (first line) and a new password (second line)"
    )
    login.set_defaults(command=sync.login)
    create = kinds.add_parser("create", description="Put the timetable into --folder; prints its recovery key, once.")
    create.set_defaults(command=sync.create)
    join = kinds.add_parser("join", description="Join the timetable that is in --folder.")
    join.add_argument(
        "--recovery", action="store_true", help="with the recovery key (first line) and a new password (second line)"
    )
    join.set_defaults(command=sync.join)
    for each in (create, join):
        each.add_argument("--password-fd", type=int, metavar="N", help="read the password from this descriptor")
    for each in (register, login):
        each.add_argument("--name", metavar="NAME", help="the account's name")
        each.add_argument("--password-fd", type=int, metavar="N", help="read the password from this descriptor")
    now = kinds.add_parser("now", description="Bring this profile and the folder, or the account, in step, once.")
    now.add_argument(
        "--agree", action="store_true", help="put both together where this profile and the account hold data"
    )
    now.add_argument(
        "--wipe",
        choices=("ask", "accept", "undo"),
        default="ask",
        help="what to do where nearly everything would be deleted at once (ask if not said: nothing is done)",
    )
    now.set_defaults(command=sync.now)
    status = kinds.add_parser("status", description="Say what is known here, without asking the server.")
    status.set_defaults(command=sync.status)
    for each in (now, status):
        each.add_argument("--json", action="store_true", help="answer in JSON")
    logout = kinds.add_parser("logout", description="Sign out, or leave the folder; what is stored here stays.")
    logout.set_defaults(command=sync.logout)


def _layers(commands: Commands) -> None:
    from desktop.cli import layers  # noqa: PLC0415 - only for a command
    from desktop.domain.timetable.events import LayerKind  # noqa: PLC0415 - as above
    from desktop.domain.timetable.modules import Colour  # noqa: PLC0415 - as above

    top = _add(
        commands,
        "layers",
        "Other calendars that are shown beside the stored timetable. The window reads them anew now and then; here\n"
        "`fetch` does.",
        "  upschedule layers add ClickUP webcal://example.org/deadlines.ics --kind deadline\n"
        "  upschedule layers add Work roster.ics --kind busy --colour Lavender",
    )
    kinds = top.add_subparsers(dest="what", required=True, metavar="{list,add,remove,fetch}", parser_class=type(top))
    listing = kinds.add_parser("list", description="Print the calendars, without asking anyone.")
    listing.add_argument("--json", action="store_true", help="answer in JSON")
    listing.set_defaults(command=layers.list_layers)
    add = kinds.add_parser("add", description="Add a calendar by its address, or out of a file, and read it.")
    add.add_argument("name", metavar="NAME", help="what it is called here")
    add.add_argument("source", metavar="ADDRESS|FILE", help="webcal:// or https://, or a calendar file")
    add.add_argument(
        "--kind",
        choices=[str(kind) for kind in LayerKind],
        default=str(LayerKind.SHOWN),
        help="what its entries are: classes, deadlines, times you are busy, or only shown (shown if not said)",
    )
    add.add_argument(
        "--colour", choices=[str(colour) for colour in Colour], default=str(Colour.LAVENDER), help="its colour"
    )
    add.set_defaults(command=layers.add)
    remove = kinds.add_parser("remove", description="Remove a calendar.")
    remove.add_argument("name", metavar="NAME")
    remove.set_defaults(command=layers.remove)
    fetch = kinds.add_parser("fetch", description="Read every calendar anew.")
    fetch.set_defaults(command=layers.fetch)


def _groups(commands: Commands) -> None:
    from desktop.cli import groups  # noqa: PLC0415 - only for a command

    top = _add(
        commands,
        "groups",
        "Share your groups as a link or a file, or open what a friend shared: their groups become a wish of the\n"
        "planner, a plan a candidate on the page Plan. What is shared holds your modules and groups, and nothing\n"
        "else of you.",
        "  upschedule groups share\n  upschedule groups share mine.upchoices\n"
        "  upschedule groups open 'upschedule:groups?year=2026&COS+212/S1/P=P02'",
    )
    kinds = top.add_subparsers(dest="what", required=True, metavar="{share,open}", parser_class=type(top))
    share = kinds.add_parser("share", description="Print the link of your groups, or write them to FILE.")
    share.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a file that ends in .upchoices")
    share.add_argument("--year", type=_year, metavar="YEAR", help="another academic year")
    share.add_argument("--force", action="store_true", help="write over FILE even if it holds no groups")
    share.set_defaults(command=groups.share)
    opened = kinds.add_parser("open", description="Keep what a friend shared, and say what of it is not here.")
    opened.add_argument("source", metavar="LINK|FILE", help="upschedule:..., or a file that ends in .upchoices")
    opened.set_defaults(command=groups.open_shared)


def _year_calendar(commands: Commands) -> None:
    from desktop.cli import year  # noqa: PLC0415 - only for a command

    top = _add(
        commands,
        "year",
        "Read UP's year calendar, copied off its page as text or saved as HTML: when semesters, quarters and recess\n"
        "begin and end, day swaps, days without lectures. Every line is printed beside what is understood of it.\n"
        "Nothing is changed unless --accept is given.",
        "  upschedule year --paste calendar.txt\n  upschedule year --paste calendar.html --year 2026 --accept",
    )
    top.add_argument(
        "--paste", required=True, type=Path, metavar="FILE", help="the text or HTML; - is the standard input"
    )
    top.add_argument("--year", type=_year, metavar="YEAR", help="the year it is of, where the text does not say")
    top.add_argument("--accept", action="store_true", help="use these dates: they count as checked by you")
    top.set_defaults(command=year.year)


def _profile(commands: Commands) -> None:
    from desktop.cli import profile  # noqa: PLC0415 - only for a command

    text = (
        "Back up or restore everything the program has stored on this machine, as one file; or repair it. A backup of\n"
        "a profile that syncs, or one made with --passphrase, is refused where it was changed; to see that on another\n"
        "machine, its password, recovery key or passphrase is read from standard input."
    )
    kept = _add(commands, "profile", text, "  upschedule profile backup timetable.upschedule")
    kinds = kept.add_subparsers(dest="what", required=True, metavar="{backup,restore,repair}", parser_class=type(kept))
    backup = kinds.add_parser("backup", description="Write everything stored to one file.")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.add_argument("--force", action="store_true", help="write over FILE even if it is no backup")
    backup.add_argument(
        "--passphrase", action="store_true", help="read a passphrase that later shows whether the file was changed"
    )
    backup.set_defaults(command=profile.backup)
    restore = kinds.add_parser(
        "restore",
        description="Put a backup in the place of what is stored. What is there now is kept as a copy in the profile.",
    )
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument(
        "--unchecked", action="store_true", help="ask for no secret: nobody says that the file is as it was made"
    )
    for each in (backup, restore):
        each.add_argument("--password-fd", type=int, metavar="N", help="read the secret from this descriptor")
    restore.set_defaults(command=profile.restore)
    repair = kinds.add_parser(
        "repair",
        description="Make a new timetable of what can still be read of a damaged or lost one, and of the backups in\n"
        "the profile. The damaged file is kept.",
    )
    repair.set_defaults(command=profile.repair)


def _year(text: str) -> int:
    if text.isdigit() and 2000 <= int(text) <= 2099:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no academic year; write it like 2026")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no date; write it like 2026-03-23") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no moment; write it like 2026-01-15T08:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


_COMMANDS = {
    "today": _today,
    "next": _next,
    "week": _week,
    "parse": _parse,
    "export": _export,
    "push": _push,
    "phone": _phone,
    "layers": _layers,
    "groups": _groups,
    "sync": _sync,
    "year": _year_calendar,
    "profile": _profile,
}
