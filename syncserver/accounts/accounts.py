"""Registration, sign-in, the keyring and its replacement, and deletion of accounts.

The server keeps public login keys, never a password or a hash of one. Unknown names are answered like known ones, with
the same kind of content and the same amount of work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from syncserver import wire
from syncserver.accounts import deletion_ledger
from syncserver.accounts.challenge_response import (
    CHALLENGE_SECONDS,
    Challenges,
    SignedChallenge,
    normalise_name,
    spend_challenge,
)
from syncserver.accounts.sessions import Session, Sessions
from syncserver.config import Config
from syncserver.db.database import Connection, Database, Row, fetch_one
from syncserver.errors import Problem, invalid

SALT = """
SELECT k.salt, k.memory_kib, k.passes, k.lanes FROM accounts a JOIN keyrings k ON k.account = a.id WHERE a.name = $1"""
BY_NAME = """
SELECT a.id, k.login_key, k.recovery_login_key FROM accounts a JOIN keyrings k ON k.account = a.id WHERE a.name = $1"""
HAS_DEVICE = """
SELECT 1 AS known FROM accounts a JOIN devices d ON d.account = a.id AND d.id = $2
WHERE a.name = $1 AND d.revoked IS NULL"""
BY_ID = "SELECT name FROM accounts WHERE id = $1"
LOCK = "SELECT name, head, locked FROM accounts WHERE id = $1 FOR UPDATE"
EPOCH = "SELECT epoch FROM server"
CLOSED = "SELECT registrations_closed FROM server"
KEYRING = "SELECT k.*, a.name FROM keyrings k JOIN accounts a ON a.id = k.account WHERE k.account = $1"
ADD_ACCOUNT = """
INSERT INTO accounts (id, name, created, head, gc_floor, records, bytes, pushed) VALUES ($1, $2, $3, 0, 0, 0, 0, 0)
ON CONFLICT DO NOTHING RETURNING id"""
ADD_KEYRING = """
INSERT INTO keyrings (account, version, etag, salt, memory_kib, passes, lanes, login_key, recovery_login_key,
                      wrapped_by_password, wrapped_by_recovery, keys)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"""
SET_KEYRING = """
UPDATE keyrings SET version = $2, etag = $3, salt = $4, memory_kib = $5, passes = $6, lanes = $7, login_key = $8,
    recovery_login_key = $9, wrapped_by_password = $10, wrapped_by_recovery = $11, keys = $12 WHERE account = $1"""
WAS_DELETED = "SELECT 1 AS deleted FROM deletions WHERE account = $1"
DELETION = "INSERT INTO deletions (account, deleted) VALUES ($1, $2) ON CONFLICT DO NOTHING"
REVOKE_FEEDS = """
INSERT INTO revoked_feeds (token, revoked)
SELECT token, $2::bigint FROM feeds WHERE account = $1 ON CONFLICT DO NOTHING"""
DELETE = "DELETE FROM accounts WHERE id = $1"
USE_INVITATION = "UPDATE invitations SET uses = uses - 1 WHERE code = $1 AND uses > 0 AND expires > $2 RETURNING uses"
ADD_INVITATION = "INSERT INTO invitations (code, uses, expires, created) VALUES ($1, $2, $3, $4)"
USAGE = """
SELECT a.name, a.created, a.head, a.records, a.bytes, s.epoch,
    (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.revoked IS NULL) AS devices,
    (SELECT count(*) FROM feeds f WHERE f.account = a.id) AS feeds
