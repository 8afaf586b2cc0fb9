"""Published calendars, stored compressed under the hash of their token; a revoked token is never valid again.

A request for an unchanged calendar is answered without reading the calendar itself.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from syncserver import wire
from syncserver.accounts.sessions import Session, Sessions
from syncserver.config import Config
from syncserver.db.database import Database, Row
from syncserver.errors import Problem, invalid

OWN_FEED = "SELECT token, etag, created, updated, bytes FROM feeds WHERE account = $1 AND id = $2"
COUNT = "SELECT count(*) AS feeds FROM feeds WHERE account = $1"
ADDRESS_TAKEN = """
SELECT 1 AS taken FROM feeds WHERE token = $1 AND NOT (account = $2 AND id = $3)
UNION ALL SELECT 1 FROM revoked_feeds WHERE token = $1"""
PUT = """
INSERT INTO feeds (account, id, token, etag, calendar, bytes, created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (account, id) DO UPDATE SET token = excluded.token, etag = excluded.etag, calendar = excluded.calendar,
    bytes = excluded.bytes, updated = excluded.updated"""
REVOKE = "INSERT INTO revoked_feeds (token, revoked) VALUES ($1, $2) ON CONFLICT DO NOTHING"
DELETE = "DELETE FROM feeds WHERE account = $1 AND id = $2"
LIST = "SELECT id, etag, created, updated, bytes FROM feeds WHERE account = $1 ORDER BY created, id"
LOOK_UP = """
SELECT f.etag, f.updated, f.bytes, 0 AS revoked, a.locked FROM feeds f JOIN accounts a ON a.id = f.account
WHERE f.token = $1
UNION ALL SELECT '', revoked, 0, 1, NULL FROM revoked_feeds WHERE token = $1"""
CALENDAR = "SELECT etag, updated, calendar FROM feeds WHERE token = $1"


@dataclass(frozen=True, slots=True)
class Calendar:
    """A published calendar; `packed` is gzip, or None if only its state was requested."""

    etag: str
    updated: int
    gzipped: bytes | None

    def decompress(self) -> bytes:
        """Returns the decompressed calendar."""
        return gzip.decompress(self.gzipped or b"")


def token_digest(token: str) -> bytes:
    """Returns the digest of a token, which is all that is stored of it."""
    return hashlib.sha256(token.encode()).digest()


class PublishedCalendars:
    """Publishes, lists, revokes and reads calendars."""

    def __init__(self, database: Database, config: Config, sessions: Sessions, clock: Callable[[], float]) -> None:
        self._database = database
        self._sessions = sessions
        self._max_feeds = config.account_feeds
        self._max_bytes = config.feed_bytes
        self._clock = clock

    async def publish(self, session: Session, feed: str, publication: wire.Publication) -> tuple[wire.Feed, bool]:
        """Publishes a calendar under a token; returns it and whether it is new.

        Raises `quota-exceeded`, `token-taken`, `invalid`.
        """
        calendar = self._checked_bytes(publication.calendar)
        token = token_digest(publication.token)
        etag = wire.encode_base64url(hashlib.blake2b(calendar, digest_size=16).digest())
        packed = gzip.compress(calendar, 6, mtime=0)
        now = int(self._clock())
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            known = await connection.row(OWN_FEED, session.account, feed)
            if known is None:
                counted = await connection.row(COUNT, session.account)
                used = counted["feeds"] if counted else 0
                if used >= self._max_feeds:
                    raise Problem("quota-exceeded", quota="feeds", limit=self._max_feeds, used=used)
            created = known["created"] if known else now
            path = f"/v1/calendars/{publication.token}.ics"
            if known and known["token"] == token and known["etag"] == etag:
                return wire.Feed(feed, etag, created, known["updated"], len(calendar), path), False
            if await connection.row(ADDRESS_TAKEN, token, session.account, feed) is not None:
                raise Problem("token-taken")
            if known and known["token"] != token:
                await connection.run(REVOKE, known["token"], now)
            await connection.run(PUT, session.account, feed, token, etag, packed, len(calendar), now)
        return wire.Feed(feed, etag, created, now, len(calendar), path), known is None

    def _checked_bytes(self, calendar: str) -> bytes:
        if not calendar.isascii():
            try:
                data = calendar.encode()
            except UnicodeEncodeError as error:
                raise invalid("/calendar", "not Unicode text") from error
        else:
            data = calendar.encode("ascii")
        if len(data) > self._max_bytes:
            raise Problem("too-large", limit=self._max_bytes)
        if not (data.startswith(b"BEGIN:VCALENDAR\r\n") and data.rstrip().endswith(b"\nEND:VCALENDAR")):
            raise invalid("/calendar", "not one iCalendar object")
        return data

    async def list_feeds(self, session: Session) -> wire.Feeds:
        """Returns the calendars that the account publishes."""
        return wire.Feeds([feed_from_row(row) for row in await self._database.rows(LIST, session.account)])

    async def revoke(self, session: Session, feed: str) -> None:
        """Stops publishing; the address then answers `feed-revoked`."""
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            known = await connection.row(OWN_FEED, session.account, feed)
            if known is not None:
                await connection.run(REVOKE, known["token"], int(self._clock()))
                await connection.run(DELETE, session.account, feed)

    async def state(self, token: str) -> Calendar:
        """Returns a calendar's etag and time; raises `not-found`, `feed-revoked` and `account-locked`."""
        row = await self._database.row(LOOK_UP, token_digest(token))
        if row is None:
            raise Problem("not-found")
        if row["revoked"]:
            raise Problem("feed-revoked")
        if row["locked"] is not None:
            raise Problem("account-locked")
        return Calendar(row["etag"], row["updated"], None)

    async def calendar(self, token: str) -> Calendar:
        """Returns the calendar under `token`; raises `not-found` (also if it was revoked meanwhile)."""
        row = await self._database.row(CALENDAR, token_digest(token))
        if row is None:
            raise Problem("not-found")
        return Calendar(row["etag"], row["updated"], bytes(row["calendar"]))


def feed_from_row(row: Row) -> wire.Feed:
    """Converts a row of `feeds` to its wire type, without its address, which the server does not know."""
    return wire.Feed(row["id"], row["etag"], row["created"], row["updated"], row["bytes"])
