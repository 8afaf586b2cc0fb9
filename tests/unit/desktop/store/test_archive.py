"""Backup and restore: everything comes back, and a backup's contents are never trusted."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.errors import AppError, FileError, InvalidInput
from desktop.domain.records.merge import HeldRecord, SentVersion, UnreadableRecord
from desktop.domain.records.records import Act, Change, Record, Stamp
from desktop.store import Store
from desktop.workflows import profile

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PDF = b"%PDF-1.6 not really"
SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def store(tmp_path: Path):
    opened = Store.open(tmp_path / "one" / "timetable.sqlite3")
    opened.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "Réseaux 🎓"}),)))
    opened.apply(Act("Set", (Change("settings", "shared", {"exam_minutes": 120}),)))
    opened.documents.put(SHA, PDF)
    opened.external_state.write("ics/2026", {"uid-1": {"sequence": 3}})
    with opened.sync_repository.transaction() as transaction:
        theirs = Record("event", "2026/x").with_values({"title": "Gym"}, Stamp(40, "other"))
        transaction.put(
            HeldRecord(
                theirs, pending=True, etag="e1", base=theirs, sent=SentVersion("e2", theirs), refused="too large"
            )
        )
        transaction.set_memo("cursor", "epoch:7")
        transaction.set_aside(UnreadableRecord("r1", "e9", False, 3, "k1", b"\x00\xff", "newer"))
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path: Path):
    opened = Store.open(tmp_path / "two" / "timetable.sqlite3")
    opened.apply(Act("Older", (Change("module", "2025/COS 110", {"name": "gone after"}),)))
    yield opened
    opened.close()


def everything(store: Store) -> object:
    with store.sync_repository.transaction() as transaction:
        return (
            sorted(transaction.all_held(), key=lambda held: held.record.name),
            transaction.memo("cursor"),
            transaction.set_asides(),
            store.external_state.targets(),
        )


def test_everything_comes_back_on_another_machine(store: Store, other: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.upschedule"
    contents = profile.write_backup(store, file, NOW)
    assert (contents.records, contents.years, contents.documents, contents.created) == (3, (2026,), 1, NOW)
    before = other.device
    copy = profile.restore_backup(other, profile.read_backup(file))
    assert everything(other) == everything(store)
    assert other.namespace == store.namespace
    assert other.external_state.read("ics/2026") == {"uid-1": {"sequence": 3}}
    found = other.documents.find(SHA)
    assert found is not None
    assert found.read_bytes() == PDF
    assert other.device not in {before, store.device}
    assert other.undo() is None
    assert other.apply(Act("Next", (Change("module", "2026/B", {"name": "b"}),))).stamp.counter > 40
    was = Store.open(copy)
    assert was.records().get("module", "2025/COS 110").get("name") == "gone after"
    was.close()


def test_a_backup_that_cannot_be_written_leaves_the_last_one(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        profile.write_backup(store, tmp_path / "nowhere" / "b", NOW)
    assert not (tmp_path / "nowhere").exists()


def forged(tmp_path: Path, **changes: bytes | None) -> Path:
    """A backup whose parts a stranger chose, with hashes that fit."""
    parts: dict[str, bytes | None] = {
        "records.jsonl": b"",
        "kept.json": json.dumps(
            {"namespace": "6a4c3cf9-6e2d-5a0f-9c66-0b0f5d6f0a9e", "counter": 0, "memos": {}, "ledger": [], "aside": []}
        ).encode(),
        "settings.json": b"",
        **{name.replace("_json", ".json"): body for name, body in changes.items()},
    }
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in parts.items() if body is not None}
    manifest = {"format": "upschedule-backup", "version": 1, "created": NOW.isoformat(), "parts": hashes}
    parts.setdefault("manifest.json", json.dumps(manifest).encode())
    file = tmp_path / "forged"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            if body is not None:
                archive.writestr(name, body)
    return file


def test_the_forgery_is_one_that_would_do(tmp_path: Path) -> None:
    assert profile.read_backup(forged(tmp_path)).held == ()


RECORD = {"kind": "module", "key": "2026/A", "fields": {"name": ["a", [1, "d"]]}}


@pytest.mark.parametrize(
    "parts",
    [
        {"records_jsonl": None},
        {"kept_json": None},
        {"kept_json": b"[]"},
        {"kept_json": b"{"},
        {"kept_json": b"[" * 100_000},
        {"kept_json": b'{"namespace": "x"}'},
        {"manifest_json": b'{"format": "other"}'},
        {"manifest_json": b'{"format": "upschedule-backup", "version": 99}'},
        {"manifest_json": b"\xff\xfe"},
        {"manifest_json": b'{"format": "upschedule-backup", "version": 1, "created": "x", "parts": 5}'},
    ],
    ids=lambda parts: "-".join(parts) + str(next(iter(parts.values())))[:12],
)
def test_what_is_no_backup_is_refused(tmp_path: Path, store: Store, parts: dict[str, bytes | None]) -> None:
    parts = {name.replace("_jsonl", ".jsonl"): body for name, body in parts.items()}
    with pytest.raises(InvalidInput, match="backup"):
        profile.read_backup(forged(tmp_path, **parts))


@pytest.mark.parametrize(
    "line",
    [
        "5",
        "{}",
        json.dumps({"record": RECORD}),
        json.dumps({"record": RECORD | {"fields": {"a": [1, [-1, "d"]]}}}),
        json.dumps({"record": RECORD | {"fields": {"a": [1, [2**60, "d"]]}}}),
        json.dumps({"record": RECORD | {"key": 7}}),
        json.dumps({"record": RECORD, "pending": True, "etag": None, "base": 5, "sent": None, "refused": None}),
        json.dumps({"record": RECORD, "pending": True, "etag": None, "base": None, "sent": [1], "refused": None}),
    ],
)
def test_records_that_cannot_be_are_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(InvalidInput):
        profile.read_backup(forged(tmp_path, **{"records.jsonl": line.encode()}))


@pytest.mark.parametrize("body", [b"", b"PK\x05\x06" + bytes(18), b"nothing", bytes(5000)])
def test_other_files_are_refused(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(body)
    with pytest.raises(InvalidInput):
        profile.read_backup(file)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        profile.read_backup(tmp_path / "absent")


def test_every_cut_and_every_flipped_byte_is_noticed_or_harmless(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    profile.write_backup(store, file, NOW)
    whole = file.read_bytes()
    truth = profile.read_backup(file).held
    broken = tmp_path / "broken"
    for place in range(0, len(whole), 11):
        for body in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :]):
            broken.write_bytes(body)
            try:
                assert profile.read_backup(broken).held == truth
            except AppError:
                continue


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.store.archive.MAX_TEXT_BYTES", 100_000)
    with pytest.raises(InvalidInput, match="too large"):
        profile.read_backup(forged(tmp_path, **{"records.jsonl": bytes(10_000_000)}))
