"""Argument parsers from which argparse-manpage makes the manual pages."""
# ruff: noqa: PLC0415 - each program's page is made where the other is not installed

from __future__ import annotations

import argparse


def upschedule() -> argparse.ArgumentParser:
    from desktop import cli
    from desktop.cli import commands

    parser = cli.window_parser(argparse.ArgumentParser)
    # Without the list of commands: each has a section of its own.
    parser.description = "The University of Pretoria timetable on your own machine."
    commands.add_all(parser.add_subparsers(prog="upschedule", metavar="COMMAND"))
    return parser


def syncserver() -> argparse.ArgumentParser:
    from syncserver.__main__ import _make_parser

    return _make_parser("")
