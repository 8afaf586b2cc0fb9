"""The history of sign-ins to an account: when, which device, and how.

The devices keep it as records like any other, so it is sealed and the server cannot read it. A device adds sign-ins
of devices that it finds in the server's list and that did not write their own. The history is kept as long as the
account: a sign-in takes 256 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.codec import to_plain
from desktop.domain.records.merge import HeldRecord
from desktop.domain.records.records import Record, Records
from desktop.sync.repository import Transaction

KIND = "sign_in"
CREATED, PASSWORD, RECOVERY_KEY, CODE = "created", "password", "recovery key", "code"
SEEN = "seen"  # found in the server's list of devices; how it signed in is not known
ENTERED = "sync.entered"  # memo: this device's own sign-in, until the first sync is complete


@dataclass(frozen=True, slots=True)
class SignIn:
    """`device` is the server's device id; `at` is in seconds since 1970 by the clock of the device that wrote it."""

    account: str
    device: str
    label: str
    way: str
    at: int

    @property
    def key(self) -> str:
        return f"{self.device}/{self.way}/{self.at}"


def add_sign_in(transaction: Transaction, sign_in: SignIn) -> None:
    """Stores a sign-in as a record. It is not an act: it cannot be undone."""
    record = Record(KIND, sign_in.key).with_values(to_plain(sign_in), transaction.next_stamp())
    transaction.put(HeldRecord(record))


def sign_ins(records: Records, account: str) -> tuple[SignIn, ...]:
    """The sign-ins of the account, newest first.

    A sign-in that was only seen in the list of devices is left out if the device wrote its own.
    """
    found = []
    for record in records.of_kind(KIND):
        fields = [record.get(name) for name in ("account", "device", "label", "way", "at")]
        if all(isinstance(value, str) for value in fields[:4]) and isinstance(fields[4], int) and fields[0] == account:
            found.append(SignIn(*fields))
    told = {each.device for each in found if each.way != SEEN}
    kept = [each for each in found if each.way != SEEN or each.device not in told]
    return tuple(sorted(kept, key=lambda each: (-each.at, each.key)))
