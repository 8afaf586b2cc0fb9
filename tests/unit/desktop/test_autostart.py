"""Starting at login: writing and removing the file that Linux desktops read."""

from __future__ import annotations

import configparser
import re
import shlex
import sys
from pathlib import Path

import pytest

from desktop import autostart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the entry of a desktop of Linux")


@pytest.fixture(autouse=True)
def entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "autostart" / "upschedule.desktop"


def words(entry: Path) -> list[str]:
    """The command of an entry, by the rules of the specification: the value's escapes, then the quotes."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(entry, "utf-8")
    value = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    # Between quotes, a shell's words leave the escapes of these two as they are.
    return [re.sub(r"\\([$`])", r"\1", word).replace("%%", "%") for word in shlex.split(value)]


def test_it_is_switched_on_and_off(entry: Path) -> None:
    assert not autostart.is_enabled()
    autostart.set_enabled(None, on=True)
    assert autostart.is_enabled()
    assert words(entry) == autostart.startup_command(None)
    assert words(entry)[-1] == "--background"
    autostart.set_enabled(None, on=False)
    autostart.set_enabled(None, on=False)
    assert not autostart.is_enabled()
    assert not entry.exists()


def test_a_profile_of_any_name_is_meant(entry: Path) -> None:
    profile = Path('/home/ann/My "best" $HOME `x` 100% \\ ’n')
    autostart.set_enabled(profile, on=True)
    assert words(entry)[-3:] == ["--profile", str(profile), "--background"]


def test_one_that_the_desktop_switched_off_is_off(entry: Path) -> None:
    autostart.set_enabled(None, on=True)
    entry.write_text(re.sub("\nType", "\nHidden=true\nType", entry.read_text()))
    assert not autostart.is_enabled()
