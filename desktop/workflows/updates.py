"""New versions: whether this copy can look for them, what there is, and how it is installed."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.config import Paths, assets_folder
from desktop.updates.installing import (
    UpdateState,
    can_install,
    finished_update,
    load_state,
    save_state,
    start_installer,
)
from desktop.updates.source import Source, built_in_source

if TYPE_CHECKING:
    from desktop.updates.versions import Changes, Release

__all__ = ["Finished", "NewVersion", "Source", "begin_install", "can_install", "finished", "is_due", "look", "source"]


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version newer than this one: what it and those between changed, newest first, and its page."""

    release: Release
    version: str
    changes: tuple[Changes, ...]
    page: str
    can_install: bool  # else a browser fetches it


@dataclass(frozen=True, slots=True)
class Finished:
    """An installation that was begun in the last run, and whether this version is what it was to bring."""

    version: str
    is_here: bool


def source() -> Source | None:
    """Where this copy looks; None for one that cannot."""
    return built_in_source(assets_folder())


def is_due(paths: Paths) -> bool:
    """Whether a day has gone since new versions were last looked for."""
    return load_state(paths.updates).is_due(datetime.now(UTC))


def look(at: Source, paths: Paths) -> NewVersion | None:
    """Asks what is published. None where it is nothing newer. Raises UpdateRefused, NotReachable, FileTrouble."""
    from desktop.updates.client import UpdateClient  # noqa: PLC0415 - nothing of networks before one is used
    from desktop.updates.fetcher import HttpFetcher, open_client  # noqa: PLC0415 - as above

    with open_client() as http:
        client = UpdateClient(at, paths.updates, HttpFetcher(http))
        release = client.newest()
        with suppress(OSError):
            save_state(paths.updates, UpdateState(datetime.now(UTC)))
        if not release.is_newer_than(__version__):
            client.forget_downloads()
            return None
    installable = can_install() and sys.platform in release.files
    return NewVersion(release, release.version, release.changes_since(__version__), release.page, installable)


def begin_install(at: Source, paths: Paths, new: NewVersion) -> None:
    """Fetches a new version whole, checks it, and starts its installer, which waits until this program has ended.

    Raises what `look` raises.
    """
    from desktop.updates.client import UpdateClient  # noqa: PLC0415 - as above
    from desktop.updates.fetcher import HttpFetcher, open_client  # noqa: PLC0415 - as above

    with open_client() as http:
        installer = UpdateClient(at, paths.updates, HttpFetcher(http)).download(new.release, sys.platform)
    start_installer(installer, paths.updates, new.version)


def finished(paths: Paths) -> Finished | None:
    """How the installation ended that the last run began; told once."""
    version = finished_update(paths.updates)
    return Finished(version, version == __version__) if version else None
