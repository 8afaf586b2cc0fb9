"""Where this profile stands with its account: kept beside the records, in the transaction that moves it.

One tells how far the server's changes were followed; another which rows, kept here as they came, a restored server has
not got and is sent again.
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

    `returning` is empty, or why everything is being looked at again: `epoch` (the server was restored) or `gc` (it
    forgot old deletions). `tag` is the HTTP etag of the head at `cursor`, once it was seen in step with what is here:
    one of an earlier cursor would take a server that was put back for one where nothing is new.
    """

    account: str
    epoch: str | None = None
    cursor: str | None = None
    returning: str = ""
    tag: str | None = None


def load_checkpoint(transaction: Transaction, account: str) -> Checkpoint:
    """The place kept last, or a new one where none was kept for this account."""
    text = transaction.memo(_CHECKPOINT)
    if text is not None:
        checkpoint = Checkpoint(**json.loads(text))
        if checkpoint.account == account:
            return checkpoint
    return Checkpoint(account)


def save_checkpoint(transaction: Transaction, checkpoint: Checkpoint) -> None:
    """From the end of this transaction on, the profile stands here."""
    transaction.set_memo(_CHECKPOINT, json.dumps(asdict(checkpoint), sort_keys=True))


def after_batch(checkpoint: Checkpoint, receipt: Receipt) -> Checkpoint:
    """Where one stands after a batch was taken: at its end, but only if nothing of others lies in between (R5)."""
    if checkpoint.cursor != f"{receipt.epoch}.{receipt.before}":
        return checkpoint
    return replace(checkpoint, cursor=receipt.cursor, tag=None)


def lost_rows(transaction: Transaction) -> tuple[str, ...]:
    """The ids of rows that are kept here as they came and have to be sent to the server again."""
    return tuple((transaction.memo(_LOST) or "").split())


def keep_lost(transaction: Transaction, ids: Iterable[str]) -> None:
    """These, and no others, have to be sent again."""
    transaction.set_memo(_LOST, " ".join(ids) or None)


def forget_lost(transaction: Transaction, ids: Collection[str]) -> None:
    """These need not be sent again: the server has them, or does not take them."""
    lost = lost_rows(transaction)
    if lost:
        keep_lost(transaction, (each for each in lost if each not in ids))
