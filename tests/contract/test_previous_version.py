"""Compatibility with version 0.1.0.

A complete run of its client and the server's answers are recorded in `version_0_1.json`: the recorded requests go to
this server, and the recorded answers to this client.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from nacl.signing import SigningKey

from desktop.domain.errors import NotAllowed
from desktop.sync import authentication, wire
from desktop.sync.account import Account
from desktop.sync.client import Client
from desktop.sync.credentials import Credentials
from desktop.sync.proofs import make_proof
from desktop.sync.wire import Push, ServerRecord, new_id
from tests.sync.memory import MemoryReplica, MemoryVault
from tests.sync.server.harness import Harness, server, sync_proof

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "version_0_1.json").read_text("utf-8"))
STEPS: list[dict[str, Any]] = RECORDED["steps"]
SEED = base64.urlsafe_b64decode(RECORDED["login_seed"] + "=")


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[Harness]:
    with server(tmp_path) as running:
        yield running


def is_link(step: dict[str, Any]) -> bool:
    """Asked of the server of that time only to know what it says to this."""
    return str(step["path"]).startswith("/v1/links/")


def is_refused(step: dict[str, Any]) -> bool:
    """Linking as it was, and changes of the keyring."""
    calendar = (step["body"] or {}).get("calendar", "")
    return step["method"] == "PUT" and (step["path"] == "/v1/keyring" or "X-UP-SCHEDULE-PAIRING" in calendar)


class PreviousClient:
    """Sends what was recorded, with a session and proofs that are good now."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness
        self._key = SigningKey(SEED)
        self._now: dict[str, str] = {}  # what a server makes up: as it was recorded, and as it is here
        self._token = ""
        self._challenge: dict[str, Any] = {}

    def send(self, step: dict[str, Any]) -> httpx.Response:
        body = b"" if step["body"] is None else self._here(json.dumps(step["body"])).encode()
        headers = {name: self._here(value) for name, value in step["headers"].items()}
        if step["session"]:
            headers["Authorization"] = f"Bearer {self._token}"
        if step["signed"]:
            headers["Sync-Proof"] = sync_proof(
                self._key, "password", step["signed"], "localhost", self._challenge, body
            )
        answer = self._harness.request(step["method"], self._here(step["path"]), content=body, headers=headers)
        self._learn(step, answer)
        return answer

    def _here(self, text: str) -> str:
        for recorded, here in self._now.items():
            text = text.replace(recorded, here)
        return text

    def _learn(self, step: dict[str, Any], answer: httpx.Response) -> None:
        if step["etag"] and "etag" in answer.headers and answer.status_code < 300:
            self._now[step["etag"]] = answer.headers["etag"]
        if answer.headers.get("content-type") != "application/json":
            return
        found = answer.json()
        if step["path"] == "/v1/auth/challenge":
            self._challenge = found
        if "token" in found and found["device"] == STEPS[2]["answer"]["device"]:
            self._token = found["token"]
            self._now[STEPS[2]["answer"]["epoch"]] = found["epoch"]


def members(recorded: Any, here: Any) -> None:
    """Checks that all recorded members are there, of the same kind: what an earlier client reads."""
    assert type(recorded) is type(here) or None in (recorded, here)
    if isinstance(recorded, dict):
        assert recorded.keys() <= here.keys()
        for name, value in recorded.items():
            members(value, here[name])
    elif isinstance(recorded, list) and recorded and here:
        members(recorded[0], here[0])


def test_the_previous_client_goes_on_but_for_linking_and_the_keyring(harness: Harness) -> None:
    client = PreviousClient(harness)
    refused = 0
    for number, step in enumerate(STEPS):
        if is_link(step):
            continue
        answer = client.send(step)
        where = (number, step["method"], step["path"], answer.text)
        if is_refused(step):
            refused += 1
            assert answer.status_code == 426, where
            assert answer.json()["minimum"] == "0.2.0"
        else:
            assert answer.status_code == step["status"], where
            if isinstance(step["answer"], dict):
                members(step["answer"], answer.json())
    assert refused == 3


