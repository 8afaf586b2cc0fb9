"""Remembers which devices were revoked from here.

A restored server may have forgotten a revocation, so the ids are kept as long as the profile, and a device that the
server lists again is revoked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop.sync.repository import Transaction

_REVOKED = "sync.revoked"  # memo: the account, and the ids of its devices
_MAX_DEVICES = 100


def note_revocation(transaction: Transaction, account: str, device: str) -> None:
    others = [each for each in _revoked(transaction, account) if each != device]
    transaction.set_memo(_REVOKED, json.dumps([account, *others[-_MAX_DEVICES + 1 :], device]))


def revoked_among(transaction: Transaction, account: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Those of the listed devices that were revoked before."""
    revoked = _revoked(transaction, account)
    return tuple(each for each in listed if each in revoked)


def _revoked(transaction: Transaction, account: str) -> list[str]:
    known, *devices = json.loads(transaction.memo(_REVOKED) or '[""]')
    return list(devices) if known == account else []
