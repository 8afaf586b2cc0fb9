"""Device links: a signed-in device lets a new one in, and the server learns nothing that would give it access.

A link is a mailbox in which the two devices leave sealed messages for each other; its address is derived from a code.
It accepts one request, once, within `LINK_SECONDS` of being opened; every message in it is written once.
docs/crypto.md, section 6, describes the messages and the reasons for their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from syncserver import wire
from syncserver.accounts.sessions import Session, Sessions
from syncserver.db.database import Database, Row
from syncserver.errors import Problem

LINK_SECONDS = 300

CLOSE = "DELETE FROM links WHERE account = $1"
OPEN = """
INSERT INTO links (address, account, created, commitment) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING 1 AS new"""
FIND = "SELECT * FROM links WHERE address = $1 AND created > $2 AND created <= $3"
REQUEST = """
UPDATE links SET request = $4 WHERE address = $1 AND created > $2 AND created <= $3 AND request IS NULL
RETURNING 1 AS taken"""
KEY = """
UPDATE links SET key = $5 WHERE address = $1 AND created > $2 AND created <= $3 AND account = $4
    AND request IS NOT NULL AND key IS NULL RETURNING 1 AS taken"""
ANSWER = """
UPDATE links SET answer = $5 WHERE address = $1 AND created > $2 AND created <= $3 AND account = $4
    AND key IS NOT NULL AND answer IS NULL RETURNING 1 AS taken"""
END = "DELETE FROM links WHERE address = $1 AND account = $2"


class Links:
    """Opens, reads, fills and closes device links."""

    def __init__(self, database: Database, sessions: Sessions, clock: Callable[[], float]) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock

    def _lookup_key(self, address: str) -> tuple[bytes, int, int]:
        """Returns a link's key, and the range of opening times for which it is valid (a clock may be set back)."""
        now = int(self._clock())
        return hashlib.sha256(address.encode()).digest(), now - LINK_SECONDS, now

    async def open(self, session: Session, address: str, commitment: str) -> wire.Link:
        """Opens a link for the account and closes its previous one. Raises `link-closed` for a used address."""
        digest, _, now = self._lookup_key(address)
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            await connection.run(CLOSE, session.account)
            if (
                await connection.row(
                    OPEN, digest, session.account, now, wire.decode_base64url(commitment, "/commitment")
                )
                is None
            ):
                raise Problem("link-closed")
        return wire.Link(commitment, None, None, None, now + LINK_SECONDS)

    async def find(self, address: str) -> wire.Link:
        """Returns an open link; raises `link-closed`."""
        row = await self._database.row(FIND, *self._lookup_key(address))
        if row is None:
            raise Problem("link-closed")
        return link_from_row(row)

    async def store_request(self, address: str, sealed: str) -> wire.Link:
        """Stores the one request of a link; raises `link-closed` and `link-used`."""
        async with self._database.write() as connection:
            taken = await connection.row(REQUEST, *self._lookup_key(address), wire.decode_base64url(sealed, "/sealed"))
            row = await connection.row(FIND, *self._lookup_key(address))
        if row is None:
            raise Problem("link-closed")
        if taken is None:
            raise Problem("link-used")
        return link_from_row(row)

    async def store_reply(self, session: Session, address: str, part: str, sealed: str) -> wire.Link:
        """Stores the first device's `key`, then its `answer`; raises `link-closed`, and `link-used` if out of order."""
        statement = KEY if part == "key" else ANSWER
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            taken = await connection.row(
                statement, *self._lookup_key(address), session.account, wire.decode_base64url(sealed, "/sealed")
            )
            row = await connection.row(FIND, *self._lookup_key(address))
        if row is None or row["account"] != session.account:
            raise Problem("link-closed")
        if taken is None:
            raise Problem("link-used")
        return link_from_row(row)

    async def close(self, session: Session, address: str) -> None:
        """Closes a link of the account; does nothing if there is none."""
        digest, _, _ = self._lookup_key(address)
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            await connection.run(END, digest, session.account)


def link_from_row(row: Row) -> wire.Link:
    """Converts a row of `links` to its wire type."""
    request, key, answer = (
        None if row[name] is None else wire.encode_base64url(row[name]) for name in ("request", "key", "answer")
    )
    return wire.Link(wire.encode_base64url(row["commitment"]), request, key, answer, row["created"] + LINK_SECONDS)
