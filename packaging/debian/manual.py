"""The parsers that argparse-manpage makes the manual pages of."""

from __future__ import annotations

import argparse

from desktop import cli
from desktop.cli import commands


def upschedule() -> argparse.ArgumentParser:
    parser = cli.window_parser(argparse.ArgumentParser)
    parser.description = (
        "The University of Pretoria timetable on your own machine."  # the commands have sections of their own
    )
    commands.add_all(parser.add_subparsers(prog="upschedule", metavar="COMMAND"))
    return parser


def syncserver() -> argparse.ArgumentParser:
    from syncserver.__main__ import _parser  # noqa: PLC0415

    return _parser("")
