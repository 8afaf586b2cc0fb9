"""Updates: check for a new version of the program, and install it."""

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
    load_state,
    save_state,
    start_installer,
    take_installing_version,
)
from desktop.updates.source import Source, built_in_source

if TYPE_CHECKING:
    from desktop.updates.versions import Changes, Release

__all__ = [
    "InstallResult",
    "NewVersion",
    "Source",
    "can_install",
    "check_for_update",
    "download_and_install",
    "is_due",
    "source",
    "take_install_result",
]


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A newer version: its changes and those of the versions in between, newest first, and its web page."""

    release: Release
    version: str
    changes: tuple[Changes, ...]
    page: str
    can_install: bool  # if not, the user downloads it in a browser


@dataclass(frozen=True, slots=True)
class InstallResult:
    """An installation started in the last run, and whether its version is the one that runs now."""

    version: str
    succeeded: bool


def source() -> Source | None:
    """The update source built into this copy; None if it has none."""
    return built_in_source(assets_folder())


def is_due(paths: Paths) -> bool:
    """True if the last check for a new version is a day ago."""
    return load_state(paths.updates).is_due(datetime.now(UTC))


def check_for_update(at: Source, paths: Paths) -> NewVersion | None:
    """Check for a newer version; None if there is none. Raises UpdateRefused, NotReachable, FileError."""
    from desktop.updates.client import UpdateClient  # noqa: PLC0415 - network modules are imported only when needed
    from desktop.updates.fetcher import HttpFetcher, open_client  # noqa: PLC0415 - as above

    with open_client() as http:
        client = UpdateClient(at, paths.updates, HttpFetcher(http))
        release = client.newest_release()
        with suppress(OSError):
            save_state(paths.updates, UpdateState(datetime.now(UTC)))
        if not release.is_newer_than(__version__):
            client.forget_downloads()
            return None
    installable = can_install() and sys.platform in release.files
    return NewVersion(release, release.version, release.changes_since(__version__), release.page, installable)


def download_and_install(at: Source, paths: Paths, new: NewVersion) -> None:
    """Download a new version, verify it, and start its installer, which waits until this program has ended.

    Raises UpdateRefused, NotReachable, FileError.
    """
    from desktop.updates.client import UpdateClient  # noqa: PLC0415 - as above
    from desktop.updates.fetcher import HttpFetcher, open_client  # noqa: PLC0415 - as above

    with open_client() as http:
        installer = UpdateClient(at, paths.updates, HttpFetcher(http)).download(new.release, sys.platform)
    start_installer(installer, paths.updates, new.version)


def take_install_result(paths: Paths) -> InstallResult | None:
    """The result of the installation that the last run started, reported once; None if there was none."""
    version = take_installing_version(paths.updates)
    return InstallResult(version, version == __version__) if version else None
