"""The composition root, free of Qt: opens a profile and builds the objects that the workflows take as arguments.

No other module builds them.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desktop.config import (
    Paths,
    Settings,
    load_settings,
    profile_paths,
    restored_settings,
    save_settings,
    vault_key_path,
)
from desktop.domain.errors import FileError, StorageError
from desktop.domain.messages import msg
from desktop.profile_lock import ProfileLock
from desktop.store import Store

if TYPE_CHECKING:
    from desktop.store.repair import RepairResult
    from desktop.sync.secrets import Vault
    from desktop.workflows.documents import DocumentReader
    from desktop.workflows.folder_sync import FolderStatus
    from desktop.workflows.sync import Joint, Status, SyncOutcome

_OLD_GOOGLE_SETTING = "google_client_secret"  # a setting that older versions stored


def make_document_reader() -> DocumentReader:
    """The reader of PDFs. It starts a child process for each; no PDF library is loaded into this process."""
    from desktop.pdf.reader import Reader as PdfReader  # noqa: PLC0415 - not before a document is read

    return PdfReader()


class App:
    """One open profile: opened with its lock, which this process then holds until `close`, or read-only without it."""

    def __init__(self, paths: Paths, lock: ProfileLock | None, store: Store) -> None:
        self.paths = paths
        self.store = store
        self._lock = lock
        self._joint: Joint | None = None
        self._settings = load_settings(paths.settings)

    @classmethod
    def open(cls, profile: Path | None = None, lock: ProfileLock | None = None) -> Self:
        """Open a profile and create it if it is missing; None is the user's own. A `lock` that this process already
        holds is taken over, and released if the profile cannot be opened.

        Raises ProfileInUse if another process has the profile open, NewerData, DamagedData, StorageError.
        """
        paths = profile_paths(profile)
        lock = _lock_profile(paths, lock)
        try:
            app = cls(paths, lock, Store.open(paths.database))
        except BaseException:
            lock.release()
            raise
        app._move_client_secret()
        return app

    @classmethod
    def open_read_only(cls, profile: Path | None = None) -> Self:
        """Open a profile read-only and without its lock, so it works while a window has the profile open. Nothing is
        created, and every write raises StorageError.

        Raises InvalidInput if nothing is stored, NewerData, DamagedData, StorageError.
        """
        paths = profile_paths(profile)
        return cls(paths, None, Store.open_to_read(paths.database))

    @classmethod
    def repair(cls, profile: Path | None = None) -> RepairResult:
        """Move a damaged database aside and build a new one from what can still be read; returns what was recovered.

        Offer it after `open` raised DamagedData. Raises ProfileInUse, StorageError.
        """
        from desktop.store.repair import repair  # noqa: PLC0415 - hardly ever needed

        paths = profile_paths(profile)
        lock = _lock_profile(paths)
        try:
            return repair(paths.database)
        finally:
            lock.release()

    @cached_property
    def reader(self) -> DocumentReader:
        return make_document_reader()

    def join_sync(
        self,
        status_changed: Callable[[Status], None] = lambda _: None,
        records_received: Callable[[SyncOutcome], None] = lambda _: None,
        folder_status_changed: Callable[[FolderStatus], None] = lambda _: None,
    ) -> Joint:
        """Connect the store to sync, once for each open profile; see `workflows.sync.join`. Raises StorageError.

        `close` ends the services' loops; a caller that runs them on threads of its own has to join these.
        """
        from desktop.workflows.sync import join  # noqa: PLC0415 - nothing of sync is loaded before it is used

        self._joint = join(
            self.store,
            self.vault(),
            platform.node() or "This computer",
            status_changed,
            records_received,
            folder_status_changed,
        )
        return self._joint

    def vault(self) -> Vault:
        """Where this profile's tokens and keys are kept: the system's keyring, or an encrypted file without one."""
        from desktop.sync.secrets import open_vault  # noqa: PLC0415 - as above

        return open_vault(self.paths.profile / "secrets", vault_key_path())

    @property
    def settings(self) -> Settings:
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Use and save these settings. Raises FileError; they then apply only until the program ends."""
        self._settings = replace(settings, more=self._settings.more)  # unknown entries stay as in the file
        save_settings(self._settings, self.paths.settings)

    def _move_client_secret(self) -> None:
        """Move the Google client secret into the keyring: older versions kept it in the settings in plain text."""
        more = dict(self._settings.more)
        secret = more.pop(_OLD_GOOGLE_SETTING, "")
        if _OLD_GOOGLE_SETTING not in self._settings.more:
            return
        try:
            if isinstance(secret, str) and secret:
                from desktop.workflows.push import kept_access  # noqa: PLC0415 - once in the life of a profile

                kept_access(self.store, self.vault()).save_client_secret(secret)
            self._settings = replace(self._settings, more=more)
            save_settings(self._settings, self.paths.settings)
        except FileError:
            return  # the keyring is locked, or the disk full: a later start tries again

    def settings_bytes(self) -> bytes:
        """The settings file's bytes, for a backup; empty if there is no such file."""
        return self.paths.settings.read_bytes() if self.paths.settings.is_file() else b""

    def restore_settings(self, kept: bytes) -> None:
        """Use and save the settings in a backup. Raises FileError as `change_settings` does."""
        self.change_settings(restored_settings(self._settings, kept))

    def delete_everything(self) -> StorageError | None:
        """Delete everything in the profile: timetables, documents, copies, settings, keys. The program then continues
        with a new, empty store, signed out.

        Returns an error to show for what could not be deleted, with how to delete it by hand; everything else is
        deleted all the same. Raises StorageError if no new store can be made.
        """
        keys_are_left = not self._delete_keys()
        if self._joint is not None:
            self._joint.close()
            self._joint = None
        self.store.close()
        left = self.paths.remove_all()
        self._settings = Settings()
        self.store = Store.open(self.paths.database, is_new=True)
        return _leftover_error(left, keys_are_left)

    def _delete_keys(self) -> bool:
        """Delete this profile's entries in the system's keyring, without a request to the server or to Google. True if
        certainly none is left."""
        from desktop.sync.secrets import keyring_is_locked  # noqa: PLC0415 - nothing of sync is loaded before it is used
        from desktop.workflows.push import forget_access  # noqa: PLC0415 - nor of calendars

        try:
            vault = self.vault()
            forget_access(self.store, vault)
            with self.store.sync_repository.transaction() as transaction:
                signed_in = transaction.memo("sync.entry") is not None
                in_folder = transaction.memo("folder.entry") is not None
                has_left = transaction.memo("sync.departures") is not None
            if signed_in:
                from desktop.sync.credentials import forget_credentials  # noqa: PLC0415 - as above

                forget_credentials(self.store.sync_repository, vault)
            if has_left:
                from desktop.sync.departures import forget_departures  # noqa: PLC0415 - as above

                forget_departures(self.store.sync_repository, vault)
            if in_folder:
                from desktop.sync.folder.account import leave_folder  # noqa: PLC0415 - as above

                leave_folder(self.store.sync_repository, vault)
        except FileError:
            return False
        return not keyring_is_locked()

    def close(self) -> None:
        """Close the store, end sync and release the lock."""
        if self._joint is not None:
            self._joint.close()
        self.store.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _lock_profile(paths: Paths, lock: ProfileLock | None = None) -> ProfileLock:
    """Lock the profile, and take its files' permissions from other users of this machine."""
    lock = lock or ProfileLock(paths.lock)
    with suppress(OSError):  # the lock was made, so an obstacle will be met and reported when the files are used
        paths.make_private()
    return lock


def _leftover_error(files: Sequence[Path], keys_are_left: bool) -> StorageError | None:
    """An error that tells a person what to delete by hand; None if nothing is left."""
    from desktop.sync.secrets import SERVICE  # noqa: PLC0415 - nothing of sync is loaded before it is used

    if files:
        title = msg("Not everything could be removed: {path} is left.", path=str(files[0]))
        if keys_are_left:
            hint = msg(
                "Remove it by hand. Then unlock the system’s keyring in the program for passwords, and remove the "
                "entries called “{name}” there.",
                name=SERVICE,
            )
            return StorageError(title, hint)
        return StorageError(title, "Remove it by hand.")
    if keys_are_left:
        return StorageError(
            "Everything was deleted, except the keys and passwords the system’s keyring may hold: it did not open.",
            msg(
                "Unlock it in the system’s program for passwords, and remove the entries called “{name}” there.",
                name=SERVICE,
            ),
        )
    return None
