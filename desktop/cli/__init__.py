"""The command line: the commands that work without a window, and their error messages.

Exit statuses: 0 success, 1 something could not be done (a line for each says what and why), 2 invalid arguments, 130
interrupted. No command imports Qt.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit
from urllib.request import url2pathname

from desktop import __version__
from desktop.cli import commands
from desktop.cli.error_lines import print_error
from desktop.domain.errors import AppError, DamagedData, FileError, InvalidInput, cause

Command = Callable[[argparse.Namespace], int]

_DISK_FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

LINK_SCHEME = "upschedule:"

_EPILOG = """\
Without a command the window opens, and reads the FILES (PDFs, or folders of them).

examples:
  upschedule                                       open the window
  upschedule ~/Downloads/UP_MOD_XLS.pdf            open it with a document to review
  upschedule parse lectures.pdf tests.pdf          what the documents say, as JSON
  upschedule export *.pdf --ics timetable.ics      a calendar file of them
  upschedule COMMAND --help                        more about a command
"""


class _Parser(argparse.ArgumentParser):
    """Reports an error in one line, with a pointer to the help."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\nSee `{self.prog} --help`.\n")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; exits on --help and on errors.

    In the result, `command` is None for the window, with `profile`, `files`, and `links` (addresses `upschedule:...`).
    """
    parser = window_parser(_Parser)
    # Only the first word can be a command; any other word that is not an option is a file, whatever its name.
    known, rest = _leading_options(arguments)
    if rest and rest[0] in commands.SUMMARIES:
        return commands.parser(_Parser, known, rest[0]).parse_args([*rest])
    asked = parser.parse_args(list(arguments))
    asked.links = [text for text in asked.files if text.lower().startswith(LINK_SCHEME)]
    asked.files = [_path(text) for text in asked.files if not text.lower().startswith(LINK_SCHEME)]
    return asked


def _path(text: str) -> Path:
    """The path of a file as typed, or as an address `file:///...`, which Linux desktops pass."""
    return Path(url2pathname(urlsplit(text).path)) if text.lower().startswith("file://") else Path(text)


def window_parser(make: type[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The parser of a command line without a command; `make` is the class to instantiate."""
    parser = make(
        "upschedule",
        usage="upschedule [--profile DIR] [FILES or folders...]\n       upschedule [--profile DIR] COMMAND ...",
        description="The University of Pretoria timetable on your own machine.\n\ncommands:\n"
        + "\n".join(f"  {name:10} {text}" for name, text in commands.SUMMARIES.items()),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"UP Schedule Generator {__version__}")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="keep everything in DIR instead of your own folder")
    parser.add_argument("--background", action="store_true", help="start without the window, as at login")
    parser.add_argument("files", nargs="*", metavar="FILES", help="PDFs to read, or folders of them")
    parser.set_defaults(command=None)
    return parser


def _leading_options(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The profile named before a command, and the remaining arguments."""
    rest = list(arguments)
    profile = None
    while rest and rest[0].startswith("--profile"):
        option = rest.pop(0)
        if option == "--profile" and rest:
            profile = Path(rest.pop(0))
        elif option.startswith("--profile="):
            profile = Path(option.partition("=")[2])
        else:
            break
    return profile, rest


def run(command: Command, args: argparse.Namespace) -> int:
    """Run a command; returns its exit status. Expected errors are printed in one line; bugs raise."""
    _prepare_output()
    try:
        status = command(args)
        sys.stdout.flush()
    except InvalidInput as trouble:
        print_error(trouble)
        return 2
    except AppError as trouble:
        print_error(trouble)
        if isinstance(trouble, DamagedData):
            print_error("To repair it: upschedule profile repair")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _discard_output()  # the reader closed the pipe, as `head` does
        return 1
    except OSError as wrong:
        if wrong.filename is not None or wrong.errno not in _DISK_FULL_ERRORS:
            raise
        _discard_output()
        print_error(
            FileError(f"The output cannot be written: {cause(wrong)}.", "Make room, or write it somewhere else.")
        )
        return 1
    return status


def _prepare_output() -> None:
    """Let characters that the terminal cannot encode be printed as escapes: a file may have any name."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Redirect standard output to the null device, so that the interpreter's flush at exit does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
