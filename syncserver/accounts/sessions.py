"""Session tokens, the devices they belong to, and each process's cache of them.

A token is 256 random bits; only its SHA-256 is stored. A process trusts a session for `CACHE_SECONDS` after looking it
up, and drops it at once when any process announces its end; writes check it again inside their transaction. The most
frequent requests (head, changes, push) check the session in their own statement: for them it is enough to know whose a
token is, and a device that polls once a minute costs one database query, not two.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from syncserver import wire
from syncserver.config import Config
from syncserver.db.database import Connection, Database, Row
from syncserver.errors import Problem

CACHE_SECONDS = 10.0
RECHECKED_CACHE_SECONDS = 600.0  # where the request's statement checks the session; its use is recorded this often
CACHE_SIZE = 50_000
HOUR = 3600
DAY = 86_400

FIND = """
SELECT s.account, s.device, s.used, d.seen FROM sessions s
JOIN devices d ON d.account = s.account AND d.id = s.device
WHERE s.token = $1 AND s.used > $2 AND d.revoked IS NULL"""
TOUCH = "UPDATE sessions SET used = $2 WHERE token = $1"
SEEN = "UPDATE devices SET seen = $3 WHERE account = $1 AND id = $2 AND seen < $3"
DEVICE = "SELECT revoked FROM devices WHERE account = $1 AND id = $2"
COUNT = "SELECT count(*) AS devices FROM devices WHERE account = $1 AND revoked IS NULL"
ADD_DEVICE = """
INSERT INTO devices (account, id, label, created, seen, cursor) VALUES ($1, $2, $3, $4, $4, 0)
ON CONFLICT (account, id) DO UPDATE SET seen = excluded.seen, label = coalesce(excluded.label, devices.label)"""
ADD_SESSION = """
INSERT INTO sessions (token, account, device, created, used) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (account, device) DO UPDATE SET token = excluded.token, created = excluded.created, used = excluded.used"""
END = "DELETE FROM sessions WHERE token = $1"
END_OTHERS = "DELETE FROM sessions WHERE account = $1 AND token <> $2"
END_DEVICE = "DELETE FROM sessions WHERE account = $1 AND device = $2"
VALID = "SELECT 1 AS valid FROM sessions WHERE token = $1 AND account = $2"
LIST = """
SELECT id, label, created, seen FROM devices WHERE account = $1 AND revoked IS NULL ORDER BY created, id"""
RELABEL = "UPDATE devices SET label = $3 WHERE account = $1 AND id = $2 AND revoked IS NULL RETURNING 1 AS done"
REVOKE = "UPDATE devices SET revoked = $3, label = NULL WHERE account = $1 AND id = $2 AND revoked IS NULL"
LOCK = "SELECT head FROM accounts WHERE id = $1 FOR UPDATE"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device's session."""

    account: str
    device: str
    token: bytes


def bearer_token(authorization: str) -> str:
    """Returns the token of an `Authorization` header; '' if it has no well-formed one."""
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" and wire.is_token(token) else ""


def session_ended() -> Problem:
    """Returns the 401 problem for a request without a valid session."""
    return Problem("session-ended")


