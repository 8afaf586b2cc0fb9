"""Starting the program at login, without its window, for this user alone: the registry's Run key on Windows, a launch
agent on macOS, an autostart entry elsewhere."""

from __future__ import annotations

import contextlib
import os
import plistlib
import sys
from pathlib import Path

from desktop.domain.errors import FileError, cause
from desktop.domain.messages import msg
from desktop.private_files import make_private_folder

NAME = "UP Schedule Generator"  # the uninstaller of Windows removes the registry value of this name
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
_LABEL = "io.github.up-schedule-generator.upschedule"


def startup_command(profile: Path | None) -> list[str]:
    """The command that starts this program without its window; `profile` is None for the user's own."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]
    if sys.platform != "win32" and not getattr(sys, "frozen", False):
        started = Path(sys.argv[0])
        if started.name == "upschedule" and os.access(started, os.X_OK):
            program = [str(started.absolute())]
    return [*program, *(["--profile", str(profile)] if profile is not None else []), "--background"]


def is_enabled() -> bool:
    return _is_on()


def set_enabled(profile: Path | None, *, on: bool) -> None:
    """Turn starting at login on or off. Raises FileError."""
    try:
        if on:
            _add(startup_command(profile))
        else:
            _remove()
    except OSError as wrong:
        raise FileError(
            msg("Starting at login cannot be changed: {why}.", why=cause(wrong)),
            "Add or remove the program in the system’s settings for programs that start at login.",
        ) from wrong


if sys.platform == "win32":
    import subprocess
    import winreg

    def _is_on() -> bool:
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            winreg.QueryValueEx(key, NAME)
            return True
        return False

    def _add(words: list[str]) -> None:
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(words))

    def _remove() -> None:
        with (
            contextlib.suppress(FileNotFoundError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN, 0, winreg.KEY_SET_VALUE) as key,
        ):
            winreg.DeleteValue(key, NAME)
else:

    def _path() -> Path:
        return _agent_path() if sys.platform == "darwin" else _entry_path()

    def _agent_path() -> Path:
        return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"

    def _entry_path() -> Path:
        configured = os.environ.get("XDG_CONFIG_HOME", "")
        base = Path(configured) if os.path.isabs(configured) else Path.home() / ".config"  # noqa: PTH117 - the rule's words
        return base / "autostart" / "upschedule.desktop"

    def _is_on() -> bool:
        with contextlib.suppress(OSError):
            return b"\nHidden=true" not in _path().read_bytes()  # how desktops switch an entry off
        return False

    def _add(words: list[str]) -> None:
        make_private_folder(_path().parent)
        _path().write_bytes(_agent(words) if sys.platform == "darwin" else _entry(words))

    def _remove() -> None:
        _path().unlink(missing_ok=True)

    def _agent(words: list[str]) -> bytes:
        """A property list for launchd; not tested on a Mac yet."""
        plain = {"Label": _LABEL, "ProgramArguments": words, "RunAtLoad": True, "ProcessType": "Interactive"}
        return plistlib.dumps(plain)

    def _entry(words: list[str]) -> bytes:
        """The Desktop Entry Specification: https://specifications.freedesktop.org/autostart-spec/latest/"""
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={NAME}",
            "Icon=upschedule",
            f"Exec={' '.join(map(_quoted, words))}",
            "X-GNOME-Autostart-enabled=true",
        )
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")

    def _quoted(word: str) -> str:
        """One argument of an Exec line: quoted, then escaped again as every value in a desktop entry is."""
        if word and all(each.isalnum() or each in "-_./=" for each in word):
            return word
        quoted = "".join(f"\\{each}" if each in '"`$\\' else each for each in word.replace("%", "%%"))
        return f'"{quoted}"'.replace("\\", "\\\\")