FROM accounts a CROSS JOIN server s WHERE a.id = $1"""


def invitation_digest(code: str) -> bytes:
    """Returns the digest of an invitation code, which is all that is stored of it."""
    return hashlib.sha256(code.strip().encode()).digest()


class Accounts:
    """Operations on whole accounts."""

    def __init__(
        self, database: Database, config: Config, sessions: Sessions, challenges: Challenges, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._config = config
        self._sessions = sessions
        self._challenges = challenges
        self._clock = clock

    async def challenge(self, request: wire.ChallengeRequest) -> wire.Challenge:
        """Returns a nonce to sign, and the key derivation parameters for the password of this name."""
        name, now = normalise_name(request.name), int(self._clock())
        false = self._challenges.fake_kdf(name)
        row = await self._database.row(SALT, name)
        kdf = (
            wire.Kdf("argon2id", wire.encode_base64url(row["salt"]), row["memory_kib"], row["passes"], row["lanes"])
            if row
            else false
        )
        nonce = self._challenges.issue_nonce(name, request.action, now)
        return wire.Challenge(name, request.action, nonce, now, CHALLENGE_SECONDS, kdf)

    async def has_device(self, name: str, device: str) -> bool:
        """Whether the account of `name` has this device, and it is not revoked."""
        return await self._database.row(HAS_DEVICE, normalise_name(name), device) is not None

    async def registration_mode(self) -> str:
        """Returns who may register at the moment: `closed`, or the setting."""
        row = await fetch_one(self._database, CLOSED)
        return "closed" if row["registrations_closed"] else self._config.registration

    async def register(self, request: wire.Registration, proof: SignedChallenge) -> wire.SignedIn:
        """Creates an account and signs its first device in."""
        if await self.registration_mode() == "closed":
            raise Problem("registration-closed")
        name, now = normalise_name(request.name), int(self._clock())
        values = keyring_columns(request.keyring, "/keyring")
        nonce = self._challenges.verify(proof, "register", name, wire.decode_base64url(request.keyring.login_key), now)
        if proof.key != "password":
            raise Problem("login-refused", "A registration is signed with the key from the password.")
        async with self._database.write() as connection:
            await spend_challenge(connection, nonce, now)
            if self._config.registration == "invitation":
                code = invitation_digest(request.invitation or "")
                if await connection.row(USE_INVITATION, code, now) is None:
                    raise Problem("registration-closed", "The invitation is missing, used up or expired.")
            if await connection.row(WAS_DELETED, deletion_ledger.fingerprint(request.account)) is not None:
                raise Problem("account-exists")
            if await connection.row(ADD_ACCOUNT, request.account, name, now) is None:
                exists = await connection.row(BY_ID, request.account)
                raise Problem("account-exists" if exists else "name-taken")
            await connection.run(ADD_KEYRING, request.account, *values)
            token = await self._sessions.begin_session(connection, request.account, request.device)
            epoch = await self._epoch(connection)
        return wire.SignedIn(token, request.account, name, request.device.id, epoch, 0, request.keyring)

    async def login(self, request: wire.Login, proof: SignedChallenge) -> wire.SignedIn:
        """Signs a device in with the login key derived from the password or from the recovery key."""
        name, now = normalise_name(request.name), int(self._clock())
        row = await self._database.row(BY_NAME, name)
        nonce = self._challenges.verify(proof, "login", name, login_key(row, proof), now)
        if row is None:
            raise Problem("login-refused")
        account = row["id"]
        async with self._database.write() as connection:
            locked = await connection.row(LOCK, account)
            current = await connection.row(KEYRING, account)
            if locked is None or current is None or login_key(current, proof) != login_key(row, proof):
                raise Problem("login-refused")
            if locked["locked"] is not None:
                raise Problem("account-locked")
            await spend_challenge(connection, nonce, now)
            token = await self._sessions.begin_session(connection, account, request.device)
            epoch = await self._epoch(connection)
        await self._sessions.announce_ended(account)
        keyring = keyring_from_row(current)
        return wire.SignedIn(token, account, name, request.device.id, epoch, locked["head"], keyring)

    async def _epoch(self, connection: Connection) -> str:
        return str((await fetch_one(connection, EPOCH))["epoch"])

    async def account(self, session: Session) -> wire.Account:
        """Returns the account's counters and usage."""
        row = await self._database.row(USAGE, session.account)
        if row is None:
            raise Problem("session-ended")
        usage = wire.Usage(row["records"], row["bytes"], row["devices"], row["feeds"])
        return wire.Account(session.account, row["name"], row["created"], row["epoch"], row["head"], usage)

    async def keyring(self, session: Session) -> wire.Keyring:
        """Returns the current keyring."""
        row = await self._database.row(KEYRING, session.account)
        if row is None:
            raise Problem("session-ended")
        return keyring_from_row(row)

    async def replace_keyring(
        self, session: Session, keyring: wire.Keyring, replaced: str, proof: SignedChallenge | None
    ) -> wire.Keyring:
        """Replaces the keyring whose etag is `replaced`; new login keys end all other sessions.

        Raises `precondition-failed` with the current keyring, `proof-required`, `invalid` for a version too far above
        the current one, and what verifying a proof raises.
        """
        values, now = keyring_columns(keyring, ""), int(self._clock())
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            row = await fetch_one(connection, KEYRING, session.account)
            current = keyring_from_row(row)
            if current.etag != replaced or current.version >= keyring.version or current.etag == keyring.etag:
                raise Problem("precondition-failed", current=current)
            # New data keys need a proof too: with a token alone, somebody could store keys that nobody can open.
            if proof is None:
                raise Problem("proof-required", "A new keyring is signed with a login key the server has now.")
            nonce = self._challenges.verify(proof, "keyring", row["name"], login_key(row, proof), now)
            await spend_challenge(connection, nonce, now)
            # Versions only grow, so one that took the last number would be the last keyring of the account.
            if keyring.version > current.version + wire.KEYRING_VERSION_STEP:
                most = current.version + wire.KEYRING_VERSION_STEP
                raise invalid("/version", f"at most {most}, {wire.KEYRING_VERSION_STEP} above the one it replaces")
            is_new_login = sign_in_fields(current) != sign_in_fields(keyring)
            if is_new_login:
                await self._sessions.end_others(connection, session)
            await connection.run(SET_KEYRING, session.account, *values)
        if is_new_login:
            await self._sessions.announce_ended(session.account)
        await self._database.announce("news", session.account)
        return keyring

    async def delete(self, session: Session, proof: SignedChallenge | None) -> None:
        """Deletes the account and everything in it, at once and irrevocably; raises `proof-required`."""
        now = int(self._clock())
        if proof is None:
            raise Problem("proof-required", "Deleting an account is signed with a login key.")
        async with self._database.write() as connection:
            await self._sessions.lock(connection, session)
            row = await fetch_one(connection, KEYRING, session.account)
            nonce = self._challenges.verify(proof, "delete-account", row["name"], login_key(row, proof), now)
            await spend_challenge(connection, nonce, now)
            await delete_account(connection, self._config.ledger_path, session.account, now)
        await self._sessions.announce_ended(session.account)

    async def create_invitation(self, code: str, uses: int, expires: int) -> None:
        """Creates an invitation for `uses` accounts until `expires`."""
        await self._database.run(ADD_INVITATION, invitation_digest(code), uses, expires, int(self._clock()))


