"""WebDAV requests (RFC 4918) over the program's HTTP client.

A write counts as done only if the server confirms it for that very resource. The password is sent only to the host that
was typed and to the agreed ones, whatever redirects a server sends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from desktop.calendars.network import MAX_ATTEMPTS, parse_retry_after, retry_delay, translate_errors
from desktop.domain.errors import AppError, InvalidInput, NotAllowed, NotReachable
from desktop.domain.messages import msg

if TYPE_CHECKING:
    import httpx

    from desktop.http_client import HttpClient, Response

TIMEOUT_SECONDS = 30  # seconds without a byte
MAX_RESPONSE_BYTES = 32 * 1024 * 1024  # of one response: a listing of 50,000 events
MAX_REQUEST_SECONDS = 300
DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
NAMESPACES = (
    'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:a="http://apple.com/ns/ical/"'
    ' xmlns:s="http://calendarserver.org/ns/"'
)
SIGN_IN_HINT = (
    "Check the user name and the password. iCloud, Fastmail and most accounts with two-step sign-in want an app"
    " password, made in the account’s security settings, in place of the usual one."
)


@dataclass(frozen=True, slots=True)
class DavItem:
    """One resource of a multi-status response. `properties` are XML elements by their names in Clark notation."""

    url: str
    status: int
    properties: Mapping[str, Any]

    def text(self, name: str) -> str:
        """The text of a property; empty if there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def href(self, name: str) -> str:
        """The href inside a property; empty if there is none."""
        found = self.properties.get(name)
        inner = found.find(f"{DAV}href") if found is not None else None
        return (inner.text or "").strip() if inner is not None else ""


