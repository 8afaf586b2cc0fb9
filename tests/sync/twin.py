"""An in-memory twin of the sync server, which follows docs/sync-protocol.md; `test_contract` runs over both.

It can do what no test wants to wait for: be restored from a backup in an instant, forget old deletions, lose a request
or an answer, have a clock that jumps. Its rules can be broken one by one (`broken`), to show that the tests notice.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from desktop.domain.errors import NotReachable
from desktop.sync import client, problem_errors, wire
from tests.sync.clocks import WallClock

CHALLENGE_SECONDS = 120
LINK_SECONDS = 300
LINK_PARTS = ("request", "key", "answer")
DAY = 86_400
SESSION, RECEIPT, TOMBSTONE, YEAR = 90 * DAY, 7 * DAY, 180 * DAY, 365 * DAY  # what the server has unless told otherwise


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Problem(Exception):
    def __init__(self, status: int, kind: str, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(kind)
        self.status = status
        self.headers = dict(headers or {})
        self.body = {"type": f"/problems/{kind}", "title": kind, "status": status, **members}


class AccountRows:
    def __init__(self, account: str, name: str, keyring: dict[str, Any]) -> None:
        self.account = account
        self.name = name
        self.keyring = keyring
        self.head = 0
        self.records: dict[str, dict[str, Any]] = {}
        self.written: dict[str, int] = {}  # when each record was, by the server's clock
        self.receipts: dict[str, tuple[str, dict[str, Any], int]] = {}
        self.devices: dict[str, dict[str, Any]] = {}
        self.cursors: dict[str, int] = {}  # how far each device is known to be
        self.revoked: set[str] = set()
        self.feeds: dict[str, dict[str, str]] = {}
        self.gc_before = 0


class TwinServer:
    """All of a server's state; `backup` and `restore` copy and replace it. Its time is `clock`."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken
        self.clock = WallClock()
        self.epoch = b64(secrets.token_bytes(16))
        self.accounts: dict[str, AccountRows] = {}
        self.sessions: dict[str, tuple[str, str]] = {}
        self.used: dict[str, int] = {}  # when each session was
        self.nonces: dict[str, tuple[str, str, int]] = {}
        self.deleted_accounts: set[str] = set()
        self.links: dict[str, dict[str, Any]] = {}
        self.limits: dict[str, int] = {"records": 5000, "bytes": 20_000_000, "devices": 20, "feeds": 5}
        self.fault: Callable[[str, str], Problem | None] = lambda method, path: None
        self.log: list[str] = []

    def backup(self) -> dict[str, AccountRows]:
        return copy.deepcopy(self.accounts)

    def restore(self, saved: dict[str, AccountRows]) -> None:
        self.accounts = copy.deepcopy(saved)
        for rows in self.accounts.values():
            rows.feeds = {}
            rows.cursors = {}
        for account in self.deleted_accounts:
            self.accounts.pop(account, None)
        if self.broken != "R8":
            self.epoch = b64(secrets.token_bytes(16))
        self.sessions = {}

    def forget_deletions(self) -> None:
        """Do what happens 180 days after a deletion."""
        for rows in self.accounts.values():
            _remove_deletions(rows, [each for each in rows.records.values() if each["deleted"]])

    def clean_up(self) -> None:
        """Remove what is old by this server's clock, and deletions that every device of the last year has."""
        now = int(self.clock())
        self.nonces = {nonce: each for nonce, each in self.nonces.items() if each[2] >= now - 2 * CHALLENGE_SECONDS}
        self.sessions = {token: each for token, each in self.sessions.items() if self.used[token] >= now - SESSION}
        for rows in self.accounts.values():
            rows.receipts = {key: each for key, each in rows.receipts.items() if each[2] >= now - RECEIPT}
            _remove_deletions(rows, self.removable_deletions(rows))

    def removable_deletions(self, rows: AccountRows) -> list[dict[str, Any]]:
        """The deletions that may be removed."""
        now = int(self.clock())
        awake = [name for name, each in rows.devices.items() if each["last_seen"] > now - YEAR]
        known = min((rows.cursors.get(name, 0) for name in awake), default=rows.head)
        deleted = [each for each in rows.records.values() if each["deleted"] and each["number"] <= known]
        return [each for each in deleted if rows.written[each["id"]] < now - TOMBSTONE]

    # requests

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {name.lower(): value for name, value in headers.items()}
        self.log.append(f"{method} {path}")
        try:
            fault = self.fault(method, path)
            if fault is not None:
                raise fault
            parts = urlsplit(path)
            return self._route(method, parts.path, parse_qs(parts.query), headers, body)
        except Problem as problem:
            return problem.status, problem.headers, json.dumps(problem.body).encode()

    def _route(
        self, method: str, path: str, query: dict[str, list[str]], headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        plain = json.loads(body) if body else None
        parts = path.strip("/").split("/")[1:]
        match method, *parts:
            case "GET", "info":
                return _json({"server": "twin", "version": "1.0.0", "protocol": [1], "registration": "open"})
            case "POST", "auth", "challenge":
                return _json(self._challenge(plain))
            case "POST", "auth", "register":
                return _json(self._register(plain, headers, body), 201)
            case "POST", "auth", "login":
                return _json(self._login(plain, headers, body))
            case "GET", "links", address:
                return _json(self._link(address))
            case "PUT", "links", address, "request":
                return _json(self._fill_link(address, "request", plain["sealed"]))
            case "GET", "calendars", token:
                return self._calendar(token.removesuffix(".ics"), headers)
        rows, device = self._session(headers)
        match method, *parts:
            case "POST", "auth", "logout":
                self.sessions = {token: each for token, each in self.sessions.items() if each != (rows.account, device)}
                return 204, {}, b""
            case "DELETE", "account":
                self._prove(headers, body, rows.name, "delete-account", rows.keyring)
                del self.accounts[rows.account]
                self.deleted_accounts.add(rows.account)
                self.sessions = {token: each for token, each in self.sessions.items() if each[0] != rows.account}
                return 204, {}, b""
            case "GET", "devices":
                found = [{**each, "current": each["id"] == device} for each in rows.devices.values()]
                return _json({"devices": found})
            case "PUT", "devices", other:
                if other not in rows.devices:
                    raise Problem(404, "not-found")
                rows.devices[other]["label"] = plain["label"]
                return 204, {}, b""
            case "DELETE", "devices", other:
                if other in rows.devices:
                    del rows.devices[other]
                    rows.revoked.add(other)
                self.sessions = {t: each for t, each in self.sessions.items() if each != (rows.account, other)}
                return 204, {}, b""
            case "GET", "keyring":
                return _json(rows.keyring)
            case "PUT", "keyring":
                return _json(self._put_keyring(rows, device, plain, headers, body))
            case "GET", "head":
                return self._head(rows, headers)
            case "GET", "changes":
                return _json(self._changes(rows, device, query))
            case "GET", "manifest":
                listed = sorted(rows.records.values(), key=lambda each: each["number"])
                short = [{name: each[name] for name in ("id", "etag", "deleted", "number")} for each in listed]
                return _json({"epoch": self.epoch, "head": rows.head, "cursor": self._cursor(rows), "records": short})
            case "POST", "batches":
                return _json(self._batch(rows, plain, headers, body))
            case "PUT", "feeds", feed:
                return _json(self._put_feed(rows, feed, plain), 200 if feed in rows.feeds else 201)
            case "GET", "feeds":
                return _json({"feeds": [{"id": each} for each in rows.feeds]})
            case "DELETE", "feeds", feed:
                rows.feeds.pop(feed, None)
                return 204, {}, b""
            case "PUT", "links", address:
                self.links = {known: each for known, each in self.links.items() if each["account"] != rows.account}
                self.links[address] = {
                    "account": rows.account,
                    "commitment": plain["commitment"],
                    **dict.fromkeys(LINK_PARTS),
                    "expires": int(self.clock()) + LINK_SECONDS,
                }
                return _json(self._link(address), 201)
            case "PUT", "links", address, part:
                return _json(self._fill_link(address, part, plain["sealed"], rows.account))
            case "DELETE", "links", address:
                if self.links.get(address, {}).get("account") == rows.account:
                    del self.links[address]
                return 204, {}, b""
            case "GET", "export":
                return _json({"account": rows.account, "name": rows.name, "records": list(rows.records.values())})
        raise Problem(404, "not-found")

    def _link(self, address: str) -> dict[str, Any]:
        link = self.links.get(address)
        if link is None or not 0 < link["expires"] - int(self.clock()) <= LINK_SECONDS:
            raise Problem(410, "link-closed")
        return {name: value for name, value in link.items() if name != "account"}

    def _fill_link(self, address: str, part: str, sealed: str, account: str | None = None) -> dict[str, Any]:
        found = self._link(address)
        link = self.links[address]
        if part != "request" and link["account"] != account:
            raise Problem(410, "link-closed")
        before = LINK_PARTS[: LINK_PARTS.index(part)]
        if found[part] is not None or any(found[name] is None for name in before):
            raise Problem(409, "link-used")
        link[part] = sealed
        return self._link(address)

    # accounts

    def _challenge(self, plain: Any) -> dict[str, Any]:
        name = unicodedata.normalize("NFKC", plain["name"]).casefold().strip()
        if not 3 <= len(name) <= 64:
            raise Problem(422, "invalid", errors=[{"pointer": "/name", "detail": "3 to 64 characters"}])
        nonce, now = b64(secrets.token_bytes(24)), int(self.clock())
        self.nonces[nonce] = (name, plain["action"], now)
        rows = self._account_named(name)
        salt = b64(hashlib.sha256(f"nobody {name}".encode()).digest()[:16])
        kdf = {"algorithm": "argon2id", "salt": salt, "memory_kib": 65536, "passes": 3, "lanes": 1}
        return {
            "name": name,
            "action": plain["action"],
            "nonce": nonce,
            "time": now,
            "expires_in": CHALLENGE_SECONDS,
            "kdf": kdf if rows is None else rows.keyring["kdf"],
        }

    def _account_named(self, name: str) -> AccountRows | None:
        return next((rows for rows in self.accounts.values() if rows.name == name), None)

    def _prove(
        self, headers: Mapping[str, str], body: bytes, name: str, action: str, keyring: dict[str, Any] | None
    ) -> None:
        if "sync-proof" not in headers:
            raise Problem(403, "proof-required")
        which, nonce, signature = headers["sync-proof"].split(".")
        meant, wanted, time = self.nonces.pop(nonce, ("", "", 0))
        if (meant, wanted) != (name, action) or not time <= int(self.clock()) <= time + CHALLENGE_SECONDS:
            raise Problem(401, "challenge-stale")
        if keyring is None:
            raise Problem(401, "login-refused")
        key = keyring["login_key" if which == "password" else "recovery_login_key"]
        digest = b64(hashlib.sha256(body).digest())
        message = "\n".join(["up-schedule-sync/1", action, headers["host"], name, nonce, str(time), digest])
        try:
            VerifyKey(unb64(key)).verify(message.encode(), unb64(signature))
        except BadSignatureError as wrong:
            raise Problem(401, "login-refused") from wrong

    def _register(self, plain: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        self._prove(headers, body, plain["name"], "register", plain["keyring"])
        if plain["account"] in self.accounts or plain["account"] in self.deleted_accounts:
            raise Problem(409, "account-exists")
        if self._account_named(plain["name"]) is not None:
            raise Problem(409, "name-taken")
        rows = self.accounts[plain["account"]] = AccountRows(plain["account"], plain["name"], plain["keyring"])
        return self._sign_in(rows, plain["device"])

    def _login(self, plain: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        rows = self._account_named(plain["name"])
        self._prove(headers, body, plain["name"], "login", None if rows is None else rows.keyring)
        assert rows is not None
        return self._sign_in(rows, plain["device"])

    def _sign_in(self, rows: AccountRows, device: Any) -> dict[str, Any]:
        name = device["id"]
        if name in rows.revoked:
            raise Problem(403, "device-revoked")
        if name not in rows.devices and len(rows.devices) >= self.limits["devices"]:
            raise Problem(403, "quota-exceeded", quota="devices", limit=self.limits["devices"], used=len(rows.devices))
        now = int(self.clock())
        known = rows.devices.setdefault(name, {"id": name, "label": None, "created": now, "last_seen": now})
        known["label"] = device["label"] or known["label"]
        known["last_seen"] = now
        self.sessions = {token: each for token, each in self.sessions.items() if each != (rows.account, name)}
        token = b64(secrets.token_bytes(32))
        self.sessions[token] = (rows.account, name)
        self.used[token] = now
        return {
            "token": token,
            "account": rows.account,
            "name": rows.name,
            "device": name,
            "epoch": self.epoch,
            "head": rows.head,
            "keyring": rows.keyring,
        }

    def _session(self, headers: Mapping[str, str]) -> tuple[AccountRows, str]:
        token, now = headers.get("authorization", "").removeprefix("Bearer "), int(self.clock())
        if token not in self.sessions or self.used[token] <= now - SESSION:
            raise Problem(401, "session-ended")
        account, device = self.sessions[token]
        rows = self.accounts[account]
        self.used[token] = max(self.used[token], now)
        rows.devices[device]["last_seen"] = max(rows.devices[device]["last_seen"], now)
        return rows, device

    def _put_keyring(
        self, rows: AccountRows, device: str, plain: Any, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        if "if-match" not in headers:
            raise Problem(428, "precondition-required")
        if headers["if-match"] != f'"{rows.keyring["etag"]}"' or plain["version"] <= rows.keyring["version"]:
            raise Problem(412, "precondition-failed", current=rows.keyring)
        guarded = ("kdf", "login_key", "recovery_login_key", "wrapped_by_password", "wrapped_by_recovery")
        self._prove(headers, body, rows.name, "keyring", rows.keyring)
        if plain["version"] > rows.keyring["version"] + wire.KEYRING_VERSION_STEP:
            raise Problem(422, "invalid", errors=[{"pointer": "/version", "detail": "too far above"}])
        if any(plain[name] != rows.keyring[name] for name in guarded):
            self.sessions = {
                token: each for token, each in self.sessions.items() if each[0] != rows.account or each[1] == device
            }
        rows.keyring = plain
        return rows.keyring

    # records

    def _cursor(self, rows: AccountRows) -> str:
        return f"{self.epoch}.{rows.head}"

    def _head(self, rows: AccountRows, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        tag = f'"{self._cursor(rows)}.{rows.keyring["etag"]}"'
        if headers.get("if-none-match") == tag:
            return 304, {"etag": tag}, b""
        body = {
            "epoch": self.epoch,
            "head": rows.head,
            "cursor": self._cursor(rows),
            "keyring": rows.keyring["etag"],
        }
        return 200, {"etag": tag}, json.dumps(body).encode()

    def _changes(self, rows: AccountRows, device: str, query: dict[str, list[str]]) -> dict[str, Any]:
        after = 0
        if "cursor" in query:
            epoch, _, number = query["cursor"][0].partition(".")
            after = int(number)
            if self.broken != "R8":
                if epoch != self.epoch or after > rows.head:
                    raise Problem(410, "gone", reason="epoch", epoch=self.epoch)
                if after < rows.gc_before and self.broken != "gc":
                    raise Problem(410, "gone", reason="gc", epoch=self.epoch)
            rows.cursors[device] = max(rows.cursors.get(device, 0), after)
        limit = int(query.get("limit", ["200"])[0])
        newer = sorted((each for each in rows.records.values() if each["number"] > after), key=lambda e: e["number"])
        page, more = newer[:limit], len(newer) > limit
        cursor = f"{self.epoch}.{page[-1]['number']}" if more else self._cursor(rows)
        return {"epoch": self.epoch, "head": rows.head, "cursor": cursor, "more": more, "records": page}

    def _batch(self, rows: AccountRows, plain: Any, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        key = headers.get("idempotency-key")
        if key is None:
            raise Problem(428, "precondition-required")
        digest = hashlib.sha256(body).hexdigest()
        if key in rows.receipts and self.broken != "R6":
            if rows.receipts[key][0] != digest:
                raise Problem(422, "key-reused")
            return rows.receipts[key][1]
        if plain["epoch"] != self.epoch:
            raise Problem(410, "gone", reason="epoch", epoch=self.epoch)
        self._check_batch(rows, plain)
        conflicts = []
        for each in plain["records"]:
            current = rows.records.get(each["id"])
            if (None if current is None else current["etag"]) != each["base"]:
                conflicts.append({"id": each["id"], "current": current})
        if conflicts:
            raise Problem(409, "conflict", epoch=self.epoch, head=rows.head, conflicts=conflicts)
        before, now = rows.head, int(self.clock())
        for each in plain["records"]:
            rows.head += 1
            rows.written[each["id"]] = now
            rows.records[each["id"]] = {name: value for name, value in each.items() if name != "base"} | {
                "number": rows.head
            }
        answer = {
            "epoch": self.epoch,
            "before": before,
            "head": rows.head,
            "cursor": self._cursor(rows),
            "records": [{"id": each["id"], "number": before + 1 + at} for at, each in enumerate(plain["records"])],
        }
        rows.receipts[key] = (digest, answer, now)
        return answer

    def _check_batch(self, rows: AccountRows, plain: Any) -> None:
        ids = [each["id"] for each in plain["records"]]
        if not 1 <= len(ids) <= 100 or len(set(ids)) != len(ids):
            raise Problem(422, "invalid", errors=[{"pointer": "/records", "detail": "1 to 100, no id twice"}])
        for each in plain["records"]:
            if len(unb64(each["blob"])) > wire.RECORD_BYTES:
                raise Problem(413, "record-too-large", id=each["id"], limit=wire.RECORD_BYTES)
        live = {each["id"] for each in rows.records.values() if not each["deleted"]}
        new = sum(1 for each in plain["records"] if not each["deleted"] and each["id"] not in live)
        if new and len(live) + new > self.limits["records"]:
            raise Problem(403, "quota-exceeded", quota="records", limit=self.limits["records"], used=len(live))

    # published calendars

    def _put_feed(self, rows: AccountRows, feed: str, plain: Any) -> dict[str, Any]:
        if feed not in rows.feeds and len(rows.feeds) >= self.limits["feeds"]:
            raise Problem(403, "quota-exceeded", quota="feeds", limit=self.limits["feeds"], used=len(rows.feeds))
        rows.feeds[feed] = plain
        return {"id": feed, "path": f"/v1/calendars/{plain['token']}.ics"}

    def _calendar(self, token: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        for rows in self.accounts.values():
            for each in rows.feeds.values():
                if each["token"] == token:
                    data = each["calendar"].encode()
                    tag = f'"{hashlib.sha256(data).hexdigest()}"'
                    same = headers.get("if-none-match") == tag
                    return (304, {"etag": tag}, b"") if same else (200, {"etag": tag}, data)
        raise Problem(404, "not-found")


def _remove_deletions(rows: AccountRows, deleted: list[dict[str, Any]]) -> None:
    for each in deleted:
        del rows.records[each["id"]]
        rows.gc_before = max(rows.gc_before, each["number"])


def _json(plain: Any, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {}, json.dumps(plain).encode()


class TwinClient(client.Client):
    """The real client with the twin in place of the network.

    `fate` decides over each request: `""` succeeds, `lost request` never arrives, `lost answer` is carried out unseen.
    """

    def __init__(self, server: TwinServer, fate: Callable[[str, str], str] = lambda method, path: "") -> None:
        super().__init__("http://localhost:8765")
        self.server = server
        self.fate = fate

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        token: bool = True,
        timeout: float = 0,
        hold: bool = False,
        most: int = 0,
    ) -> tuple[int, Mapping[str, str], bytes]:
        sent = {**headers, "host": self.host}
        if token:
            if self.token is None:
                raise problem_errors.SessionEnded
            sent["authorization"] = f"Bearer {self.token}"
        self.requests += 1
        fate = self.fate(method, path)
        if fate == "lost request":
            raise NotReachable("lost request")
        status, got, data = self.server.handle(method, path, sent, body or b"")
        if fate == "lost answer":
            raise NotReachable("lost answer")
        if status >= 400:
            raise problem_errors.error_from_problem(status, got.get("retry-after"), client._problem(data))
        return status, got, data
