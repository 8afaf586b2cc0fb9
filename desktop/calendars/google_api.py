"""Calls to the Google Calendar API, single or in batches, with authorisation, retries and translated errors."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from desktop.calendars.google_sign_in import GoogleSignIn
from desktop.calendars.network import MAX_ATTEMPTS, parse_retry_after, retry_delay, translate_errors
from desktop.domain.errors import AppError, NotAllowed, NotReachable
from desktop.domain.messages import msg

if TYPE_CHECKING:
    from desktop.http_client import Response

PATH = "/calendar/v3"
MAX_RESPONSE_BYTES = 32 * 1024 * 1024  # of one response; a page of 2500 events takes a few MB
MAX_REQUEST_SECONDS = 300
_HOST = "Google"
_RATE_LIMIT_REASONS = {"rateLimitExceeded", "userRateLimitExceeded"}
_QUOTA_REASONS = {"quotaExceeded", "dailyLimitExceeded", "calendarUsageLimitsExceeded", "variableTermLimitExceeded"}


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request. `path` is relative to that of the API, `body` holds JSON values."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiReply:
    """The response to one call."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    @property
    def reason(self) -> str:
        """Google's code for the first error, such as `rateLimitExceeded`; empty if there is none."""
        error = self.body.get("error")
        errors = error.get("errors") if isinstance(error, Mapping) else None
        first = errors[0] if isinstance(errors, list) and errors else None
        return str(first.get("reason", "")) if isinstance(first, Mapping) else ""

    @property
    def may_succeed_later(self) -> bool:
        return self.status == 429 or self.status >= 500 or (self.status == 403 and self.reason in _RATE_LIMIT_REASONS)


class GoogleApi:
    """The API, authorised as one account."""

    def __init__(self, sign_in: GoogleSignIn, pause: Callable[[float], object] = time.sleep) -> None:
        self._sign_in = sign_in
        self._pause = pause
        self.requests = 0

    def send(self, call: ApiCall, expected: Sequence[int] = ()) -> ApiReply:
        """Send one call. Raises AppError for a status that is neither 200 to 299 nor `expected`."""
        reply = next(self.send_all([call]))
        if reply.status < 300 or reply.status in expected:
            return reply
        raise self.error_for_reply(reply)

    def send_all(self, calls: Sequence[ApiCall]) -> Iterator[ApiReply]:
        """Send calls; gives a reply for each, in order, whatever its status.

        Calls that Google rejected as too frequent, or that failed inside Google, are retried. Raises AppError if the
        request as a whole fails.
        """
        replies: dict[int, ApiReply] = {}
        waiting = list(range(len(calls)))
        renewed = False
        for turn in range(MAX_ATTEMPTS):
            told = self._send_once([calls[number] for number in waiting])
            replies |= dict(zip(waiting, told, strict=True))
            if not renewed and any(replies[number].status == 401 for number in waiting):
                renewed = True
                self._sign_in.token(fresh=True)
                waiting = [number for number in waiting if replies[number].status == 401]
                continue
            waiting = [number for number in waiting if replies[number].may_succeed_later]
            if not waiting or turn == MAX_ATTEMPTS - 1:
                break
            seconds = retry_delay(turn, max(replies[number].retry_after or 0 for number in waiting))
            if seconds is None:
                break
            self._pause(seconds)
        for number in range(len(calls)):
            yield replies[number]

    def _send_once(self, calls: Sequence[ApiCall]) -> list[ApiReply]:
        return [self._send_one(calls[0])] if len(calls) == 1 else self._send_batch(calls)

    def _request(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Response:
        from desktop.http_client import HttpClient  # noqa: PLC0415 - needed only for requests

        self.requests += 1
        signed = {**headers, "Authorization": f"Bearer {self._sign_in.token()}"}
        with (
            translate_errors(_HOST),
            HttpClient(max_bytes=MAX_RESPONSE_BYTES, max_seconds=MAX_REQUEST_SECONDS, timeout=60) as client,
        ):
            return client.request(method, url, content=content, headers=signed)

    def _send_one(self, call: ApiCall) -> ApiReply:
        url = f"{self._sign_in.client.api}{PATH}{call.path}"
        content = json.dumps(call.body).encode() if call.body is not None else None
        response = self._request(call.method, url, content, {"Content-Type": "application/json", **call.headers})
        return _parse_reply(response.status, response.content, response.headers.get("retry-after", ""))

    def _send_batch(self, calls: Sequence[ApiCall]) -> list[ApiReply]:
        boundary = secrets.token_hex(16)
        parts = [
            f"--{boundary}\r\nContent-Type: application/http\r\nContent-ID: <{number}>\r\n\r\n".encode()
            + _serialise_call(call)
            for number, call in enumerate(calls)
        ]
        content = b"\r\n".join(parts) + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/mixed; boundary={boundary}"}
        response = self._request("POST", f"{self._sign_in.client.api}/batch{PATH}", content, headers)
        if response.status != 200:
            whole = _parse_reply(response.status, response.content, response.headers.get("retry-after", ""))
            return [whole] * len(calls)
        return _parse_batch(response.headers.get("content-type", ""), response.content, len(calls))

    def error_for_reply(self, reply: ApiReply) -> AppError:
        """The AppError for a reply with an error status."""
        if reply.status == 401 or reply.reason in {"insufficientPermissions", "accessNotConfigured"}:
            return NotAllowed(
                "Google does not let this program at the calendar.",
                "Sign in to Google again, and leave the tick at the calendar where it is.",
            )
        if reply.reason in _QUOTA_REASONS:
            return NotAllowed(
                "The Google account has reached one of its limits.",
                "Google lifts it by itself, mostly within a day. Push again then; what was written so far stays.",
            )
        if reply.status == 403 and reply.reason not in _RATE_LIMIT_REASONS:
            return NotAllowed(
                "Google does not allow changes to this calendar.",
                "It may be shared with you for reading only. Choose another calendar, or let a new one be made.",
            )
        if reply.may_succeed_later:
            return NotReachable(
                "Google is too busy at the moment.",
                "Push again in a few minutes; what was written so far stays.",
                reply.retry_after,
            )
        return NotAllowed(
            msg("Google refused a request (it answered {status}).", status=reply.status),
            "Push again; if it stays so, remove the calendar in Google Calendar and push anew.",
        )


def _serialise_call(call: ApiCall) -> bytes:
    body = json.dumps(call.body).encode() if call.body is not None else b""
    lines = [f"{call.method} {PATH}{call.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _parse_batch(content_type: str, content: bytes, count: int) -> list[ApiReply]:
    """The replies of a batch, by the number in their Content-ID. A missing reply is a 500, so that it is retried."""
    whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + content, policy=HTTP)
    replies = [ApiReply(500) for _ in range(count)]
    for place, part in enumerate(whole.iter_parts() if whole.is_multipart() else ()):
        named = str(part.get("Content-ID", "")).strip("<>").removeprefix("response-")
        number = int(named) if named.isdigit() else place
        payload: Any = part.get_payload(decode=True)
        head, _, body = bytes(payload).partition(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        words = status.split()
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in fields)}
        if number < count and len(words) > 1 and words[1].isdigit():
            replies[number] = _parse_reply(int(words[1]), body, headers.get("retry-after", ""))
    return replies


def _parse_reply(status: int, content: bytes, retry_after: str) -> ApiReply:
    try:
        body = json.loads(content) if content.strip() else {}
    except ValueError:
        body = {}
    return ApiReply(
        status,
        body if isinstance(body, dict) else {},
        parse_retry_after(retry_after),
    )
