"""A session that was looked up is cached for a while, and no longer, whatever the clock does."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from syncserver.accounts.sessions import CACHE_SECONDS, Sessions
from syncserver.config import Config
from syncserver.db.database import Database
from syncserver.errors import Problem

TOKEN = "A" * 43
NOW = 1_790_000_000.0


class OneSession:
    """A database with one session, until it is revoked."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_revoked = False

    async def row(self, *_: object) -> dict[str, Any] | None:
        self.asked += 1
        return None if self.is_revoked else {"account": "a", "device": "d", "used": int(NOW), "seen": int(NOW)}


@pytest.mark.parametrize(
    ("later", "trusted"),
    [(0.0, True), (CACHE_SECONDS - 1, True), (CACHE_SECONDS, False), (-1.0, False), (-86_400.0, False)],
    ids=["at once", "soon", "later", "clock a second back", "clock a day back"],
)
def test_a_revoked_session_is_trusted_no_longer_than_it_may_be(later: float, trusted: bool) -> None:
    database, moment = OneSession(), [NOW]
    sessions = Sessions(cast("Database", database), cast("Config", Settings()), lambda: moment[0])

    async def look() -> None:
        await sessions.find(f"Bearer {TOKEN}")
        database.is_revoked = True
        moment[0] += later
        await sessions.find(f"Bearer {TOKEN}")

    if trusted:
        asyncio.run(look())
        assert database.asked == 1
    else:
        with pytest.raises(Problem):
            asyncio.run(look())
        assert database.asked == 2


class Settings:
    session_days = 90
    account_devices = 20
