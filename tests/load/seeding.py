"""Fills a server's database directly with accounts, sessions and records, like those of a year's use."""

import asyncio
import base64
import hashlib
import os
import random
from dataclasses import dataclass

from nacl.signing import SigningKey

from syncserver.config import Config
from syncserver.db import connecting, migrations
from syncserver.sync import epochs

NOW = 1_790_000_000


@dataclass(frozen=True)
class Seeded:
    """One account and the token of its session."""

    account: str
    device: str
    token: str


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def identifier(chance: random.Random) -> str:
    return text(chance.randbytes(16))


def login_seed(account: str) -> bytes:
    """Returns the seed of a seeded account's login key."""
    return hashlib.sha256(account.encode()).digest()


def name_of(account: str) -> str:
    """Returns the name of a seeded account."""
    return f"student-{account.lower()}"


def seed(
    config: Config, accounts: int, records: int, *, blob_bytes: int = 300, now: int = NOW, seed: int = 7
) -> list[Seeded]:
    """Migrates the database and adds `accounts`, each with one device, a session and `records` records."""
    migrations.migrate(config)
    return asyncio.run(_seed(config, accounts, records, blob_bytes, now, random.Random(seed)))


async def _seed(
    config: Config, accounts: int, records: int, size: int, now: int, chance: random.Random
) -> list[Seeded]:
    database = await connecting.connect(config)
    made: list[Seeded] = []
    pool = [os.urandom(size) for _ in range(64)]
    try:
        await epochs.load_server_identity(database)
        for start in range(0, accounts, 100):
            new = [
                Seeded(identifier(chance), identifier(chance), text(chance.randbytes(32)))
                for _ in range(min(100, accounts - start))
            ]
            async with database.write() as c:
                await c.run_many(
                    "INSERT INTO accounts (id, name, created, head, gc_floor, records, bytes, pushed) "
                    "VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
                    [(s.account, name_of(s.account), now, records, records, records * size, now) for s in new],
                )
                await c.run_many(
                    "INSERT INTO keyrings (account, version, etag, salt, memory_kib, passes, lanes, login_key, "
                    "recovery_login_key, wrapped_by_password, wrapped_by_recovery, keys) "
                    "VALUES ($1, 1, $2, $3, 65536, 3, 1, $4, $5, $6, $7, $8)",
                    [
                        (
                            s.account,
                            identifier(chance),
                            chance.randbytes(16),
                            SigningKey(login_seed(s.account)).verify_key.encode(),
                            *(chance.randbytes(size) for size in (32, 72, 72, 200)),
                        )
                        for s in new
                    ],
                )
                await c.run_many(
                    "INSERT INTO devices (account, id, created, seen, cursor) VALUES ($1, $2, $3, $3, $4)",
                    [(s.account, s.device, now - now % 3600, records) for s in new],
                )
                await c.run_many(
                    "INSERT INTO sessions (token, account, device, created, used) VALUES ($1, $2, $3, $4, $4)",
                    [(hashlib.sha256(s.token.encode()).digest(), s.account, s.device, now) for s in new],
                )
                key = identifier(chance)
                await c.run_many(
                    "INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob) "
                    "VALUES ($1, $2, $3, $4, false, $5, 1, $6, $7)",
                    [
                        (s.account, identifier(chance), number, identifier(chance), key, now, chance.choice(pool))
                        for s in new
                        for number in range(1, records + 1)
                    ],
                )
            made += new
    finally:
        await database.close()
    return made
