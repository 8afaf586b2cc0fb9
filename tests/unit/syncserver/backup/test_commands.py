"""Commands for backups, as an operator types them."""

import argparse
import dataclasses
from pathlib import Path

import pytest

from syncserver.backup import commands as backup
from syncserver.config import Config
from tests.load import seeding


def run(config: Config, *words: str) -> int:
    parser = argparse.ArgumentParser()
    backup.add_commands(parser.add_subparsers(required=True))
    arguments = parser.parse_args(words)
    code: int = arguments.handler(config, arguments)
    return code


def test_from_keys_to_a_restored_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = tmp_path / "backup.key"
    config = Config(data_folder=str(tmp_path / "data"))
    assert run(config, "backup-key", str(key)) == 0
    public = capsys.readouterr().out.strip().removeprefix("SYNC_BACKUP_PUBLIC_KEY=")
    assert key.stat().st_mode & 0o077 == 0
    assert run(config, "backup-key", str(key)) == 1  # a key is never overwritten
    config = dataclasses.replace(config, backup_public_key=public, backup_private_key_file=str(key))
    seeding.seed(config, 3, 5)
    assert run(config, "backup", "--verify") == 0
    assert "Verified" in capsys.readouterr().out
    assert run(config, "verify-backup", "--unsigned") == 0
    assert "3 accounts, 15 records" in capsys.readouterr().out
    assert run(config, "backups", "--check-files") == 0
    listed = capsys.readouterr().out
    assert "3 accounts" in listed
    assert "verified" in listed
    assert run(config, "restore", "latest", "--unsigned") == 1
    assert "--replace" in capsys.readouterr().err
    assert run(config, "restore", "latest", "--replace", "--unsigned") == 0
    assert "New epoch" in capsys.readouterr().out
    assert run(config, "check-backups") == 0
    assert run(config, "prune") == 0


def test_refusals_are_sentences_with_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config(data_folder=str(tmp_path))
    for words, said in (
        (("check-backups",), "No backup was ever made"),
        (("backup",), "SYNC_BACKUP_PUBLIC_KEY is empty"),
        (("backup", "--verify"), "needs its private key"),
        (("verify-backup",), "There is no backup"),
        (("restore", "sync-none.backup"), "There is no backup sync-none.backup"),
        (("check-backups",), "The last backup failed: SYNC_BACKUP_PUBLIC_KEY"),
        (("backup-key", str(tmp_path / "none" / "key")), "cannot be written"),
    ):
        assert run(config, *words) == 1
        assert said in capsys.readouterr().err


def test_a_damaged_file_is_listed_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config(data_folder=str(tmp_path))
    assert run(config, "backup-key", str(tmp_path / "key")) == 0
    public = capsys.readouterr().out.strip().removeprefix("SYNC_BACKUP_PUBLIC_KEY=")
    config = dataclasses.replace(config, backup_public_key=public)
    seeding.seed(config, 1, 1)
    assert run(config, "backup") == 0
    [made] = (tmp_path / "backups").glob("*.backup")
    made.write_bytes(made.read_bytes()[:-1])
    assert run(config, "backups", "--check-files") == 1
    assert "DAMAGED" in capsys.readouterr().out


def test_the_private_key_can_come_from_the_environment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(data_folder=str(tmp_path))
    run(config, "backup-key", str(tmp_path / "key"))
    public = capsys.readouterr().out.strip().removeprefix("SYNC_BACKUP_PUBLIC_KEY=")
    monkeypatch.setenv("BACKUP_PRIVATE_KEY", (tmp_path / "key").read_text())
    config = dataclasses.replace(config, backup_public_key=public)
    seeding.seed(config, 1, 1)
    assert run(config, "backup", "--verify") == 0


def test_from_a_signing_key_to_a_backup_that_only_its_signer_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = Config(data_folder=str(tmp_path / "data"))
    key, signing = tmp_path / "backup.key", tmp_path / "signing.key"
    assert run(config, "backup-key", str(key)) == 0
    public = capsys.readouterr().out.strip().removeprefix("SYNC_BACKUP_PUBLIC_KEY=")
    assert run(config, "backup-signing-key", str(signing)) == 0
    assert signing.stat().st_mode & 0o077 == 0
    file, signer = (line.partition("=")[2] for line in capsys.readouterr().out.split())
    assert Path(file) == signing
    assert run(config, "backup-signing-key", str(signing)) == 1
    assert run(config, "backup-signer") == 1
    assert run(dataclasses.replace(config, backup_signing_key_file=file), "backup-signer") == 0
    assert capsys.readouterr().out == f"SYNC_BACKUP_SIGNERS={signer}\n"
    config = dataclasses.replace(config, backup_public_key=public, backup_private_key_file=str(key))
    seeding.seed(config, 1, 1)
    assert run(dataclasses.replace(config, backup_signing_key_file=file), "backup", "--verify") == 0
    elsewhere = dataclasses.replace(config, backup_signers=(signer,))
    assert run(elsewhere, "restore", "latest", "--replace", "--no-safety-copy") == 0
    assert run(config, "backup") == 0
    capsys.readouterr()
    assert run(elsewhere, "verify-backup") == 1
    assert "--unsigned" in capsys.readouterr().err
    assert run(elsewhere, "verify-backup", "--unsigned") == 0
    assert run(elsewhere, "restore", "latest", "--replace", "--no-safety-copy", "--unsigned") == 0
