"""The published folder of new versions: metadata signed as in The Update Framework, and the files it describes.

    FOLDER/metadata/N.root.json, N.targets.json, N.snapshot.json, timestamp.json
    FOLDER/targets/HASH.NAME

Any static web server can host it. Files are written in an order in which a client sees either the old state or the new
one, complete: files, then the metadata that names them, the timestamp last. An interrupted step can be repeated.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from securesystemslib.signer import CryptoSigner, Signer
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from desktop.updates.versions import Release, release_from_json, release_to_json  # noqa: E402 - behind the path

DESCRIPTION = "release.json"
ROLES = ("root", "targets", "snapshot", "timestamp")
LIFETIME_DAYS = {  # days until expiry; the maintainer renews each well before
    "root": 365,
    "targets": 365,
    "snapshot": 365,
    "timestamp": 7,
}
ROOT_KEYS, ROOT_THRESHOLD = 3, 2
Signers = dict[str, list[Signer]]  # by role


class Repository:
    """A published folder. Each method that changes it documents which roles' signers it needs."""

    def __init__(self, folder: Path) -> None:
        self.metadata = folder / "metadata"
        self.targets = folder / "targets"

    def start(self, signers: Signers) -> None:
        """Creates an empty repository. Needs all keys."""
        if self.metadata.exists():
            raise SystemExit(f"{self.metadata} is there already.")
        self.targets.mkdir(parents=True)
        self.metadata.mkdir()
        root = Root(consistent_snapshot=True)
        for role, keys in signers.items():
            for signer in keys:
                root.add_key(signer.public_key, role)
        root.roles["root"].threshold = ROOT_THRESHOLD
        self._write_root(root, signers["root"])
        targets, snapshot, timestamp = Targets(), Snapshot(), Timestamp()
        self._write("targets", targets, signers)
        snapshot.meta["targets.json"] = MetaFile(targets.version)
        self._write("snapshot", snapshot, signers)
        timestamp.snapshot_meta = MetaFile(snapshot.version)
        self._write("timestamp", timestamp, signers)

    def publish(self, release: Release, files: Iterable[Path], signers: Signers) -> None:
        """Publishes `release` with its installers `files`. Needs targets, snapshot and timestamp keys."""
        targets = self._targets()
        paths = {path.name: path for path in files}
        if missing := set(release.files.values()) - paths.keys() - targets.targets.keys():
            raise SystemExit(f"These files are missing: {', '.join(sorted(missing))}")
        for name, path in paths.items():
            self._add(targets, name, path.read_bytes())
        self._add(targets, DESCRIPTION, release_to_json(release))
        self._publish_targets(targets, signers)

    def withdraw(self, release: Release, instead: Release, signers: Signers) -> None:
        """Withdraws a version: it is no longer offered to anybody, and its installers are no longer signed.

        Those who have it keep it until a later version is published. Keys as for `publish`.
        """
        targets = self._targets()
        for name in set(release.files.values()) - set(instead.files.values()):
            targets.targets.pop(name, None)
        self._add(targets, DESCRIPTION, release_to_json(instead))
        self._publish_targets(targets, signers)

    def newest(self) -> Release:
        """Returns the release that is currently published."""
        target = self._targets().targets[DESCRIPTION]
        return release_from_json((self.targets / f"{target.hashes['sha256']}.{DESCRIPTION}").read_bytes())

    def renew_timestamp(self, signers: Signers) -> None:
        """Confirms for another 7 days that nothing is newer. Needs the timestamp key only."""
        timestamp = self._newest("timestamp", Timestamp)
        timestamp.version += 1
        self._write("timestamp", timestamp, signers)

    def rotate(self, role: str, new: list[Signer], signers: Signers) -> None:
        """Replaces a role's keys by `new`.

        Needs the present root keys. For `root`, it needs the new ones too; for another role, the keys for what its new
        keys have to sign again: the new ones, and those of snapshot and timestamp.
        """
        root = self._newest("root", Root)
        for key in list(root.roles[role].keyids):
            root.revoke_key(key, role)
        for signer in new:
            root.add_key(signer.public_key, role)
        root.version += 1
        # Clients check a new root against the keys of the old one and against its own.
        self._write_root(root, [*signers["root"], *(new if role == "root" else [])])
        if role == "root":
            return
        renewed = {**signers, role: new}
        if role == "targets":
            self._publish_targets(self._targets(), renewed)
        else:
            self._write_snapshot(self._newest("snapshot", Snapshot), renewed)

    # the parts

    def _targets(self) -> Targets:
        return self._newest("targets", Targets)

    def _newest(self, role: str, kind: type) -> object:
        if role == "timestamp":
            path = self.metadata / "timestamp.json"
        else:
            found = self.metadata.glob(f"*.{role}.json")
            path = max(found, key=lambda each: int(each.name.partition(".")[0]))
        signed = Metadata.from_file(str(path)).signed
        assert isinstance(signed, kind)
        return signed

    def _add(self, targets: Targets, name: str, data: bytes) -> None:
        target = TargetFile.from_data(name, data, ["sha256"])
        targets.targets[name] = target
        _write_atomically(self.targets / f"{sha256(data).hexdigest()}.{name}", data)

    def _publish_targets(self, targets: Targets, signers: Signers) -> None:
        targets.version += 1
        self._write("targets", targets, signers)
        snapshot = self._newest("snapshot", Snapshot)
        snapshot.meta["targets.json"] = MetaFile(targets.version)
        self._write_snapshot(snapshot, signers)

    def _write_snapshot(self, snapshot: Snapshot, signers: Signers) -> None:
        snapshot.version += 1
        self._write("snapshot", snapshot, signers)
        timestamp = self._newest("timestamp", Timestamp)
        timestamp.version += 1
        timestamp.snapshot_meta = MetaFile(snapshot.version)
        self._write("timestamp", timestamp, signers)

    def _write_root(self, root: Root, signers: list[Signer]) -> None:
        self._write("root", root, {"root": signers})

    def _write(self, role: str, signed: Root | Targets | Snapshot | Timestamp, signers: Signers) -> None:
        signed.expires = (datetime.now(UTC) + timedelta(days=LIFETIME_DAYS[role])).replace(microsecond=0)
        metadata = Metadata(signed)
        for signer in signers[role]:
            metadata.sign(signer, append=True)
        name = "timestamp.json" if role == "timestamp" else f"{signed.version}.{role}.json"
        _write_atomically(self.metadata / name, metadata.to_bytes())


def _write_atomically(path: Path, data: bytes) -> None:
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def new_keys(role: str) -> list[CryptoSigner]:
    """Generates the keys of a role, as many as it has."""
    return [CryptoSigner.generate_ed25519() for _ in range(ROOT_KEYS if role == "root" else 1)]