def test_what_is_new_is_named_in_info(harness: Harness) -> None:
    now, then = harness.request("GET", "/v1/info").json(), STEPS[0]["answer"]
    assert now.keys() - then.keys() == {"minimum_keyring_client", "features"}
    assert now["limits"].keys() - then["limits"].keys() == {"keyring_version_step", "link_seconds"}
    assert now["protocol"] == then["protocol"]


class PreviousServer(ThreadingHTTPServer):
    """Answers as the server of that time answered the same requests; the last answer to each stays."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PreviousAnswers)
        self.asked: list[Message] = []  # the headers of each request


class PreviousAnswers(BaseHTTPRequestHandler):
    server: PreviousServer

    def log_message(self, *arguments: object) -> None:
        """Nothing is told."""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.asked.append(self.headers)
        path = self.path.partition("?")[0]
        found = [each for each in STEPS if (each["method"], each["path"].partition("?")[0]) == (self.command, path)]
        step = next((each for each in found if each["status"] < 300), found[0] if found else None)
        if step is None:
            step = {**next(each for each in STEPS if each["status"] == 404), "etag": None}
        content = step["answer"] if isinstance(step["answer"], str) else json.dumps(step["answer"])
        body = b"" if step["answer"] is None else content.encode()
        self.send_response(step["status"])
        self.send_header("content-length", str(len(body)))
        if step["etag"]:
            self.send_header("etag", step["etag"])
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815


@pytest.fixture
def previous_server() -> Iterator[tuple[Client, PreviousServer]]:
    """This client beside a server of that time."""
    with PreviousServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        client = Client(f"http://localhost:{server.server_port}")
        client.token = STEPS[2]["answer"]["token"]
        yield client, server
        client.close()
        server.shutdown()


def test_this_client_reads_what_the_previous_server_says(
    previous_server: tuple[Client, PreviousServer],
) -> None:
    client, server = previous_server
    proof = make_proof(SEED)
    read: list[Callable[[], object]] = [
        client.info,
        client.devices,
        lambda: client.head(None),
        lambda: client.changes(None),
        client.manifest,
        client.feeds,
        client.export,
        lambda: client.push(b"{}", new_id()),
        client.logout,
    ]
    for each in read:
        each()
    session = client.login(wire.challenge_from_json(STEPS[3]["answer"]), proof, new_id(), None)
    assert session.account == STEPS[2]["answer"]["account"]
    ring = client.keyring()
    changed = wire.keyring_from_json({**ring.to_json(), "version": ring.version + 1, "etag": new_id()})
    challenge = wire.challenge_from_json(STEPS[1]["answer"])
    client.put_keyring(changed, ring.etag, challenge, proof)
    assert "sync-proof" in server.asked[-1], "which that server asks for where login keys change, and takes elsewhere"
    row = ServerRecord(new_id(), new_id(), False, new_id(), 1, b"sealed")
    members(STEPS[12]["body"]["records"][0], Push(row, None).to_json())


def test_this_client_says_that_the_previous_server_links_no_device(
    previous_server: tuple[Client, PreviousServer],
) -> None:
    client, _ = previous_server
    held = Credentials("http://localhost", "thandi", new_id(), new_id(), client.token or "", bytes(32), SEED)
    account = Account(held, client, MemoryReplica(), MemoryVault())
    with pytest.raises(NotAllowed, match="too old to add a device by a code"):
        authentication.Invitation(account)
    door = authentication.SignInContext(MemoryReplica(), MemoryVault(), "Pocket", lambda _: client)
    with pytest.raises(NotAllowed, match="too old to add a device by a code"):
        authentication.CodeSignIn(door, "localhost", authentication.FirstDevice(bytes(16)).code)
