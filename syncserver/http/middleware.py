"""ASGI middleware around all requests: id, body limits, client version, metrics, the log line, extra headers.

It wraps the whole application, so that it also handles requests that match no route.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

import structlog

from syncserver import wire
from syncserver.accounts.sessions import Session
from syncserver.config import Config, parse_version
from syncserver.errors import Problem
from syncserver.limits.rate_limits import LimitStatus
from syncserver.ops.metrics import Metrics

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger()

UNMATCHED_ROUTE = "unmatched"


class RequestContext:
    """State of one request while it is answered; in its scope under `context`."""

    __slots__ = (
        "account",
        "address",
        "afterwards",
        "has_paid",
        "held",
        "request_id",
        "session",
        "standing",
        "too_many",
        "work",
    )

    def __init__(self, request_id: str, address: str, work: str) -> None:
        self.request_id = request_id
        self.address = address
        self.work = work  # the Sync-Work header: a proof of work, not verified
        self.has_paid = False  # whether that proof of work was accepted
        self.account = ""
        self.session: Session | None = None
        self.held = False
        self.afterwards: Callable[[], Awaitable[None]] | None = None  # called after the request, answered or not
        self.standing: LimitStatus | None = None
        self.too_many: Problem | None = None  # raised unless the device turns out to be known


def require_client(client: str, minimum: str) -> None:
    """Raises `client-outdated` if `Sync-Client` has a version below `minimum`; a missing header is accepted."""
    version = parse_version(client.removeprefix("upschedule/"))
    if version is not None and version < (parse_version(minimum) or (0, 0, 0)):
        headers = {"Upgrade": f"upschedule/{minimum}", "Connection": "Upgrade"}
        raise Problem("client-outdated", headers=headers, minimum=minimum)


class Middleware:
    """The outermost ASGI layer of the server."""

    def __init__(self, inner_app: Application, config: Config, metrics: Metrics) -> None:
        self._inner_app = inner_app
        self._metrics = metrics
        self._max_body_bytes = config.request_bytes
        self._body_seconds = config.body_seconds
        self._logs_all_requests = config.log_level == "debug"
        self._minimum_client = config.minimum_client
        self._proxies = [ipaddress.ip_network(network) for network in config.trusted_proxies]
        self.in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner_app(scope, receive, send)
            return
        begun = time.perf_counter()
        headers = dict(scope["headers"])
        work = headers.get(b"sync-work", b"").decode("latin-1")
        context = RequestContext(f"{random.getrandbits(64):016x}", self._client_address(scope, headers), work)
        scope["context"] = context
        status = 0
        head_only = scope["method"] == "HEAD"

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                added = context.standing.headers() if context.standing is not None else []
                added.append((b"x-request-id", context.request_id.encode()))
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            elif head_only:
                message = {**message, "body": b""}
            await send(message)

        self.in_flight += 1
        try:
            require_client(headers.get(b"sync-client", b"").decode("latin-1"), self._minimum_client)
            await self._inner_app(scope, self._bounded_receive(receive, headers), send_with_headers)
        except Problem as problem:  # raised before or beside any route
            status = problem.status
            log_rate_limited(problem, scope)
            await send_problem(problem, context, send_with_headers)
        finally:
            self.in_flight -= 1
            if context.afterwards is not None:
                await context.afterwards()
            self._log_request(scope, context, status, time.perf_counter() - begun)

    def _log_request(self, scope: Scope, context: RequestContext, status: int, seconds: float) -> None:
        route = scope.get("path_template") or UNMATCHED_ROUTE
        method = scope["method"] if route != UNMATCHED_ROUTE else "ANY"
        self._metrics.record_request(method, route, status, seconds, context.held)
        if status < 400 and not self._logs_all_requests:
            return
        tell = log.debug if status < 400 else log.info if status < 500 else log.error
        tell(
            "answered",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 2),
            account=context.account,
            request_id=context.request_id,
        )

    def _client_address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Returns the client's address for limits: the peer, or what trusted proxies report."""
        peer = scope["client"][0] if scope.get("client") else ""
        if not self._proxies:
            return _rate_limit_key(peer)
        address = _parse_address(peer)
        forwarded = [part.strip() for part in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
        while address is not None and forwarded and any(address in network for network in self._proxies):
            further = _parse_address(forwarded.pop())
            if further is None:
                break
            address = further
        return _rate_limit_key(str(address))

    def _bounded_receive(self, receive: Receive, headers: dict[bytes, bytes]) -> Receive:
        """Wraps `receive` to reject a body that is too large, too slow or cut short, while it is read."""
        if b"content-length" not in headers and b"transfer-encoding" not in headers:
            return receive
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced[:18]) > self._max_body_bytes:
            return _raising_receive(Problem("too-large", limit=self._max_body_bytes, headers={"Connection": "close"}))
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._body_seconds
        size = 0
        whole = False

        async def receive_bounded() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise Problem("slow-request", headers={"Connection": "close"}) from error
            if message["type"] == "http.disconnect":
                raise Problem("malformed", "The body ended early.")
            size += len(message.get("body", b""))
            if size > self._max_body_bytes:
                raise Problem("too-large", limit=self._max_body_bytes, headers={"Connection": "close"})
            whole = not message.get("more_body", False)
            return message

        return receive_bounded


def _raising_receive(problem: Problem) -> Receive:
    async def refusing() -> Message:
        raise problem

    return refusing


@lru_cache(maxsize=65_536)
def _rate_limit_key(text: str) -> str:
    """Returns the address that limits count; an IPv6 /64 network counts as one, like an IPv4 address."""
    address = _parse_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@lru_cache(maxsize=65_536)
def _parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def problem_headers(problem: Problem) -> dict[str, str]:
    """Returns the headers of a problem's answer, in lower case."""
    return {
        **{key.lower(): value for key, value in problem.headers.items()},
        "content-type": "application/problem+json",
        "cache-control": "no-store",
    }


def log_rate_limited(problem: Problem, scope: Scope) -> None:
    """Logs a request that was refused by a rate limit."""
    if problem.name in ("rate-limited", "login-delayed"):
        context: RequestContext = scope["context"]
        log.info("rate limited", route=scope.get("path_template"), account=context.account, policy=problem.members)


async def send_problem(problem: Problem, context: RequestContext, send: Send) -> None:
    """Answers with the problem document."""
    body = wire.encode(problem.document(context.request_id))
    own = problem_headers(problem)
    if "ratelimit" in own:
        context.standing = None
    headers = [(key.encode(), value.encode("latin-1")) for key, value in own.items()]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
