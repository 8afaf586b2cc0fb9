"""Findings: misbehaviour of a server, and restores that it reported, stored until the user has seen them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from enum import Enum

from desktop.sync.repository import Transaction

_FINDINGS = "sync.findings"  # memo: the account, and its findings
_MAX_FINDINGS = 20


class Finding(Enum):
    """The kinds of finding; all but the first mean that the server, or its operator, misbehaved."""

    RESTORED = "restored"  # it reported that it was restored from a backup, or lost data
    ROLLED_BACK = "rolled back"  # it serves an older state without reporting that
    LOST_RECORDS = "lost records"  # records that it had are missing
    OLD_KEYRING = "old keyring"  # it serves an older keyring, which an old password may open
    SPLIT_VIEW = "split view"  # it serves another device different data than this one


@dataclass(frozen=True, slots=True)
class ServerFinding:
    """`at` is in seconds since 1970, `device` the label of the other device (empty: unknown)."""

    kind: Finding
    at: int
    device: str = ""
    records: int = 0

    @property
    def accuses(self) -> bool:
        return self.kind is not Finding.RESTORED


def findings(transaction: Transaction, account: str) -> tuple[ServerFinding, ...]:
    """The findings about the account's server that the user has not seen yet, newest first."""
    known, *found = json.loads(transaction.memo(_FINDINGS) or "[null]")
    if known != account:
        return ()
    return tuple(ServerFinding(**{**each, "kind": Finding(each["kind"])}) for each in found)


def note_finding(transaction: Transaction, account: str, kind: Finding, device: str = "", records: int = 0) -> None:
    """Stores a finding, in place of an earlier one of the same kind about the same device."""
    new = ServerFinding(kind, int(time.time()), device, records)
    others = [each for each in findings(transaction, account) if (each.kind, each.device) != (kind, device)]
    kept = [{**asdict(each), "kind": each.kind.value} for each in (new, *others)]
    transaction.set_memo(_FINDINGS, json.dumps([account, *kept[:_MAX_FINDINGS]]))


def forget_findings(transaction: Transaction) -> None:
    """Removes all findings, once the user has seen them."""
    transaction.set_memo(_FINDINGS, None)
