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


class FolderKeys(Protocol):
    """The keys of the account in the folder (`account.FolderAccount` has them)."""

    @property
    def account(self) -> str: ...

    @property
    def data_keys(self) -> Mapping[str, bytes]: ...

    @property
    def current(self) -> str:
        """The data key that new files are sealed under."""

    @property
    def counts(self) -> tuple[int, int, int]: ...

    def look(self, listing: Mapping[str, FileStat]) -> bool:
        """Merge the keyrings that are new in the folder, and write the own one where it lacks something; whether
        there was anything new."""

    def renew(self, file: str) -> None:
        """Go on as the device `file`, with a private key of its own."""
