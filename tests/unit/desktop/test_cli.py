"""Parsing of the command line: a command, or the window with files, whatever their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop import cli
from desktop.cli import documents
from desktop.domain.errors import InvalidInput, NotReachable


@pytest.mark.parametrize(
    ("arguments", "profile", "files"),
    [
        ([], None, []),
        (["a.pdf", "folder"], None, ["a.pdf", "folder"]),
        (["--profile", "p"], "p", []),
        (["--profile=p", "a.pdf"], "p", ["a.pdf"]),
        (["a.pdf", "--profile", "p"], "p", ["a.pdf"]),
        (["./parse"], None, ["./parse"]),
        (["a.pdf", "parse"], None, ["a.pdf", "parse"]),
        (["--", "parse"], None, ["parse"]),
        (["file:///home/me/My%20lectures.pdf"], None, ["/home/me/My lectures.pdf"]),
    ],
)
def test_without_a_command_the_window_is_wanted(arguments: list[str], profile: str | None, files: list[str]) -> None:
    asked = cli.parse_arguments(arguments)
    assert asked.command is None
    assert asked.profile == (None if profile is None else Path(profile))
    assert asked.files == [Path(file) for file in files]


def test_links_are_kept_apart_from_files() -> None:
    link = "upschedule:link?server=https%3A%2F%2Fsync.example.org&code=AB"
    asked = cli.parse_arguments([link, "a.pdf"])
    assert (asked.links, asked.files) == ([link], [Path("a.pdf")])


def test_a_command_is_known_behind_the_profile() -> None:
    asked = cli.parse_arguments(["--profile", "p", "parse", "--json", "a.pdf"])
    assert (asked.command, asked.profile, asked.json) == (documents.parse, Path("p"), True)
    assert cli.parse_arguments(["parse", "a.pdf"]).profile is None


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(InvalidInput("No.", "Do."), 2), (NotReachable("Away.", "Later."), 1), (KeyboardInterrupt(), 130)],
)
def test_trouble_becomes_a_line_and_a_status(
    trouble: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_asked: object) -> int:
        raise trouble

    assert cli.run(fail, cli.parse_arguments([])) == status
    assert len(capsys.readouterr().err.splitlines()) == (0 if status == 130 else 1)


def test_a_bug_shows_itself() -> None:
    def fail(_asked: object) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cli.run(fail, cli.parse_arguments([]))


def test_a_calendar_is_written_in_english_unless_asked_otherwise() -> None:
    asked = ["export", "a.pdf", "--ics", "a.ics"]
    assert cli.parse_arguments(asked).language == "en"
    assert cli.parse_arguments([*asked, "--language", "af"]).language == "af"
