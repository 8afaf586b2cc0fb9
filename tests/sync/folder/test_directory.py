"""A real directory as the folder: files are whole or absent, whatever the file system does, and nothing blocks."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from desktop.domain.errors import FileError
from desktop.sync.folder.cloud_folders import cloud_of, find_cloud_folders
from desktop.sync.folder.directory import Directory

NAME = "d-0123-0-0.ups"


def test_a_file_is_written_listed_read_and_removed(tmp_path: Path) -> None:
    files = Directory(tmp_path)
    stat = files.write(NAME, b"one")
    assert files.list() == {NAME: stat}
    files.write(NAME, b"two")
    assert files.read(NAME) == b"two"
    (tmp_path / "something else.docx").write_bytes(b"not ours")
    (tmp_path / f"~{NAME}.tmp").write_bytes(b"half")
    assert list(files.list()) == [NAME]
    files.remove(NAME)
    assert files.read(NAME) is None
    files.remove(NAME)


@pytest.mark.parametrize("wrong", [errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EACCES])
def test_where_a_file_cannot_be_replaced_it_is_written_over(tmp_path: Path, wrong: int) -> None:
    tries = []

    def refuse(source: str, _target: str) -> None:
        tries.append(source)
        raise OSError(wrong, os.strerror(wrong))

    files = Directory(tmp_path, replace=refuse)
    files.write(NAME, b"whole")
    assert files.read(NAME) == b"whole"
    assert tries
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_a_replacing_that_is_refused_for_a_moment_is_tried_again(tmp_path: Path) -> None:
    left = [2]

    def busy(source: str, target: str) -> None:
        if left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "in use")
        Path(source).replace(target)

    Directory(tmp_path, replace=busy).write(NAME, b"whole")
    assert left == [0]
    assert (tmp_path / NAME).read_bytes() == b"whole"


def test_contents_in_the_cloud_are_asked_for_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"not here")
    (tmp_path / ".d-9-0-0.ups.icloud").write_bytes(b"a note of iCloud")
    os.mkfifo(tmp_path / "d-9-0-0.ups")  # opening it waits for ever, as a cloud without a network does
    files = Directory(tmp_path, placeholder=lambda found: True)
    begun = time.monotonic()
    assert files.list() == {}
    assert files.waiting() == {NAME, "d-9-0-0.ups"}
    assert files.read(NAME) is None
    assert time.monotonic() - begun < 5


def test_links_and_folders_are_no_files_of_ours(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of somebody")
    folder = tmp_path / "cloud"
    folder.mkdir()
    (folder / "d-1-0-0.ups").symlink_to(secret)
    (folder / "d-2-0-0.ups").mkdir()
    files = Directory(folder)
    assert files.list() == {}
    assert files.read("d-1-0-0.ups") is None


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not there"):
        Directory(tmp_path / "gone").list()


def test_the_clouds_folders_are_found_by_name(tmp_path: Path) -> None:
    for name in ("OneDrive - University of Pretoria", "Google Drive", "Nextcloud", "Documents"):
        (tmp_path / name).mkdir()
    (tmp_path / "box").mkdir()
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / ".dropbox" / "info.json").write_text(f'{{"personal": {{"path": "{tmp_path / "box"}"}}}}')
    (tmp_path / "Library/Mobile Documents/com~apple~CloudDocs").mkdir(parents=True)
    (tmp_path / ".local/state/syncthing").mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    (tmp_path / ".local/state/syncthing/config.xml").write_text(
        '<configuration><folder id="a" path="~/shared"/></configuration>'
    )
    found = {each.cloud: each for each in find_cloud_folders(tmp_path, {})}
    assert set(found) == {"OneDrive", "Google Drive", "Nextcloud", "Dropbox", "iCloud Drive", "Syncthing"}
    assert found["Syncthing"].path.parent == tmp_path / "shared"
    assert not found["OneDrive"].has_timetable
    found["OneDrive"].path.mkdir()
    (found["OneDrive"].path / "k-1.upk").write_bytes(b"")
    assert {each.cloud for each in find_cloud_folders(tmp_path, {}) if each.has_timetable} == {"OneDrive"}
    assert cloud_of(found["OneDrive"].path) == "onedrive"
    assert cloud_of(found["iCloud Drive"].path) == "icloud"
