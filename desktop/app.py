"""The composition root, free of Qt: opens a profile and joins the parts that the workflows take.

Hides how they are built and in which order they are let go. Nothing else builds them.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from desktop.config import Paths, Settings, load_settings, profile_paths, save_settings
from desktop.store import Store
from desktop.store.lock import ProfileLock


class App:
    """One open profile. Made by `App.open`; held alone by this process until `close`."""

    def __init__(self, paths: Paths, lock: ProfileLock, store: Store) -> None:
        self.paths = paths
        self.store = store
        self._lock = lock
        self._settings = load_settings(paths.settings)

    @classmethod
    def open(cls, profile: Path | None = None) -> Self:
        """Open a profile, made anew where there is none; without a name, the user's own.

        Raises ProfileInUse where another copy of the program holds it, NewerData, DamagedData, StorageTrouble.
        """
        paths = profile_paths(profile)
        lock = ProfileLock(paths.lock)
        try:
            return cls(paths, lock, Store.open(paths.database))
        except BaseException:
            lock.release()
            raise

    @property
    def settings(self) -> Settings:
        """What is set on this machine."""
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Take over and save what was set. Raises FileTrouble; it then counts only until the program ends."""
        self._settings = settings
        save_settings(settings, self.paths.settings)

    def close(self) -> None:
        """Let go of the profile."""
        self.store.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
