"""Devices that were removed from the account here. A restored server may have forgotten that, so they are kept for as
long as the profile is, and removed again wherever the server lists one."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop.sync.repository import Transaction

_REVOKED = "sync.revoked"  # memo: the account, and the ids of its devices
_MOST = 100


def note_revocation(transaction: Transaction, account: str, device: str) -> None:
    others = [each for each in _revoked(transaction, account) if each != device]
    transaction.set_memo(_REVOKED, json.dumps([account, *others[-_MOST + 1 :], device]))


def returned(transaction: Transaction, account: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Those of the devices that the server lists which were removed before."""
    revoked = _revoked(transaction, account)
    return tuple(each for each in listed if each in revoked)


def _revoked(transaction: Transaction, account: str) -> list[str]:
    known, *devices = json.loads(transaction.memo(_REVOKED) or '[""]')
    return list(devices) if known == account else []