@dataclass(frozen=True, slots=True)
class DavResponse:
    """A server's response.

    `items` are those of a multi-status response, `failed_preconditions` the names of failed preconditions (RFC 4918,
    16), `token` a sync token. `location` is the target of a redirect that was not followed, `moved_to` that of a
    permanent redirect.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    items: tuple[DavItem, ...] = ()
    failed_preconditions: tuple[str, ...] = ()
    token: str = ""
    location: str = ""
    moved_to: str = ""

    @property
    def tag(self) -> str:
        """The ETag of the written resource; empty if the server sent none."""
        return self.headers.get("etag", "")

    @property
    def is_web_page(self) -> bool:
        return "html" in self.headers.get("content-type", "")


class NoCalendarService(NotReachable):
    """The server answered, but not with CalDAV. Another address may work."""


class DavConnection:
    """Requests to one server as one user. Close it when done.

    `trusted_domains` are domains whose hosts may also receive the password if the server redirects to them, but never
    unencrypted after an https address. `pause` waits the given seconds before a retry.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        timeout: int = TIMEOUT_SECONDS,
        trusted_domains: Collection[str] = (),
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.url = normalise_address(url)
        self.user = user
        self._password = password
        self._timeout = timeout
        self._trusted_domains = tuple(trusted_domains)
        self._pause = pause
        self.requests = 0

    def __repr__(self) -> str:
        return f"Connection({urlsplit(self.url).hostname})"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    @cached_property
    def _client(self) -> HttpClient:
        from desktop.http_client import HttpClient  # noqa: PLC0415 - needed only for requests

        return HttpClient(max_bytes=MAX_RESPONSE_BYTES, max_seconds=MAX_REQUEST_SECONDS, timeout=self._timeout)

    @cached_property
    def _auth(self) -> httpx.Auth | None:
        """Basic over TLS or to this machine; else None at first, as the first response may offer Digest."""
        import httpx  # noqa: PLC0415 - as above

        from desktop.http_client import is_loopback  # noqa: PLC0415

        if urlsplit(self.url).scheme == "https" or is_loopback(self.host):
            return httpx.BasicAuth(self.user, self._password)
        return None

    def may_send_password(self, url: str) -> bool:
        """True if the password may be sent to that address."""
        from desktop.http_client import scheme_and_host  # noqa: PLC0415

        scheme, host = scheme_and_host(url)
        if scheme != "https" and urlsplit(self.url).scheme == "https":
            return False
        return host == self.host.lower() or any(
            host == each or host.endswith(f".{each}") for each in self._trusted_domains
        )

    def read(
        self,
        method: str,
        url: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        expected: Sequence[int] = (),
    ) -> DavResponse:
        """Send a request that is answered by a multi-status response.

        Redirects are followed where the password may be sent. Raises AppError for a status that is neither 207 nor
        `expected`.
        """
        answer = self._request(method, url, body, headers or {})
        if answer.status == 207 or answer.status in expected:
            return answer
        raise error_for_response(answer, self.host)

    def write(
        self,
        method: str,
        url: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        expected: Sequence[int] = (),
    ) -> DavResponse:
        """Change one resource. Returns a success, or a response with an `expected` status.

        Redirects are not followed. Raises AppError for any other response, also for a redirect, a web page and a
        multi-status response with failures.
        """
        answer = self._request(method, url, body, headers or {})
        if answer.status == 207:
            failed = next((item.status for item in answer.items if item.status >= 300), 500)
            answer = DavResponse(failed, answer.headers, answer.items, answer.failed_preconditions)
        if answer.status in expected or (answer.status in {200, 201, 204} and not answer.is_web_page):
            return answer
        raise error_for_response(answer, self.host)

    def _request(self, method: str, url: str, body: str | bytes, headers: Mapping[str, str]) -> DavResponse:
        url = urljoin(self.url, url)
        if not self.may_send_password(url):
            raise _untrusted_host_error(self.host, url)
        content = body.encode() if isinstance(body, str) else body
        for turn in range(MAX_ATTEMPTS):
            with translate_errors(self.host):
                answer = _parse_response(self._send(method, url, content, headers), self.host)
            if answer.status not in {429, 503} or turn == MAX_ATTEMPTS - 1:
                break
            seconds = retry_delay(turn, parse_retry_after(answer.headers.get("retry-after", "")))
            if seconds is None:
                break
            self._pause(seconds)
        return answer

    def _send(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Response:
        import httpx  # noqa: PLC0415 - as above

        def send() -> Response:
            self.requests += 1
            return self._client.request(
                method,
                url,
                content=content or None,
                headers=headers,
                auth=self._auth,
                choose_redirect=lambda at: at if self.may_send_password(at) else "",
            )

        response = send()
        wanted = response.headers.get("www-authenticate", "").lower() if response.status == 401 else ""
        if "digest" in wanted and (self._auth is None or "basic" not in wanted):
            if isinstance(self._auth, httpx.DigestAuth):
                return response
            self._auth = httpx.DigestAuth(self.user, self._password)
            return send()
        if self._auth is None:
            self._auth = httpx.BasicAuth(self.user, self._password)
            return send()
        return response

    def propfind(self, url: str, properties: str, depth: int, expected: Sequence[int] = ()) -> DavResponse:
        """Request properties (XML with the NAMESPACES prefixes) of a resource, and of its members if `depth` is 1."""
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><d:propfind {NAMESPACES}><d:prop>{properties}</d:prop></d:propfind>'
        )
        return self.read("PROPFIND", url, body, _XML | {"Depth": str(depth)}, expected)

    def report(self, url: str, body: str, depth: int = 1, expected: Sequence[int] = ()) -> DavResponse:
        """Send a REPORT. `body` is an XML element without declaration."""
        return self.read(
            "REPORT", url, f'<?xml version="1.0" encoding="utf-8"?>{body}', _XML | {"Depth": str(depth)}, expected
        )

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()


_XML = {"Content-Type": "application/xml; charset=utf-8"}


