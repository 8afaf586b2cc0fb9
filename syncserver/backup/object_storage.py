"""Second copies of backups in an S3-compatible store, under the same names as in the folder.

Credentials are found as the AWS tools find them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, a profile or a role).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syncserver.errors import ConfigurationError

DIGEST_METADATA_KEY = "sha256"  # the object's metadata that keeps what was sent


class ObjectStorageError(Exception):
    """An operation on the store failed. The message says which and why."""


class ObjectStore:
    """The objects under one `s3://bucket/prefix`."""

    def __init__(self, url: str, endpoint: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise ConfigurationError(f"SYNC_BACKUP_S3_URL is {url!r}. It looks like s3://bucket/prefix.")
        import boto3  # noqa: PLC0415 - slow to load, and only needed with a store
        from botocore.config import Config as ClientConfig  # noqa: PLC0415

        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        settings = ClientConfig(
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 5, "mode": "standard"},
            signature_version="s3v4",
        )
        with _translate_errors("connecting"):
            self._client: Any = boto3.client("s3", endpoint_url=endpoint or None, config=settings)

    def put(self, path: Path) -> None:
        """Uploads the file at `path`, and checks that it arrived complete. Raises `ObjectStorageError`."""
        digest = file_digest(path)
        with _translate_errors(f"sending {path.name}"):
            self._client.upload_file(
                str(path), self._bucket, self._prefix + path.name, ExtraArgs={"Metadata": {DIGEST_METADATA_KEY: digest}}
            )
            there = self._client.head_object(Bucket=self._bucket, Key=self._prefix + path.name)
        if there["ContentLength"] != path.stat().st_size or there["Metadata"].get(DIGEST_METADATA_KEY) != digest:
            raise ObjectStorageError(f"The copy of {path.name} in the store is not what was sent.")

    def names(self) -> list[str]:
        """Returns the names of the objects. Raises `ObjectStorageError`."""
        with _translate_errors("listing its files"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
            keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return sorted(key.removeprefix(self._prefix) for key in keys)

    def fetch(self, name: str, target: Path) -> None:
        """Downloads `name` to the file `target`, atomically. Raises `ObjectStorageError`."""
        partial = target.with_name(f".{target.name}.fetched")
        try:
            with _translate_errors(f"fetching {name}"):
                there = self._client.head_object(Bucket=self._bucket, Key=self._prefix + name)
                self._client.download_file(self._bucket, self._prefix + name, str(partial))
            if there["Metadata"].get(DIGEST_METADATA_KEY, file_digest(partial)) != file_digest(partial):
                raise ObjectStorageError(f"The store's copy of {name} did not arrive as it was sent.")
            partial.chmod(0o600)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Removes `name`, if it exists. Raises `ObjectStorageError`."""
        with _translate_errors(f"removing {name}"):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)


def file_digest(path: Path) -> str:
    """Returns the SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _translate_errors(step: str) -> Iterator[None]:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise ObjectStorageError(
            f"The backup store failed while {step}: {error}. Check its address and credentials."
        ) from error
