"""Removes expired data: old receipts, spent challenges, ended sessions, and deletions that every device has seen.

Any process may run it at any time; running it twice does no harm.
"""

from __future__ import annotations

from syncserver.accounts.links import LINK_SECONDS
from syncserver.accounts.sessions import DAY
from syncserver.config import Config
from syncserver.db.database import Connection, Database

SPENT = "DELETE FROM spent_challenges WHERE expires < $1"
MARKERS = "DELETE FROM commit_markers WHERE created < $1"
RECEIPTS = "DELETE FROM receipts WHERE created < $1"
SESSIONS = "DELETE FROM sessions WHERE used < $1"
LINKS = "DELETE FROM links WHERE created < $1"
INVITATIONS = "DELETE FROM invitations WHERE expires < $1 OR uses = 0"

# Accounts with a tombstone that is old enough and was read by every device seen in the last year.
REMOVABLE = """
SELECT r.account, max(r.number) AS number FROM records r
WHERE r.deleted AND r.written < $1 AND r.number <= coalesce(
    (SELECT min(d.cursor) FROM devices d WHERE d.account = r.account AND d.revoked IS NULL AND d.seen > $2),
    (SELECT a.head FROM accounts a WHERE a.id = r.account))
GROUP BY r.account LIMIT 500"""
LOCK = "SELECT head FROM accounts WHERE id = $1 FOR UPDATE"
LOWEST_CURSOR = """
SELECT coalesce(min(cursor), $3) AS cursor FROM devices WHERE account = $1 AND revoked IS NULL AND seen > $2"""
COUNT_REMOVABLE = """
SELECT count(*) AS tombstones, coalesce(sum(length(blob)), 0) AS bytes, coalesce(max(number), 0) AS number
FROM records WHERE account = $1 AND deleted AND written < $2 AND number <= $3"""
DELETE_TOMBSTONES = "DELETE FROM records WHERE account = $1 AND deleted AND written < $2 AND number <= $3"
UPDATE_ACCOUNT = """
UPDATE accounts SET bytes = bytes - $2, gc_floor = CASE WHEN gc_floor < $3 THEN $3 ELSE gc_floor END WHERE id = $1"""

YEAR = 365 * DAY


async def clean_up(database: Database, config: Config, now: int) -> dict[str, int]:
    """Removes expired data; returns the counts of what could be counted."""
    await database.run(SPENT, now)
    await database.run(RECEIPTS, now - config.receipt_days * DAY)
    await database.run(MARKERS, now - DAY)
    await database.run(SESSIONS, now - config.session_days * DAY)
    await database.run(INVITATIONS, now)
    await database.run(LINKS, now - LINK_SECONDS)
    old = now - config.tombstone_days * DAY
    accounts = tombstones = 0
    for row in await database.rows(REMOVABLE, old, now - YEAR):
        async with database.write() as connection:
            removed = await _remove_tombstones(connection, row["account"], old, now - YEAR)
        accounts, tombstones = accounts + bool(removed), tombstones + removed
    return {"accounts": accounts, "tombstones": tombstones}


async def _remove_tombstones(connection: Connection, account: str, written_before: int, seen_after: int) -> int:
    """Removes the ripe tombstones of one account, checked again under its lock."""
    locked = await connection.row(LOCK, account)
    if locked is None:
        return 0
    held = await connection.row(LOWEST_CURSOR, account, seen_after, locked["head"])
    upto = held["cursor"] if held else 0
    found = await connection.row(COUNT_REMOVABLE, account, written_before, upto)
    if found is None or not found["tombstones"]:
        return 0
    await connection.run(DELETE_TOMBSTONES, account, written_before, upto)
    await connection.run(UPDATE_ACCOUNT, account, int(found["bytes"]), found["number"])
    return int(found["tombstones"])
