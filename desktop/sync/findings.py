"""What a server did that it should not have, or should have said: kept until a person has seen it."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from enum import Enum

from desktop.sync.repository import Transaction

_FINDINGS = "sync.findings"  # memo: the account, and what was found
_MOST = 20


class Finding(Enum):
    """What was found; all but the first accuse the server, or whoever runs it."""

    RESTORED = "restored"  # it said that it was restored from a backup, or lost something
    ROLLED_BACK = "rolled back"  # it shows an older state, and says nothing of it
    LOST_RECORDS = "lost records"  # records are gone that it had
    OLD_KEYRING = "old keyring"  # it put an older keyring back, which an old password may open
    SPLIT_VIEW = "split view"  # another device is shown something else than this one


@dataclass(frozen=True, slots=True)
class ServerFinding:
    """`at` in seconds since 1970, `device` the label of the other device (empty: unknown), `records` how many."""

    kind: Finding
    at: int
    device: str = ""
    records: int = 0

    @property
    def accuses(self) -> bool:
        return self.kind is not Finding.RESTORED


def findings(transaction: Transaction, account: str) -> tuple[ServerFinding, ...]:
    """What was found of the account's server and not looked at yet, newest first."""
    known, *found = json.loads(transaction.memo(_FINDINGS) or "[null]")
    if known != account:
        return ()
    return tuple(ServerFinding(**{**each, "kind": Finding(each["kind"])}) for each in found)


def note_finding(transaction: Transaction, account: str, kind: Finding, device: str = "", records: int = 0) -> None:
    """Keep it, in place of an earlier one of the same kind about the same device."""
    new = ServerFinding(kind, int(time.time()), device, records)
    others = [each for each in findings(transaction, account) if (each.kind, each.device) != (kind, device)]
    kept = [{**asdict(each), "kind": each.kind.value} for each in (new, *others)]
    transaction.set_memo(_FINDINGS, json.dumps([account, *kept[:_MOST]]))


def forget_findings(transaction: Transaction) -> None:
    """A person has seen them."""
    transaction.set_memo(_FINDINGS, None)
