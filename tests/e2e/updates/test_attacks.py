"""Attacks on updates: one who controls the server or the line can only withhold a new version, which is reported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata

from desktop.domain.errors import AppError, FileError, NotReachable, UpdateRefused
from tests.e2e.updates.publisher import (
    INSTALLER,
    ROOT,
    Publisher,
    ServedFolder,
    client,
    endless,
    repository,
    served_folder,
)


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "published")
    made.publish("0.2.0")
    return made


@pytest.fixture
def server(publisher: Publisher) -> Iterator[ServedFolder]:
    with served_folder(publisher.folder) as at:
        yield at


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """The folder in which this copy keeps the metadata it has seen."""
    return tmp_path / "profile" / "updates"


def look(server: ServedFolder, publisher: Publisher, seen: Path) -> str:
    with client(server, publisher.root, seen) as found:
        return found.newest_release().version


def fetch(server: ServedFolder, publisher: Publisher, seen: Path) -> Path:
    with client(server, publisher.root, seen) as found:
        return found.download(found.newest_release(), sys.platform)


def refused(kind: type[AppError], words: str, server: ServedFolder, publisher: Publisher, seen: Path) -> AppError:
    with pytest.raises(kind, match=words) as caught:
        fetch(server, publisher, seen)
    assert caught.value.hint
    assert not list(seen.rglob("*.exe")), "nothing that was not believed stays"
    return caught.value


def test_a_new_version_is_found_and_fetched_whole(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    with client(server, publisher.root, seen) as found:
        release = found.newest_release()
        assert release.version == "0.2.0"
        assert release.is_newer_than("0.1.0")
        assert not release.is_newer_than("0.2.0")
        assert not release.is_newer_than("0.10.0")
        assert [each.version for each in release.changes_since("0.1.0")] == ["0.3.0", "0.2.0"]
        assert found.download(release, sys.platform).read_bytes() == INSTALLER
        count = len(server.asked)
        found.download(release, sys.platform)
    assert not [path for path in server.asked[count:] if path.endswith(".exe")], "it is there already"


def test_a_withdrawn_version_is_not_offered(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    first = publisher.repository.newest()
    second = publisher.publish("0.3.0")
    assert look(server, publisher, seen) == "0.3.0"
    publisher.repository.withdraw(second, first, publisher.signers)
    assert look(server, publisher, seen) == "0.2.0"
    with client(server, publisher.root, seen) as found, pytest.raises(UpdateRefused, match="Another version"):
        found.download(second, sys.platform)


@pytest.mark.parametrize("role", repository.ROLES)
def test_keys_are_rotated_and_the_old_ones_count_no_more(
    role: str, server: ServedFolder, publisher: Publisher, seen: Path
) -> None:
    assert look(server, publisher, seen) == "0.2.0"
    old = publisher.signers[role]
    new = repository.new_keys(role)
    publisher.repository.rotate(role, new, publisher.signers)
    publisher.signers[role] = new
    publisher.publish("0.3.0")
    assert look(server, publisher, seen) == "0.3.0"
    shutil.rmtree(seen)
    assert look(server, publisher, seen) == "0.3.0", "a copy that trusts the first root follows to the newest"
    if role != "root":
        publisher.signers[role] = old
        publisher.publish("0.4.0")
        refused(UpdateRefused, "not signed", server, publisher, seen)


def test_one_root_key_of_three_is_not_enough(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    stolen = publisher.signers["root"][:1]
    forged = repository.new_keys("targets")
    publisher.repository.rotate("targets", forged, {**publisher.signers, "root": stolen})
    refused(UpdateRefused, "not signed", server, publisher, seen)


def test_the_same_root_key_twice_is_not_two(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    stolen = publisher.signers["root"][:1] * 2
    publisher.repository.rotate("targets", repository.new_keys("targets"), {**publisher.signers, "root": stolen})
    refused(UpdateRefused, "not signed", server, publisher, seen)


def test_two_root_keys_of_three_are_enough(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    new = repository.new_keys("targets")
    publisher.repository.rotate("targets", new, {**publisher.signers, "root": publisher.signers["root"][1:]})
    assert fetch(server, publisher, seen).read_bytes() == INSTALLER


def test_an_expired_timestamp_is_refused(
    server: ServedFolder, publisher: Publisher, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(repository.LIFETIME_DAYS, "timestamp", -1)
    publisher.repository.renew_timestamp(publisher.signers)
    refused(UpdateRefused, "out of date", server, publisher, seen)


def test_a_server_that_is_held_at_an_old_state_is_refused(
    server: ServedFolder, publisher: Publisher, seen: Path, tmp_path: Path
) -> None:
    shutil.copytree(publisher.folder, tmp_path / "old")
    publisher.publish("0.3.0")
    assert look(server, publisher, seen) == "0.3.0"
    shutil.rmtree(publisher.folder)
    shutil.copytree(tmp_path / "old", publisher.folder)
    refused(UpdateRefused, "older than what was there before", server, publisher, seen)


def test_an_older_snapshot_under_a_new_timestamp_is_refused(
    server: ServedFolder, publisher: Publisher, seen: Path
) -> None:
    publisher.publish("0.3.0")
    assert look(server, publisher, seen) == "0.3.0"
    metadata = publisher.folder / "metadata"
    timestamp = Metadata.from_file(str(metadata / "timestamp.json"))
    timestamp.signed.version += 1
    timestamp.signed.snapshot_meta.version -= 1  # by whoever has the timestamp's key alone
    timestamp.sign(publisher.signers["timestamp"][0])
    timestamp.to_file(str(metadata / "timestamp.json"))
    refused(UpdateRefused, "older than what was there before", server, publisher, seen)


def test_an_altered_installer_is_thrown_away(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    (path,) = (publisher.folder / "targets").glob("*.exe")
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)
    refused(UpdateRefused, "not what was signed", server, publisher, seen)


@pytest.mark.parametrize("name", ["timestamp.json", "snapshot.json", "targets.json", "release.json", "2.root.json"])
def test_altered_metadata_is_refused(name: str, server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    def altered(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(b'{"signed": {}, "signatures": []}')  # type: ignore[attr-defined]

    server.altered[name] = altered
    refused(UpdateRefused, "makes no sense|not what was signed", server, publisher, seen)


@pytest.mark.parametrize("name", [".exe", "timestamp.json", "snapshot.json", "2.root.json"])
def test_an_endless_answer_is_cut_off(name: str, server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    server.altered[name] = endless
    refused(UpdateRefused, "not what was signed", server, publisher, seen)


def test_a_server_that_is_not_there_or_fails_is_said(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    server.altered["timestamp.json"] = lambda handler: handler.send_error(503)
    refused(NotReachable, "answered 503", server, publisher, seen)
    nowhere = ServedFolder("http://127.0.0.1:9/", [], {})
    refused(NotReachable, "cannot be reached", nowhere, publisher, seen)


def test_a_redirect_is_not_followed(server: ServedFolder, publisher: Publisher, seen: Path) -> None:
    def elsewhere(handler: object) -> None:
        handler.send_response(302)  # type: ignore[attr-defined]
        handler.send_header("Location", "http://127.0.0.1:9/")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    server.altered["timestamp.json"] = elsewhere
    refused(NotReachable, "answered 302", server, publisher, seen)


def test_a_full_disk_is_said_before_anything_is_fetched(
    server: ServedFolder, publisher: Publisher, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(seen.anchor)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)
    refused(FileError, "too full", server, publisher, seen)
    assert not [path for path in server.asked if path.endswith(".exe")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_meanwhile_is_said(
    server: ServedFolder, publisher: Publisher, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (seen / "downloads").mkdir(parents=True)
    with client(server, publisher.root, seen) as found:
        release = found.newest_release()
        monkeypatch.setattr(found, "forget_downloads", lambda: None)
        (seen / "downloads" / f"{release.files[sys.platform]}.part").symlink_to("/dev/full")
        with pytest.raises(FileError, match="cannot be stored: No space left"):
            found.download(release, sys.platform)
    assert not (seen / "downloads" / release.files[sys.platform]).exists()


@pytest.mark.parametrize("years", [-10, -1, 3, 30])
def test_a_clock_that_is_wrong_by_years_is_said(
    years: int, server: ServedFolder, publisher: Publisher, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tuf.ngclient._internal.trusted_metadata_set as trusted

    from desktop.updates import client as ours

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=365 * years)

    monkeypatch.setattr(trusted.datetime, "datetime", Shifted)
    monkeypatch.setattr(ours, "datetime", Shifted)
    said = refused(UpdateRefused, "clock says" if years < 0 else "out of date", server, publisher, seen)
    assert str(datetime.now(UTC).year + years) in str(said) or str(datetime.now(UTC).year + years - 1) in str(said)


KILLED = """
import os, sys
from pathlib import Path
from tests.e2e.updates.publisher import ServedFolder, client
address, root, folder, at = sys.argv[1], Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]), int(sys.argv[4])
steps = 0
def step(event, arguments):
    global steps
    writes = event == "open" and isinstance(arguments[1], str) and arguments[1][:1] in "wax"
    if not (writes or event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree", "socket.connect", "os.symlink")):
        return
    steps += 1
    if steps == at:
        os._exit(9)
sys.addaudithook(step)
with client(ServedFolder(address, [], {}), root, folder) as found:
    path = found.download(found.newest_release(), sys.platform)
os.write(1, f"{steps}".encode())
"""


def killed_at(step: int, server: ServedFolder, root: Path, seen: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, server.address, str(root), str(seen), str(step)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_killed_at_any_step_the_next_try_gets_it_whole(
    server: ServedFolder, publisher: Publisher, seen: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    whole = killed_at(0, server, root, tmp_path / "never killed")
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert steps >= 20, "fewer steps than are to be tried"
    for number in range(20):
        at = 1 + number * (steps - 1) // 19
        shutil.rmtree(seen, ignore_errors=True)
        died = killed_at(at, server, root, seen)
        assert died.returncode == 9, (at, died.stderr)
        assert [path.read_bytes() for path in seen.rglob("*.exe")] in ([], [INSTALLER]), at
        assert fetch(server, publisher, seen).read_bytes() == INSTALLER, at
