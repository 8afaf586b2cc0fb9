"""This machine's keys: in a keyring, or in a file that is of no use without the other part."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.domain.errors import FileError
from desktop.sync import secrets
from desktop.sync.secrets import FileVault, KeyringVault, open_vault
from tests.unit.desktop.keyring_double import KeyringInMemory


def test_the_file_keeps_and_forgets(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "profile" / "secrets", tmp_path / "config" / "key")
    assert vault.load("a") is None
    vault.save("a", "a secret of mine")
    vault.save("b", "another")
    again = FileVault(tmp_path / "profile" / "secrets", tmp_path / "config" / "key")
    assert again.load("a") == "a secret of mine"
    again.remove("a")
    assert vault.load("a") is None
    assert vault.load("b") == "another"


def test_the_file_shows_nothing_and_is_the_owners(tmp_path: Path) -> None:
    path, key = tmp_path / "secrets", tmp_path / "key"
    FileVault(path, key).save("a", "a secret of mine")
    assert b"secret of mine" not in path.read_bytes()
    for each in (path, key):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_a_copy_without_the_key_is_of_no_use(tmp_path: Path) -> None:
    FileVault(tmp_path / "secrets", tmp_path / "key").save("a", "a secret of mine")
    elsewhere = FileVault(tmp_path / "secrets", tmp_path / "another key")
    assert elsewhere.load("a") is None


def test_a_damaged_file_means_signing_in_again(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "secrets", tmp_path / "key")
    vault.save("a", "a secret of mine")
    (tmp_path / "secrets").write_bytes(b"damaged")
    assert vault.load("a") is None
    vault.save("a", "new")
    assert vault.load("a") == "new"


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(FileError):
        FileVault(tmp_path / "in the way" / "secrets", tmp_path / "key").save("a", "x")


def test_the_keyring_is_used_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = KeyringInMemory()
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)
    vault = open_vault(tmp_path / "secrets", tmp_path / "key")
    assert isinstance(vault, KeyringVault)
    vault.save("a", "a secret of mine")
    assert vault.load("a") == "a secret of mine"
    assert backend.kept == {(secrets.SERVICE, "a"): "a secret of mine"}
    vault.remove("a")
    vault.remove("a")
    assert vault.load("a") is None
    assert list(tmp_path.iterdir()) == []
    backend.locked = True
    with pytest.raises(FileError):
        vault.load("a")
    assert isinstance(open_vault(tmp_path / "secrets", tmp_path / "key"), FileVault)


def test_a_keyring_that_keeps_nothing_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring

    monkeypatch.setattr("keyring.get_keyring", Keyring)
    assert isinstance(open_vault(tmp_path / "secrets", tmp_path / "key"), FileVault)
