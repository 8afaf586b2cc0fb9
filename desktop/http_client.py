"""The HTTP client of the whole program; no other module makes requests of its own.

Bodies are counted while they are decompressed. A request has to end within its deadline, however slowly the server
sends. A redirect is followed only for a read, and only if the caller agrees to the new address. Import this module
late: loading httpx takes 60 ms, which a start without network access does not need.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin

import httpcore
import httpx

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"})
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 64 * 1024


class TooLarge(httpx.TransportError):
    """The response body has more than `max_bytes`, compressed or decompressed."""


class PrivateAddress(httpx.TransportError):
    """The host's address is not public: in a private network, or one that stands for such an address."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response. `url` is the address that sent it, `moved_to` the address after permanent redirects.

    `location` is the absolute address of a redirect that was not followed, else empty. The names of headers are in
    lower case.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    moved_to: str
    location: str = ""


class HttpClient:
    """Makes requests whose responses are read whole within `max_bytes` and `max_seconds`. Thread-safe.

    With `public_only` no address inside a private network is connected to, whatever a name resolves to;
    `allow_loopback` still allows this machine itself. `timeout` is how many seconds may pass without a byte. Raises
    httpx.HTTPError.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        max_seconds: float,
        timeout: float = 30,
        headers: Mapping[str, str] | None = None,
        public_only: bool = False,
        allow_loopback: bool = False,
        max_connections: int = 4,
    ) -> None:
        self._max_bytes = max_bytes
        self._max_seconds = max_seconds
        self._timeout = timeout
        self._client = httpx.Client(
            transport=BoundedTransport(public_only, allow_loopback, max_connections),
            headers={**(headers or {}), "Accept-Encoding": "identity"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        choose_redirect: Callable[[str], str] | None = None,
        max_bytes: int | None = None,
        max_seconds: float | None = None,
        timeout: float | None = None,
        trace: Callable[[str, Mapping[str, Any]], None] | None = None,
    ) -> Response:
        """Send a request and read its response, whatever its status.

        The callback for redirects gets each address that a read is redirected to and returns the address to request, or
        "" to stop; the request goes there unchanged, with `auth` and all headers. If it stops, and for any request that
        is not a read, the redirect itself is returned.
        """
        until = time.monotonic() + (max_seconds or self._max_seconds)
        moved_to, has_moved = url, True
        extensions: dict[str, Any] = {"max_bytes": max_bytes or self._max_bytes}
        if trace is not None:
            extensions["trace"] = trace
        for _ in range(MAX_REDIRECTS + 1):
            extensions["max_seconds"] = until - time.monotonic()
            try:
                answer = self._client.request(
                    method,
                    url,
                    content=content,
                    headers=headers,
                    auth=auth,
                    timeout=timeout or self._timeout,
                    extensions=extensions,
                )
            except (httpx.InvalidURL, httpx.StreamError) as wrong:
                raise httpx.LocalProtocolError(str(wrong)) from wrong
            location = _location(answer, url)
            target = ""
            if location and choose_redirect is not None and _may_follow(method, answer.status_code):
                target = choose_redirect(location)
            if not target:
                return Response(
                    answer.status_code, _header_dict(answer.headers), answer.content, url, moved_to, location
                )
            url = target
            has_moved = has_moved and answer.status_code in {301, 308}
            moved_to = target if has_moved else moved_to
        raise httpx.TooManyRedirects("too many redirects")

    @contextmanager
    def stream(
        self, method: str, url: str, *, max_bytes: int, max_seconds: float
    ) -> Iterator[tuple[int, Iterator[bytes]]]:
        """A response too large to hold in memory: its status, and its body in chunks. No redirect is followed."""
        extensions = {"max_bytes": max_bytes, "max_seconds": max_seconds}
        try:
            with self._client.stream(method, url, timeout=self._timeout, extensions=extensions) as answer:
                yield answer.status_code, answer.iter_bytes(_CHUNK_BYTES)
        except (httpx.InvalidURL, httpx.StreamError) as wrong:
            raise httpx.LocalProtocolError(str(wrong)) from wrong

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> HttpClient:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()


def _location(answer: httpx.Response, url: str) -> str:
    told = answer.headers.get("location", "")
    return urljoin(url, told).partition("#")[0] if told and answer.status_code in _REDIRECTS else ""


def _may_follow(method: str, status: int) -> bool:
    # 303 asks for a GET whatever was sent, which would turn a PROPFIND into another request.
    return method in READ_METHODS and (status != 303 or method in {"GET", "HEAD"})


def _header_dict(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def scheme_and_host(url: str) -> tuple[str, str]:
    """The scheme and host that a request to `url` connects to, in lower case; both empty for an invalid address and
    for one with a user name."""
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL:
        return "", ""
    return ("", "") if found.userinfo else (found.scheme, found.host)


class BoundedTransport(httpx.BaseTransport):
    """A transport for any `httpx.Client`; each request carries `max_bytes` and `max_seconds` in its extensions."""

    def __init__(self, public_only: bool = False, allow_loopback: bool = False, max_connections: int = 4) -> None:
        self._public_only = public_only
        self._allow_loopback = allow_loopback
        self._max_connections = max_connections
        self._pools: dict[str, httpcore.ConnectionPool] = {}  # by the proxy's address, empty without one
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        until = time.monotonic() + request.extensions["max_seconds"]
        proxy = _proxy(request.url)
        if proxy and self._public_only and not (self._allow_loopback and is_loopback(request.url.host)):
            public_addresses(request.url.host, request.url.port or 443)  # the proxy connects: it may resolve otherwise
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_httpx_errors(), _request_deadline(until):
            answer = self._pool(proxy).handle_request(sent)
        headers = httpx.Headers(answer.headers)
        packing = headers.pop("content-encoding", "")
        body = _Body(answer, packing, request.extensions["max_bytes"], until)
        return httpx.Response(answer.status, headers=headers, stream=body, extensions=answer.extensions)

    def _pool(self, proxy: str) -> httpcore.ConnectionPool:
        with self._lock:
            if proxy not in self._pools:
                shared: dict[str, Any] = {
                    "ssl_context": _ssl_context(),
                    "max_connections": self._max_connections,
                    "keepalive_expiry": 60,
                }
                if proxy:
                    at = httpx.URL(proxy)
                    login = (at.username.encode(), at.password.encode()) if at.username else None
                    place = httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=b"/")
                    self._pools[proxy] = httpcore.HTTPProxy(
                        place, proxy_auth=login, network_backend=_Backend(), **shared
                    )
                else:
                    backend = _Backend(self._public_only, self._allow_loopback)
                    self._pools[proxy] = httpcore.ConnectionPool(network_backend=backend, **shared)
            return self._pools[proxy]

    def close(self) -> None:
        with self._lock:
            opened, self._pools = list(self._pools.values()), {}
        for pool in opened:
            pool.close()


@cache
def _ssl_context() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _proxy(url: httpx.URL) -> str:
    """The proxy that this system is configured to use for an address; empty for none."""
    if is_loopback(url.host):
        return ""
    proxies = urllib.request.getproxies()
    found = proxies.get(url.scheme) or proxies.get("all") or ""
    if not found or urllib.request.proxy_bypass(url.host):
        return ""
    found = found if "://" in found else f"http://{found}"
    if not found.startswith(("http://", "https://")):
        raise httpx.ProxyError("only HTTP proxies are supported")
    return found


def is_loopback(host: str | None) -> bool:
    """True if a host name or address is that of this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address((host or "").strip("[]")).is_loopback
    except ValueError:
        return False