async def delete_account(connection: Connection, ledger: Path, account: str, now: int) -> None:
    """Deletes an account in the transaction of `connection`, which holds the account's lock; raises `unavailable`."""
    fingerprint = deletion_ledger.fingerprint(account)
    # Before the commit: if the commit then fails, the client asks again; in the other order, a failed write
    # would let a restored backup bring the account back.
    await deletion_ledger.append_with_timeout(ledger, fingerprint, now)
    await connection.run(DELETION, fingerprint, now)
    await connection.run(REVOKE_FEEDS, account, now)
    await connection.run(DELETE, account)


def login_key(row: Row | None, proof: SignedChallenge) -> bytes | None:
    """Returns the stored key of the kind (password or recovery) that `proof` names."""
    if row is None:
        return None
    return bytes(row["login_key" if proof.key == "password" else "recovery_login_key"])


def sign_in_fields(keyring: wire.Keyring) -> tuple[object, ...]:
    """Returns the parts of a keyring that decide who can sign in."""
    ring = keyring
    return (ring.kdf, ring.login_key, ring.recovery_login_key, ring.wrapped_by_password, ring.wrapped_by_recovery)


def keyring_columns(keyring: wire.Keyring, json_pointer: str) -> tuple[object, ...]:
    """Converts a keyring to the columns of its table, those after the account; raises `invalid`."""
    kdf = keyring.kdf
    return (
        keyring.version,
        keyring.etag,
        wire.decode_base64url(kdf.salt, f"{json_pointer}/kdf/salt"),
        kdf.memory_kib,
        kdf.passes,
        kdf.lanes,
        wire.decode_base64url(keyring.login_key, f"{json_pointer}/login_key"),
        wire.decode_base64url(keyring.recovery_login_key, f"{json_pointer}/recovery_login_key"),
        wire.decode_base64url(keyring.wrapped_by_password, f"{json_pointer}/wrapped_by_password"),
        wire.decode_base64url(keyring.wrapped_by_recovery, f"{json_pointer}/wrapped_by_recovery"),
        wire.decode_base64url(keyring.keys, f"{json_pointer}/keys"),
    )


def keyring_from_row(row: Row) -> wire.Keyring:
    """Converts a row of `keyrings` to its wire type."""
    return wire.Keyring(
        row["version"],
        row["etag"],
        wire.Kdf("argon2id", wire.encode_base64url(row["salt"]), row["memory_kib"], row["passes"], row["lanes"]),
        wire.encode_base64url(row["login_key"]),
        wire.encode_base64url(row["recovery_login_key"]),
        wire.encode_base64url(row["wrapped_by_password"]),
        wire.encode_base64url(row["wrapped_by_recovery"]),
        wire.encode_base64url(row["keys"]),
    )
