"""A crash report and a rotating log of the program's own errors, both in the profile.

Neither holds anything of the timetable, a secret, an address or a folder's name, since users are asked to send them in.
An exception is recorded by its types and places in the code, never by its text; a log message by the place that wrote
it.
"""

from __future__ import annotations

import faulthandler
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from desktop import __version__
from desktop.private_files import create_private_file, make_private_folder

FOLDER = "logs"
CRASH_FILE, LOG_FILE = "crash.txt", "upschedule.log"
MOST_BYTES, KEPT = 200_000, 3  # of one log file; older files kept beside it
MAX_REPORT_CHARACTERS = 50_000  # characters of a crash report; the traceback of a deep recursion is very long
_PLACE = re.compile(r'File "([^"]*)", line (\d+)(?: in ([\w.<>]+))?')


def version_text() -> str:
    """The versions of the program, Python and the system, in two lines."""
    import platform  # noqa: PLC0415 - slow to import, and needed only here

    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return f"UP Schedule Generator {__version__}\nPython {platform.python_version()}, {system}\n"


def short_path(file: str) -> str:
    """The last three parts of a source file's path; the parts before them may hold a user's name."""
    return "/".join(file.replace("\\", "/").split("/")[-3:])


def exception_lines(error: BaseException) -> list[str]:
    """The tracebacks of an exception and its causes, the earliest first: for each its places in the code, then its
    type."""

    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = exception_lines(earlier) if earlier is not None else []
    lines += [
        f"  {short_path(each.filename)}:{each.lineno} in {each.name}"
        for each in traceback.extract_tb(error.__traceback__)
    ]
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}"]


class _LocationFormatter(logging.Formatter):
    """Formats a log record as time, level and line of code, without its message, which may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        where = f"{short_path(record.pathname)}:{record.lineno}"
        lines = [f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name} {where}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += exception_lines(record.exc_info[1])
        return "\n".join(lines)


class CrashLog:
    """The crash report and the log of one profile. Writes nothing before `start`, and nothing if its folder cannot be
    used: a missing log never stops the program."""

    def __init__(self, profile: Path) -> None:
        self._folder = profile / FOLDER
        self._crash: TextIO | None = None
        self._handler: logging.Handler | None = None

    def start(self) -> str:
        """Start to record crashes. Returns the report of the crash that ended the last run, empty if none did."""
        report = ""
        with suppress(OSError):
            report = _last_report(self._folder / CRASH_FILE)
        try:
            make_private_folder(self._folder)
            create_private_file(self._folder / CRASH_FILE).close()
            self._crash = (self._folder / CRASH_FILE).open("a", encoding="utf-8")
            self._crash.write(version_text() + "\n")
            self._crash.flush()
            faulthandler.enable(self._crash)
        except OSError:
            self.close()
        return report

    def start_log(self) -> None:
        """Start to log warnings and errors that do not end the program."""
        from logging.handlers import RotatingFileHandler  # noqa: PLC0415 - imports sockets: too slow before the first frame

        try:
            handler = RotatingFileHandler(
                self._folder / LOG_FILE, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True
            )
        except OSError:
            return
        handler.setLevel(logging.WARNING)
        handler.setFormatter(_LocationFormatter())
        logging.raiseExceptions = False  # a full disk ends nothing, and there is no place left to report it
        logging.getLogger().addHandler(handler)
        self._handler = handler

    def write_crash(self, error: BaseException) -> None:
        """Record an exception that ends the program; the next start offers the report."""
        if self._crash is not None:
            with suppress(OSError):
                self._crash.write("\n".join(exception_lines(error)) + "\n")
                self._crash.flush()

    def close(self) -> None:
        """Stop recording and close the files."""
        handler, self._handler = self._handler, None
        if handler is not None:
            logging.getLogger().removeHandler(handler)
            handler.close()
        crash, self._crash = self._crash, None
        if crash is not None:
            faulthandler.disable()
            with suppress(OSError):
                crash.close()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Close the files for a while, so that they can be deleted or moved: Windows locks open files."""
        was_kept, was_logged = self._crash is not None, self._handler is not None
        self.close()
        try:
            yield
        finally:
            if was_kept:
                self.start()
            if was_logged:
                self.start_log()


def _last_report(path: Path) -> str:
    """The crash report of the last run; empty if its file holds only the versions written at the start."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read(MAX_REPORT_CHARACTERS)
    began, _, fault = text.partition("\n\n") if text.startswith("UP Schedule Generator") else (version_text(), "", text)
    if not fault.strip():
        return ""
    # faulthandler writes whole paths, which may hold a user's name.
    return f"{began.rstrip()}\n\n" + _PLACE.sub(
        lambda found: f"{short_path(found[1])}:{found[2]} in {found[3] or '?'}", fault
    )
