"""Finds the folders on this machine that the programs of cloud storage services sync."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

FOLDER_NAME = "UP Schedule Generator"  # of the folder that is made inside the cloud folder
_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CloudFolder:
    """`cloud` is the service's own name, `path` the folder inside for the timetable (it need not exist yet)."""

    cloud: str
    path: Path
    has_timetable: bool = False


def find_cloud_folders(
    home: Path | None = None, environment: Mapping[str, str] | None = None
) -> tuple[CloudFolder, ...]:
    """The cloud folders that exist on this machine, without duplicates."""
    found: dict[Path, CloudFolder] = {}
    for cloud, root in _candidates(home or Path.home(), os.environ if environment is None else environment):
        with suppress(OSError):
            if root.is_dir() and root.resolve() not in found:
                path = root / FOLDER_NAME
                found[root.resolve()] = CloudFolder(cloud, path, has_timetable(path))
    return tuple(found.values())


def has_timetable(path: Path) -> bool:
    """True if the folder contains a keyring file of this program, even one that is only a placeholder of iCloud."""
    with suppress(OSError), os.scandir(path) as entries:
        return any(each.name.endswith((".upk", ".upk.icloud")) for each in entries)
    return False


def cloud_of(path: Path) -> str:
    """The cloud service whose folder contains the path, as one lower-case word; `folder` if none is recognised."""
    parts = {part.casefold() for part in path.parts}
    for word in ("onedrive", "google", "dropbox", "nextcloud", "icloud", "syncthing"):
        if any(word in part for part in parts) or (word == "icloud" and "com~apple~clouddocs" in parts):
            return word
    return "folder"


def _candidates(home: Path, environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for name in ("OneDriveCommercial", "OneDriveConsumer", "OneDrive"):
        if environment.get(name):
            yield "OneDrive", Path(environment[name])
    for root in (home, home / "Library" / "CloudStorage"):
        for path in _folders(root):
            if path.name.startswith(("OneDrive", "SkyDrive")):
                yield "OneDrive", path
            elif path.name.startswith(("Google Drive", "GoogleDrive")):
                yield "Google Drive", _my_drive(path)
            elif path.name.startswith("Dropbox"):
                yield "Dropbox", path
            elif path.name.startswith("Nextcloud"):
                yield "Nextcloud", path
    if sys.platform == "win32":
        for letter in "GHIJ":
            yield "Google Drive", Path(f"{letter}:/My Drive")
    for settings in (home / ".dropbox", Path(environment.get("LOCALAPPDATA") or home) / "Dropbox"):
        yield from (("Dropbox", path) for path in _dropbox(settings / "info.json"))
    yield "iCloud Drive", home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    yield "iCloud Drive", home / "iCloudDrive"
    for place in (
        Path(environment.get("XDG_STATE_HOME") or home / ".local" / "state") / "syncthing",
        Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "syncthing",
        Path(environment.get("LOCALAPPDATA") or home) / "Syncthing",
        home / "Library" / "Application Support" / "Syncthing",
    ):
        yield from (("Syncthing", path) for path in _syncthing(place / "config.xml", home))
    yield "Syncthing", home / "Sync"


def _folders(root: Path) -> Iterable[Path]:
    try:
        return sorted(each for each in root.iterdir() if not each.name.startswith("."))
    except OSError:
        return ()


def _my_drive(path: Path) -> Path:
    inner = path / "My Drive"
    return inner if inner.is_dir() else path


def _dropbox(settings: Path) -> Iterator[Path]:
    """The folders in Dropbox's settings file (https://help.dropbox.com/installs/locate-dropbox-folder)."""
    with suppress(OSError, ValueError, AttributeError):
        with settings.open("rb") as stream:
            plain = json.loads(stream.read(_MOST))
        for account in plain.values():
            if isinstance(account, dict) and isinstance(account.get("path"), str):
                yield Path(account["path"])


def _syncthing(settings: Path, home: Path) -> Iterator[Path]:
    with suppress(OSError, ET.ParseError):
        with settings.open("rb") as stream:
            text = stream.read(_MOST)
        if b"<!DOCTYPE" in text:
            return
        for folder in ET.fromstring(text).iter("folder"):  # noqa: S314 - without a DOCTYPE there are no entities
            path = folder.get("path")
            if path:
                yield Path(path.replace("~", str(home), 1) if path.startswith("~") else path)