def normalise_address(address: str) -> str:
    """A web address with its scheme, https if none was typed. Raises InvalidInput."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    parts = None
    with suppress(ValueError):
        parts = urlsplit(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise InvalidInput(
            "This is not the address of a calendar server.",
            "An address looks like https://calendar.example.org/dav/, without a user name or password in it.",
        )
    return address


def error_for_response(answer: DavResponse, host: str) -> AppError:
    """The AppError for a response with an error status."""
    told = {name.rpartition("}")[2] for name in answer.failed_preconditions}
    if answer.status == 401:
        return NotAllowed(msg("{host} did not accept the user name or the password.", host=host), SIGN_IN_HINT)
    if answer.status == 507 or "quota-not-exceeded" in told or "sufficient-disk-space" in told:
        return NotAllowed(
            msg("The account at {host} is full.", host=host),
            "Make room there (old mail, files or calendars), then push again; what was written so far stays.",
        )
    if answer.status in (403, 405):
        return NotAllowed(
            msg("{host} does not allow changes to this calendar.", host=host),
            "It may be shared with you for reading only. Choose another calendar, or let a new one be made.",
        )
    if answer.status in (404, 410):
        return NotReachable(
            msg("{host} has nothing at this address.", host=host),
            "Check the address of the calendar service; presets hold those of well-known ones.",
        )
    if answer.location:
        return _redirect_error(host, answer.location)
    if answer.status < 400:
        return NoCalendarService(
            msg("{host} answered something that is no calendar server’s answer.", host=host),
            "Check the address: it should be that of the calendar service (CalDAV), not of its web page. On a network"
            " with a sign-in page, sign in first.",
        )
    if answer.status in {429, 503}:
        return NotReachable(
            msg("{host} asks for a pause.", host=host),
            "Try again later; what was written so far stays.",
            parse_retry_after(answer.headers.get("retry-after", "")),
        )
    if answer.status >= 500:
        return NotReachable(
            msg("{host} has a problem of its own (it answered {status}).", host=host, status=answer.status),
            "Try again later; what was written so far stays.",
            parse_retry_after(answer.headers.get("retry-after", "")),
        )
    return NotAllowed(
        msg("{host} refused a request (it answered {status}).", host=host, status=answer.status),
        "Try again; if it stays so, remove the calendar there and push anew.",
    )


def _untrusted_host_error(host: str, url: str) -> AppError:
    other = urlsplit(url).hostname or url
    if other == host:
        return NotAllowed(
            msg("{host} wants the rest of the conversation unencrypted.", host=host),
            "Nothing was sent there. Ask whoever runs the server to use https throughout.",
        )
    return NotAllowed(
        msg("The calendar is at {other}, not at {host}.", other=other, host=host),
        "Your password was not sent there. If you trust that server, enter its address in place of this one.",
    )


def _redirect_error(host: str, location: str) -> AppError:
    other = urlsplit(location).hostname or location
    return NoCalendarService(
        msg("{host} sends on to another address, at {other}.", host=host, other=other),
        "Nothing was sent or changed there. On a network with a sign-in page, sign in first. If your calendar has moved"
        " there, enter its new address.",
    )


def _parse_response(response: Response, host: str) -> DavResponse:
    is_xml = "xml" in response.headers.get("content-type", "")
    tree = _parse_xml(response.content) if response.content and (is_xml or response.status == 207) else None
    if response.status == 207 and (tree is None or tree.tag != f"{DAV}multistatus"):
        raise error_for_response(DavResponse(200), host)
    if tree is None:
        return DavResponse(response.status, response.headers, location=response.location, moved_to=response.moved_to)
    items = tuple(_parse_items(tree, response.url))
    told = (_failed_preconditions(tree), _sync_token(tree), response.location, response.moved_to)
    return DavResponse(response.status, response.headers, items, *told)


def _parse_xml(content: bytes) -> Any:
    """Parse XML without resolving entities or using the network. None if it is not well-formed."""
    from lxml import etree  # noqa: PLC0415 - needed only for responses

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parse_items(tree: Any, url: str) -> Iterator[DavItem]:
    for response in tree.iter(f"{DAV}response"):
        href = response.find(f"{DAV}href")
        if href is None or not href.text:
            continue
        properties: dict[str, Any] = {}
        for stat in response.findall(f"{DAV}propstat"):
            if _status_code(stat.find(f"{DAV}status")) == 200:
                properties |= {each.tag: each for prop in stat.findall(f"{DAV}prop") for each in prop}
        yield DavItem(urljoin(url, href.text.strip()), _status_code(response.find(f"{DAV}status")), properties)


def _status_code(status: Any) -> int:
    words = (status.text or "").split() if status is not None else []
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 200


def _failed_preconditions(tree: Any) -> tuple[str, ...]:
    return tuple(str(each.tag) for found in tree.iter(f"{DAV}error") for each in found)


def _sync_token(tree: Any) -> str:
    found = tree.find(f"{DAV}sync-token")
    if found is None:
        found = next(iter(tree.iter(f"{DAV}sync-token")), None)
    return (found.text or "").strip() if found is not None else ""


def resource_name(url: str) -> str:
    """The last segment of a URL's path, decoded: the name of a resource in its collection."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
