"""Paths on this machine, and the settings that apply to this machine alone.

Settings for all of a student's machines are stored as synced records instead.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from desktop.domain.errors import FileError, InvalidInput, cause
from desktop.domain.messages import LANGUAGES, listed, msg
from desktop.private_files import create_private_file, make_private, make_private_folder

PROFILE_VARIABLE = "UPSCHEDULE_PROFILE"
_PROGRAM = "UP Schedule Generator"
# What the program keeps in a profile. `timetable.*` covers SQLite's own files and the databases that a repair moves
# aside.
_FILES = ("timetable.*", "settings.json*", "lock", "secrets", "tmp????????", "last-view*", "reminders.json*")
_FOLDERS = ("documents", "backups", "calendar", "logs", "updates")


def assets_folder() -> Path:
    """The folder of icons, fonts, translations and academic years shipped with the program."""
    bundled = getattr(sys, "_MEIPASS", None)
    if bundled is not None:
        return Path(bundled) / "assets"
    checkout = Path(__file__).resolve().parents[1] / "assets"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "upschedule" / "assets"


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one profile; everything that the program keeps lies in its folder."""

    profile: Path

    @property
    def database(self) -> Path:
        return self.profile / "timetable.sqlite3"

    @property
    def settings(self) -> Path:
        return self.profile / "settings.json"

    @property
    def lock(self) -> Path:
        return self.profile / "lock"

    @property
    def is_default(self) -> bool:
        """True for the user's own profile, which opens where no other is named."""
        return self.profile == _default_profile()

    @property
    def updates(self) -> Path:
        """The folder of update metadata, and of an installer while it is downloaded and run."""
        return self.profile / "updates"

    def make_private(self) -> None:
        """Create the folder if it is missing, and take other users' permissions from the profile's files.

        In a folder that holds other files too (a home folder, say), only the program's own are changed. Raises OSError.
        """
        make_private_folder(self.profile)
        found = list(self.profile.iterdir())
        files = [path for path in found if any(fnmatchcase(path.name, each) for each in _FILES) and path.is_file()]
        is_ours_alone = all(path in files or path.name in _FOLDERS for path in found)
        make_private([self.profile] if is_ours_alone else files)

    def remove_all(self) -> list[Path]:
        """Delete everything in the profile except its lock; returns what could not be deleted."""
        left = []
        for path in sorted(self.profile.iterdir()) if self.profile.is_dir() else ():
            if path == self.lock:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, onerror=lambda _call, name, _error: left.append(Path(name)))
            else:
                try:
                    path.unlink()
                except OSError:
                    left.append(path)
        return left


def profile_paths(profile: Path | None = None) -> Paths:
    """The paths of `profile`; for None, of the one named in UPSCHEDULE_PROFILE, else of this user's own."""
    if profile is None:
        named = os.environ.get(PROFILE_VARIABLE)
        profile = Path(named) if named else _default_profile()
    return Paths(profile.expanduser().absolute())


def _default_profile() -> Path:
    import platformdirs  # noqa: PLC0415 - a named profile does not need it

    return platformdirs.user_data_path(_PROGRAM, appauthor=False, roaming=False)


