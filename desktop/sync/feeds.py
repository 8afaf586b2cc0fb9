"""A calendar that is published for phones and other programs to subscribe to.

What is published is readable by whoever has the address: the only thing that leaves this machine unencrypted,
by an explicit act, and it can be taken back. The token lies in a synced record (kind `feed`), so every device of the
student can publish under the same address; the calendar itself is made by the caller.
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

MOST_BYTES = 524_288
_PUBLISHED = "sync.published"  # memo: per feed, what was last published where


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a published calendar is: for a browser, and for a program that subscribes (`webcal`)."""

    https: str
    webcal: str


def new_feed() -> tuple[str, str]:
    """The id and the token of a calendar to publish; a new token for the same id makes the old address useless."""
    return new_id(), new_token()


def new_token() -> str:
    """256 random bits that make up an address."""
    return b64(secrets.token_bytes(32))


def addresses(account: Account, token: str) -> Addresses:
    """Where the calendar of this token is."""
    https = account.client.calendar_address(token)
    return Addresses(https, "webcal://" + https.split("://", 1)[1])


def publish(account: Account, repository: SyncRepository, feed: str, token: str, calendar: bytes) -> bool:
    """Publish what `calendars.ical` wrote; whether anything was sent. Raises OverQuota, InvalidInput, NotReachable."""
    if len(calendar) > MOST_BYTES:
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


def stop(account: Account, repository: SyncRepository, feed: str) -> None:
    """Take a published calendar back: its address answers "gone" from now on."""
    account.call(lambda: account.client.delete_feed(feed))
    with repository.transaction() as transaction:
        published = _read(transaction.memo(_PUBLISHED))
        published.pop(feed, None)
        transaction.set_memo(_PUBLISHED, json.dumps(published) if published else None)


def stop_unknown(account: Account, repository: SyncRepository, known: frozenset[str]) -> int:
    """Take back what no record speaks of (it was stopped on a device that could not reach the server); how many."""
    unknown = [feed for feed in account.call(account.client.feeds) if feed not in known]
    for feed in unknown:
        stop(account, repository, feed)
    return len(unknown)


def _read(text: str | None) -> dict[str, str]:
    with suppress(ValueError):
        return dict(json.loads(text or "{}"))
    return {}
