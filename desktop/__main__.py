"""The entry point: chooses what to run before any large package is imported.

The child processes that read a PDF or a foreign calendar are this program with a hidden argument, since a frozen build
has no other executable. They do not import Qt, and neither do the commands. Two more hidden arguments exist:
`--check-start`, with which an installer checks that this version starts on this computer, and `--network-cost`, with
which the window finds out whether the network is metered. Everything else opens the window.
"""

from __future__ import annotations

import os
import sys

INSTALL = "The application's packages are not installed: pip install 'up-schedule-generator[desktop]'"


def main() -> int:
    """Run the window, a command or a child process; returns the exit status."""
    _open_standard_streams()
    try:
        return _run(sys.argv[1:])
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] == "desktop":
            raise
        sys.stderr.write(f"{INSTALL} (there is no {missing.name})\n")
        return 2


def _open_standard_streams() -> None:
    """Open the missing standard streams: Windows starts a GUI program without them, and a printed warning would then
    end it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["--read-pdf"]:
        from desktop.pdf.child import main as read  # noqa: PLC0415

        return read(arguments[1:])
    if arguments[:1] == ["--read-calendar"]:
        from desktop.calendars.foreign import main as read_calendar  # noqa: PLC0415

        return read_calendar(arguments[1:])
    if arguments[:1] == ["--check-start"]:
        from desktop.ui.app.start_check import run as check_start  # noqa: PLC0415

        return check_start()
    if arguments[:1] == ["--network-cost"]:
        from desktop.ui.session.network_cost import main as tell_network_cost  # noqa: PLC0415

        return tell_network_cost()
    from desktop import cli  # noqa: PLC0415

    asked = cli.parse_arguments(arguments)
    if asked.command is not None:
        return cli.run(asked.command, asked)
    from desktop.ui.app.main import run  # noqa: PLC0415

    return run(asked.profile, asked.files, asked.links, background=asked.background)


if __name__ == "__main__":
    sys.exit(main())
