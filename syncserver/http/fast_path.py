"""Answers the most frequent requests (common reads and pushes) without the web framework.

Measured: the framework's routing costs more than all the rest of such a read. Only requests in exactly the form that
clients send are handled here; all others go on to the routes, with nothing counted yet. Both use `common_reads` and
`auth_guard`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from syncserver import wire
from syncserver.accounts.sessions import RECHECKED_CACHE_SECONDS
from syncserver.errors import Problem
from syncserver.http import common_reads
from syncserver.http.auth_guard import authenticate
from syncserver.http.middleware import Application, Receive, RequestContext, Scope, Send
from syncserver.services import Services

Headers = dict[bytes, bytes]
PendingAnswer = Coroutine[Any, Any, common_reads.ReadAnswer]
FaultHandler = Callable[[Scope, Exception], Problem]

CALENDARS_PREFIX = "/v1/calendars/"
CHANGES_QUERY = re.compile(rb"(?:cursor=([A-Za-z0-9_-]{22}\.[0-9]{1,16}))?(?:(?:^|&)limit=([1-9][0-9]{0,3}))?")
HEAD_QUERY = re.compile(rb"(?:wait=(0|[1-9][0-9]{0,2}))?")  # as clients write numbers; all else is the routes' to judge
BODY_HEADERS = {b"content-length", b"transfer-encoding"}


class FastPath:
    """ASGI layer between the middleware and the routes.

    `services` returns the parts of the running server; `fault` reports an unexpected exception.
    """

    def __init__(self, inner_app: Application, services: Callable[[], Services], fault: FaultHandler) -> None:
        self._inner_app = inner_app
        self._services = services
        self._fault = fault

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers the request, or passes it on."""
        if scope["type"] != "http":
            return self._inner_app(scope, receive, send)
        headers = dict(scope["headers"])
        work = None
        if len(headers) == len(scope["headers"]):  # a header twice is for the routes
            if scope["method"] == "POST":
                work = self._match_push(scope, headers, receive)
            elif scope["method"] in ("GET", "HEAD") and not BODY_HEADERS & headers.keys():
                work = self._match_read(scope, headers, receive)
        return self._inner_app(scope, receive, send) if work is None else self._answer(scope, work, send)

    def _match_read(self, scope: Scope, headers: Headers, receive: Receive) -> PendingAnswer | None:
        path: str = scope["path"]
        context: RequestContext = scope["context"]
        if path.startswith(CALENDARS_PREFIX):
            name = path[len(CALENDARS_PREFIX) :]
            if scope["query_string"] or not (name.endswith(".ics") and wire.is_token(name.removesuffix(".ics"))):
                return None
            scope["path_template"] = "/v1/calendars/{name}"
            return common_reads.calendar(
                self._services(),
                context,
                name,
                _header(headers, b"if-none-match"),
                _header(headers, b"if-modified-since"),
                _header(headers, b"accept-encoding") or "",
            )
        if scope["method"] == "HEAD":
            return None
        authorization = _header(headers, b"authorization") or ""
        if path == "/v1/changes" and (asked := CHANGES_QUERY.fullmatch(scope["query_string"])):
            limit = int(asked[2] or wire.CHANGES_DEFAULT)
            if limit > wire.CHANGES_LIMIT:
                return None
            scope["path_template"] = path
            return self._changes(context, authorization, asked[1].decode() if asked[1] else None, limit)
        if path == "/v1/head" and (asked := HEAD_QUERY.fullmatch(scope["query_string"])):
            scope["path_template"] = path
            return self._head(context, authorization, _header(headers, b"if-none-match"), int(asked[1] or 0), receive)
        return None

    def _match_push(self, scope: Scope, headers: Headers, receive: Receive) -> PendingAnswer | None:
        key = _header(headers, b"idempotency-key") or ""
        if (
            scope["path"] != "/v1/batches"
            or scope["query_string"]
            or headers.get(b"content-type") != b"application/json"
            or b"content-length" not in headers
            or b"content-encoding" in headers
            or not wire.is_identifier(key)
        ):
            return None
        scope["path_template"] = "/v1/batches"
        return self._push(scope["context"], _header(headers, b"authorization") or "", key, receive)

    async def _push(
        self, context: RequestContext, authorization: str, key: str, receive: Receive
    ) -> common_reads.ReadAnswer:
        """Handles a push as its route does: authenticates before the body is read."""
        services = self._services()
        session = await authenticate(
            services, context, authorization, services.limits.batches, trusted=RECHECKED_CACHE_SECONDS
        )
        body = await _read_body(receive)
        answer = await services.records.push(session, key, body, wire.decode(body, wire.Batch))
        return common_reads.ReadAnswer(200, {"content-type": "application/json"}, wire.encode(answer))

    async def _changes(
        self, context: RequestContext, authorization: str, cursor: str | None, limit: int
    ) -> common_reads.ReadAnswer:
        services = self._services()
        session = await authenticate(services, context, authorization, trusted=RECHECKED_CACHE_SECONDS)
        return await common_reads.changes(services, session, cursor, limit)

    async def _head(
        self, context: RequestContext, authorization: str, if_none_match: str | None, wait: int, receive: Receive
    ) -> common_reads.ReadAnswer:
        services = self._services()
        session = await authenticate(services, context, authorization, trusted=RECHECKED_CACHE_SECONDS)
        return await common_reads.head(services, context, session, if_none_match, wait, receive)

    async def _answer(self, scope: Scope, work: PendingAnswer, send: Send) -> None:
        """Sends the result of `work`; problems propagate to the middleware, which answers them."""
        try:
            answer = await work
        except Problem:
            raise
        except Exception as error:  # any fault is one request's: the middleware answers 500
            raise self._fault(scope, error) from error
        headers = [(key.encode(), value.encode("latin-1")) for key, value in answer.headers.items()]
        if answer.body is not None:
            headers.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body or b""})


async def _read_body(receive: Receive) -> bytes:
    """Reads the whole body. The middleware limits its size and time, and detects that it was cut short."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    parts = [body]
    while message.get("more_body", False):
        message = await receive()
        parts.append(message.get("body", b""))
    return b"".join(parts)


def _header(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")
