"""The history of who signed in to an account: when, which device, in which way.

Kept by the devices as records like any other, so sealed; the server cannot read it, and a device that looks at the
server's list of devices adds what another left out. It is as long as the account: a sign-in is 256 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.codec import to_plain
from desktop.domain.records.merge import Held
from desktop.domain.records.records import Record, Records
from desktop.sync.repository import Transaction

KIND = "sign_in"
CREATED, PASSWORD, RECOVERY_KEY, CODE = "created", "password", "recovery key", "code"
SEEN = "seen"  # in a way that only the device knows, which did not say
ENTERED = "sync.entered"  # memo: this device's own sign-in, until the first sync has come to its end


@dataclass(frozen=True, slots=True)
class SignIn:
    """`device` is the server's id of it, `at` in seconds since 1970 by the clock of whoever wrote it."""

    account: str
    device: str
    label: str
    way: str
    at: int

    @property
    def key(self) -> str:
        return f"{self.device}/{self.way}/{self.at}"


def add_sign_in(transaction: Transaction, sign_in: SignIn) -> None:
    """Keep it, to be sent with the next sync. No act: nothing to undo."""
    record = Record(KIND, sign_in.key).with_values(to_plain(sign_in), transaction.tick())
    transaction.put(Held(record))


def sign_ins(records: Records, account: str) -> tuple[SignIn, ...]:
    """Those of the account, newest first. What was only seen is left out where the device itself tells."""
    found = []
    for record in records.of(KIND):
        fields = [record.get(name) for name in ("account", "device", "label", "way", "at")]
        if all(isinstance(value, str) for value in fields[:4]) and isinstance(fields[4], int) and fields[0] == account:
            found.append(SignIn(*fields))
    told = {each.device for each in found if each.way != SEEN}
    kept = [each for each in found if each.way != SEEN or each.device not in told]
    return tuple(sorted(kept, key=lambda each: (-each.at, each.key)))
