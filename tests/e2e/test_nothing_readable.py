"""Nothing of a timetable can be read in the server's files, its log, or the traffic to it.

The traffic is recorded as someone who has decrypted TLS would see it: by a capture of the packets on the loopback
interface, or by a relay where this system permits no capture (a test says so). Base64 and compression are undone before
the search. The same search finds what is published on purpose, which shows that it works.
"""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from desktop.app import App
from desktop.domain.records.records import Act, Change
from desktop.sync.wire import b64
from desktop.workflows import feeds, imports, sync
from desktop.workflows.export import ExportOptions
from tests.drawing import semester
from tests.e2e.traffic_recorder import Capture, Relay, record_traffic
from tests.gui.semester import draft
from tests.sync.server.process import ServerProcess, server_process

TODAY = date(2026, 2, 2)
PASSWORD, NEXT_PASSWORD = "kingfishers over water", "a heron in the shallows"
MACHINE = "anns-own-laptop"
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_COMPRESSED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


def layers(data: bytes) -> Iterator[bytes]:
    """The bytes, and what is in them in Base64 or compressed."""
    yield data
    for found in _BASE64.finditer(data):
        text = found[0].replace(b"-", b"+").replace(b"_", b"/")
        plain = base64.b64decode(text[: len(text) // 4 * 4])
        yield plain
        yield from _unpacked(plain)
    yield from _unpacked(data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    for found in _COMPRESSED.finditer(data):
        try:
            yield zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data[found.start() :])
        except zlib.error:
            continue  # two bytes that only looked like a beginning


def readable(words: Iterable[str], data: bytes) -> set[str]:
    """Which of the words can be read, in any case of letters."""
    wanted = {word: word.lower().encode() for word in words}
    whole = b"\n".join(layers(data)).lower()
    return {word for word, spelled in wanted.items() if spelled in whole}


def files(folder: Path) -> bytes:
    return b"\n".join(each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file())


def test_the_search_looks_through_what_hides_words() -> None:
    text = b"PHY 114 in Nat Sci 2"
    for hidden in (text, base64.b64encode(text), gzip.compress(text), base64.urlsafe_b64encode(zlib.compress(text))):
        assert readable(["PHY 114", "Musaion"], b"\x00before " + hidden + b" after") == {"PHY 114"}


def test_the_packets_themselves_are_captured(server: ServerProcess) -> None:
    """Both ways of listening hear the same; and it is said loudly where packets cannot be captured."""
    try:
        capture = Capture(server.port)
    except (PermissionError, FileNotFoundError) as no:
        pytest.skip(f"NO PACKETS WERE CAPTURED; what passed through a relay was searched instead: {no}")
    relay = Relay(server.port)
    large = "x" * 300_000
    try:
        for number in range(3):
            httpx.get(f"{relay.address}/v1/info", headers={"X-Number": str(number)})
            httpx.post(f"{relay.address}/v1/auth/challenge", content=f"{number} {large}")
        heard = capture.recorded
        for stream in relay._recorded:
            assert bytes(stream) in heard
    finally:
        relay.close()
        capture.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    folder = tmp_path / "server"
    folder.mkdir()
    with server_process(folder, log_level="debug") as running:
        yield running


def test_nobody_in_between_can_read_a_word(
    server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("desktop.sync.secrets._system_keyring", lambda: None)
    monkeypatch.setattr("platform.node", lambda: MACHINE)
    line = record_traffic(server.port)
    opened: list[App] = []
    try:
        one = App.open(tmp_path / "one")
        opened.append(one)
        joint = one.join_sync()
        rows = (semester.lectures(), semester.semester_tests(), semester.exams())
        for each in rows:
            imports.accept(one.store, imports.propose(one.store, draft(each), "UP_MOD_XLS.pdf", TODAY, year=2026))
        own = {"title": "Choir practice", "venue": "Musaion", "weekday": 2, "start": "18:00", "end": "19:30"}
        one.store.apply(Act("Added choir", (Change("event", "2026/choir", own),)))
        recovery = sync.create_account(joint, line.address, "ann", PASSWORD)
        joint.service.sync_now()

        two = App.open(tmp_path / "two")
        opened.append(two)
        other = two.join_sync()
        sync.sign_in(other, line.address, "ann", PASSWORD)
        other.service.sync_now()
        assert two.store.records().get("event", "2026/choir").get("title") == "Choir practice"
        two.store.apply(Act("Named", (Change("module", "2026/PHY 114", {"name": "Waves and optics"}),)))
        other.service.sync_now()
        joint.service.sync_now()
        invitation = sync.invite(joint)
        code = invitation.code
        third = App.open(tmp_path / "three")
        opened.append(third)
        arrival = sync.request_access(third.join_sync(), line.address, code)
        joint.service.with_account(lambda _account: (invitation.poll(), invitation.confirm()))
        assert sync.try_finish_arrival(third.join_sync(), arrival)
        joint.service.with_account(lambda _account: invitation.close())
        joint.service.with_account(lambda account: account.change_password(PASSWORD, NEXT_PASSWORD))
        secrets = joint.service.with_account(
            lambda account: [account.credentials.account_key, account.credentials.login_seed]
        )
        words = {each.module for row in rows for each in row}
        words |= {each.module.replace(" ", "") for row in rows for each in row}
        words |= {each.venue for each in semester.lectures()} | {"Exam Hall 1", "Thuto 1-2", "HATFIELD", "UP_MOD_XLS"}
        words |= {"Choir practice", "Musaion", "2026/choir", "Waves and optics", MACHINE}
        words |= {PASSWORD, NEXT_PASSWORD, recovery, recovery.replace("-", ""), code, *map(b64, secrets)}
        assert len(words) > 20

        def everywhere() -> bytes:
            found = files(server.folder) + line.recorded
            assert not [each for each in secrets if each in b"\n".join(layers(found))]
            return found

        assert b"/v1/" in line.recorded
        assert b"SQLite format 3" in files(server.folder)
        assert readable(words, everywhere()) == set()

        # What the student publishes is meant to be read, and is found: only what a calendar holds.
        feeds.start(joint, ExportOptions(), TODAY, datetime(2026, 2, 2, 8, tzinfo=UTC))
        found = readable(words, line.recorded)
        assert {"PHY 114", "Chemistry Hall 2"} <= found
        assert not found & {PASSWORD, NEXT_PASSWORD, recovery, code, MACHINE, "UP_MOD_XLS"}
        passed = line.recorded
        server.stop()
        assert readable({PASSWORD, NEXT_PASSWORD, recovery, code, MACHINE}, files(server.folder) + passed) == set()
    finally:
        for app in opened:
            app.close()
        line.close()
