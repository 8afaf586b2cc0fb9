"""Fetches the published calendar of a friend, treated as hostile input.

Only https addresses on the public internet are requested, also after a redirect. The result is bytes; `calendars`
parses them in a child process, with limits of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop import __version__
from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.messages import msg
from desktop.sync.problem_errors import unreachable

MAX_CALENDAR_BYTES = 1_000_000
MAX_FETCH_SECONDS = 10.0


class NoLongerPublished(NotAllowed):
    """The calendar no longer exists at the address."""


@dataclass(frozen=True, slots=True)
class FetchedCalendar:
    """The calendar's bytes, or None if it is unchanged, with the values for the next conditional request."""

    data: bytes | None
    etag: str | None
    modified: str | None
    address: str  # the new address if the calendar has moved permanently


def friend_address(text: str, *, loopback: bool = False) -> str:
    """The https address in text that was typed, pasted or read from a QR code. Raises InvalidInput.

    `loopback` allows http to this machine itself, for tests and experiments.
    """
    text = text.strip()
    try:
        for shorthand in ("webcal://", "webcals://"):
            if text.lower().startswith(shorthand):
                host = urlsplit(text).hostname
                text = ("http://" if loopback and _is_local_name(host) else "https://") + text[len(shorthand) :]
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
    max_seconds: float = MAX_FETCH_SECONDS,
) -> FetchedCalendar:
    """Fetches a calendar, unless it is unchanged.

    Raises InvalidInput (not an allowed address), NoLongerPublished, NotAllowed (too large, not public), NotReachable.
    """
    import httpx  # noqa: PLC0415 -- loaded only when a friend's calendar is fetched

    from desktop.http_client import HttpClient, PrivateAddress, TooLarge  # noqa: PLC0415

    headers = {"User-Agent": f"upschedule/{__version__}", "Accept": "text/calendar"}
    if etag is not None:
        headers["If-None-Match"] = etag
    elif modified is not None:
        headers["If-Modified-Since"] = modified
    asked = friend_address(address, loopback=loopback)
    host = urlsplit(asked).hostname or asked
    try:
        with HttpClient(
            max_bytes=MAX_CALENDAR_BYTES,
            max_seconds=max_seconds,
            timeout=max_seconds,
            public_only=True,
            allow_loopback=loopback,
        ) as http:
            answer = http.request(
                "GET", asked, headers=headers, choose_redirect=lambda at: friend_address(at, loopback=loopback)
            )
    except PrivateAddress as trouble:
        raise InvalidInput(
            "This address is inside a private network.", "A published calendar is on the internet."
        ) from trouble
    except TooLarge as trouble:
        raise NotAllowed(
            "This calendar is too large.", "It has over a megabyte; a timetable has far less."
        ) from trouble
    except httpx.TooManyRedirects as trouble:
        raise NotAllowed(
            "The calendar's address leads from one to another without end.",
            "Get its new address where you got this one.",
        ) from trouble
    except httpx.HTTPError as trouble:
        raise unreachable(host, late=isinstance(trouble, httpx.TimeoutException)) from trouble
    if answer.status == 304:
        return FetchedCalendar(None, etag, modified, address)
    _check_status(answer.status)
    kept = (_short(answer.headers.get("etag")), _short(answer.headers.get("last-modified")))
    return FetchedCalendar(answer.content, *kept, answer.moved_to)


def _check_status(status: int) -> None:
    if status in {404, 410}:
        raise NoLongerPublished("This calendar is no longer published.", "Get its new address where you got this one.")
    if status in {401, 403}:
        raise NotAllowed("This calendar is not open to others.", "Ask whoever publishes it for a public address.")
    if status != 200:
        raise NotReachable(
            msg("The calendar could not be fetched (answer {status}).", status=status), "It is tried again later."
        )


def _is_local_name(host: str | None) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


def _short(value: str | None) -> str | None:
    return value if value is not None and len(value) <= 256 and value.isprintable() else None
