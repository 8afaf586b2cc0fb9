"""The interfaces that folder sync needs: the files of a folder, and the keys of its account."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple, Protocol


class FileStat(NamedTuple):
    """The size and time by which a changed file is detected without reading it."""

    size: int
    modified: int  # nanoseconds


class FolderFiles(Protocol):
    """The files of a folder. Every method raises FileError if the folder cannot be used."""

    def list(self) -> Mapping[str, FileStat]:
        """This program's files whose contents are on this machine, by name."""

    def waiting(self) -> Set[str]:
        """The names that the last `list` left out, since the cloud program has not downloaded their contents yet."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None if it is gone, or its contents are not on this machine yet."""

    def write(self, name: str, content: bytes) -> FileStat:
        """Writes a file completely, in place of an existing one of that name."""

    def remove(self, name: str) -> None:
        """Deletes a file, if it exists."""


class FolderKeys(Protocol):
    """The keys of the account in the folder (implemented by `account.FolderAccount`)."""

    @property
    def account(self) -> str: ...

    @property
    def data_keys(self) -> Mapping[str, bytes]: ...

    @property
    def current(self) -> str:
        """The id of the data key that new files are sealed under."""

    @property
    def counts(self) -> tuple[int, int, int]: ...

    def merge_keyrings(self, listing: Mapping[str, FileStat]) -> bool:
        """Merges the folder's new keyring files, and writes this device's own if it lacks something.

        True if there was anything new.
        """

    def renew(self, file: str) -> None:
        """Continues as the device `file`, with a new private key."""
