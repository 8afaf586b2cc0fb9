"""Publishes calendars that phones and other programs can subscribe to.

Anyone who has the address can read a published calendar. It is the only data that leaves this machine unencrypted; the
student publishes it explicitly and can unpublish it. The token is in a synced record (kind `feed`), so every device of
the student can publish under the same address. The caller makes the calendar itself.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass

from desktop.domain.errors import InvalidInput
from desktop.sync.account import Account
from desktop.sync.checkpoint import load_checkpoint
from desktop.sync.repository import SyncRepository
from desktop.sync.wire import b64, new_id

MAX_CALENDAR_BYTES = 524_288
_PUBLISHED = "sync.published"  # memo: for each feed, a hash of what was last published and where


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """The addresses of a published calendar: for a browser, and for a program that subscribes (`webcal`)."""

    https: str
    webcal: str


def new_feed() -> tuple[str, str]:
    """The id and the token of a new feed. Publishing the same id with a new token invalidates the old address."""
    return new_id(), new_token()


def new_token() -> str:
    """The secret part of an address: 256 random bits."""
    return b64(secrets.token_bytes(32))


def feed_addresses(account: Account, token: str) -> FeedAddresses:
    https = account.client.calendar_address(token)
    return FeedAddresses(https, "webcal://" + https.split("://", 1)[1])


def publish(account: Account, repository: SyncRepository, feed: str, token: str, calendar: bytes) -> bool:
    """Publishes an iCalendar file, unless the same one is published already; True if it was sent.

    Raises OverQuota, InvalidInput, NotReachable.
    """
    if len(calendar) > MAX_CALENDAR_BYTES:
        raise InvalidInput("The calendar is too large to be published.", "Leave out what is not needed.")
    with repository.transaction() as transaction:
        published = _read(transaction.memo(_PUBLISHED))
        epoch = load_checkpoint(transaction, account.account).epoch
    mark = hashlib.sha256(f"{account.account} {epoch} {token} ".encode() + calendar).hexdigest()
    if published.get(feed) == mark:
        return False
    account.call(lambda: account.client.put_feed(feed, token, calendar.decode()))
    with repository.transaction() as transaction:
        transaction.set_memo(_PUBLISHED, json.dumps({**_read(transaction.memo(_PUBLISHED)), feed: mark}))
    return True


def unpublish(account: Account, repository: SyncRepository, feed: str) -> None:
    """Unpublishes a calendar; the server answers 410 Gone at its address from now on."""
    account.call(lambda: account.client.delete_feed(feed))
    with repository.transaction() as transaction:
        published = _read(transaction.memo(_PUBLISHED))
        published.pop(feed, None)
        transaction.set_memo(_PUBLISHED, json.dumps(published) if published else None)


def unpublish_unknown(account: Account, repository: SyncRepository, known: frozenset[str]) -> int:
    """Unpublishes all feeds except those in `known`; returns how many.

    A feed is unknown if it was unpublished on a device that could not reach the server.
    """
    unknown = [feed for feed in account.call(account.client.feeds) if feed not in known]
    for feed in unknown:
        unpublish(account, repository, feed)
    return len(unknown)


def _read(text: str | None) -> dict[str, str]:
    with suppress(ValueError):
        return dict(json.loads(text or "{}"))
    return {}
