"""Two profiles of one student that are synced through a folder."""

from __future__ import annotations

from pathlib import Path

from desktop.store import Store
from desktop.sync.folder import account
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.engine import FolderEngine
from tests.sync.memory import MemoryVault

PASSWORD = "three words together"


class TwoProfiles:
    """`step` brings each profile the other's changes."""

    def __init__(self, one: Store, other: Store, folder: Path) -> None:
        folder.mkdir()
        files = Directory(folder)
        made, _ = account.create_account(one.sync_repository, MemoryVault(), files, PASSWORD, "A")
        self._engines = [FolderEngine(one.sync_repository, files, made)]
        self._engines[0].run()
        joined = account.join_by_password(other.sync_repository, MemoryVault(), Directory(folder), PASSWORD, "B")
        self._engines.append(FolderEngine(other.sync_repository, Directory(folder), joined))

    def step(self) -> None:
        for _ in range(2):
            for engine in self._engines:
                engine.run()
