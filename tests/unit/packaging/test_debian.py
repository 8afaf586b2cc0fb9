"""The contents of the Debian packages, as far as they can be checked without root."""

from __future__ import annotations

import _ssl
import argparse
import configparser
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from syncserver import config
from syncserver.backup import archive, backup_crypto

ROOT = Path(__file__).parents[3]
DEBIAN = ROOT / "packaging" / "debian"
sys.path[:0] = [str(ROOT / "packaging"), str(DEBIAN)]

import manual  # noqa: E402
import server_files  # noqa: E402
import system_libraries  # noqa: E402

from desktop.cli import commands  # noqa: E402


def test_the_desktop_file_offers_to_open_pdfs_and_links() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEBIAN / "upschedule.desktop", "utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "upschedule %U"
    assert entry["Icon"] == "upschedule"
    assert entry["MimeType"].split(";") == ["application/pdf", "x-scheme-handler/upschedule", ""]
    assert {"Name[af]", "Comment[af]", "Keywords[af]"} <= set(entry)


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_desktop_file_is_valid() -> None:
    done = subprocess.run(
        ["desktop-file-validate", DEBIAN / "upschedule.desktop"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def metainfo(folder: Path) -> Path:
    made = folder / "io.github.up_schedule_generator.upschedule.metainfo.xml"
    text = (DEBIAN / "upschedule.metainfo.xml").read_text("utf-8")
    made.write_text(text.replace("@VERSION@", "1.2.3").replace("@DATE@", "2026-11-29"), "utf-8")
    return made


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstream is not installed")
def test_the_metadata_is_valid(tmp_path: Path) -> None:
    command = ["appstreamcli", "validate", "--no-net", metainfo(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_the_metadata_says_everything_in_afrikaans_too(tmp_path: Path) -> None:
    root = ET.parse(metainfo(tmp_path)).getroot()
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    texts = [root.findall("summary"), root.findall("description/p"), root.findall("description/ul/li")]
    for found in texts:
        assert len([text for text in found if text.get(language) == "af"]) * 2 == len(found)


def test_the_manual_page_is_made_of_every_command_and_option() -> None:
    parser = manual.upschedule()
    assert "--profile" in parser.format_help()
    (added,) = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    assert set(added.choices) == set(commands.SUMMARIES)
    assert added.choices["export"].format_help().startswith("usage: upschedule export ")
    assert "--config" in manual.syncserver().format_help()


def test_the_settings_file_names_every_setting_and_changes_three() -> None:
    text = server_files.settings_file()
    assert set(tomllib.loads(text)) == {"data_folder", "backup_folder", "backup_signing_key_file"}
    commented = "\n".join(
        line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in text.splitlines()
    )
    for field in config.Config.__dataclass_fields__:
        assert f"{field} = " in text, field
    lines = [line for line in commented.splitlines() if line.split(" = ")[0] in config.Config.__dataclass_fields__]
    values = tomllib.loads("\n".join(lines))
    assert set(values) == set(config.Config.__dataclass_fields__)
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    assert config.Config(**values) == config.Config(
        **server_files.PRESET_VALUES
    )  # each is its default, in its own type


def test_the_unit_of_a_first_start_needs_no_editing() -> None:
    unit = server_files.units()["syncserver.service"]
    assert "ExecStart=/usr/lib/syncserver/syncserver serve\n" in unit
    assert "%i" not in unit
    assert "WantedBy=multi-user.target" in unit
    assert "User=syncserver" in unit
    assert "ProtectSystem=strict" in unit
    assert not [name for name, text in server_files.units().items() if "/opt/" in text]


def test_an_installation_makes_the_key_that_its_backups_are_signed_with_once(tmp_path: Path) -> None:
    key = server_files.PRESET_VALUES["backup_signing_key_file"]
    assert f"InaccessiblePaths=-{key}\n" in server_files.units()["syncserver.service"]
    assert key not in server_files.units()["syncserver-backup.service"], "what makes backups reads it"
    script = (DEBIAN / "debian" / "syncserver.postinst").read_text("utf-8")
    (line,) = [line for line in script.splitlines() if "backup-signing-key" in line]
    here = tmp_path / "key"
    program = f'syncserver() {{ "{sys.executable}" -m syncserver "$@"; }}\n'
    for _ in range(2):
        command = ["sh", "-euc", program + line.replace(key, str(here))]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    settings = config.Config(**{**server_files.PRESET_VALUES, "backup_signing_key_file": str(here)})
    assert archive.known_signers(settings)[0].startswith(backup_crypto.SIGNER_PREFIX)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name, text in server_files.units().items():
        runnable = text.replace("/usr/lib/syncserver/syncserver", "/bin/true").replace("=syncserver\n", "=daemon\n")
        (tmp_path / name).write_text(runnable, "utf-8")
    names = [str(path) for path in sorted(tmp_path.iterdir())]
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "syncserver" in line] == []
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump (binutils) is not installed")
def test_what_came_with_something_left_out_goes_with_it() -> None:
    extension = str(Path(_ssl.__file__))
    loaded = subprocess.run(["ldd", extension], check=True, capture_output=True, text=True).stdout
    (crypto,) = {word for word in loaded.split() if word.startswith("/") and "libcrypto" in word}
    name = Path(crypto).name
    python = "libpython3.11.so.1.0"  # which the program opens by name
    binaries = [
        ("lib-dynload/_ssl.so", extension, "EXTENSION"),
        (name, f"/usr/lib/../..{Path(crypto).resolve()}", "BINARY"),
        (python, f"/usr/lib/../..{Path(crypto).resolve()}", "BINARY"),
        ("libpango-1.0.so.0", "/usr/lib/x86_64-linux-gnu/libpango-1.0.so.0", "BINARY"),
        ("libcups.so.2", "/usr/lib/x86_64-linux-gnu/libcups.so.2", "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
    ]
    kept = system_libraries.without_unneeded(binaries)
    assert [each for each, _, _ in kept] == ["lib-dynload/_ssl.so", name, python, "libQt6Core.so.6"]


def test_only_what_the_next_debian_lacks_comes_along() -> None:
    kept = system_libraries.without_system_libraries(
        [
            ("libssl.so.3", "/lib/x86_64-linux-gnu/libssl.so.3", "BINARY"),
            ("libglib-2.0.so.0", "/usr/lib/x86_64-linux-gnu/libglib-2.0.so.0", "BINARY"),
            ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "BINARY"),
            ("lib-dynload/_ssl.so", "/usr/lib/python3.11/lib-dynload/_ssl.so", "EXTENSION"),
            ("PySide6/QtCore.so", "/var/cache/venv/lib/python3.11/site-packages/PySide6/QtCore.so", "EXTENSION"),
        ]
    )
    assert [name for name, _, _ in kept] == ["libpython3.11.so.1.0", "lib-dynload/_ssl.so", "PySide6/QtCore.so"]
