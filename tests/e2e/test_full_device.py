"""A full disk: each write reports it, and leaves the existing file unchanged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.app import App
from desktop.domain.errors import StorageError
from desktop.domain.records.records import Act, Change
from desktop.pdf.child import read_documents
from desktop.workflows import imports
from tests.e2e.test_command_line import PROGRAM, run
from tests.gui.semester import write_pdfs

pytestmark = [
    pytest.mark.skipif(not PROGRAM.exists(), reason="the program is not installed beside this Python"),
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a device of a few kilobytes"
    ),
]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Path]:
    """A device of 4 MB."""
    folder = tmp_path / "device"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "upschedule-test", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(device: Path) -> Path:
    """Takes all the room that is left."""
    filler = device / "filler"
    with filler.open("wb", buffering=0) as stream:
        for size in (65536, 1024, 1):
            try:
                while stream.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return filler


@pytest.mark.parametrize("command", ["export", "backup", "phone"])
def test_a_file_is_written_whole_or_not_at_all(command: str, device: Path, tmp_path: Path) -> None:
    profile, pdfs = tmp_path / "profile", write_pdfs(tmp_path)
    with App.open(profile) as app:
        for path in pdfs:
            (draft,) = read_documents(path.read_bytes())
            imports.accept(app.store, imports.propose(app.store, draft, path.name, date(2026, 3, 16)))
    target = device / "written"
    target.write_text("what was there before")
    fill(device)
    commands = {
        "export": ["export", *pdfs, "--ics", target, "--force"],
        "backup": ["--profile", profile, "profile", "backup", target, "--force"],
        "phone": ["--profile", profile, "phone", target, "--force"],
    }
    done = run(*commands[command], cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "The disk is full, so written was not written." in done.stderr
    assert target.read_text() == "what was there before"
    assert sorted(path.name for path in device.iterdir()) == ["filler", "written"]


def test_an_edit_that_finds_no_room_is_refused_whole(device: Path) -> None:
    with App.open(device / "profile") as app:
        hide = [Act("title", (Change("module", f"2026/ABC {number}", {"hidden": True}),)) for number in range(500)]
        app.store.apply(hide[0])
        filler = fill(device)
        stored = 1
        refused = None
        while refused is None:
            try:
                app.store.apply(hide[stored])
                stored += 1
            except StorageError as trouble:
                refused = trouble
        assert "The disk is full" in str(refused)
        assert len(app.store.records().of_kind("module")) == stored
        filler.unlink()
        app.store.apply(hide[stored])
    with App.open(device / "profile") as app:
        assert len(app.store.records().of_kind("module")) == stored + 1
