"""The sync position of this profile, stored beside the records in the transaction that changes it.

The checkpoint holds how far the server's changes were read. A second memo lists the rows set aside here that a
restored server has lost and that are sent to it again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace

from desktop.sync.repository import Transaction
from desktop.sync.wire import Receipt

_CHECKPOINT = "sync.place"
_LOST = "sync.lost"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far this profile has followed its account.

    `returning` is empty, or why everything is being read again: `epoch` (the server was restored) or `gc` (it forgot
    old deletions). `tag` is the HTTP etag of the head at `cursor`, set only when this profile is in sync with it: with
    the etag of an earlier cursor, a server that was rolled back would appear unchanged.
    """

    account: str
    epoch: str | None = None
    cursor: str | None = None
    returning: str = ""
    tag: str | None = None


def load_checkpoint(transaction: Transaction, account: str) -> Checkpoint:
    """The stored checkpoint, or a new one if none is stored for this account."""
    text = transaction.memo(_CHECKPOINT)
    if text is not None:
        checkpoint = Checkpoint(**json.loads(text))
        if checkpoint.account == account:
            return checkpoint
    return Checkpoint(account)


def save_checkpoint(transaction: Transaction, checkpoint: Checkpoint) -> None:
    transaction.set_memo(_CHECKPOINT, json.dumps(asdict(checkpoint), sort_keys=True))


def after_batch(checkpoint: Checkpoint, receipt: Receipt) -> Checkpoint:
    """The checkpoint after a batch was accepted: at its end, but only if others wrote nothing in between (R5)."""
    if checkpoint.cursor != f"{receipt.epoch}.{receipt.before}":
        return checkpoint
    return replace(checkpoint, cursor=receipt.cursor, tag=None)


def lost_rows(transaction: Transaction) -> tuple[str, ...]:
    """The ids of rows set aside here that must be sent to the server again."""
    return tuple((transaction.memo(_LOST) or "").split())


def set_lost_rows(transaction: Transaction, ids: Iterable[str]) -> None:
    """Replaces the list of rows that must be sent again."""
    transaction.set_memo(_LOST, " ".join(ids) or None)


def remove_lost_rows(transaction: Transaction, ids: Collection[str]) -> None:
    """Removes rows from that list: the server has them, or does not accept them."""
    lost = lost_rows(transaction)
    if lost:
        set_lost_rows(transaction, (each for each in lost if each not in ids))
