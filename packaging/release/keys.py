"""Signing keys as files: PEM (PKCS 8), encrypted with a passphrase.

Root and targets keys never lie on a machine with a network; see docs/releasing.md.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner


def save_key(signer: CryptoSigner, path: Path, passphrase: str) -> None:
    """Writes a key, readable by its owner only; never overwrites an existing one."""
    encryption = (
        serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    )
    plain = load_pem_private_key(signer.private_bytes, None)
    data = plain.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def load_key(path: Path, passphrase: str) -> CryptoSigner:
    """Reads a key. Exits with a message if the passphrase is wrong."""
    try:
        return CryptoSigner(load_pem_private_key(path.read_bytes(), passphrase.encode() or None))
    except (ValueError, TypeError) as wrong:
        raise SystemExit(f"{path} cannot be read: wrong passphrase, or no key.") from wrong
