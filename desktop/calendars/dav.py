"""One WebDAV request at a time: the only module that touches the caldav library.

Hides HTTP, authentication, XML and every way a server has of saying no. The library's objects are left aside for its
requests, since a push has to say for each write which version it replaces, and to know how many requests it makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from desktop.calendars.network import translated
from desktop.domain.errors import AppError, InvalidInput, NotAllowed, NotReachable
from desktop.domain.wording import said

TIMEOUT = 30  # seconds for one answer
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
class Item:
    """One resource of a multi-status answer: its address and its properties as XML elements, by their full names."""

    url: str
    status: int
    properties: Mapping[str, Any]

    def text(self, name: str) -> str:
        """The text of a property; empty where there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def href(self, name: str) -> str:
        """The address inside a property; empty where there is none."""
        found = self.properties.get(name)
        inner = found.find(f"{DAV}href") if found is not None else None
        return (inner.text or "").strip() if inner is not None else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; `items` of a multi-status one. `said` are the preconditions it named (RFC 4918, 16)."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    said: tuple[str, ...] = ()
    token: str = ""

    @property
    def tag(self) -> str:
        """The version of what was written, where the server names it."""
        return self.headers.get("etag", "")


class Connection:
    """Requests to one server as one person. Close it when done."""

    def __init__(self, url: str, user: str, password: str, timeout: int = TIMEOUT) -> None:
        self.url = checked_address(url)
        self.user = user
        self._password = password
        self._timeout = timeout
        self.requests = 0

    def __repr__(self) -> str:
        return f"Connection({urlsplit(self.url).hostname})"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url

    @cached_property
    def _client(self) -> Any:
        # Not needed before a calendar is pushed to. Named by its module, since the package itself loads its names
        # in a way that a frozen build does not see.
        from caldav.davclient import DAVClient  # noqa: PLC0415

        return DAVClient(
            self.url,
            username=self.user,
            password=self._password,
            timeout=self._timeout,
            enable_rfc6764=False,
        )

    def ask(
        self,
        method: str,
        url: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
        expected: Sequence[int] = (),
    ) -> Answer:
        """Send a request. Answers of 200 to 299 and those `expected` come back; for any other an AppError is raised."""
        url = urljoin(self.url, url)
        if urlsplit(url).scheme != "https" and urlsplit(self.url).scheme == "https":
            raise NotAllowed(
                said("{host} wants the rest of the conversation unencrypted.", host=self.host),
                "Nothing was sent there. Ask whoever runs the server to use https throughout.",
            )
        self.requests += 1
        with translated(self.host):
            answer = self._send(method, url, body, headers or {})
        if 200 <= answer.status < 300 or answer.status in expected:
            return answer
        raise refusal(answer, self.host)

    def _send(self, method: str, url: str, body: str | bytes, headers: Mapping[str, str]) -> Answer:
        from caldav.lib import error  # noqa: PLC0415

        try:
            response = self._client.request(url, method, body, headers)
        except error.RateLimitError as busy:
            raise NotReachable(
                said("{host} asks for a pause.", host=self.host),
                "Try again later; what was written so far stays.",
                busy.retry_after_seconds,
            ) from None
        except error.AuthorizationError as refused:
            return Answer(refused.status or 401, said=tuple(refused.preconditions or ()))
        headers_found = {str(name).lower(): str(value) for name, value in response.headers.items()}
        tree = response.tree if response.status < 300 or _is_xml(headers_found) else None
        if tree is None:
            return Answer(response.status, headers_found)
        return Answer(response.status, headers_found, tuple(_items(tree, url)), _said(tree), _token(tree))

    def propfind(self, url: str, properties: str, depth: int, expected: Sequence[int] = ()) -> Answer:
        """The properties (as XML, prefixes of NAMESPACES) of a resource, and of those in it where `depth` is 1."""
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><d:propfind {NAMESPACES}><d:prop>{properties}</d:prop></d:propfind>'
        )
        return self.ask("PROPFIND", url, body, _XML | {"Depth": str(depth)}, expected)

    def report(self, url: str, body: str, depth: int = 1, expected: Sequence[int] = ()) -> Answer:
        """A REPORT; `body` is an XML element without its declaration."""
        return self.ask(
            "REPORT", url, f'<?xml version="1.0" encoding="utf-8"?>{body}', _XML | {"Depth": str(depth)}, expected
        )

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()


