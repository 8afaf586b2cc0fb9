"""Where this profile stands with its account: kept beside the records, in the transaction that moves it.

Hides: the names and the form of the memos. One tells how far the server's changes were followed; another which rows,
kept here as they came, a restored server has not got and is sent again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace

from desktop.sync.replica import Moment
from desktop.sync.wire import Receipt

_PLACE = "sync.place"
_LOST = "sync.lost"


@dataclass(frozen=True, slots=True)
class Place:
    """How far this profile has followed its account.

    `returning` is empty, or why everything is being looked at again: `epoch` (the server was restored) or `gc` (it
    forgot old deletions). `tag` is the HTTP etag of the head that was last in step with what is here.
    """

    account: str
    epoch: str | None = None
    cursor: str | None = None
    returning: str = ""
    tag: str | None = None


def kept_place(moment: Moment, account: str) -> Place:
    """The place kept last, or a new one where none was kept for this account."""
    text = moment.memo(_PLACE)
    if text is not None:
        place = Place(**json.loads(text))
        if place.account == account:
            return place
    return Place(account)


def keep_place(moment: Moment, place: Place) -> None:
    """From the end of this transaction on, the profile stands here."""
    moment.set_memo(_PLACE, json.dumps(asdict(place), sort_keys=True))


def after_batch(place: Place, receipt: Receipt) -> Place:
    """Where one stands after a batch was taken: at its end, but only if nothing of others lies in between (R5)."""
    if place.cursor != f"{receipt.epoch}.{receipt.before}":
        return place
    return replace(place, cursor=receipt.cursor)


def lost_rows(moment: Moment) -> tuple[str, ...]:
    """The ids of rows that are kept here as they came and have to be sent to the server again."""
    return tuple((moment.memo(_LOST) or "").split())


def keep_lost(moment: Moment, ids: Iterable[str]) -> None:
    """These, and no others, have to be sent again."""
    moment.set_memo(_LOST, " ".join(ids) or None)


def forget_lost(moment: Moment, ids: Collection[str]) -> None:
    """These need not be sent again: the server has them, or does not take them."""
    lost = lost_rows(moment)
    if lost:
        keep_lost(moment, (each for each in lost if each not in ids))
