"""Addresses that came with a restored backup, which is untrusted: none is requested before the student confirmed it."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.domain.errors import NeedsDecision
from desktop.domain.messages import msg
from desktop.store import Store

UNCONFIRMED_TARGET = "unconfirmed addresses"  # the target in the external state, with one entry for each address


class UnconfirmedAddress(NeedsDecision):
    """An address came with a backup, and the student has not confirmed it yet."""


def unconfirmed_addresses(store: Store) -> frozenset[str]:
    """The addresses that came with a backup and are not confirmed yet; no request is made to them."""
    return frozenset(store.external_state.read(UNCONFIRMED_TARGET))


def confirm_address(store: Store, address: str) -> None:
    """Allow requests to this address. Raises StorageError."""
    store.external_state.put(UNCONFIRMED_TARGET, address, None)


def check_confirmed(store: Store, address: str) -> None:
    """Raises Unconfirmed if this address came with a backup and is not confirmed yet."""
    if address in unconfirmed_addresses(store):
        raise UnconfirmedAddress(
            msg(
                "This calendar came with a backup and has not been asked for yet. It is at {host}.",
                host=urlsplit(address).hostname or address,
            ),
            "Allow it if you know this address.",
        )