_XML = {"Content-Type": "application/xml; charset=utf-8"}


def discovered(identifier: str) -> str:
    """The address of the calendar service of a domain or an e-mail address, found as RFC 6764 has it; or empty.

    Only encrypted services in the same domain are believed, since the answers of DNS can be forged.
    """
    from caldav import discovery  # noqa: PLC0415

    with translated(identifier.rpartition("@")[2]):
        found = discovery.discover_caldav(identifier, timeout=10, require_tls=True)
    return str(found.url) if found is not None else ""


def checked_address(address: str) -> str:
    """A web address with its scheme; `http` only where it is said. Raises InvalidInput."""
    address = address.strip()
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise InvalidInput(
            "This is not the address of a calendar server.",
            "An address looks like https://calendar.example.org/dav/, without a user name or password in it.",
        )
    return address


def refusal(answer: Answer, host: str) -> AppError:
    """The AppError of an answer that says no."""
    told = {name.rpartition("}")[2] for name in answer.said}
    if answer.status == 401:
        return NotAllowed(said("{host} did not accept the user name or the password.", host=host), SIGN_IN_HINT)
    if answer.status == 507 or "quota-not-exceeded" in told or "sufficient-disk-space" in told:
        return NotAllowed(
            said("The account at {host} is full.", host=host),
            "Make room there (old mail, files or calendars), then push again; what was written so far stays.",
        )
    if answer.status in (403, 405):
        return NotAllowed(
            said("{host} does not allow changes to this calendar.", host=host),
            "It may be shared with you for reading only. Choose another calendar, or let a new one be made.",
        )
    if answer.status in (404, 410):
        return NotReachable(
            said("{host} has nothing at this address.", host=host),
            "Check the address of the calendar service; presets hold those of well-known ones.",
        )
    if answer.status in (301, 302, 307, 308) or answer.status < 400:
        return NotReachable(
            said("{host} sends its visitors elsewhere.", host=host), "Use the address that it sends to."
        )
    if answer.status >= 500:
        return NotReachable(
            said("{host} has a problem of its own (it answered {status}).", host=host, status=answer.status),
            "Try again later; what was written so far stays.",
            _seconds(answer.headers.get("retry-after", "")),
        )
    return NotAllowed(
        said("{host} refused a request (it answered {status}).", host=host, status=answer.status),
        "Try again; if it stays so, remove the calendar there and push anew.",
    )


def _seconds(text: str) -> float | None:
    return float(text) if text.strip().isdigit() else None


def _is_xml(headers: Mapping[str, str]) -> bool:
    return "xml" in headers.get("content-type", "")


def _items(tree: Any, url: str) -> Iterator[Item]:
    for response in tree.iter(f"{DAV}response"):
        href = response.find(f"{DAV}href")
        if href is None or not href.text:
            continue
        properties: dict[str, Any] = {}
        for stat in response.findall(f"{DAV}propstat"):
            if _code(stat.find(f"{DAV}status")) == 200:
                properties |= {each.tag: each for prop in stat.findall(f"{DAV}prop") for each in prop}
        yield Item(urljoin(url, href.text.strip()), _code(response.find(f"{DAV}status")), properties)


def _code(status: Any) -> int:
    words = (status.text or "").split() if status is not None else []
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 200


def _said(tree: Any) -> tuple[str, ...]:
    return tuple(str(each.tag) for found in tree.iter(f"{DAV}error") for each in found)


def _token(tree: Any) -> str:
    found = tree.find(f"{DAV}sync-token")
    if found is None:
        found = next(iter(tree.iter(f"{DAV}sync-token")), None)
    return (found.text or "").strip() if found is not None else ""


def name_in(url: str) -> str:
    """The last part of an address, decoded: what a resource is called in its collection."""
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