_INDIRECT = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.88.99.0/24",  # 6to4 relays
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4: an IPv4 address, private ones too
        "3fff::/20",  # documentation
    )
)
_UNICAST = ipaddress.ip_network("2000::/3")  # excludes NAT64 (64:ff9b::/96) and IPv4-mapped addresses


def is_public(address: str) -> bool:
    """True if an IP address belongs to the public internet and does not stand for another address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6 and found not in _UNICAST:
        return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _INDIRECT)


def public_addresses(host: str, port: int) -> list[str]:
    """Resolve a host. Raises PrivateAddress unless all of its addresses are public, httpx.ConnectError."""
    try:
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as wrong:
        raise httpx.ConnectError(str(wrong)) from wrong
    if not all(is_public(each) for each in found):
        raise PrivateAddress(host)
    return list(dict.fromkeys(found))


class _Deadline(threading.local):
    until = float("inf")


_deadline = _Deadline()  # of this thread's current request: a connection outlives its requests, so it cannot hold it


class _request_deadline:  # noqa: N801 - reads as a word
    def __init__(self, until: float) -> None:
        self._until = until

    def __enter__(self) -> None:
        _deadline.until = self._until

    def __exit__(self, *trouble: object) -> None:
        _deadline.until = float("inf")


def _remaining_seconds(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    left = _deadline.until - time.monotonic()
    if left <= 0:
        raise late("the request took longer than it may")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose reads and writes time out at the request's deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _remaining_seconds(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _CHUNK_BYTES):
            self._inner.write(buffer[start : start + _CHUNK_BYTES], _remaining_seconds(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._inner.start_tls(ssl_context, server_hostname, _remaining_seconds(timeout, httpcore.ConnectTimeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens connections; with `public_only` to the very address that was checked, so that a name cannot resolve to
    another one in between."""

    def __init__(self, public_only: bool = False, allow_loopback: bool = False) -> None:
        self._public_only = public_only
        self._allow_loopback = allow_loopback
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        checked = self._public_only and not (self._allow_loopback and is_loopback(host))
        trouble: Exception = httpcore.ConnectError("the host has no address")
        for address in public_addresses(host, port) if checked else [host]:
            try:
                left = _remaining_seconds(timeout, httpcore.ConnectTimeout)
                return _Stream(self._inner.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as wrong:
                trouble = wrong
        raise trouble


class _as_httpx_errors:  # noqa: N801 - reads as a word
    """Turns exceptions of httpcore into those of httpx of the same name."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        if wrong is not None and type(wrong).__module__.startswith("httpcore"):
            raise getattr(httpx, type(wrong).__name__, httpx.TransportError)(str(wrong)) from wrong


class _Body(httpx.SyncByteStream):
    """A response body, decompressed chunk by chunk; its bytes are counted before and after."""

    def __init__(self, answer: httpcore.Response, packing: str, most: int, until: float) -> None:
        self._answer = answer
        self._content_encoding = packing.strip().lower()
        self._max_bytes = most
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        pieces = self._limited(self._raw_chunks())
        if self._content_encoding in {"", "identity"}:
            return pieces
        return self._limited(_decompressed(pieces, self._content_encoding))

    def _raw_chunks(self) -> Iterator[bytes]:
        pieces = iter(self._answer.iter_stream())
        while True:
            with _as_httpx_errors(), _request_deadline(self._until):
                _remaining_seconds(None, httpcore.ReadTimeout)
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def _limited(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        count = 0
        for piece in pieces:
            count += len(piece)
            if count > self._max_bytes:
                raise TooLarge(f"more than {self._max_bytes} bytes")
            yield piece

    def close(self) -> None:
        with _as_httpx_errors(), _request_deadline(self._until):
            self._answer.close()


def _decompressed(pieces: Iterable[bytes], packing: str) -> Iterator[bytes]:
    """Decompress a body that the server compressed although it was asked not to; one layer only, since no honest
    server compresses twice."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    is_empty = True
    for piece in pieces:
        if packing not in {"gzip", "x-gzip", "deflate"}:
            raise httpx.DecodingError(f"packed as {packing[:40]}")
        is_empty = is_empty and not piece
        waiting = piece
        while waiting and not unpacker.eof:
            try:
                yield unpacker.decompress(waiting, _CHUNK_BYTES)
            except zlib.error as wrong:
                raise httpx.DecodingError(str(wrong)) from wrong
            waiting = unpacker.unconsumed_tail
    if not is_empty and not unpacker.eof:
        raise httpx.DecodingError("the packed answer is cut off")
