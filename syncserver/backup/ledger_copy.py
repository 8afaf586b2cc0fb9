"""The signed copy of the deletion ledger that is kept with the backups.

Its last three lines are the signer's public key and the signature, 64 hexadecimal digits each: an older server takes
them for lines that were cut short, and skips them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import structlog

from syncserver.accounts import deletion_ledger
from syncserver.backup import backup_crypto

log = structlog.get_logger()

SIGNATURE = re.compile(rb"(?:[0-9a-f]{64}\n){3}\Z")


def write(path: Path, deletions: Mapping[bytes, int], signing_key: str) -> None:
    """Writes a signed copy atomically. Raises OSError, and `backup_crypto.UnsealError` for an invalid key."""
    body = deletion_ledger.format_lines(deletions)
    signature = backup_crypto.sign(body, signing_key).hex()
    lines = "".join(f"{signature[at : at + 64]}\n" for at in range(0, len(signature), 64))
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        partial.chmod(0o600)
        file.write(body + lines.encode())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def is_signed(path: Path) -> bool:
    """Whether the copy exists and has a signature; the signature is not verified."""
    return path.exists() and SIGNATURE.search(path.read_bytes()) is not None


def read(path: Path, signers: Collection[str] | None, *, must_be_signed: bool) -> dict[bytes, int]:
    """Reads the deletions in a copy; none if there is no file.

    `signers` are those whose signatures are accepted (None: all). An unsigned copy is accepted with a warning, unless
    it `must_be_signed` signed. Raises `backup_crypto.UnsealError` if it was changed after signing or signed by somebody
    else, and `DamagedLedgerError`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    end = SIGNATURE.search(data)
    if end is None:
        if must_be_signed:
            raise backup_crypto.UnsealError(
                f"The deletion ledger {path} is not signed, and the one that the backup was made with was. Put back "
                "that one. --unsigned restores with this one anyway."
            )
        if signers is not None:
            log.warning("deletion ledger not signed", file=str(path))
        return deletion_ledger.parse(data, path)
    try:
        backup_crypto.check_signature(data[: end.start()], bytes.fromhex(end[0].decode()), signers)
    except backup_crypto.UnsealError as wrong:
        raise backup_crypto.UnsealError(f"The deletion ledger {path} cannot be trusted. {wrong}") from wrong
    return deletion_ledger.parse(data[: end.start()], path)