def vault_key_path() -> Path:
    """The file of the key that encrypts profiles' secrets on a machine without a keyring; outside of any profile."""
    import platformdirs  # noqa: PLC0415 - only where sync is used

    return platformdirs.user_config_path(_PROGRAM, appauthor=False, roaming=False) / "vault.key"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this machine. Raises InvalidInput for an invalid value."""

    theme: str = "system"  # system, light, dark
    contrast: str = "system"  # system, high
    language: str = "system"  # or one of LANGUAGES
    text_scale: int = 100  # per cent
    motion: str = "system"  # system, none
    watched_folder: str = ""  # the folder checked for new exports; empty for none
    year: int | None = None  # the academic year shown last
    rail_collapsed: bool = False
    window: str = ""  # the window's geometry, as Qt saves it
    export_folder: str = ""  # where a file was saved last
    calendar_way: str = ""  # the way of writing into a calendar that was used last
    new_versions: str = "ask"  # ask (once), daily, never: how often to check for new versions
    keep_running: str = "ask"  # ask (once), yes, no: whether the program runs on when its window is closed
    reminders: bool = True  # whether this machine reminds of classes, tests and exams
    quiet_from: str = "22:00"  # no reminders between these times; either empty for no quiet hours
    quiet_until: str = "06:00"
    evening: str = "19:00"  # time of the daily summary of tomorrow; empty for none
    google_client_id: str = ""  # Google's OAuth client id of this program, if the build has none
    first_run: Mapping[str, str] = field(default_factory=dict)  # its steps, each `open`, `later` or `done`
    more: Mapping[str, Any] = field(default_factory=dict)  # unknown entries, of other versions; written back unchanged

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            value = getattr(self, name)
            if value not in allowed:
                raise InvalidInput(
                    msg("{name} cannot be “{value}”.", name=_name(name), value=value),
                    msg("Choose one of {names}.", names=listed(allowed, "")),
                )
        for name in (
            "watched_folder",
            "window",
            "export_folder",
            "calendar_way",
            "google_client_id",
        ):
            if not isinstance(getattr(self, name), str):
                raise InvalidInput(msg("{name} has to be text.", name=_name(name)))
        if not _is_whole_number(self.text_scale) or not 80 <= self.text_scale <= 200:
            raise InvalidInput("Text can be from 80 % to 200 % of its size.", "Choose a size in between.")
        if self.year is not None and (not _is_whole_number(self.year) or not 2000 <= self.year <= 2099):
            raise InvalidInput("A year is from 2000 to 2099.")
        if not isinstance(self.rail_collapsed, bool):
            raise InvalidInput("The sidebar is collapsed or not.")
        if not _are_step_states(self.first_run):
            raise InvalidInput("A step of the first run is open, left for later or done.")
        if not isinstance(self.reminders, bool):
            raise InvalidInput("This machine reminds or does not.")
        for name in ("quiet_from", "quiet_until", "evening"):
            each = getattr(self, name)
            if not isinstance(each, str) or (each and not _CLOCK.fullmatch(each)):
                raise InvalidInput("A time of day is written as 19:00.")


_ALLOWED = {
    "theme": ("system", "light", "dark"),
    "contrast": ("system", "high"),
    "language": ("system", *LANGUAGES),
    "motion": ("system", "none"),
    "new_versions": ("ask", "daily", "never"),
    "keep_running": ("ask", "yes", "no"),
}
_STEP_STATES = ("open", "later", "done")


def _are_step_states(value: object) -> bool:
    return isinstance(value, Mapping) and all(each in _STEP_STATES for each in value.values())


_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _name(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _is_whole_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def load_settings(path: Path) -> Settings:
    """The settings in a file. An invalid value gets its default; without a file all do."""
    try:
        return _settings_in(path.read_bytes())
    except OSError:
        return Settings()


def restored_settings(now: Settings, kept: bytes) -> Settings:
    """The settings of a backup, except what belongs to this moment or this machine: the window's state stays as it is
    `now`, and so do folders that do not exist here."""
    if not kept:
        return now
    found = _settings_in(kept)
    return replace(
        found,
        watched_folder=_existing_folder(found.watched_folder) or now.watched_folder,
        export_folder=_existing_folder(found.export_folder) or now.export_folder,
        year=now.year,
        rail_collapsed=now.rail_collapsed,
        keep_running=now.keep_running,
        window=now.window,
    )


def _existing_folder(folder: str) -> str:
    return folder if folder and Path(folder).is_dir() else ""


def _settings_in(data: bytes) -> Settings:
    try:
        plain = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return Settings()
    if not isinstance(plain, dict):
        return Settings()
    known = {each.name for each in fields(Settings)} - {"more"}
    taken: dict[str, Any] = {}
    for name in known & plain.keys():
        try:
            Settings(**{name: plain[name]})
        except (InvalidInput, TypeError):
            continue
        taken[name] = plain[name]
    return Settings(**taken, more={name: value for name, value in plain.items() if name not in known})


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings atomically. Raises FileError."""
    plain = asdict(settings)
    plain |= {name: value for name, value in plain.pop("more").items() if name not in plain}
    new = path.with_name(path.name + ".new")
    try:
        make_private_folder(path.parent)
        # A folder's name may hold bytes that are not UTF-8, which Python keeps as surrogates; JSON can escape those.
        plain_text = json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
        with create_private_file(new) as stream:
            stream.write(plain_text.encode("utf-8", "backslashreplace"))
        new.replace(path)
    except OSError as wrong:
        raise FileError(
            msg("The settings cannot be saved: {why}.", why=cause(wrong)),
            msg("Check that you may write to {folder}.", folder=str(path.parent)),
        ) from wrong
