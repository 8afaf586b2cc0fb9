"""Backups end to end, on both databases: made, verified, damaged, restored, pruned, copied to a store."""

import asyncio
import dataclasses
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
import structlog.testing
from hypothesis import given
from hypothesis import strategies as st
from structlog.typing import EventDict

from syncserver.accounts import deletion_ledger
from syncserver.backup import archive, backup_crypto, dumps, last_results, ledger_copy, restore
from syncserver.backup.archive import BackupManifest, StoredBackup
from syncserver.config import Config
from syncserver.errors import ConfigurationError
from tests.load import seeding
from tests.services.fixtures import postgres as postgres  # noqa: PLC0414 - a fixture
from tests.services.postgres import PostgresServer

NOT_SIGNED = "deletion ledger not signed"

ACCOUNTS, RECORDS = 5, 40


@dataclasses.dataclass
class World:
    """A server's settings, its accounts, and the key that opens its backups."""

    config: Config
    key: str
    seeded: list[seeding.Seeded]


@dataclasses.dataclass
class Template:
    """A database with accounts, filled once and copied for every test; `postgres` where it is one there."""

    config: Config
    seeded: list[seeding.Seeded]
    postgres: PostgresServer | None

    def copied(self, folder: Path) -> str:
        """Puts a copy into `folder`, or beside it in Postgres; its address."""
        if self.postgres is not None:
            return self.postgres.new_database(self.config.database_url)
        shutil.copytree(self.config.data_folder, folder)
        return ""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Template:
    server = request.getfixturevalue("postgres") if request.param == "postgres" else None
    config = Config(
        database_url=server.new_database() if server is not None else "",
        data_folder=str(tmp_path_factory.mktemp("template") / "data"),
    )
    return Template(config, seeding.seed(config, ACCOUNTS, RECORDS), server)


@pytest.fixture
def world(template: Template, tmp_path: Path) -> World:
    public, private = backup_crypto.generate_keys()
    signing = tmp_path / "signing.key"
    signing.write_text(backup_crypto.generate_signing_keys()[1])
    config = Config(
        database_url=template.copied(tmp_path / "data"),
        data_folder=str(tmp_path / "data"),
        backup_public_key=public,
        backup_signing_key_file=str(signing),
    )
    return World(config, private, template.seeded)


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    """Captures log lines of every severity, whatever another test of this process configured."""
    before = structlog.get_config()
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as entries:
        yield entries
    structlog.configure(**before)


def held(config: Config) -> dumps.DatabaseFacts:
    async def read() -> dumps.DatabaseFacts:
        async with dumps.open_connection(config) as connection:
            return await dumps.read_facts(connection)

    return asyncio.run(read())


def run(config: Config, statement: str, *values: object) -> None:
    async def go() -> None:
        async with dumps.open_connection(config) as connection:
            await connection.run(statement, *values)

    asyncio.run(go())


def test_a_backup_says_what_it_holds_and_verifies(world: World) -> None:
    entry = archive.make_backup(world.config)
    assert entry.manifest.counts["accounts"] == ACCOUNTS
    assert entry.manifest.counts["records"] == ACCOUNTS * RECORDS
    assert entry.is_intact()
    content = entry.path.read_bytes()
    for seeded in world.seeded:  # neither the backup nor its manifest tells anything without the key
        assert seeded.account.encode() not in content + archive.manifest_path(entry.path).read_bytes()
        assert seeded.account.lower().encode() not in content
    manifest = restore.verify_backup(world.config, entry.path, world.key)
    assert manifest.epoch == held(world.config).epoch
    [noted] = archive.list_backups(entry.path.parent)
    assert noted.manifest.verified > 0
    state = last_results.read(entry.path.parent)
    assert state.good == entry.manifest.made
    assert not state.failing
    assert not state.verify_failing
    assert [path.name for path in entry.path.parent.glob(".*")] == []


