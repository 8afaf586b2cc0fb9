"""The three most frequent reads: the head of an account, changes since a cursor, a published calendar.

Written without the web framework, so that both the routes (`api`) and `fast_path` can use them.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from syncserver import wire
from syncserver.accounts.sessions import Session
from syncserver.errors import Problem
from syncserver.http.auth_guard import check_rate_limits
from syncserver.http.middleware import Receive, RequestContext
from syncserver.services import Services


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The answer to a read; `body` is None with 304."""

    status: int
    headers: dict[str, str]
    body: bytes | None


def etag_matches(header: str | None, etags: Sequence[str]) -> bool:
    """Whether an If-None-Match header names one of `etags` (weak comparison, RFC 9110)."""
    if header is None:
        return False
    named = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in named or any(etag in named for etag in etags)


async def head(
    services: Services,
    context: RequestContext,
    session: Session,
    if_none_match: str | None,
    wait: int,
    receive: Receive,
) -> ReadAnswer:
    """Returns the account's head; held until there is news, for up to `wait` seconds (of the server's limit).

    Ends early if the client disconnects. Each read checks the session too: one that has ended raises `session-ended`.
    """
    until = time.monotonic() + jittered_wait_seconds(min(wait, services.config.wait_seconds))
    with services.notifier.watch(session.account) as watch:
        while True:
            current = await services.records.head(session)
            etag = f'"{current.cursor}.{current.keyring}"'
            headers = {"etag": etag, "cache-control": "no-store"}
            if not etag_matches(if_none_match, [etag]):
                return ReadAnswer(200, {**headers, "content-type": "application/json"}, wire.encode(current))
            left = until - time.monotonic()
            if left <= 0 or services.notifier.is_stopping:
                return ReadAnswer(304, headers, None)
            if not context.held:
                context.held = True
                watch.end_when_done(asyncio.ensure_future(wait_for_disconnect(receive)))
            if not await watch.wait(left):
                return ReadAnswer(304, headers, None)


def jittered_wait_seconds(wait: float) -> float:
    """Returns how long a request that asks for `wait` seconds is held: up to a tenth less, at random.

    Devices that begin to wait together, for instance after a restart of the server, would otherwise return together for
    ever.
    """
    return wait * random.uniform(0.9, 1.0)  # noqa: S311 - spreads load


async def wait_for_disconnect(receive: Receive) -> None:
    """Returns when the client has closed the connection (on which the server cancels nothing by itself)."""
    while (await receive())["type"] != "http.disconnect":
        continue


async def changes(services: Services, session: Session, cursor: str | None, limit: int) -> ReadAnswer:
    """Returns the records written after a cursor."""
    found = await services.records.changes(session, cursor, limit)
    return ReadAnswer(200, {"content-type": "application/json"}, wire.encode(found))


async def calendar(
    services: Services,
    context: RequestContext,
    name: str,
    if_none_match: str | None,
    if_modified_since: str | None,
    accept_encoding: str,
) -> ReadAnswer:
    """Returns a published calendar, for calendar programs; raises `not-found`, `feed-revoked`, `rate-limited`."""
    token = name.removesuffix(".ics")
    if token == name or not wire.is_token(token):
        await check_rate_limits(services, context, services.limits.anonymous)
        raise Problem("not-found")
    who = hashlib.blake2b(token.encode(), digest_size=16).hexdigest()
    await check_rate_limits(services, context, services.limits.calendar, subject=who)
    try:
        state = await services.feeds.state(token)
    except Problem as problem:
        if problem.status == 404:
            await check_rate_limits(services, context, services.limits.anonymous)
        raise
    packed = accepts_gzip(accept_encoding)
    headers = {
        "etag": f'"{state.etag}-gzip"' if packed else f'"{state.etag}"',
        "last-modified": formatdate(state.updated, usegmt=True),
        "cache-control": f"{'public' if services.config.public_feeds else 'private'}, max-age=900",
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
    }
    if if_none_match is not None:
        fresh = etag_matches(if_none_match, [f'"{state.etag}"', f'"{state.etag}-gzip"'])
    else:
        fresh = is_unmodified_since(if_modified_since, state.updated)
    if fresh:
        return ReadAnswer(304, headers, None)
    found = await services.feeds.calendar(token)
    headers["etag"] = f'"{found.etag}-gzip"' if packed else f'"{found.etag}"'
    headers["last-modified"] = formatdate(found.updated, usegmt=True)
    headers["content-type"] = "text/calendar; charset=utf-8"
    if packed:
        headers["content-encoding"] = "gzip"
    return ReadAnswer(200, headers, found.gzipped if packed else found.decompress())


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header accepts gzip."""
    for part in header.lower().split(","):
        coding, _, parameters = part.partition(";")
        if coding.strip() in ("gzip", "x-gzip", "*"):
            quality = parameters.strip().removeprefix("q=")
            return not parameters or quality.strip("0.") != ""
    return False


def is_unmodified_since(header: str | None, updated: int) -> bool:
    """Whether nothing changed since the time of an If-Modified-Since header; an invalid date is ignored."""
    if header is None:
        return False
    try:
        return int(parsedate_to_datetime(header).timestamp()) >= updated
    except (ValueError, TypeError, OverflowError):
        return False
