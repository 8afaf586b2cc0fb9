"""Checks for new versions by The Update Framework (TUF). An attacker who controls the server or the connection can at
most withhold a new version from this copy, and never give it an older or an altered one.

Root keys (2 of 3) and the key of targets are kept offline; the timestamp is valid for 7 days
(docs/decisions/0008-new-versions-by-tuf.md). tuf checks signatures, versions, expiry, lengths and hashes; this module
also checks that this computer's clock is plausible, since expiry depends on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata
from tuf.api.serialization import DeserializationError
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from desktop.domain.errors import AppError, FileError, NotReachable, UpdateRefused, cause
from desktop.domain.messages import msg
from desktop.private_files import make_private_folder
from desktop.updates.source import Source
from desktop.updates.versions import InvalidRelease, Release, release_from_json

DESCRIPTION = "release.json"  # the target that names the newest version
METADATA, DOWNLOADS = "metadata", "downloads"
MAX_DESCRIPTION_BYTES = 500_000  # bytes
TIMESTAMP_VALIDITY = timedelta(days=7)
_SLACK = timedelta(days=1)  # by which two clocks may reasonably differ, wrong time zones included
_CONFIG = UpdaterConfig(max_root_rotations=64, root_max_length=64_000, snapshot_max_length=64_000)
_RETRY_HINT = "The version you have goes on working. Try again later."


class UpdateClient:
    """Finds and downloads the new versions of one source. `folder` holds its metadata and downloads, and is used by one
    client at a time."""

    def __init__(self, source: Source, folder: Path, fetcher: FetcherInterface) -> None:
        self._source = source
        self._folder = folder
        self._fetcher = fetcher

    def newest_release(self) -> Release:
        """The newest published release. Raises UpdateRefused, NotReachable, FileError."""
        with _as_app_errors():
            return self._read_release(self._refreshed_updater())

    def download(self, release: Release, system: str) -> Path:
        """Download the installer of `release` for a `sys.platform` and verify it; one that was downloaded before is
        only verified. Raises UpdateRefused, NotReachable, FileError."""
        with _as_app_errors():
            updater = self._refreshed_updater()
            if self._read_release(updater).version != release.version:
                raise UpdateRefused("Another version was published meanwhile.", "Look for new versions again.")
            name = release.files.get(system, "")
            target = updater.get_targetinfo(name) if name else None
            if target is None:
                raise UpdateRefused(
                    msg("Version {version} has no installer for this system.", version=release.version),
                    "Look on its page.",
                )
            folder = self._folder / DOWNLOADS
            path = folder / name
            if updater.find_cached_target(target, str(path)) is None:
                self.forget_downloads()
                make_private_folder(folder)
                needed = 2 * target.length  # tuf downloads it to a temporary file first
                if shutil.disk_usage(folder).free < needed:
                    raise FileError(
                        "The disk is too full for the new version.",
                        msg("It needs {n} MB free for a while. Make room, then try again.", n=needed // 1_000_000 + 1),
                    )
                part = path.with_name(path.name + ".part")
                updater.download_target(target, str(part))
                part.replace(path)
            return path

    def forget_downloads(self) -> None:
        """Delete the downloaded installers."""
        shutil.rmtree(self._folder / DOWNLOADS, ignore_errors=True)

    def _refreshed_updater(self) -> Updater:
        metadata = self._folder / METADATA
        make_private_folder(self._folder)
        make_private_folder(metadata)
        updater = Updater(
            str(metadata),
            self._source.address + "metadata/",
            target_base_url=self._source.address + "targets/",
            fetcher=self._fetcher,
            config=_CONFIG,
            bootstrap=self._source.root,
        )
        updater.refresh()
        _check_clock(metadata / "timestamp.json")
        return updater

    def _read_release(self, updater: Updater) -> Release:
        target = updater.get_targetinfo(DESCRIPTION)
        if target is None or target.length > MAX_DESCRIPTION_BYTES:
            raise InvalidRelease("no description of a release")
        path = self._folder / DESCRIPTION
        if updater.find_cached_target(target, str(path)) is None:
            updater.download_target(target, str(path))
        return release_from_json(path.read_bytes())


def _check_clock(timestamp: Path) -> None:
    """Raises UpdateRefused if this computer's clock is far behind: outdated metadata would then count as valid."""
    expires = Metadata.from_file(str(timestamp)).signed.expires
    if expires.replace(tzinfo=UTC) > datetime.now(UTC) + TIMESTAMP_VALIDITY + _SLACK:
        raise _wrong_clock_error()


def _wrong_clock_error() -> UpdateRefused:
    return UpdateRefused(
        msg("This computer’s clock says {day}, which cannot be right.", day=datetime.now(UTC).date().isoformat()),
        "Set the date and time of this computer, then look for new versions again.",
    )


@contextmanager
def _as_app_errors() -> Iterator[None]:
    """Turns exceptions of tuf and OSErrors into AppErrors."""
    try:
        yield
    except AppError:
        raise
    except ExpiredMetadataError as wrong:
        raise UpdateRefused(
            msg(
                "What is published of new versions is out of date on {day}, the date of this computer.",
                day=datetime.now(UTC).date().isoformat(),
            ),
            "If that date is wrong, set it right. If not, try again in some days. Your version goes on working.",
        ) from wrong
    except BadVersionNumberError as wrong:
        raise UpdateRefused("What is published is older than what was there before.", _RETRY_HINT) from wrong
    except UnsignedMetadataError as wrong:
        raise UpdateRefused(
            "What is published is not signed by those who publish this program.",
            "Nothing was installed. The version you have goes on working; tell whoever gave you the program.",
        ) from wrong
    except (LengthOrHashMismatchError, DownloadLengthMismatchError) as wrong:
        raise UpdateRefused(
            "What was fetched is not what was signed, so it was thrown away.",
            "The version you have goes on working. Try again, on another network if there is one.",
        ) from wrong
    except DownloadHTTPError as wrong:
        raise NotReachable(
            msg("New versions cannot be looked for: the server answered {status}.", status=wrong.status_code),
            _RETRY_HINT,
        ) from wrong
    except DownloadError as wrong:
        raise NotReachable(
            "New versions cannot be looked for: the server cannot be reached.",
            "Check the connection to the internet, then try again.",
        ) from wrong
    except (RepositoryError, DeserializationError, InvalidRelease) as wrong:
        raise UpdateRefused("What is published of new versions makes no sense.", _RETRY_HINT) from wrong
    except OSError as wrong:
        raise FileError(
            msg("The new version cannot be stored: {why}.", why=cause(wrong)), "Make room on the disk, then try again."
        ) from wrong