def test_a_restore_brings_everything_back_under_a_new_epoch(world: World) -> None:
    before = held(world.config)
    entry = archive.make_backup(world.config)
    run(world.config, "DELETE FROM records")
    run(world.config, "DELETE FROM accounts WHERE id = $1", world.seeded[0].account)
    done = restore.restore_backup(world.config, entry.path, world.key, replace=True)
    after = held(world.config)
    assert (after.heads, after.sample) == (before.heads, before.sample)
    assert after.epoch == done.epoch != before.epoch
    assert after.counts["sessions"] == 0
    assert after.counts["accounts"] == done.accounts == ACCOUNTS
    assert done.sessions_ended == ACCOUNTS
    assert "sign in again" in done.as_text()
    assert done.safety_copy in [kept.path.name for kept in archive.list_backups(entry.path.parent)]


def test_a_database_with_accounts_is_not_replaced_unasked(world: World) -> None:
    entry = archive.make_backup(world.config)
    before = held(world.config)
    with pytest.raises(restore.RestoreRefused, match="--replace"):
        restore.restore_backup(world.config, entry.path, world.key)
    assert held(world.config) == before


def test_a_restore_into_an_empty_database_needs_no_permission(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    entry = archive.make_backup(world.config)
    url = request.getfixturevalue("postgres").new_database() if world.config.on_postgres else ""
    fresh = dataclasses.replace(world.config, database_url=url, data_folder=str(tmp_path / "fresh"))
    done = restore.restore_backup(fresh, entry.path, world.key)
    assert done.accounts == ACCOUNTS
    assert held(fresh).counts["records"] == ACCOUNTS * RECORDS


def test_a_deleted_account_stays_gone_when_an_older_backup_comes_back(world: World) -> None:
    entry = archive.make_backup(world.config)
    by_file, by_table = world.seeded[0].account, world.seeded[1].account
    deletion_ledger.append(world.config.ledger_path, deletion_ledger.fingerprint(by_file), 1_790_000_001)
    run(world.config, "INSERT INTO deletions (account, deleted) VALUES ($1, 5)", deletion_ledger.fingerprint(by_table))
    run(world.config, "DELETE FROM accounts WHERE id = ANY($1)", [by_file, by_table])
    done = restore.restore_backup(world.config, entry.path, world.key, replace=True)
    assert done.deleted_again == 2
    after = held(world.config)
    assert after.counts["accounts"] == ACCOUNTS - 2
    assert after.counts["records"] == (ACCOUNTS - 2) * RECORDS
    assert after.counts["deletions"] == 2
    assert set(deletion_ledger.read(world.config.ledger_path)) == {
        deletion_ledger.fingerprint(by_file),
        deletion_ledger.fingerprint(by_table),
    }


def test_the_ledger_lies_beside_the_backups_and_is_applied_on_another_machine(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    entry = archive.make_backup(world.config)
    deletion_ledger.append(world.config.ledger_path, deletion_ledger.fingerprint(world.seeded[0].account), 1)
    archive.make_backup(world.config)
    url = request.getfixturevalue("postgres").new_database() if world.config.on_postgres else ""
    elsewhere = dataclasses.replace(
        world.config, database_url=url, data_folder=str(tmp_path / "elsewhere"), backup_folder=str(entry.path.parent)
    )
    assert restore.restore_backup(elsewhere, entry.path, world.key).deleted_again == 1


def test_a_ledger_that_was_touched_is_refused_and_an_old_one_is_taken_until_it_is_signed(
    world: World, logged: list[EventDict]
) -> None:
    gone, other = (deletion_ledger.fingerprint(seeded.account) for seeded in world.seeded[:2])
    unsigned = archive.make_backup(dataclasses.replace(world.config, backup_signing_key_file=""))
    copy = unsigned.path.with_name(archive.LEDGER_COPY)
    copy.write_bytes(deletion_ledger.format_lines({gone: 1}))  # as a server from before left it
    old = copy.read_bytes()
    entry = archive.make_backup(world.config)
    assert NOT_SIGNED in {each["event"] for each in logged}
    whole = copy.read_bytes()
    assert whole.startswith(old)
    assert set(deletion_ledger.read(copy)) == {gone}, "as it was read before, too, if it is put back"
    before = held(world.config)
    for changed, why in (
        (whole.replace(b" 1\n", b" 2\n"), "changed after it was signed"),
        (deletion_ledger.format_lines({other: 1}) + whole, "changed after it was signed"),
        (whole[len(old) :], "changed after it was signed"),
        (old, "not signed"),
        (whole + deletion_ledger.format_lines({other: 1}), "not signed"),
        (b"", "not signed"),
    ):
        copy.write_bytes(changed)
        with pytest.raises(backup_crypto.UnsealError, match=why):
            restore.restore_backup(world.config, entry.path, world.key, replace=True, safety_copy=False)
        with pytest.raises(backup_crypto.UnsealError, match=why):
            archive.make_backup(world.config)
        assert copy.read_bytes() == changed, "a backup signs nothing that it cannot believe"
    _, somebodys = backup_crypto.generate_signing_keys()
    ledger_copy.write(copy, {other: 1}, somebodys)
    with pytest.raises(backup_crypto.UnsealError, match="not among"):
        restore.restore_backup(world.config, entry.path, world.key, replace=True, safety_copy=False)
    assert held(world.config) == before
    copy.write_bytes(old)
    done = restore.restore_backup(world.config, entry.path, world.key, replace=True, safety_copy=False, unsigned=True)
    assert done.deleted_again == 1


def test_a_ledger_that_is_older_than_a_backup_is_refused_unless_that_is_said(
    world: World, tmp_path: Path, request: pytest.FixtureRequest, logged: list[EventDict]
) -> None:
    gone = deletion_ledger.fingerprint(world.seeded[0].account)
    first = archive.make_backup(world.config, lambda: 1_790_000_000.0)
    copy = first.path.with_name(archive.LEDGER_COPY)
    older = copy.read_bytes()
    deletion_ledger.append(world.config.ledger_path, gone, 1)
    run(world.config, "DELETE FROM accounts WHERE id = $1", world.seeded[0].account)
    second = archive.make_backup(world.config, lambda: 1_790_000_060.0)
    newer = copy.read_bytes()
    url = request.getfixturevalue("postgres").new_database() if world.config.on_postgres else ""
    elsewhere = dataclasses.replace(
        world.config, database_url=url, data_folder=str(tmp_path / "elsewhere"), backup_folder=str(copy.parent)
    )
    for entry in (first, second):
        copy.write_bytes(older)
        with pytest.raises(restore.RestoreRefused, match=f"{second.path.name} was made when there were 1"):
            restore.restore_backup(elsewhere, entry.path, world.key)
        copy.unlink()
        with pytest.raises(restore.RestoreRefused, match="0 deleted accounts are known"):
            restore.restore_backup(elsewhere, entry.path, world.key)
    with pytest.raises(restore.RestoreRefused):  # and what lies beside the backup alone counts, wherever that is
        restore.restore_backup(dataclasses.replace(elsewhere, backup_folder=""), first.path, world.key)
    kept = tmp_path / "kept.log"
    kept.write_bytes(deletion_ledger.format_lines({gone: 1}))
    assert restore.restore_backup(elsewhere, first.path, world.key, ledgers=[kept]).deleted_again == 1
    elsewhere.ledger_path.unlink()
    run(elsewhere, "DELETE FROM deletions")
    done = restore.restore_backup(elsewhere, first.path, world.key, replace=True, safety_copy=False, older_ledger=True)
    assert (done.accounts, done.deleted_again) == (ACCOUNTS, 0)
    copy.write_bytes(newer)
    assert restore.restore_backup(elsewhere, first.path, world.key, replace=True, safety_copy=False).deleted_again == 1
    second.path.write_bytes(second.path.read_bytes()[:-1])
    assert restore.restore_backup(elsewhere, first.path, world.key, replace=True, safety_copy=False).deleted_again == 1
    assert ("newer backup not opened", second.path.name) in {(each["event"], each.get("name")) for each in logged}


def test_a_backup_that_is_not_signed_leaves_a_signed_ledger_as_it_is(world: World) -> None:
    signed = archive.make_backup(world.config)
    copy = signed.path.with_name(archive.LEDGER_COPY)
    before = copy.read_bytes()
    gone = deletion_ledger.fingerprint(world.seeded[0].account)
    deletion_ledger.append(world.config.ledger_path, gone, 1)
    unsigned = archive.make_backup(dataclasses.replace(world.config, backup_signing_key_file=""))
    assert not unsigned.manifest.ledger_signed
    assert copy.read_bytes() == before
    assert archive.make_backup(world.config).manifest.ledger_entries == 1
    assert set(deletion_ledger.read(copy)) == {gone}


def test_an_old_backup_is_restored_with_its_old_ledger(world: World, logged: list[EventDict]) -> None:
    entry = archive.make_backup(world.config)
    copy = entry.path.with_name(archive.LEDGER_COPY)
    copy.write_bytes(deletion_ledger.format_lines({deletion_ledger.fingerprint(world.seeded[0].account): 1}))
    manifest = archive.BackupManifest.from_values({**dataclasses.asdict(entry.manifest), "ledger_signed": False})
    counting = restore.accepted_signers(world.config)
    assert len(ledger_copy.read(copy, counting, must_be_signed=manifest.ledger_signed)) == 1
    assert NOT_SIGNED in {each["event"] for each in logged}


def test_a_damaged_ledger_stops_a_restore_before_anything_changes(world: World) -> None:
    entry = archive.make_backup(world.config)
    before = held(world.config)
    world.config.ledger_path.write_text("not ours\n")
    with pytest.raises(deletion_ledger.DamagedLedgerError):
        restore.restore_backup(world.config, entry.path, world.key, replace=True)
    assert held(world.config) == before


def test_a_backup_that_was_touched_is_refused_and_changes_nothing(world: World, tmp_path: Path) -> None:
    entry = archive.make_backup(world.config)
    before = held(world.config)
    content = entry.path.read_bytes()
    places = [0, 20, 90, 130, len(content) // 2, len(content) - 5]
    damaged = [content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :] for place in places]
    damaged += [content[:cut] for cut in (0, 10, 100, len(content) // 2, len(content) - 1)]
    damaged += [content + b"x", content[: len(content) // 2] + content[len(content) // 2 + 64 :]]
    for number, spoilt in enumerate(damaged):
        path = tmp_path / f"spoilt-{number}.backup"
        path.write_bytes(spoilt)
        with pytest.raises(backup_crypto.UnsealError):
            restore.restore_backup(world.config, path, world.key, replace=True)
        with pytest.raises(backup_crypto.UnsealError):
            restore.verify_backup(world.config, path, world.key)
    assert held(world.config) == before
    assert last_results.read(entry.path.parent).verify_failing


def test_another_key_does_not_open_a_backup(world: World) -> None:
    entry = archive.make_backup(world.config)
    with pytest.raises(backup_crypto.UnsealError, match="another key"):
        restore.verify_backup(world.config, entry.path, backup_crypto.generate_keys()[1])


def test_verification_sees_a_database_that_was_wrong_before_it_was_backed_up(world: World) -> None:
    run(world.config, "UPDATE accounts SET head = 3 WHERE id = $1", world.seeded[0].account)
    entry = archive.make_backup(world.config)
    with pytest.raises(restore.RestoreRefused, match="beyond their account's head"):
        restore.verify_backup(world.config, entry.path, world.key)


def test_a_backup_of_a_newer_schema_is_refused(world: World) -> None:
    run(world.config, "UPDATE alembic_version SET version_num = 'zzzz'")
    entry = archive.make_backup(world.config)
    with pytest.raises(restore.RestoreRefused, match="does not know"):
        restore.restore_backup(world.config, entry.path, world.key, replace=True)


def test_a_failed_backup_leaves_the_last_good_one_and_says_so(world: World) -> None:
    entry = archive.make_backup(world.config)
    run(world.config, "DROP TABLE receipts")
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the database says of a missing table
        archive.make_backup(world.config)
    state = last_results.read(entry.path.parent)
    assert state.failing
    assert state.good == entry.manifest.made
    assert [found.path for found in archive.list_backups(entry.path.parent)] == [entry.path]
    assert "failed" in archive.describe_problem(state, time.time(), 25)


def test_a_backup_needs_a_public_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="backup-key"):
        archive.make_backup(Config(data_folder=str(tmp_path)))


@pytest.mark.postgres
def test_a_postgres_backup_is_one_moment_while_others_write(postgres: PostgresServer, tmp_path: Path) -> None:
    """What others write while the backup counts and dumps belongs to neither."""
    public, private = backup_crypto.generate_keys()
    config = Config(database_url=postgres.new_database(), data_folder=str(tmp_path), backup_public_key=public)
    first, second = (seeded.account for seeded in seeding.seed(config, 2, 10))
    counted = dumps.read_facts

    async def counted_among_writes(connection: object) -> dumps.DatabaseFacts:
        await asyncio.to_thread(run, config, "DELETE FROM records WHERE account = $1", first)
        found = await counted(connection)  # type: ignore[arg-type]
        await asyncio.to_thread(run, config, "DELETE FROM records WHERE account = $1", second)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dumps, "read_facts", counted_among_writes)
        entry = archive.make_backup(config)
    assert restore.verify_backup(config, entry.path, private, unsigned=True).counts["records"] == 20
    assert held(config).counts["records"] == 0


def test_a_server_that_runs_meanwhile_sees_the_old_data_or_the_new(world: World) -> None:
    """The connection of a running server stays open over a restore, or is closed and made anew; never in between."""
    entry = archive.make_backup(world.config)
    if world.config.on_postgres:
        pytest.skip("the tests of the running server show it for Postgres")
    with closing(sqlite3.connect(world.config.sqlite_path)) as live:
        epoch = live.execute("SELECT epoch FROM server").fetchone()
        live.execute("DELETE FROM records")
        live.commit()
        restore.restore_backup(world.config, entry.path, world.key, replace=True)
        assert live.execute("SELECT count(*) FROM records").fetchone()[0] == ACCOUNTS * RECORDS
        assert live.execute("SELECT epoch FROM server").fetchone() != epoch
        assert live.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def entry_of(made: float, *, verified: bool = False) -> StoredBackup:
    manifest = BackupManifest(made, "1", "sqlite", "0001", "", {}, "", 0, "", "", verified=made if verified else 0.0)
    return StoredBackup(Path(f"sync-{made}"), manifest)


@given(
    ages=st.lists(
        st.tuples(st.integers(0, 40), st.booleans(), st.booleans()), max_size=12, unique_by=lambda made: made[0]
    ),
    days=st.integers(1, 10),
)
def test_pruning_never_takes_the_last_good_one(ages: list[tuple[float, bool, bool]], days: int) -> None:
    now = 100 * 86_400.0
    found = sorted(
        (entry_of(now - age * 86_400, verified=verified) for age, verified, _ in ages), key=lambda e: -e.manifest.made
    )
    whole = {now - age * 86_400 for age, _, intact in ages if intact}

    def intact(entry: StoredBackup) -> bool:
        return entry.manifest.made in whole

    kept = archive.backups_to_keep(found, now, days, intact)
    good = [entry for entry in found if intact(entry)]
    if good:
        assert good[0] in kept
    proven = [entry for entry in good if entry.manifest.verified]
    if proven:
        assert proven[0] in kept
    for entry in found:
        if now - entry.manifest.made <= days * 86_400:
            assert entry in kept
    assert len([entry for entry in kept if now - entry.manifest.made > days * 86_400]) <= 2


def test_pruning_removes_files_and_their_manifests(tmp_path: Path) -> None:
    public, _ = backup_crypto.generate_keys()
    config = Config(data_folder=str(tmp_path), backup_public_key=public)
    seeding.seed(config, 1, 1)
    now = time.time()
    old = [archive.make_backup(config, lambda age=age: now - age * 86_400) for age in (30, 20, 10)]
    new = archive.make_backup(config)
    assert archive.prune(config) == sorted(entry.path.name for entry in old)
    assert sorted(path.name for path in new.path.parent.glob("sync-*")) == sorted(
        [new.path.name, archive.manifest_path(new.path).name]
    )


def test_the_last_good_one_outlives_damaged_newer_ones(tmp_path: Path) -> None:
    public, _ = backup_crypto.generate_keys()
    config = Config(data_folder=str(tmp_path), backup_public_key=public)
    seeding.seed(config, 1, 1)
    now = time.time()
    good = archive.make_backup(config, lambda: now - 30 * 86_400)
    bad = archive.make_backup(config, lambda: now - 20 * 86_400)
    bad.path.write_bytes(bad.path.read_bytes()[:-1])
    assert archive.prune(config) == [bad.path.name]
    assert good.is_intact()


def test_overdue_is_told_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config(data_folder=str(tmp_path))
    told: list[str] = []
    monkeypatch.setattr(archive.alerts, "send_alert", lambda urls, title, body, kind="failure": told.append(body))
    folder = last_results.backup_folder(config)
    last_results.write(folder, last_results.BackupState(attempted=1e9, good=1e9))
    assert archive.check_backups(config, lambda: 1e9 + 24 * 3600) == ""
    late = 1e9 + 26 * 3600
    assert "26 hours" in archive.check_backups(config, lambda: late)
    assert archive.check_backups(config, lambda: late + 3600)
    assert len(told) == 1
    assert archive.check_backups(config, lambda: late + 25 * 3600)
    assert len(told) == 2


def test_a_state_that_cannot_be_read_is_no_backup_at_all(tmp_path: Path) -> None:
    for content in ("", "[]", '{"good": "yesterday"}', '{"good": true}', "\x00"):
        (tmp_path / last_results.FILE_NAME).write_text(content)
        state = last_results.read(tmp_path)
        assert state.is_overdue(time.time(), 25)
    last_results.write(tmp_path, last_results.BackupState(good=5.0))
    assert json.loads((tmp_path / last_results.FILE_NAME).read_text())["good"] == 5.0


def test_a_backup_of_somebody_else_is_refused_and_changes_nothing(world: World, tmp_path: Path) -> None:
    """Whoever can write to the store has the public key, or can read it off a backup's manifest."""
    signer, signing = backup_crypto.generate_signing_keys()
    (tmp_path / "forged.key").write_text(signing)
    forged = archive.make_backup(
        dataclasses.replace(world.config, backup_signing_key_file=str(tmp_path / "forged.key"))
    )
    unsigned = archive.make_backup(dataclasses.replace(world.config, backup_signing_key_file=""))
    cut = forged.path.with_name("sync-20270101T000000Z-00000000.backup")
    cut.write_bytes(forged.path.read_bytes()[: -len(backup_crypto.SIGNATURE_MAGIC) - 96])
    before = held(world.config)
    for path, why in ((forged.path, "not among"), (unsigned.path, "not signed"), (cut, "not signed")):
        with pytest.raises(backup_crypto.UnsealError, match=why):
            restore.restore_backup(world.config, path, world.key, replace=True)
        with pytest.raises(backup_crypto.UnsealError, match=why):
            restore.verify_backup(world.config, path, world.key)
    assert held(world.config) == before
    assert restore.verify_backup(world.config, unsigned.path, world.key, unsigned=True).counts["accounts"] == ACCOUNTS
    trusting = dataclasses.replace(world.config, backup_signing_key_file="", backup_signers=(signer,))
    assert restore.verify_backup(trusting, forged.path, world.key).counts["accounts"] == ACCOUNTS


def test_where_nobody_is_trusted_nothing_is_restored_unasked(world: World) -> None:
    entry = archive.make_backup(world.config)
    nobody = dataclasses.replace(world.config, backup_signing_key_file="")
    with pytest.raises(ConfigurationError, match="SYNC_BACKUP_SIGNERS"):
        restore.restore_backup(nobody, entry.path, world.key, replace=True)
    with pytest.raises(backup_crypto.UnsealError, match="backup-signing-key"):
        restore.verify_backup(dataclasses.replace(nobody, backup_signers=("nonsense",)), entry.path, world.key)
