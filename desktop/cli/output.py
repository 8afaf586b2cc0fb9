"""Output of commands. A file never replaces an input, and replaces another existing file only if of the same kind."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from desktop.domain.errors import InvalidInput
from desktop.workflows.files import file_error, is_existing_file, write_atomically

STANDARD_OUTPUT = Path("-")
_HEAD = 64  # bytes that are read to recognise a file's kind


def is_calendar(head: bytes) -> bool:
    """True if a file that begins with `head` is a calendar file."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def is_backup(head: bytes) -> bool:
    """True if a file that begins with `head` may be a backup of a profile, which is a ZIP archive."""
    return head.startswith(b"PK")


def check_output(
    path: Path, is_kind: Callable[[bytes], bool], name: str, inputs: Iterable[Path] = (), *, force: bool = False
) -> None:
    """Raises InvalidInput or FileError if `path` is one of `inputs`, is not a regular file, or (without `force`)
    exists and is of another kind than `name`, as the predicate on its first bytes tells. An empty file may always be
    overwritten."""
    if path == STANDARD_OUTPUT:
        return
    if any(_is_same(path, each) for each in inputs):
        raise InvalidInput(f"{path} is one of the files to read, so it is not written over.", "Name another file.")
    if not is_existing_file(path) or force:
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as wrong:
        raise file_error(path, wrong, reading=True) from wrong
    if head and not is_kind(head):
        raise InvalidInput(
            f"{path} is there already and is not {name}, so it is not written over.",
            "Name another file, or replace it with --force.",
        )


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def write_output(path: Path, body: bytes) -> None:
    """Write to a file atomically, or for `-` to standard output. Raises FileError, OSError."""
    if path != STANDARD_OUTPUT:
        write_atomically(path, body)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def print_json(plain: Any, indent: int | None = None) -> None:
    """Print as JSON in UTF-8, whatever the terminal's encoding. A byte of a file name that is not UTF-8 is printed as
    the escape of its surrogate (`\\udcff`), which `os.fsencode` turns back into the byte."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    print(json.dumps(plain, ensure_ascii=False, indent=indent))
