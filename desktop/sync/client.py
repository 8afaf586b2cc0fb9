"""A typed client of the sync server's HTTP interface, and the only place in sync that uses HTTP to reach it.

Every failure is raised as an AppError of `problem_errors`. Redirects are never followed, and plain http is allowed
only for this machine itself.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop import __version__
from desktop.domain.errors import InvalidInput, NotReachable
from desktop.domain.records.records import Json, canonical_json
from desktop.sync import problem_errors, proof_of_work, wire
from desktop.sync.wire import InvalidResponse

if TYPE_CHECKING:
    from desktop.http_client import HttpClient

_MAX_RESPONSE_BYTES = 8 * 1024 * 1024
_MAX_EXPORT_BYTES = 128 * 1024 * 1024
_MAX_RESPONSE_SECONDS = 300.0  # for a response of 8 MiB over a slow mobile network
_TIMEOUT_SECONDS = 15.0
_MAX_PUZZLES = 3
_MANIFEST_PAGE = 2000

Proof = Callable[[wire.Challenge, str, bytes], str]  # challenge, host, body -> "password.<nonce>.<signature>"


def server_address(text: str) -> str:
    """Normalises a server's address to `https://host[:port]`; http is allowed for this machine only.

    Raises InvalidInput.
    """
    text = text.strip()
    try:
        if "://" not in text:
            text = ("http://" if _is_loopback(urlsplit(f"//{text}").hostname) else "https://") + text
        parts = urlsplit(text)
        port = parts.port
    except ValueError as wrong:
        raise InvalidInput("This is not the address of a server.", "It looks like https://sync.example.org.") from wrong
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.username
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise InvalidInput("This is not the address of a server.", "It looks like https://sync.example.org.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise InvalidInput(
            "This address is not encrypted.", "Use one that begins with https://; http is only for this machine."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in {None, default} else f":{port}")


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def is_this_machine(address: str) -> bool:
    """True if the address is a loopback address, which no other machine can reach."""
    try:
        return _is_loopback(urlsplit(address).hostname)
    except ValueError:
        return False


class Client:
    """The requests of `docs/sync-protocol.md`. Safe to use from several threads.

    `token` is the session token; requests that need none do not send it.
    """

    def __init__(self, address: str) -> None:
        self.address = server_address(address)
        self.host = self.address.split("://", 1)[1]
        self.token: str | None = None
        self.device = ""  # the profile's device id, if it has one: the server gives known devices priority at sign-in
        self.requests = 0
        self._http: dict[bool, HttpClient] = {}  # False: for ordinary requests; True: for long polling
        self._lock = threading.Lock()
        self._held_socket: Any = None  # the socket of the long-polling request, so that it can be interrupted

    def __repr__(self) -> str:
        return f"Client({self.address})"

    # before a session

    def info(self) -> wire.Info:
        return wire.info_from_json(self._json("GET", "/v1/info", token=False))

    def challenge(self, name: str, action: str) -> wire.Challenge:
        body = {"name": name, "action": action}
        headers = {"Sync-Device": self.device} if self.device else {}
        answer = wire.challenge_from_json(self._json("POST", "/v1/auth/challenge", body, headers=headers, token=False))
        if answer.action != action:
            raise InvalidResponse
        return answer

    def register(self, challenge: wire.Challenge, proof: Proof, body: Json) -> wire.ServerSession:
        return wire.session_from_json(self._signed("POST", "/v1/auth/register", challenge, proof, body, token=False))

    def login(self, challenge: wire.Challenge, proof: Proof, device: str, label: bytes | None) -> wire.ServerSession:
        sealed = None if label is None else wire.b64(label)
        body = {"name": challenge.name, "device": {"id": device, "label": sealed}}
        headers = {"Sync-Device": device}
        return wire.session_from_json(
            self._signed("POST", "/v1/auth/login", challenge, proof, body, headers=headers, token=False)
        )

    # the account

    def logout(self) -> None:
        self._json("POST", "/v1/auth/logout")

    def delete_account(self, challenge: wire.Challenge, proof: Proof) -> None:
        self._signed("DELETE", "/v1/account", challenge, proof, None)

    def devices(self) -> tuple[wire.Device, ...]:
        return wire.devices_from_json(self._json("GET", "/v1/devices"))

    def rename_device(self, device: str, label: bytes) -> None:
        self._json("PUT", f"/v1/devices/{device}", {"label": wire.b64(label)})

    def revoke_device(self, device: str) -> None:
        self._json("DELETE", f"/v1/devices/{device}")

    def export(self) -> Json:
        return self._json("GET", "/v1/export", most=_MAX_EXPORT_BYTES)

    def keyring(self) -> wire.Keyring:
        return wire.keyring_from_json(self._json("GET", "/v1/keyring"))

    def put_keyring(
        self, keyring: wire.Keyring, replaces: str, challenge: wire.Challenge, proof: Proof
    ) -> wire.Keyring:
        headers = {"If-Match": f'"{replaces}"'}
        body = keyring.to_json()
        return wire.keyring_from_json(self._signed("PUT", "/v1/keyring", challenge, proof, body, headers=headers))

    # records

    def head(self, tag: str | None, wait: int = 0) -> wire.Head | None:
        """The head of the account, or None if its etag still is `tag`.

        With `wait` the server holds the request for up to that many seconds until the head changes (long polling).
        """
        headers = {} if tag is None else {"If-None-Match": tag}
        path = f"/v1/head?wait={wait}" if wait else "/v1/head"
        status, got, data = self._send("GET", path, None, headers, timeout=_TIMEOUT_SECONDS + wait, hold=wait > 0)
        if status == 304:
            return None
        return wire.head_from_json(_parse(data), got.get("etag", ""))

    def interrupt_head(self) -> None:
        """Interrupts a long-polling `head` of another thread, where it then raises NotReachable."""
        with self._lock:
            if self._held_socket is not None:
                with suppress(OSError):
                    # Not SSLSocket.shutdown, which drops the TLS state while the other thread is still reading.
                    socket.socket.shutdown(self._held_socket, socket.SHUT_RDWR)

    def changes(self, cursor: str | None, limit: int = 500) -> wire.ChangesPage:
        after = "" if cursor is None else f"cursor={cursor}&"
        return wire.page_from_json(self._json("GET", f"/v1/changes?{after}limit={limit}"))

    def manifest(self) -> wire.Manifest:
        """Reads all pages of the manifest.

        The cursor is the last page's: if a device's own cursor equals it, nothing was written since that device pulled.
        """
        etags: dict[str, str] = {}
        after = 0
        while True:
            page = wire.manifest_from_json(self._json("GET", f"/v1/manifest?limit={_MANIFEST_PAGE}&after={after}"))
            etags |= page.etags
            if not page.next_after:
                return replace(page, etags=etags)
            if page.next_after <= after:
                raise InvalidResponse
            after = page.next_after

    def push(self, body: bytes, key: str) -> wire.Receipt:
        """Sends a batch (bytes of `batch_body`). The same key with the same bytes gets the same receipt again."""
        headers = {"Idempotency-Key": key}
        return wire.receipt_from_json(_parse(self._send("POST", "/v1/batches", body, headers)[2]))

    # linking a new device
    def open_link(self, address: str, commitment: bytes) -> wire.Link:
        body = {"commitment": wire.b64(commitment)}
        return wire.link_from_json(self._json("PUT", f"/v1/links/{address}", body))

    def link(self, address: str) -> wire.Link:
        return wire.link_from_json(self._json("GET", f"/v1/links/{address}", token=False))

    def put_link_request(self, address: str, request: bytes) -> wire.Link:
        body = {"sealed": wire.b64(request)}
        return wire.link_from_json(self._json("PUT", f"/v1/links/{address}/request", body, token=False))

    def put_link_reply(self, address: str, part: str, sealed: bytes) -> wire.Link:
        """Uploads a message of the first device; `part` is `key`, and later `answer`."""
        return wire.link_from_json(self._json("PUT", f"/v1/links/{address}/{part}", {"sealed": wire.b64(sealed)}))

    def close_link(self, address: str) -> None:
        self._json("DELETE", f"/v1/links/{address}")

    # published calendars

    def put_feed(self, feed: str, token: str, calendar: str) -> None:
        self._json("PUT", f"/v1/feeds/{feed}", {"token": token, "calendar": calendar})

    def feeds(self) -> tuple[str, ...]:
        try:
            return tuple(wire.identifier(each["id"]) for each in self._json("GET", "/v1/feeds")["feeds"])
        except (KeyError, TypeError) as wrong:
            raise InvalidResponse from wrong

    def delete_feed(self, feed: str) -> None:
        self._json("DELETE", f"/v1/feeds/{feed}")

    def calendar(self, token: str) -> bytes:
        """The calendar published under a token, read without a session. Raises Absent if there is none."""
        return self._send("GET", f"/v1/calendars/{token}.ics", None, {}, token=False)[2]

    def calendar_address(self, token: str) -> str:
        """The https address of a published calendar."""
        return f"{self.address}/v1/calendars/{token}.ics"

    def close(self) -> None:
        self.interrupt_head()
        with self._lock:
            opened, self._http = list(self._http.values()), {}
        for http in opened:
            http.close()

    # requests
    def _signed(
        self,
        method: str,
        path: str,
        challenge: wire.Challenge,
        proof: Proof,
        plain: Json,
        *,
        headers: Mapping[str, str] | None = None,
        token: bool = True,
    ) -> Json:
        body = b"" if plain is None else canonical_json(plain).encode()
        headers = {**(headers or {}), "Sync-Proof": proof(challenge, self.host, body)}
        return _parse(self._send(method, path, body or None, headers, token=token)[2])

    def _json(
        self,
        method: str,
        path: str,
        plain: Json = None,
        *,
        headers: Mapping[str, str] | None = None,
        token: bool = True,
        most: int = _MAX_RESPONSE_BYTES,
    ) -> Json:
        body = None if plain is None else canonical_json(plain).encode()
        return _parse(self._send(method, path, body, headers or {}, token=token, most=most)[2])

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        token: bool = True,
        timeout: float = _TIMEOUT_SECONDS,
        hold: bool = False,
        most: int = _MAX_RESPONSE_BYTES,
    ) -> tuple[int, Mapping[str, str], bytes]:
        puzzles = 0
        while True:
            status, got, data = self._request_once(
                method, path, body, headers, token=token, timeout=timeout, hold=hold, most=most
            )
            if status < 400:
                return status, got, data
            problem = _problem(data)
            work = proof_of_work.solve(problem.get("work")) if status == 429 and puzzles < _MAX_PUZZLES else None
            if work is None:
                raise problem_errors.error_from_problem(status, got.get("retry-after"), problem)
            puzzles += 1
            headers = {**headers, "Sync-Work": work}

    def _request_once(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        *,
        token: bool,
        timeout: float,
        hold: bool,
        most: int,
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpx  # noqa: PLC0415 -- 60 ms that a start without sync does not pay

        from desktop.http_client import TooLarge  # noqa: PLC0415

        sent = dict(headers)
        if body is not None:
            sent["Content-Type"] = "application/json"
        if token:
            if self.token is None:
                raise problem_errors.SessionEnded
            sent["Authorization"] = f"Bearer {self.token}"
        http = self._opened(hold)
        self.requests += 1
        try:
            answer = http.request(
                method,
                self.address + path,
                content=body,
                headers=sent,
                timeout=timeout,
                max_bytes=most,
                max_seconds=_MAX_RESPONSE_SECONDS * (most / _MAX_RESPONSE_BYTES) + timeout,
                trace=self._watch if hold else None,
            )
        except TooLarge as trouble:
            raise InvalidResponse("The server sent far more than was asked for.") from trouble
        except httpx.HTTPError as trouble:
            raise problem_errors.unreachable(self.host, late=isinstance(trouble, httpx.TimeoutException)) from trouble
        if 300 <= answer.status < 400 and answer.status != 304:
            raise InvalidResponse("The server points to another address.", "Enter the address it really has.")
        return answer.status, answer.headers, answer.content

    def _watch(self, event: str, about: Mapping[str, Any]) -> None:
        stream = about.get("return_value")
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            with self._lock:
                self._held_socket = stream.get_extra_info("socket")  # type: ignore[union-attr]

    def _opened(self, hold: bool) -> HttpClient:
        from desktop.http_client import HttpClient  # noqa: PLC0415 -- as above

        with self._lock:
            if hold not in self._http:
                self._http[hold] = HttpClient(
                    max_bytes=_MAX_RESPONSE_BYTES,
                    max_seconds=_MAX_RESPONSE_SECONDS,
                    timeout=_TIMEOUT_SECONDS,
                    headers={"Sync-Client": f"upschedule/{__version__}", "User-Agent": f"upschedule/{__version__}"},
                    max_connections=1 if hold else 4,
                )
            return self._http[hold]


def batch_body(epoch: str, pushes: Sequence[wire.Push]) -> bytes:
    """The request body of a batch."""
    return canonical_json({"epoch": epoch, "records": [each.to_json() for each in pushes]}).encode()


def _parse(data: bytes) -> Json:
    if not data:
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as wrong:
        raise InvalidResponse from wrong


def _problem(data: bytes) -> dict[str, Json]:
    try:
        problem = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return problem if isinstance(problem, dict) else {}


__all__ = ["Client", "NotReachable", "Proof", "batch_body", "server_address"]
