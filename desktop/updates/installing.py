"""Installs a new version silently by the Windows installer, the only system where that is possible.

The installer (packaging/windows/installer.nsi) puts the new version beside this one, checks that it starts, and only
then switches to it; this version is kept. The installation is recorded before it starts, so that whichever version
starts next can report how it ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.private_files import create_private_file, make_private_folder

STATE = "state.json"


@dataclass(frozen=True, slots=True)
class UpdateState:
    """When new versions were last checked for (UTC; None for never), and the version being installed, if any."""

    checked_at: datetime | None = None
    installing: str = ""

    def is_due(self, now: datetime) -> bool:
        """True if the last check is a day ago, or in the future because the clock was set back."""
        return self.checked_at is None or not 0 <= (now - self.checked_at).total_seconds() < 24 * 3600


def load_state(folder: Path) -> UpdateState:
    """The state stored in a profile's folder of updates; the default if it cannot be read."""
    try:
        plain = json.loads((folder / STATE).read_bytes())
        looked = datetime.fromisoformat(plain["looked"]) if plain["looked"] else None
        return UpdateState(looked.astimezone(UTC) if looked else None, str(plain["installing"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return UpdateState()


def save_state(folder: Path, state: UpdateState) -> None:
    """Raises OSError."""
    make_private_folder(folder)
    new = folder / (STATE + ".new")
    looked = state.checked_at.isoformat() if state.checked_at else ""
    with create_private_file(new) as stream:
        stream.write(json.dumps({"looked": looked, "installing": state.installing}).encode())
    new.replace(folder / STATE)


def can_install() -> bool:
    """True if this copy was installed by an installer that can replace it."""
    return sys.platform == "win32" and bool(getattr(sys, "frozen", False))


def start_installer(installer: Path, folder: Path, version: str) -> None:
    """Start the installer of `version`, which waits until this program has ended. Raises FileError."""
    try:
        save_state(folder, UpdateState(datetime.now(UTC), version))
        flags = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        subprocess.Popen(
            [str(installer), "/S", "/UPDATE"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=flags,
            close_fds=True,
        )
    except OSError as wrong:
        with suppress(OSError):
            save_state(folder, UpdateState(datetime.now(UTC)))
        raise FileError(
            msg("The new version cannot be installed: {why}.", why=cause(wrong)), "Download it from its page instead."
        ) from wrong


def take_installing_version(folder: Path) -> str:
    """The version whose installation was started in the last run, reported once; empty if none was."""
    state = load_state(folder)
    if state.installing:
        with suppress(OSError):
            save_state(folder, UpdateState(state.checked_at))
    return state.installing
