"""Copies of backups in an S3-compatible store, against a real one on loopback."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from syncserver.accounts import deletion_ledger
from syncserver.backup import archive, backup_crypto, last_results, object_storage, restore
from syncserver.config import Config
from syncserver.errors import ConfigurationError
from tests.load import seeding

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the store under test and its web server


CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=url, region_name="af-south-1", **CREDENTIALS)
    client.create_bucket(Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "af-south-1"})
    yield url
    server.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> object_storage.ObjectStore:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "af-south-1")
    return object_storage.ObjectStore(f"s3://kept/{request.node.name}", endpoint)


def test_a_copy_comes_back_as_it_went(store: object_storage.ObjectStore, tmp_path: Path) -> None:
    path = tmp_path / "one.backup"
    path.write_bytes(bytes(range(256)) * 40_000)  # 10 MB: in parts
    store.put(path)
    assert store.names() == ["one.backup"]
    store.fetch("one.backup", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    store.remove("one.backup")
    store.remove("one.backup")
    assert store.names() == []


def test_what_is_not_there_or_not_right_is_said(
    store: object_storage.ObjectStore, endpoint: str, tmp_path: Path
) -> None:
    with pytest.raises(object_storage.ObjectStorageError, match=r"fetching none\.backup"):
        store.fetch("none.backup", tmp_path / "back")
    path = tmp_path / "one.backup"
    path.write_bytes(b"right")
    store.put(path)
    client = boto3.client("s3", endpoint_url=endpoint)
    key = client.list_objects_v2(Bucket="kept")["Contents"][-1]["Key"]
    client.put_object(
        Bucket="kept", Key=key, Body=b"wrong", Metadata=client.head_object(Bucket="kept", Key=key)["Metadata"]
    )
    with pytest.raises(object_storage.ObjectStorageError, match="did not arrive"):
        store.fetch(Path(key).name, tmp_path / "back")
    assert not (tmp_path / "back").exists()
    with pytest.raises(ConfigurationError, match="s3://bucket/prefix"):
        object_storage.ObjectStore("https://example.org/b")


def test_a_store_that_is_away_is_said(
    tmp_path: Path, store: object_storage.ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    path = tmp_path / "one.backup"
    path.write_bytes(b"right")
    away = object_storage.ObjectStore("s3://nobody-made-this-bucket/x", store._client.meta.endpoint_url)
    with pytest.raises(object_storage.ObjectStorageError, match=r"sending one\.backup"):
        away.put(path)


def test_a_whole_life_in_the_store(store: object_storage.ObjectStore, endpoint: str, tmp_path: Path) -> None:
    """Backups, manifests and the ledger go there; a machine that lost everything restores from there alone."""
    public, private = backup_crypto.generate_keys()
    config = Config(
        data_folder=str(tmp_path / "data"),
        backup_public_key=public,
        backup_s3_url="s3://kept/life",
        backup_s3_endpoint=endpoint,
    )
    seeded = seeding.seed(config, 3, 4)
    entry = archive.make_backup(config)
    deletion_ledger.append(config.ledger_path, deletion_ledger.fingerprint(seeded[0].account), 1)
    archive.make_backup(config)
    elsewhere = dataclasses.replace(config, data_folder=str(tmp_path / "elsewhere"))
    path = archive.find_backup(elsewhere, entry.path.name)
    assert path.parent == last_results.backup_folder(elsewhere)
    done = restore.restore_backup(elsewhere, path, private, unsigned=True)
    assert (done.accounts, done.deleted_again) == (2, 1)
    assert archive.find_backup(elsewhere, "latest").exists()


def test_an_older_ledger_in_the_store_is_seen_by_a_newer_backup_there(
    store: object_storage.ObjectStore, endpoint: str, tmp_path: Path
) -> None:
    public, private = backup_crypto.generate_keys()
    signing = tmp_path / "signing.key"
    signing.write_text(backup_crypto.generate_signing_keys()[1])
    config = Config(
        data_folder=str(tmp_path / "data"),
        backup_public_key=public,
        backup_signing_key_file=str(signing),
        backup_s3_url="s3://kept/older-ledger",
        backup_s3_endpoint=endpoint,
    )
    seeded = seeding.seed(config, 3, 4)
    entry = archive.make_backup(config, lambda: 1_790_000_000.0)
    copy = entry.path.with_name(archive.LEDGER_COPY)
    older = copy.read_bytes()
    deletion_ledger.append(config.ledger_path, deletion_ledger.fingerprint(seeded[0].account), 1)
    archive.make_backup(config, lambda: 1_790_000_060.0)
    copy.write_bytes(older)
    object_storage.ObjectStore("s3://kept/older-ledger", endpoint).put(copy)
    elsewhere = dataclasses.replace(config, data_folder=str(tmp_path / "elsewhere"))
    with pytest.raises(restore.RestoreRefused, match="put back to an older one"):
        restore.restore_backup(elsewhere, archive.find_backup(elsewhere, entry.path.name), private)


def test_pruning_reaches_the_store_and_leaves_its_newest(
    store: object_storage.ObjectStore, endpoint: str, tmp_path: Path
) -> None:
    public, _ = backup_crypto.generate_keys()
    config = Config(
        data_folder=str(tmp_path / "data"),
        backup_public_key=public,
        backup_s3_url="s3://kept/prune",
        backup_s3_endpoint=endpoint,
    )
    seeding.seed(config, 1, 1)
    now = 1_790_000_000.0
    old = [archive.make_backup(config, lambda age=age: now - age * 86_400) for age in (30, 20)]
    archive.prune(config, lambda: now)
    left = object_storage.ObjectStore("s3://kept/prune", endpoint).names()
    assert old[0].path.name not in left
    assert old[1].path.name in left  # the last good one
