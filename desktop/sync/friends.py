"""The published calendar of a friend: fetched politely, and treated as the hostile input that it is.

Hides: which addresses may be asked (https, and nothing inside this machine's networks), redirects, caps, conditional
requests. What comes back is bytes; `calendars` reads them, aside and capped again.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from desktop import __version__
from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.wording import said
from desktop.sync.answers import unreachable

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 1_000_000
MOST_SECONDS = 10.0
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the calendar's bytes, or None where it is as it was; with what to ask with next time."""

    data: bytes | None
    etag: str | None
    modified: str | None
    address: str  # where it is now, if it has moved for good


def friend_address(text: str, *, loopback: bool = False) -> str:
    """The https address in what was typed, pasted or read from a QR picture. Raises InvalidInput.

    `loopback` lets http to this machine itself through; it is for tests and trying things out.
    """
    text = text.strip()
    for shorthand in ("webcal://", "webcals://"):
        if text.lower().startswith(shorthand):
            host = urlsplit(text).hostname
            text = ("http://" if loopback and _is_local_name(host) else "https://") + text[len(shorthand) :]
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as wrong:
        raise InvalidInput("This is not the address of a calendar.", "It begins with https:// or webcal://.") from wrong
    if parts.scheme == "http" and loopback and _is_local_name(parts.hostname):
        return text
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or len(text) > 2000:
        raise InvalidInput("This is not the address of a calendar.", "It begins with https:// or webcal://.")
    return text


def fetch(
    address: str,
    *,
    etag: str | None = None,
    modified: str | None = None,
    loopback: bool = False,
    clock: Callable[[], float] = time.monotonic,
    transport: httpx.BaseTransport | None = None,
) -> Fetched:
    """Fetch a calendar, unless it is as it was.

    Raises InvalidInput (not an address to ask), NotAllowed (gone, too large, not for us), NotReachable.
    """
    import httpx  # noqa: PLC0415 -- loaded when the first friend is asked

    until = clock() + MOST_SECONDS
    headers = {"User-Agent": f"upschedule/{__version__}", "Accept": "text/calendar"}
    if etag is not None:
        headers["If-None-Match"] = etag
    elif modified is not None:
        headers["If-Modified-Since"] = modified
    at = lasting = friend_address(address, loopback=loopback)
    try:
        with httpx.Client(
            transport=transport, follow_redirects=False, timeout=MOST_SECONDS, trust_env=not loopback
        ) as http:
            permanent = True
            for _ in range(MOST_REDIRECTS + 1):
                if clock() > until:
                    raise NotReachable("The calendar took too long to arrive.", "It is tried again later.")
                _refuse_inside(at, loopback)
                with http.stream("GET", at, headers=headers) as answer:
                    if answer.status_code in {301, 302, 303, 307, 308}:
                        at = friend_address(urljoin(at, answer.headers.get("location", "")), loopback=loopback)
                        permanent = permanent and answer.status_code in {301, 308}
                        lasting = at if permanent else lasting
                        continue
                    if answer.status_code == 304:
                        return Fetched(None, etag, modified, address)
                    _check_status(answer.status_code)
                    data = _read(answer, until, clock)
                    headers_in = answer.headers
                    return Fetched(
                        data, _short(headers_in.get("etag")), _short(headers_in.get("last-modified")), lasting
                    )
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as trouble:
        late = isinstance(trouble, httpx.TimeoutException)
        raise unreachable(urlsplit(at).hostname or at, late=late) from trouble
    raise NotAllowed("The calendar's address leads from one to another without end.", "Ask your friend for a new one.")


def _check_status(status: int) -> None:
    if status in {404, 410}:
        raise NotAllowed("This calendar is no longer published.", "Ask your friend for its new address.")
    if status in {401, 403}:
        raise NotAllowed("This calendar is not open to others.", "Ask your friend for a public address.")
    if status != 200:
        raise NotReachable(
            said("The calendar could not be fetched (answer {status}).", status=status), "It is tried again later."
        )


def _read(answer: httpx.Response, until: float, clock: Callable[[], float]) -> bytes:
    data = bytearray()
    for piece in answer.iter_bytes(16_384):  # unpacked already, so that a small answer cannot unpack to a large one
        data += piece
        if len(data) > MOST_BYTES:
            raise NotAllowed("This calendar is too large.", "It has over a megabyte; a timetable has far less.")
        if clock() > until:
            raise NotReachable("The calendar took too long to arrive.", "It is tried again later.")
    return bytes(data)


def _refuse_inside(address: str, loopback: bool) -> None:
    """Refuse what is inside: an address from a stranger must not make this program knock at the router."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if loopback and _is_local_name(host):
        return
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as wrong:
        raise unreachable(host, late=False) from wrong
    if any(not ipaddress.ip_address(each[4][0]).is_global for each in found):
        raise InvalidInput("This address is inside a private network.", "A published calendar is on the internet.")


def _is_local_name(host: str | None) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def _short(value: str | None) -> str | None:
    return value if value is not None and len(value) <= 256 and value.isprintable() else None
