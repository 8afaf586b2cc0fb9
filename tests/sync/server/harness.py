"""The real server in this process, on a thread of its own, and a small client for its wire protocol.

The client is written from docs/sync-protocol.md, not from the desktop's or the server's code.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import itertools
import json
import os
import threading
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from nacl.pwhash import argon2id
from nacl.signing import SigningKey

from syncserver.config import Config
from syncserver.db.migrations import migrate
from syncserver.http.app import Application, create_app
from syncserver.ops import logs

logs.configure("error")

GENEROUS_LIMITS: dict[str, Any] = {
    "requests_per_minute": 1_000_000,
    "batches_per_minute": 1_000_000,
    "publications_per_hour": 1_000_000,
    "exports_per_hour": 1_000_000,
    "registrations_per_hour": 1_000_000,
    "logins_per_minute": 1_000_000,
    "anonymous_per_minute": 1_000_000,
    "calendar_reads_per_minute": 1_000_000,
}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_id() -> str:
    return b64(os.urandom(16))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Harness:
    """A running server; takes requests from any thread. `restarted` restarts it on the same database."""

    def __init__(self, config: Config, clock: Any = None) -> None:
        self.config = config
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        migrate(config)
        self.app: Application = create_app(config, clock) if clock else create_app(config)
        self._opened = threading.Event()
        self._life = asyncio.run_coroutine_threadsafe(self._live(), self._loop)
        while not self._opened.wait(0.05):
            if self._life.done():
                self._life.result()

    async def _live(self) -> None:
        self._closing = asyncio.Event()
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 1))  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=60)
        async with self.app.litestar_app.lifespan(), client as self.http:
            self._opened.set()
            await self._closing.wait()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def request(self, method: str, path: str, **keywords: Any) -> httpx.Response:
        response: httpx.Response = self.run(self.http.request(method, path, **keywords))
        return response

    def run_concurrently(self, requests: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
        """Sends requests (of `self.http`) at the same time; returns their answers."""

        async def gathered() -> list[Any]:
            return await asyncio.gather(*requests)

        answers: list[Any] = self.run(gathered())
        return answers

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._life.result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Reads (or breaks) the database behind the server's back."""
        database = self.app.services._database

        async def rows() -> list[Any]:
            async with database.write() as connection:
                return list(await connection.rows(statement, *values))

        found: list[Any] = self.run(rows())
        return found


@contextlib.contextmanager
def server(folder: Path, database_url: str = "", clock: Any = None, **settings: Any) -> Iterator[Harness]:
    """Runs a server for the block: on SQLite in `folder`, or on Postgres."""
    harness = Harness(Config(data_folder=str(folder), database_url=database_url, **(GENEROUS_LIMITS | settings)), clock)
    try:
        yield harness
    finally:
        harness.close()


def sync_proof(key: SigningKey, which: str, action: str, host: str, challenge: dict[str, Any], body: bytes) -> str:
    """Returns a `Sync-Proof` header."""
    digest = b64(hashlib.sha256(body).digest())
    lines = ["up-schedule-sync/1", action, host, challenge["name"], challenge["nonce"], str(challenge["time"]), digest]
    return f"{which}.{challenge['nonce']}.{b64(key.sign(chr(10).join(lines).encode()).signature)}"


def solve_puzzle(puzzle: dict[str, Any]) -> str:
    """Returns a `Sync-Work` header for the puzzle of a 429."""
    assert (puzzle["algorithm"], puzzle["passes"]) == ("argon2id", 1)
    salt = base64.urlsafe_b64decode(puzzle["seed"] + "=" * (-len(puzzle["seed"]) % 4))[:16]
    for counter in itertools.count():
        digest = argon2id.kdf(32, counter.to_bytes(8, "big"), salt, opslimit=1, memlimit=puzzle["memory_kib"] * 1024)
        if int.from_bytes(digest[:8], "big") * puzzle["tries"] < 2**64:
            return f"{puzzle['seed']}.{counter}"
    raise AssertionError