class Sessions:
    """Finds, begins and ends sessions, and manages the list of devices."""

    def __init__(self, database: Database, config: Config, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._lifetime_seconds = config.session_days * DAY
        self._max_devices = config.account_devices
        self._cache: OrderedDict[bytes, tuple[float, Session]] = OrderedDict()

    async def find(self, authorization: str, cache_seconds: float = CACHE_SECONDS) -> Session:
        """Returns the session of an `Authorization` header, cached for `cache_seconds` seconds; raises
        `session-ended`."""
        token = bearer_token(authorization)
        if not token:
            raise session_ended()
        digest = hashlib.sha256(token.encode()).digest()
        now = self._clock()
        if (known := self._cache.get(digest)) and 0 <= now - known[0] < cache_seconds:  # a clock may be set back
            return known[1]
        row = await self._database.row(FIND, digest, int(now) - self._lifetime_seconds)
        if row is None:
            self._cache.pop(digest, None)
            raise session_ended()
        session = Session(row["account"], row["device"], digest)
        await self._record_use(session, row, int(now))
        self._cache[digest] = (now, session)
        self._cache.move_to_end(digest)
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return session

    async def _record_use(self, session: Session, row: Row, now: int) -> None:
        """Records the last use to the hour: a write for every request would cost more than the request."""
        if now - row["used"] >= HOUR:
            await self._database.run(TOUCH, session.token, now)
        if now - row["seen"] >= HOUR:
            await self._database.run(SEEN, session.account, session.device, now - now % HOUR)

    def forget(self, accounts: set[str] | None = None) -> None:
        """Drops all cached sessions (or those of `accounts`)."""
        if accounts is None:
            self._cache.clear()
            return
        for digest in [digest for digest, (_, session) in self._cache.items() if session.account in accounts]:
            del self._cache[digest]

    async def announce_ended(self, account: str) -> None:
        """Tells every process that sessions of `account` have ended."""
        self.forget({account})
        await self._database.announce("sessions", account)

    async def begin_session(self, connection: Connection, account: str, device: wire.NewDevice) -> str:
        """Signs `device` in, inside a transaction that holds the account's lock; returns the token.

        Raises `device-revoked` and `quota-exceeded`.
        """
        now = int(self._clock())
        known = await connection.row(DEVICE, account, device.id)
        if known is not None and known["revoked"] is not None:
            raise Problem("device-revoked")
        if known is None:
            counted = await connection.row(COUNT, account)
            used = counted["devices"] if counted else 0
            if used >= self._max_devices:
                raise Problem("quota-exceeded", quota="devices", limit=self._max_devices, used=used)
        label = wire.decode_base64url(device.label, "/device/label") if device.label is not None else None
        await connection.run(ADD_DEVICE, account, device.id, label, now)
        token = secrets.token_bytes(32)
        text = wire.encode_base64url(token)
        await connection.run(ADD_SESSION, hashlib.sha256(text.encode()).digest(), account, device.id, now)
        return text

    async def lock(self, connection: Connection, session: Session) -> Row:
        """Locks the account's row, then checks that the session is still valid; raises `session-ended`."""
        row = await connection.row(LOCK, session.account)
        if row is None or await connection.row(VALID, session.token, session.account) is None:
            self.forget({session.account})
            raise session_ended()
        return row

    async def end(self, session: Session) -> None:
        """Ends this session."""
        await self._database.run(END, session.token)
        await self.announce_ended(session.account)

    async def end_others(self, connection: Connection, session: Session) -> None:
        """Ends all other sessions of the account, inside a transaction."""
        await connection.run(END_OTHERS, session.account, session.token)

    async def devices(self, session: Session) -> wire.Devices:
        """Returns the devices that are not revoked."""
        rows = await self._database.rows(LIST, session.account)
        return wire.Devices([device_from_row(row, session.device) for row in rows])

    async def relabel(self, session: Session, device: str, label: str | None) -> None:
        """Changes a device's label; raises `not-found`."""
        sealed = wire.decode_base64url(label, "/label") if label is not None else None
        async with self._database.write() as connection:
            await self.lock(connection, session)
            if await connection.row(RELABEL, session.account, device, sealed) is None:
                raise Problem("not-found")

    async def revoke(self, session: Session, device: str) -> None:
        """Revokes a device permanently; raises `not-found` for an unknown one."""
        async with self._database.write() as connection:
            await self.lock(connection, session)
            if await connection.row(DEVICE, session.account, device) is None:
                raise Problem("not-found")
            await connection.run(REVOKE, session.account, device, int(self._clock()))
            await connection.run(END_DEVICE, session.account, device)
        await self.announce_ended(session.account)


def device_from_row(row: Row, current: str) -> wire.Device:
    """Converts a row of `devices` to its wire type."""
    label = wire.encode_base64url(row["label"]) if row["label"] is not None else None
    return wire.Device(row["id"], label, row["created"], row["seen"], row["id"] == current)
