"""Addresses that came with a backup, which may be anybody's: none is asked before the student agreed to it."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.domain.errors import NeedsDecision
from desktop.domain.messages import msg
from desktop.store import Store

UNCONFIRMED = "unconfirmed addresses"  # the external state holds one entry each


class Unconfirmed(NeedsDecision):
    """An address came with a backup, and nobody agreed yet that it is asked."""


def unconfirmed(store: Store) -> frozenset[str]:
    """The addresses that came with a backup and that nobody agreed to yet; they are not asked for anything."""
    return frozenset(store.external_state.read(UNCONFIRMED))


def confirm_address(store: Store, address: str) -> None:
    """The student agrees that this address is asked. Raises StorageTrouble."""
    store.external_state.put(UNCONFIRMED, address, None)


def check_confirmed(store: Store, address: str) -> None:
    """Raises Unconfirmed where nobody agreed yet that this address is asked."""
    if address in unconfirmed(store):
        raise Unconfirmed(
            msg(
                "This calendar came with a backup and has not been asked for yet. It is at {host}.",
                host=urlsplit(address).hostname or address,
            ),
            "Allow it if you know this address.",
        )