@dataclass
class Person:
    """A person with an account (or about to create one), on one device."""

    harness: Harness
    name: str
    account: str = field(default_factory=new_id)
    device: str = field(default_factory=new_id)
    key: SigningKey = field(default_factory=SigningKey.generate)
    recovery: SigningKey = field(default_factory=SigningKey.generate)
    version: int = 1
    token: str = ""
    epoch: str = ""
    etag: str = ""
    host: str = "localhost"

    def keyring(self, **changes: Any) -> dict[str, Any]:
        self.etag = new_id()
        return {
            "version": self.version,
            "etag": self.etag,
            "kdf": {"algorithm": "argon2id", "salt": b64(b"s" * 16), "memory_kib": 65536, "passes": 3, "lanes": 1},
            "login_key": b64(bytes(self.key.verify_key)),
            "recovery_login_key": b64(bytes(self.recovery.verify_key)),
            "wrapped_by_password": b64(b"p" * 72),
            "wrapped_by_recovery": b64(b"r" * 72),
            "keys": b64(b"k" * 100),
        } | changes

    def challenge(self, action: str, name: str | None = None) -> dict[str, Any]:
        body = {"name": self.name if name is None else name, "action": action}
        response = self.harness.request("POST", "/v1/auth/challenge", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def request_with_proof(
        self, method: str, path: str, action: str, body: Any = None, which: str = "password", **headers: str
    ) -> Any:
        """Sends a request with a proof of `action`."""
        content = b"" if body is None else json.dumps(body).encode()
        key = self.key if which == "password" else self.recovery
        headers["Sync-Proof"] = sync_proof(key, which, action, self.host, self.challenge(action), content)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.harness.request(method, path, content=content, headers=headers)

    def register(self, **changes: Any) -> httpx.Response:
        body = {
            "name": self.name,
            "account": self.account,
            "device": {"id": self.device, "label": None},
            "keyring": self.keyring(),
        }
        response: httpx.Response = self.request_with_proof("POST", "/v1/auth/register", "register", body | changes)
        return self._signed_in(response)

    def login(self, which: str = "password") -> httpx.Response:
        body = {"name": self.name, "device": {"id": self.device, "label": None}}
        return self._signed_in(self.request_with_proof("POST", "/v1/auth/login", "login", body, which))

    def _signed_in(self, response: httpx.Response) -> httpx.Response:
        if response.status_code in (200, 201):
            answer = response.json()
            self.token, self.epoch, self.account = answer["token"], answer["epoch"], answer["account"]
        return response

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def request_signed_in(self, method: str, path: str, **keywords: Any) -> httpx.Response:
        headers = self.bearer | keywords.pop("headers", {})
        return self.harness.request(method, path, headers=headers, **keywords)

    def another_device(self) -> Person:
        """Returns the same person on one more device, signed in."""
        other = Person(self.harness, self.name, self.account, new_id(), self.key, self.recovery, self.version)
        other.host, other.etag = self.host, self.etag
        assert other.login().status_code == 200
        return other

    def batch(self, *records: dict[str, Any], epoch: str | None = None) -> dict[str, Any]:
        return {"epoch": epoch or self.epoch, "records": list(records)}

    def push(self, *records: dict[str, Any], key: str | None = None, epoch: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key or new_id()}
        return self.request_signed_in("POST", "/v1/batches", json=self.batch(*records, epoch=epoch), headers=headers)

    def changes(self, cursor: str | None = None, limit: int = 500) -> httpx.Response:
        parameters = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        return self.request_signed_in("GET", "/v1/changes", params=parameters)


def record(identifier: str | None = None, base: str | None = None, **changes: Any) -> dict[str, Any]:
    """Returns a new version of a record, in the form of a batch."""
    return {
        "id": identifier or new_id(),
        "base": base,
        "etag": new_id(),
        "deleted": False,
        "key": b64(b"K" * 16),
        "schema": 1,
        "blob": b64(os.urandom(24)),
    } | changes


def somebody(harness: Harness) -> Person:
    """Returns a new account, signed in."""
    person = Person(harness, f"student-{os.urandom(4).hex()}")
    response = person.register()
    assert response.status_code == 201, response.text
    return person
