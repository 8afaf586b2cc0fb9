"""Makes keys, signs and publishes new versions. docs/releasing.md says who does what, when, and on which machine.

    python packaging/release keys KEYS                      new keys of every role, as files
    python packaging/release start FOLDER KEYS              the first metadata, in a folder for a web server
    python packaging/release build-in FOLDER URL            what a build takes in: the address and the root metadata
    python packaging/release publish FOLDER KEYS VERSION --page URL --win32 SETUP.EXE --darwin APP.DMG --linux APP.DEB
    python packaging/release timestamp FOLDER KEYS          for another 7 days; daily
    python packaging/release rotate FOLDER KEYS ROLE NEW    the keys of a role, replaced by new ones in NEW
    python packaging/release withdraw FOLDER KEYS           takes the newest version back, for the one before

The passphrase of the keys is asked for, or taken from RELEASE_PASSPHRASE.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from keys import load_key, save_key
from repository import ROLES, ROOT, Repository, Signers, new_keys

from desktop.updates.source import ADDRESS, FOLDER
from desktop.updates.source import ROOT as ROOT_METADATA
from desktop.updates.versions import Release, changes_in, version_number

SYSTEMS = ("win32", "darwin", "linux")


def passphrase(*, is_new: bool = False) -> str:
    given = os.environ.get("RELEASE_PASSPHRASE")
    if given is None:
        given = getpass.getpass("Passphrase of the keys: ")
        if is_new and getpass.getpass("Once more: ") != given:
            raise SystemExit("These are two passphrases.")
    return given


def signers_in(folder: Path, word: str) -> Signers:
    """Returns the keys in a folder: of root at most two at a time, and often none."""
    return {
        role: [load_key(path, word) for path in sorted(folder.glob(f"{role}*.pem"))]
        for role in ROLES
        if any(folder.glob(f"{role}*.pem"))
    }


def make_keys(arguments: argparse.Namespace) -> None:
    arguments.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    word = passphrase(is_new=True)
    for role in ROLES:
        save_keys(role, arguments.keys, word)


def save_keys(role: str, folder: Path, word: str) -> list:
    made = new_keys(role)
    for number, signer in enumerate(made, 1):
        save_key(signer, folder / (f"{role}-{number}.pem" if len(made) > 1 else f"{role}.pem"), word)
    return made


def start(arguments: argparse.Namespace) -> None:
    Repository(arguments.folder).start(signers_in(arguments.keys, passphrase()))


def write_build_assets(arguments: argparse.Namespace) -> None:
    target = arguments.assets / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    (target / ADDRESS).write_text(json.dumps({"address": arguments.url.rstrip("/") + "/"}) + "\n", "utf-8")
    found = (arguments.folder / "metadata").glob("*.root.json")
    newest = max(found, key=lambda path: int(path.name.partition(".")[0]))
    shutil.copy(newest, target / ROOT_METADATA)


def publish(arguments: argparse.Namespace) -> None:
    files = {system: path for system in SYSTEMS if (path := getattr(arguments, system)) is not None}
    changes = changes_in((ROOT / "CHANGELOG.md").read_text("utf-8"))
    if arguments.version not in {each.version for each in changes}:
        raise SystemExit(f"CHANGELOG.md has no section [{arguments.version}].")
    version_number(arguments.version)
    names = {system: path.name for system, path in files.items()}
    release = Release(arguments.version, arguments.page, names, changes)
    signers = signers_in(arguments.keys, passphrase())
    Repository(arguments.folder).publish(release, files.values(), signers)
    kept = arguments.folder / "releases"
    kept.mkdir(exist_ok=True)
    (kept / f"{arguments.version}.json").write_text(json.dumps({"page": arguments.page, "files": names}), "utf-8")


def timestamp(arguments: argparse.Namespace) -> None:
    Repository(arguments.folder).renew_timestamp(signers_in(arguments.keys, passphrase()))


def rotate(arguments: argparse.Namespace) -> None:
    arguments.new.mkdir(parents=True, exist_ok=True, mode=0o700)
    word = passphrase()
    made = save_keys(arguments.role, arguments.new, word)
    Repository(arguments.folder).rotate(arguments.role, made, signers_in(arguments.keys, word))


def withdraw(arguments: argparse.Namespace) -> None:
    repository = Repository(arguments.folder)
    release = repository.newest()
    kept = {path.stem: path for path in (arguments.folder / "releases").glob("*.json")}
    earlier = sorted(
        (each for each in kept if version_number(each) < version_number(release.version)), key=version_number
    )
    if not earlier:
        raise SystemExit(f"There is no version before {release.version} to go back to.")
    before = json.loads(kept[earlier[-1]].read_text("utf-8"))
    changes = tuple(each for each in release.changes if each.version != release.version)
    instead = replace(release, version=earlier[-1], changes=changes, **before)
    repository.withdraw(release, instead, signers_in(arguments.keys, passphrase()))
    kept[release.version].unlink(missing_ok=True)
    print(f"{release.version} is withdrawn; {instead.version} is the newest again.")


def main() -> None:
    parser = argparse.ArgumentParser("release", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, run, takes in (
        ("keys", make_keys, ("keys",)),
        ("start", start, ("folder", "keys")),
        ("build-in", write_build_assets, ("folder", "url")),
        ("publish", publish, ("folder", "keys", "version")),
        ("timestamp", timestamp, ("folder", "keys")),
        ("rotate", rotate, ("folder", "keys", "role", "new")),
        ("withdraw", withdraw, ("folder", "keys")),
    ):
        command = commands.add_parser(name)
        for each in takes:
            options = {"choices": ROLES} if each == "role" else {}
            command.add_argument(each, type=Path if each in {"folder", "keys", "new"} else str, **options)
        if name == "publish":
            command.add_argument("--page", required=True, help="the page where the version can be downloaded")
            for system in SYSTEMS:
                command.add_argument(f"--{system}", type=Path, help="its installer")
        if name == "build-in":
            command.add_argument("--assets", type=Path, default=ROOT / "assets")
        command.set_defaults(run=run)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
