"""The interfaces that the engine needs beside the store: the server, and the keys of the account."""

from __future__ import annotations

from typing import Protocol

from desktop.sync import wire
from desktop.sync.cipher import RecordCipher


class Remote(Protocol):
    """The requests that the engine makes (implemented by `client.Client`)."""

    def head(self, tag: str | None, wait: int = 0) -> wire.Head | None: ...
    def changes(self, cursor: str | None, limit: int = 500) -> wire.ChangesPage: ...
    def manifest(self) -> wire.Manifest: ...
    def push(self, body: bytes, key: str) -> wire.Receipt: ...
    def keyring(self) -> wire.Keyring: ...


class Keys(Protocol):
    """The keys of the account (implemented by `account.Account`)."""

    @property
    def account(self) -> str: ...

    @property
    def seen_etag(self) -> str | None:
        """The etag of the keyring last seen; None before the first."""

    def cipher(self) -> RecordCipher: ...

    def refresh(self) -> str:
        """Fetches and opens the keyring, replaces the server's if that is older; returns the resulting etag."""
