"""Authenticated backups: by password, recovery key, a key that is kept here, or a passphrase."""

from __future__ import annotations

import hashlib
import json
import socket
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.domain.errors import AppError, InvalidInput, NotAllowed
from desktop.domain.records.records import Act, Change
from desktop.store import Store
from desktop.store.archive import SEAL
from desktop.sync import authentication, cipher
from desktop.sync.authentication import SignInContext
from desktop.sync.backup_seal import SealNotOpened, Tampered
from desktop.sync.folder import account as folder_account
from desktop.sync.folder.directory import Directory
from desktop.workflows import friends, profile, sync
from desktop.workflows.profile import BackupTrust
from tests.sync.memory import MemoryVault
from tests.sync.twin import TwinClient, TwinServer
from tests.sync.world import fast_stretch

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PASSWORD = "three words together"


@pytest.fixture(autouse=True)
def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "one" / "timetable.sqlite3")
    opened.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "Algorithms"}),)))
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "two" / "timetable.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(params=["server", "folder"])
def in_account(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> tuple[MemoryVault, str]:
    """A profile that syncs: its vault, and its recovery key."""
    vault = MemoryVault()
    if request.param == "server":
        context = SignInContext(store.sync_repository, vault, "laptop", lambda _: TwinClient(TwinServer()))
        _, recovery = authentication.create_account(context, "localhost:8765", "thandi", PASSWORD)
    else:
        (tmp_path / "cloud").mkdir()
        files = Directory(tmp_path / "cloud")
        _, recovery = folder_account.create_account(store.sync_repository, vault, files, PASSWORD, "laptop")
    return vault, recovery


def backed_up(store: Store, tmp_path: Path, vault: MemoryVault, passphrase: str = "") -> Path:
    path = tmp_path / "b.upschedule"
    profile.write_backup(store, path, NOW, vault=vault, passphrase=passphrase)
    return path


def changed(path: Path, *, keep_seal: bool = True, seal: bytes | None = None) -> Path:
    """The same backup with another name of the module in it, and hashes that fit."""

    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    parts["records.jsonl"] = parts["records.jsonl"].replace(b"Algorithms", b"Algebraics")
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"]["records.jsonl"] = hashlib.sha256(parts["records.jsonl"]).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()
    if seal is not None:
        parts[SEAL] = seal
    if not keep_seal:
        del parts[SEAL]
    made = path.with_name("changed.upschedule")
    with zipfile.ZipFile(made, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return made


def test_the_profile_that_made_it_needs_no_secret(
    store: Store, tmp_path: Path, in_account: tuple[MemoryVault, str]
) -> None:
    vault, _ = in_account
    path = backed_up(store, tmp_path, vault)
    assert profile.check_trust(store, vault, profile.read_backup(path)) is BackupTrust.VERIFIED
    with pytest.raises(Tampered):
        profile.check_trust(store, vault, profile.read_backup(changed(path)))


def test_another_machine_holds_it_against_password_or_recovery_key(
    store: Store, other: Store, tmp_path: Path, in_account: tuple[MemoryVault, str]
) -> None:
    vault, recovery = in_account
    path = backed_up(store, tmp_path, vault)
    archive = profile.read_backup(path)
    assert profile.check_trust(other, MemoryVault(), archive) is BackupTrust.UNDECIDED
    for secret in (PASSWORD, recovery, recovery.lower().replace("-", " ")):
        profile.verify_with_secret(archive, secret)
        with pytest.raises(Tampered):
            profile.verify_with_secret(profile.read_backup(changed(path)), secret)
    for wrong in ("", "not the password", recovery[:-1] + ("0" if recovery[-1] != "0" else "1")):
        with pytest.raises(SealNotOpened):
            profile.verify_with_secret(archive, wrong)
    profile.restore_backup(other, archive)
    assert other.records().get("module", "2026/COS 212").get("name") == "Algorithms"


def test_a_passphrase_vouches_where_there_is_no_account(store: Store, other: Store, tmp_path: Path) -> None:
    path = backed_up(store, tmp_path, MemoryVault(), "a long enough sentence")
    archive = profile.read_backup(path)
    assert profile.check_trust(other, MemoryVault(), archive) is BackupTrust.UNDECIDED
    profile.verify_with_secret(archive, "a long enough sentence")
    with pytest.raises(NotAllowed):
        profile.verify_with_secret(archive, "another long sentence")
    with pytest.raises(InvalidInput, match="was changed after it was made"):
        profile.verify_with_secret(profile.read_backup(changed(path)), "a long enough sentence")
    with pytest.raises(InvalidInput):
        backed_up(store, tmp_path, MemoryVault(), "short")


def test_without_a_seal_nobody_vouches(store: Store, other: Store, tmp_path: Path) -> None:
    plain = backed_up(store, tmp_path, MemoryVault())
    assert profile.check_trust(other, MemoryVault(), profile.read_backup(plain)) is BackupTrust.UNSEALED
    sealed = backed_up(store, tmp_path, MemoryVault(), "a long enough sentence")
    assert (
        profile.check_trust(other, MemoryVault(), profile.read_backup(changed(sealed, keep_seal=False)))
        is BackupTrust.UNSEALED
    )


@pytest.mark.parametrize("seal", [b"", b"{", b"[]", b"{}", b'{"version":1,"ways":[{"way":"password"}],"mac":""}'])
def test_a_seal_that_is_none_opens_nothing(store: Store, tmp_path: Path, seal: bytes) -> None:
    path = backed_up(store, tmp_path, MemoryVault(), "a long enough sentence")
    with pytest.raises((Tampered, SealNotOpened)):
        profile.verify_with_secret(profile.read_backup(changed(path, seal=seal)), "a long enough sentence")


def test_a_backup_that_names_other_hosts_makes_nothing_ask_them(store: Store, other: Store, tmp_path: Path) -> None:
    """A stranger's backup: a friend, an account, a folder, all at addresses of theirs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        friends.add(store, "Ann", f"{address}/ann.ics", loopback=True)
        with store.sync_repository.transaction() as transaction:
            transaction.set_memo("sync.entry", "profile 0123456789abcdef")
            transaction.set_memo("sync.device", json.dumps(["profile 0123456789abcdef", address, "ann", "B" * 22]))
            transaction.set_memo("folder.entry", "folder 0123")
            transaction.set_memo("folder.path", str(tmp_path / "theirs"))
        store.external_state.write("caldav", {address: {"user": "ann"}})
        path = backed_up(store, tmp_path, MemoryVault())
        profile.restore_backup(other, profile.read_backup(path))
        joint = sync.join(other, MemoryVault(), "laptop")
        assert joint.service.account is None
        assert not joint.folder.is_on
        for call in (joint.service.sync_now, joint.folder.sync_now):
            with suppress(AppError):
                call()
        (friend,) = friends.friends_of(other.records())
        with pytest.raises(friends.UnconfirmedAddress):
            friends.refresh(other, friend, NOW, forced=True, loopback=True)
        joint.close()
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):  # nobody is waiting to be let in
            listener.accept()


def test_documents_that_the_manifest_does_not_name_are_left_out(store: Store, other: Store, tmp_path: Path) -> None:
    path = backed_up(store, tmp_path, MemoryVault())

    name = hashlib.sha256(b"%PDF").hexdigest()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"documents/{name}.pdf", b"%PDF")
    profile.restore_backup(other, profile.read_backup(path))
    assert other.documents.find(name) is None
