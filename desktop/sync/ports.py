"""What the engine needs beside the store: somebody to ask, and somebody who holds the keys."""

from __future__ import annotations

from typing import Protocol

from desktop.sync import wire
from desktop.sync.cipher import RecordCipher


class Remote(Protocol):
    """The requests the engine makes (`client.Client` has them)."""

    def head(self, tag: str | None, wait: int = 0) -> wire.Head | None: ...
    def changes(self, cursor: str | None, limit: int = 500) -> wire.ChangesPage: ...
    def manifest(self) -> wire.Manifest: ...
    def push(self, body: bytes, key: str) -> wire.Receipt: ...
    def keyring(self) -> wire.Keyring: ...


class Keys(Protocol):
    """Where the keys of the account come from (`account.Account` is one)."""

    @property
    def account(self) -> str: ...

    @property
    def seen(self) -> str | None:
        """The etag of the keyring last seen; None before the first."""

    def cipher(self) -> RecordCipher: ...

    def refresh(self) -> str:
        """Fetch the keyring, open it, put a newer one back if the server's is older; the etag it then has there."""
