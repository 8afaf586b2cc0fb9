"""A digest of what a device knows the server to hold, small enough to be a record itself.

The other devices compare it with what the server gives them. A record is identified by the first bytes of its id, a
version of it by its weight: the sum of the counters in its stamps. A join never lowers a counter, so a device that
received everything the writer of a digest had received holds each record at the weight in the digest or above.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from desktop.domain.errors import NotReachable
from desktop.domain.records.merge import STATE_DIGEST, HeldRecord
from desktop.domain.records.records import Json, Record, Stamp
from desktop.sync.wire import b64, unb64

STATE = "state"  # the one field, so that a digest is joined as a whole
_ID, _WEIGHT = 4, 8  # bytes; if two records share the first bytes of their ids, the heavier one counts for both
_MOST_RECORDS = 200_000
_MOST_WEIGHT = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True)
class StateDigest:
    """`device` is the server's id of the writer, `keyring` the version of the newest keyring the writer saw.

    `weights` has the weight of each record that the server is known to hold, by short id; `seen` the sequence of the
    last digest that the writer had of each other device, by record key.
    """

    account: str
    device: str
    epoch: str
    sequence: int
    keyring: int
    weights: Mapping[bytes, int]
    seen: Mapping[str, int]

    def to_json(self) -> Json:
        ids = sorted(self.weights)
        columns = b"".join(ids) + b"".join(self.weights[each].to_bytes(_WEIGHT, "big") for each in ids)
        return {
            "account": self.account,
            "device": self.device,
            "epoch": self.epoch,
            "sequence": self.sequence,
            "keyring": self.keyring,
            "records": len(ids),
            "weights": b64(zlib.compress(columns, 9)),
            "seen": dict(self.seen),
        }

    def held(self, key: str, stamp: Stamp, before: HeldRecord | None) -> HeldRecord:
        """The digest as a pending record with that key, replacing `before`."""
        old = before or HeldRecord(Record(STATE_DIGEST, key))
        record = old.record.with_values({STATE: self.to_json()}, stamp)
        return HeldRecord(record, True, old.etag, old.base, old.sent)


def digest_from_record(record: Record | None) -> StateDigest | None:
    """The digest in a record; None if there is none that this version can read."""
    match None if record is None else record.get(STATE):
        case {
            "account": str(account),
            "device": str(device),
            "epoch": str(epoch),
            "sequence": int(sequence),
            "keyring": int(keyring),
            "records": int(records),
            "weights": str(weights),
            "seen": dict(seen),
        } if 0 <= records <= _MOST_RECORDS:
            known = {str(key): each for key, each in seen.items() if isinstance(each, int)}
            unpacked = _unpacked(weights, records)
            if unpacked is not None:
                return StateDigest(account, device, epoch, sequence, keyring, unpacked, known)
    return None


def _unpacked(text: str, records: int) -> dict[bytes, int] | None:
    size = records * (_ID + _WEIGHT)
    try:
        columns = zlib.decompressobj().decompress(unb64(text), size + 1)
    except (zlib.error, NotReachable):
        return None
    if len(columns) != size:
        return None
    ids, weights = columns[: records * _ID], columns[records * _ID :]
    return {
        ids[at * _ID : (at + 1) * _ID]: int.from_bytes(weights[at * _WEIGHT : (at + 1) * _WEIGHT], "big")
        for at in range(records)
    }


def short_id(record_id: str) -> bytes:
    """The first bytes of a record id, by which a digest identifies the record."""
    return unb64(record_id)[:_ID]


def weight_of(record: Record) -> int:
    """The weight of a version: the sum of the counters in its stamps."""
    counters = sum(each.stamp.counter for each in record.fields.values())
    return min(counters, _MOST_WEIGHT)


def raise_weight(weights: dict[bytes, int], short: bytes, weight: int) -> None:
    """Raises the weight under a short id to `weight` if that is higher."""
    weights[short] = max(weights.get(short, 0), weight)


def count_behind(digest: StateDigest, here: Mapping[bytes, int], unread: Collection[bytes]) -> int:
    """The number of records that are missing `here`, or older than the digest knows them.

    Records that arrived but cannot be read (`unread`) are not counted.
    """
    return sum(1 for short, weight in digest.weights.items() if short not in unread and here.get(short, -1) < weight)
