"""Where a command may write: never over what it reads, and over what is there only where that is of the same kind."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from desktop.domain.errors import InvalidInput
from desktop.workflows.files import is_regular, trouble, write_whole

STANDARD_OUTPUT = Path("-")
_HEAD = 64  # bytes that tell what kind of file it is


def is_calendar(head: bytes) -> bool:
    """Whether a file that begins so is a calendar file."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def is_backup(head: bytes) -> bool:
    """Whether a file that begins so may be a backup of a profile."""
    return head.startswith(b"PK")


def check_output(
    path: Path, kind: Callable[[bytes], bool], name: str, inputs: Iterable[Path] = (), *, force: bool = False
) -> None:
    """Refuse a file to write that is one of `inputs`, no regular file, or (without `force`) something else than a file
    of this `kind`, called `name`. Raises InvalidInput or FileTrouble; an empty file may always be written over."""
    if path == STANDARD_OUTPUT:
        return
    if any(_is_same(path, each) for each in inputs):
        raise InvalidInput(f"{path} is one of the files to read, so it is not written over.", "Name another file.")
    if not is_regular(path) or force:
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as wrong:
        raise trouble(path, wrong, reading=True) from wrong
    if head and not kind(head):
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
    """Write to a file, whole or not at all, or for `-` to standard output. Raises FileTrouble, OSError."""
    if path != STANDARD_OUTPUT:
        write_whole(path, body)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def print_json(plain: Any, indent: int | None = None) -> None:
    """Print as JSON in UTF-8, whatever the terminal's own encoding. A byte of a file name that is no UTF-8 becomes
    the escape of its surrogate (`\\udcff`), which `os.fsencode` turns into the byte again."""
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    print(json.dumps(plain, ensure_ascii=False, indent=indent))
