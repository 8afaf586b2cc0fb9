"""What sync through a folder needs of the folder: names with their stats, bytes in and out."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple, Protocol


class FileStat(NamedTuple):
    """What tells that a file may be another than it was, without reading it."""

    size: int
    modified: int  # nanoseconds


class FolderFiles(Protocol):
    """The files of a folder. Every method raises FileTrouble where the folder cannot be used."""

    def list(self) -> Mapping[str, FileStat]:
        """The files of ours that are wholly on this machine, by name."""

    def waiting(self) -> Set[str]:
        """The names that the last `list` left out, since the cloud has not brought their contents yet."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where it is gone, or its contents are not here yet."""

    def write(self, name: str, content: bytes) -> FileStat:
        """Put a file there whole, in place of one of that name."""

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
