"""Exports everything stored of an account as one JSON text, in pieces: each is made only when the one before was taken.

Records are read a page at a time, without a lock: one that is written meanwhile appears again, with its new number. The
exports of a process take turns, with a pause after each page: exports may wait, syncing devices may not.
"""

from __future__ import annotations

import asyncio
import codecs
import zlib
from collections.abc import AsyncIterator, Callable, Iterator

from syncserver import wire
from syncserver.accounts.accounts import keyring_from_row
from syncserver.accounts.sessions import LIST as DEVICES
from syncserver.accounts.sessions import Session, device_from_row, session_ended
from syncserver.db.database import Database, Row
from syncserver.sync.records import record_from_row

PIECE_BYTES = 65_536
PAGE_RECORDS = 100
PAUSE_SECONDS = 0.01

ACCOUNT = """
SELECT a.name, a.created, a.head, s.epoch, k.version, k.etag, k.salt, k.memory_kib, k.passes, k.lanes, k.login_key,
    k.recovery_login_key, k.wrapped_by_password, k.wrapped_by_recovery, k.keys
FROM sessions t JOIN accounts a ON a.id = t.account JOIN keyrings k ON k.account = a.id CROSS JOIN server s
WHERE t.token = $1 AND t.account = $2"""
FEEDS = "SELECT id, etag, created, updated, bytes FROM feeds WHERE account = $1 ORDER BY created, id"
CALENDAR = "SELECT calendar FROM feeds WHERE account = $1 AND id = $2"
# The page's bytes are summed up before any blob is fetched.
RECORDS = """
SELECT r.id, r.etag, r.deleted, r.key, r.schema, r.blob, r.number FROM (
    SELECT number, sum(length(blob)) OVER (ORDER BY number) - length(blob) AS ahead FROM records
    WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3
) p JOIN records r ON r.account = $1 AND r.number = p.number WHERE p.ahead < $4 ORDER BY r.number"""

_EMPTY_LISTS = b'],"records":[]}'


async def stream_export(
    database: Database, session: Session, clock: Callable[[], float], semaphore: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    """Returns the pieces of a `wire.Export`; raises `session-ended` at once. `semaphore` is shared by all exports."""
    account = await database.row(ACCOUNT, session.token, session.account)
    if account is None:
        raise session_ended()
    devices = [device_from_row(row, session.device) for row in await database.rows(DEVICES, session.account)]
    feeds = await database.rows(FEEDS, session.account)
    beginning = wire.Export(
        session.account,
        account["name"],
        account["created"],
        account["epoch"],
        account["head"],
        int(clock()),
        keyring_from_row(account),
        devices,
        [],
        [],
    )
    start = wire.encode(beginning).removesuffix(_EMPTY_LISTS)
    return _pieces(database, session.account, start, list(feeds), semaphore)


async def _pieces(
    database: Database, account: str, start: bytes, feeds: list[Row], semaphore: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    yield start
    comma = b""
    for row in feeds:
        if (stored := await database.row(CALENDAR, account, row["id"])) is None:
            continue  # revoked in the meantime
        feed = wire.Feed(row["id"], row["etag"], row["created"], row["updated"], row["bytes"], calendar="")
        yield comma + wire.encode(feed).removesuffix(b'"}')
        packed = bytes(stored["calendar"])
        del stored
        for piece in _calendar_pieces(packed):
            yield piece
        yield b'"}'
        comma = b","
    yield b'],"records":['
    number, comma = 0, b""
    while True:
        async with semaphore:
            page, number = await _page(database, account, number)
            await asyncio.sleep(PAUSE_SECONDS)
        if not page:
            break
        yield comma + page
        comma = b","
    yield b"]}"


async def _page(database: Database, account: str, number: int) -> tuple[bytes, int]:
    """Returns the records after `number` that fit into a piece, and the last one's number (else `number`)."""
    rows = await database.rows(RECORDS, account, number, PAGE_RECORDS, PIECE_BYTES)
    return b",".join(wire.encode(record_from_row(row)) for row in rows), rows[-1]["number"] if rows else number


def _calendar_pieces(packed: bytes) -> Iterator[bytes]:
    """Yields a gzipped calendar as the content of a JSON string, without the quotes."""
    unpacker, decoder = zlib.decompressobj(wbits=31), codecs.getincrementaldecoder("utf-8")()
    while packed:
        text = decoder.decode(unpacker.decompress(packed, PIECE_BYTES))
        packed = unpacker.unconsumed_tail
        yield wire.encode(text)[1:-1]
