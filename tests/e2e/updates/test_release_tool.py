"""The commands of packaging/release, as in docs/releasing.md, and a copy that finds what they published."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.errors import UpdateRefused
from desktop.updates.source import built_in_source
from tests.e2e.updates.publisher import ROOT, client, served_folder

VERSION = "0.1.0"  # which the changelog has


def release(*arguments: object, passphrase: str = "correct horse", status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "release"), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "RELEASE_PASSPHRASE": passphrase},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def test_from_keys_to_a_version_and_back(tmp_path: Path) -> None:
    keys, folder, assets = tmp_path / "keys", tmp_path / "published", tmp_path / "assets"
    release("keys", keys)
    names = {"root-1.pem", "root-2.pem", "root-3.pem", "targets.pem", "snapshot.pem", "timestamp.pem"}
    assert {path.name for path in keys.iterdir()} == names
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    assert all(b"ENCRYPTED" in path.read_bytes() for path in keys.iterdir())
    assert "wrong passphrase" in release("start", folder, keys, passphrase="another", status=1)
    release("start", folder, keys)
    installer = tmp_path / "upschedule-0.1.0-setup.exe"
    installer.write_bytes(b"an installer")
    asked = ("--page", "https://example.org/", f"--{sys.platform}", installer)
    for offline in ("root-1", "root-2", "root-3"):  # not needed to publish
        (keys / f"{offline}.pem").rename(tmp_path / offline)
    release("publish", folder, keys, VERSION, *asked)
    assert "no section" in release("publish", folder, keys, "7.7.7", *asked, status=1)
    assert "no version before" in release("withdraw", folder, keys, status=1)
    with served_folder(folder) as at:
        release("build-in", folder, at.address, "--assets", assets)
        source = built_in_source(assets)
        assert source is not None
        assert source.address == at.address
        with client(at, source.root, tmp_path / "seen") as found:
            assert found.download(found.newest_release(), sys.platform).read_bytes() == b"an installer"
        (keys / "targets.pem").rename(tmp_path / "targets")
        release("timestamp", folder, keys)
        with client(at, source.root, tmp_path / "seen") as found:
            assert found.newest_release().version == VERSION
        (tmp_path / "targets").rename(keys / "targets.pem")
        for each in ("root-1", "root-3"):
            (tmp_path / each).rename(keys / f"{each}.pem")
        release("rotate", folder, keys, "targets", tmp_path / "new")
        with client(at, source.root, tmp_path / "seen") as found:
            assert found.newest_release().version == VERSION
        (keys / "root-3.pem").unlink()
        release("rotate", folder, keys, "snapshot", tmp_path / "newer")
        with client(at, source.root, tmp_path / "seen") as found, pytest.raises(UpdateRefused, match="not signed"):
            found.newest_release()
