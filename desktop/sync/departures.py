"""Follow-up work after a profile has left an account: ending its session, and keeping a deleted account deleted.

A sign-out that did not reach the server is sent again later. A deletion was acknowledged, but the server may be
restored from a backup that is older than the deletion and lacks the list of deletions. So once a day this profile
checks whether the account exists again, and deletes it if so. The keys needed for that stay in the vault for as long
as servers keep backups, and no longer.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial

from desktop.domain.errors import NotAllowed, NotReachable
from desktop.sync import wire
from desktop.sync.client import Client
from desktop.sync.credentials import Credentials, credentials_from
from desktop.sync.problem_errors import DeviceRevoked, LoginRefused, SessionEnded
from desktop.sync.proofs import make_proof, request_with_challenge
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault

_DEPARTURES = "sync.departures"  # memo: a list of `Departure`
SIGN_OUT, DELETION = "sign out", "deletion"
KEPT_SECONDS = 30 * 86_400
CHECK_INTERVAL_SECONDS = 86_400.0
RETRY_INTERVAL_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Departure:
    """`entry` is the name of the vault entry with the credentials; `since` is in seconds since 1970."""

    kind: str
    entry: str
    since: int


def note_departure(repository: SyncRepository, vault: Vault, credentials: Credentials, kind: str) -> None:
    """Stores what the follow-up needs. Call it before the credentials are removed."""
    departure = Departure(kind, f"departure {wire.new_id()}", int(time.time()))
    vault.save(departure.entry, credentials.text())
    _keep(repository, (*departures(repository), departure))


def departures(repository: SyncRepository) -> tuple[Departure, ...]:
    with repository.transaction() as transaction:
        return tuple(Departure(**each) for each in json.loads(transaction.memo(_DEPARTURES) or "[]"))


def forget_departures(repository: SyncRepository, vault: Vault) -> None:
    for departure in departures(repository):
        vault.remove(departure.entry)
    _keep(repository, ())


def process_departures(repository: SyncRepository, vault: Vault, make_client: Callable[[str], Client]) -> float | None:
    """Sends what is outstanding to the servers; returns the seconds until the next attempt, None if all is done."""
    kept, pause = [], CHECK_INTERVAL_SECONDS
    for departure in departures(repository):
        text = vault.load(departure.entry)
        credentials = None if text is None else credentials_from(text)
        if credentials is None or not 0 <= time.time() - departure.since < KEPT_SECONDS:
            vault.remove(departure.entry)
            continue
        try:
            remains = _process_departure(departure, credentials, make_client)
        except NotReachable:
            remains, pause = departure, RETRY_INTERVAL_SECONDS
        except NotAllowed:
            remains = departure  # the server accepts nothing from this address or program version at the moment
        if remains is None:
            vault.remove(departure.entry)
        else:
            kept.append(remains)
    _keep(repository, kept)
    return pause if kept else None


def _process_departure(
    departure: Departure, credentials: Credentials, make_client: Callable[[str], Client]
) -> Departure | None:
    """Sends one departure to its server; returns what is left to do, None if nothing."""
    client = make_client(credentials.server)
    client.device, client.token = credentials.device, credentials.token or None
    try:
        if departure.kind == SIGN_OUT:
            with suppress(SessionEnded):  # it expired, or was lost when the server was restored
                client.logout()
            return None
        return _deleted(departure, credentials, client)
    finally:
        client.close()


def _deleted(departure: Departure, credentials: Credentials, client: Client) -> Departure:
    for seed in credentials.seeds:
        try:
            session = request_with_challenge(
                client, credentials.name, "login", partial(_login, client, seed, credentials.device)
            )
        except LoginRefused:
            continue  # no account with this name and key exists: it is still deleted
        if session.account != credentials.account:
            continue
        client.token = session.token
        request_with_challenge(client, credentials.name, "delete-account", partial(_delete, client, seed))
        return replace(departure, since=int(time.time()))
    return departure


def _login(client: Client, seed: bytes, device: str, challenge: wire.Challenge) -> wire.ServerSession:
    try:
        return client.login(challenge, make_proof(seed), device, None)
    except DeviceRevoked:
        return client.login(client.challenge(challenge.name, "login"), make_proof(seed), wire.new_id(), None)


def _delete(client: Client, seed: bytes, challenge: wire.Challenge) -> None:
    client.delete_account(challenge, make_proof(seed))


def _keep(repository: SyncRepository, kept: tuple[Departure, ...] | list[Departure]) -> None:
    with repository.transaction() as transaction:
        transaction.set_memo(_DEPARTURES, json.dumps([asdict(each) for each in kept]) if kept else None)
