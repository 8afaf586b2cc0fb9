"""Two profiles without a window, each at a folder of its own, with a real Syncthing between them on loopback.

Syncthing uses no discovery, no relay and no port mapping.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desktop.app import App
from tests.e2e.test_command_line_sync import PASSWORD, act, named, run

SECONDS = 180.0
QUIET = {
    "globalAnnounceEnabled": "false",
    "localAnnounceEnabled": "false",
    "relaysEnabled": "false",
    "natEnabled": "false",
    "crashReportingEnabled": "false",
    "urAccepted": "-1",
    "autoUpgradeIntervalH": "0",
    "startBrowser": "false",
    "stunKeepaliveStartS": "0",
    "reconnectionIntervalS": "2",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("syncthing") is None, reason="syncthing is missing"),
]


class Syncthing:
    """One machine's Syncthing with one folder."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.port, self.gui = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            ["syncthing", "generate", "--home", home, "--no-default-folder", "--skip-port-probing"],
            check=True,
            capture_output=True,
        )
        shown = subprocess.run(["syncthing", "--home", home, "--device-id"], check=True, capture_output=True, text=True)
        self.id = shown.stdout.strip()

    def know(self, other: Syncthing) -> None:
        """Share the folder with the other one, at its address on loopback and nowhere else."""
        path = self.home / "config.xml"
        tree = ET.parse(path)
        root, options = tree.getroot(), tree.getroot().find("options")
        assert options is not None
        for each in [*options.findall("listenAddress"), *(options.find(name) for name in QUIET)]:
            if each is not None:
                options.remove(each)
        for name, value in {**QUIET, "listenAddress": f"tcp://127.0.0.1:{self.port}"}.items():
            ET.SubElement(options, name).text = value
        gui = root.find("gui/address")
        assert gui is not None
        gui.text = f"127.0.0.1:{self.gui}"
        device = ET.SubElement(root, "device", id=other.id, name="other")
        ET.SubElement(device, "address").text = f"tcp://127.0.0.1:{other.port}"
        settings = {"fsWatcherEnabled": "true", "fsWatcherDelayS": "1", "rescanIntervalS": "5"}
        shared = ET.SubElement(root, "folder", id="timetable", path=str(self.folder), type="sendreceive", **settings)
        for each in (self.id, other.id):
            ET.SubElement(shared, "device", id=each)
        tree.write(path)
        (self.folder / ".stfolder").mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["syncthing", "serve", "--home", self.home, "--no-browser", "--no-restart", "--no-upgrade"],
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Syncthing, Syncthing]]:
    made = []
    for name in ("one", "two"):
        (tmp_path / f"{name} folder").mkdir()
        made.append(Syncthing(tmp_path / f"{name} syncthing", tmp_path / f"{name} folder"))
    here, there = made
    here.know(there)
    there.know(here)
    for each in made:
        each.start()
    yield here, there
    for each in made:
        each.stop()


def until(arrived: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not arrived():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def test_two_profiles_are_kept_the_same_by_syncthing(tmp_path: Path, machines: tuple[Syncthing, Syncthing]) -> None:
    here, there = machines
    act(tmp_path, "a", "2026/COS 212", name="Algorithms")
    made = run(tmp_path, "a", "--folder", here.folder, "create", secret=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    until(lambda: any(there.folder.glob("*.upk")) and any(there.folder.glob("*.ups")), "the folder never arrived")
    joined = run(tmp_path, "b", "--folder", there.folder, "join", secret=PASSWORD + "\n")
    assert joined.returncode == 0, joined.stderr

    def shows(profile: str, name: str) -> Callable[[], bool]:
        def look() -> bool:
            assert run(tmp_path, profile, "now").returncode == 0
            return named(tmp_path, profile, "2026/COS 212") == name

        return look

    until(shows("b", "Algorithms"), "what A has never came to B")
    act(tmp_path, "b", "2026/COS 212", name="Data Structures")
    until(shows("b", "Data Structures"), "B lost its own")
    until(shows("a", "Data Structures"), "what B did never came to A")

    here.stop()  # both go on while nothing is carried
    act(tmp_path, "a", "2026/COS 214", name="of A")
    act(tmp_path, "b", "2026/COS 226", name="of B")
    for profile in ("a", "b"):
        assert run(tmp_path, profile, "now").returncode == 0
    here.start()

    def is_the_same() -> bool:
        for profile in ("a", "b"):
            assert run(tmp_path, profile, "now").returncode == 0
        return all(
            named(tmp_path, profile, key) == name
            for profile in ("a", "b")
            for key, name in (("2026/COS 214", "of A"), ("2026/COS 226", "of B"))
        )

    until(is_the_same, "the two never came together again")
    with App.open(tmp_path / "a") as app:
        assert not app.store.records().of_kind("conflict")
    assert not [each for each in there.folder.iterdir() if ".sync-conflict-" in each.name]
    carried = [each.read_bytes() for each in there.folder.iterdir() if each.is_file()]
    assert carried
    assert not any(b"Data Structures" in each for each in carried)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
