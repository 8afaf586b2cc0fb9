"""Stores this machine's tokens and keys in the system's keyring, or in an encrypted file where there is none.

Each entry belongs to one profile.

The file is sealed with a key in another folder that only its owner can read, so a copied or backed-up profile folder
holds no usable keys. Unlike the keyrings of some systems, it does not protect against other programs that run as the
same user (see `docs/privacy.md`).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.sync.cipher import KEY_BYTES, DecryptionFailed, open_small, random_key, seal_small
from desktop.sync.wire import b64, unb64

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "UP Schedule Generator"
_PURPOSE = "secrets file"


class Vault(Protocol):
    """A store of small secrets by name."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def remove(self, name: str) -> None: ...


class KeyringVault:
    """The system's keyring. A Windows credential holds 1,280 characters; an entry of this program has about 400."""

    def __init__(self, backend: KeyringBackend) -> None:
        self._backend = backend

    def load(self, name: str) -> str | None:
        with _translate_keyring_errors():
            return self._backend.get_password(SERVICE, name)

    def save(self, name: str, secret: str) -> None:
        with _translate_keyring_errors():
            self._backend.set_password(SERVICE, name, secret)

    def remove(self, name: str) -> None:
        from keyring.errors import PasswordDeleteError  # noqa: PLC0415 -- loaded only where sync is used

        with _translate_keyring_errors(), suppress(PasswordDeleteError):
            self._backend.delete_password(SERVICE, name)


@contextmanager
def _translate_keyring_errors() -> Iterator[None]:
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        yield
    except KeyringError as wrong:
        raise FileError("The system's keyring did not open.", "Unlock it and try again.") from wrong


class FileVault:
    """One sealed file. `key_path` should be outside the profile's folder."""

    def __init__(self, path: Path, key_path: Path) -> None:
        self._path = path
        self._key_path = key_path

    def load(self, name: str) -> str | None:
        return self._read().get(name)

    def save(self, name: str, secret: str) -> None:
        self._write({**self._read(), name: secret})

    def remove(self, name: str) -> None:
        entries = self._read()
        if entries.pop(name, None) is not None:
            self._write(entries)

    def _read(self) -> dict[str, str]:
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as wrong:
            raise _file_error(self._path, wrong) from wrong
        try:
            plain = json.loads(open_small(self._key(), _PURPOSE, b"", sealed))
        except (DecryptionFailed, ValueError):
            return {}  # the key is missing or another machine's: treated as empty, so the user signs in again
        return {str(name): str(secret) for name, secret in plain.items()}

    def _write(self, entries: dict[str, str]) -> None:
        if entries:
            _write_private(self._path, seal_small(self._key(), _PURPOSE, b"", json.dumps(entries).encode()))
        else:
            self._path.unlink(missing_ok=True)

    def _key(self) -> bytes:
        try:
            key = unb64(self._key_path.read_text().strip())
        except FileNotFoundError:
            key = random_key()
            _write_private(self._key_path, b64(key).encode())
        except OSError as wrong:
            raise _file_error(self._key_path, wrong) from wrong
        if len(key) != KEY_BYTES:
            raise FileError(
                msg("The file {path} is damaged.", path=str(self._key_path)), "Remove it, and sign in again."
            )
        return key


def _write_private(path: Path, data: bytes) -> None:
    """Writes the file atomically, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent)  # made with 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise _file_error(path, wrong) from wrong


def _file_error(path: Path, wrong: OSError) -> FileError:
    return FileError(
        msg("{path} cannot be used: {why}.", path=str(path), why=cause(wrong)),
        "Check the rights of its folder and the disk.",
    )


def open_vault(path: Path, key_path: Path) -> Vault:
    """The system's keyring if there is one that works, otherwise a sealed file at `path` with its key at `key_path`."""
    backend = _system_keyring()
    return FileVault(path, key_path) if backend is None else KeyringVault(backend)


def keyring_is_locked() -> bool:
    """True if the system's keyring cannot be opened now, so that its entries can be neither read nor removed."""
    backend = _chosen_keyring()
    return backend is not None and not _opens(backend)


def _system_keyring() -> KeyringBackend | None:
    backend = _chosen_keyring()
    return backend if backend is not None and _opens(backend) else None


def _chosen_keyring() -> KeyringBackend | None:
    """The system's keyring, locked or not; None if there is none, or its backend stores plain text or nothing."""
    import keyring  # noqa: PLC0415 -- looking for backends takes about 100 ms, which a start without sync should not pay
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        backend = keyring.get_keyring()
        keeps = backend.priority >= 1
    except (KeyringError, RuntimeError, OSError):
        return None
    return backend if keeps else None


def _opens(backend: KeyringBackend) -> bool:
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        backend.get_password(SERVICE, "is it there")
    except (KeyringError, RuntimeError, OSError):
        return False
    return True
