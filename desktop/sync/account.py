"""A signed-in account: its keys, its session, its devices. `authentication` is how one gets in."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.records import Json
from desktop.sync import cipher, wire
from desktop.sync.cipher import CannotOpen, DataKeys, RecordCipher
from desktop.sync.client import Client, Proof
from desktop.sync.credentials import Credentials, forget, load, save
from desktop.sync.departures import DELETION, SIGN_OUT, note_departure
from desktop.sync.device_labels import checked_label, open_label, seal_label
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.passwords import check_password
from desktop.sync.problem_errors import (
    AccountExists,
    KeyringChanged,
    LoginRefused,
    NameTaken,
    SessionEnded,
)
from desktop.sync.proofs import answered, proof_with
from desktop.sync.repository import SyncRepository
from desktop.sync.revocations import note_revocation
from desktop.sync.secrets import Vault

KEYRING = "sync.keyring"  # memo: the keyring last seen, sealed as the server has it
ROTATE = "sync.rotate"  # memo: a device was revoked and the data key is not rotated yet
_TRIES = 5
_T = TypeVar("_T")


class SignInAgain(NotAllowed):
    """The keys that this device holds are no longer the account's."""


class WrongSecret(NotAllowed):
    """What was typed is neither the password nor the recovery key."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of the account; times in seconds since 1970."""

    id: str
    label: str
    created: int
    last_seen: int
    current: bool


def _version_after(theirs: wire.Keyring, other: wire.Keyring) -> int:
    """Above both, as far as the server goes at once."""
    return min(max(theirs.version, other.version), theirs.version + wire.KEYRING_VERSION_STEP - 1) + 1


def seen_keyring(repository: SyncRepository, account: str) -> wire.Keyring | None:
    """The keyring of the account that this profile saw last, or None."""
    with repository.transaction() as transaction:
        text = transaction.memo(KEYRING)
    if text is None:
        return None
    known, plain = json.loads(text)
    return wire.keyring_from_json(plain) if known == account else None


class Account:
    """The account this profile is signed in to. Not for two threads at once, but for `client.head` and `let_go`."""

    def __init__(self, credentials: Credentials, client: Client, repository: SyncRepository, vault: Vault) -> None:
        self.credentials = credentials
        self.client = client
        client.device = credentials.device
        self._repository = repository
        self._vault = vault
        self._cipher: RecordCipher | None = None
        self._seen: str | None = None
        self.open_link: str | None = None  # where a new device may ask to come in, while its code is shown
        client.token = credentials.token or None

    @property
    def account(self) -> str:
        return self.credentials.account

    # the keyring

    @property
    def seen(self) -> str | None:
        """The etag of the keyring last seen; None before the first."""
        if self._seen is None:
            keyring = self._seen_keyring()
            self._seen = None if keyring is None else keyring.etag
        return self._seen

    def cipher(self) -> RecordCipher:
        """The cipher for the records of this account, as of the keyring last seen."""
        if self._cipher is None:
            keyring = self._seen_keyring()
            if keyring is None:
                self.refresh()
                return self.cipher()
            self._cipher = self._cipher_of(keyring)
        return self._cipher

    def refresh(self) -> str:
        """Fetch the keyring; put a newer one back where the server's is older or lacks keys. Its etag on the server."""
        theirs = self.client.keyring()
        for _ in range(_TRIES):
            wanted = self._wanted(theirs)
            if wanted is theirs:
                break
            try:
                theirs = self._put(wanted, theirs)
            except KeyringChanged as changed:
                theirs = changed.current
        else:
            raise NotReachable("Other devices are changing the keys of the account right now.", "It is tried again.")
        self._keep_keyring(theirs)
        with self._repository.transaction() as transaction:
            rotate = transaction.memo(ROTATE) is not None
        return self._rotate() if rotate else theirs.etag

    def _wanted(self, theirs: wire.Keyring) -> wire.Keyring:
        """The keyring that should be on the server: theirs itself, or what makes good for what it lacks."""
        credentials = self.credentials
        try:
            keys = cipher.open_keyring(theirs, credentials.account, credentials.account_key)
        except CannotOpen as wrong:
            if self._seen_keyring() is None:
                raise NotAllowed(
                    "The server gave keys that are not this account's.", "Do not use it; tell whoever runs it."
                ) from wrong
            keys = None
        seen = self._seen_keyring()
        if seen is None:
            return theirs
        ours = cipher.open_keyring(seen, credentials.account, credentials.account_key)
        if keys is None:
            best, joined = seen, ours
        else:
            best, joined = theirs, ours.joined(keys) if theirs.version >= seen.version else keys.joined(ours)
            if ours.passwords > keys.passwords:
                best = replace(
                    best, kdf=seen.kdf, login_key=seen.login_key, wrapped_by_password=seen.wrapped_by_password
                )
            if ours.recoveries > keys.recoveries:
                best = replace(
                    best, recovery_login_key=seen.recovery_login_key, wrapped_by_recovery=seen.wrapped_by_recovery
                )
            if best is theirs and joined == keys:
                return theirs
        renewed = replace(best, version=_version_after(theirs, seen), etag=wire.new_id())
        return cipher.seal_keyring(renewed, credentials.account, credentials.account_key, joined)

    def _put(self, wanted: wire.Keyring, theirs: wire.Keyring, proof: Proof | None = None) -> wire.Keyring:
        signed = proof or proof_with(self._seed_for(theirs))
        return self._answered(
            "keyring", lambda challenge: self.client.put_keyring(wanted, theirs.etag, challenge, signed)
        )

    def _seed_for(self, keyring: wire.Keyring) -> bytes:
        for seed in self.credentials.seeds:
            if cipher.login_key(seed) == keyring.login_key:
                return seed
        raise SignInAgain("The password was changed on another device.", "Sign in with the new one.")

    def _seen_keyring(self) -> wire.Keyring | None:
        return seen_keyring(self._repository, self.credentials.account)

    def _keep_keyring(self, keyring: wire.Keyring) -> None:
        self._cipher = self._cipher_of(keyring)
        self._seen = keyring.etag
        with self._repository.transaction() as transaction:
            transaction.set_memo(KEYRING, json.dumps([self.credentials.account, keyring.to_json()]))

    def _cipher_of(self, keyring: wire.Keyring) -> RecordCipher:
        credentials = self.credentials
        keys = cipher.open_keyring(keyring, credentials.account, credentials.account_key)
        return RecordCipher(credentials.account, credentials.account_key, keys)

    def adopt(self, session: wire.ServerSession) -> None:
        """Begin with the keyring that came with a first sign-in."""
        if self._wanted(session.keyring) is session.keyring:
            self._keep_keyring(session.keyring)  # else the next refresh makes good for what it lacks

    def _change_keyring(
        self, change: Callable[[wire.Keyring, DataKeys], tuple[wire.Keyring, DataKeys]], proof: Proof | None = None
    ) -> wire.Keyring:
        """Replace the keyring by what `change` makes of the current one; again if another device was first.

        Signed by `proof`, or with the login key at hand.
        """
        credentials = self.credentials
        theirs = self.client.keyring()
        sent = ""
        for _ in range(_TRIES):
            if theirs.etag == sent:
                break  # an earlier try had worked, only its answer was lost
            base = self._wanted(theirs)
            keys = cipher.open_keyring(base, credentials.account, credentials.account_key)
            changed, keys = change(base, keys)
            changed = replace(changed, version=_version_after(theirs, base), etag=sent or wire.new_id())
            sent = changed.etag
            changed = cipher.seal_keyring(changed, credentials.account, credentials.account_key, keys)
            try:
                theirs = self._put(changed, theirs, proof)
                break
            except KeyringChanged as raced:
                theirs = raced.current
        else:
            raise NotReachable("Other devices are changing the keys of the account right now.", "Try again.")
        self._keep_keyring(theirs)
        return theirs

    def _rotate(self) -> str:
        theirs = self._change_keyring(lambda keyring, keys: (keyring, keys.rotated()))
        with self._repository.transaction() as transaction:
            transaction.set_memo(ROTATE, None)
        return theirs.etag

    # the session

    def call(self, request: Callable[[], _T]) -> _T:
        """Make a request; where the session has ended, sign in again by oneself and make it once more."""
        try:
            return request()
        except SessionEnded:
            self.sign_in_again()
            return request()

    def sign_in_again(self) -> None:
        """Take the session up again with the keys at hand, also on a server that was restored from an old backup.

        Raises SignInAgain where the password was changed elsewhere, DeviceRevoked, NotAllowed, NotReachable.
        """
        for seed in self.credentials.seeds:
            with contextlib.suppress(LoginRefused):
                self._enter(self._answered("login", partial(self._login, seed)))
                return
        self._enter(self._register_again())

    def _login(self, seed: bytes, challenge: wire.Challenge) -> wire.ServerSession:
        return self.client.login(challenge, proof_with(seed), self.credentials.device, None)

    def _register_again(self) -> wire.ServerSession:
        """A server restored to before this account was made knows neither name nor id: then both are free."""
        changed = SignInAgain(
            "The password of this account was changed on another device.", "Sign in with the new one."
        )
        seen = self._seen_keyring()
        credentials = self.credentials
        # A change of the password that never arrived leaves the seed before as the one the keyring speaks of.
        known = None if seen is None else seen.login_key
        seed = next((each for each in credentials.seeds if cipher.login_key(each) == known), None)
        if seen is None or seed is None:
            raise changed
        device = {"id": credentials.device, "label": None}
        body = {
            "name": credentials.name,
            "account": credentials.account,
            "device": device,
            "invitation": None,
            "keyring": seen.to_json(),
        }
        proof = proof_with(seed)
        try:
            return self._answered("register", lambda challenge: self.client.register(challenge, proof, body))
        except (NameTaken, AccountExists) as taken:
            raise changed from taken

    def _answered(self, action: str, request: Callable[[wire.Challenge], _T]) -> _T:
        return answered(self.client, self.credentials.name, action, request)

    def _enter(self, session: wire.ServerSession) -> None:
        if session.account != self.credentials.account:
            raise SignInAgain("Another account has this name now.", "Sign in again.")
        self._keep(replace(self.credentials, token=session.token))

    def _keep(self, credentials: Credentials) -> None:
        save(self._repository, self._vault, credentials)
        self.credentials = credentials
        self.client.token = credentials.token or None

    # what a person does with an account

    def change_password(self, secret: str, password: str) -> None:
        """Make `password` the password, by `secret`: the old one or the recovery key, asked for so that nobody who
        sits at a signed-in device for a moment takes the account over.

        All other sessions end; no other device can sign in with the old one. Raises WrongSecret, InvalidInput.
        """
        check_password(password, self.credentials.name)
        theirs = self.call(self.client.keyring)
        proof = self._proof_by(secret, theirs)
        kdf = cipher.new_kdf()
        unlocked = cipher.stretch(password, kdf)
        self._seed_for(theirs)
        old = self.credentials
        # Kept first: should the answer be lost, one of the two is the one the server knows.
        self._keep(old.with_seed(unlocked.login_seed))

        def change(keyring: wire.Keyring, keys: DataKeys) -> tuple[wire.Keyring, DataKeys]:
            wrapped = cipher.wrap(unlocked.kek, old.account_key, old.account, "password")
            login_key = cipher.login_key(unlocked.login_seed)
            changed = replace(keyring, kdf=kdf, login_key=login_key, wrapped_by_password=wrapped)
            return changed, replace(keys, passwords=keys.passwords + 1)

        self.call(lambda: self._change_keyring(change, proof))

    def new_recovery_key(self, secret: str) -> str:
        """Replace the recovery key, by `secret` as above; returns it, spelled, to be shown once. The old one is of no
        use any more. Raises WrongSecret."""
        proof = self._proof_by(secret, self.call(self.client.keyring))
        recovery = cipher.random_key()
        unlocked = cipher.from_recovery_key(recovery)
        held = self.credentials

        def change(keyring: wire.Keyring, keys: DataKeys) -> tuple[wire.Keyring, DataKeys]:
            wrapped = cipher.wrap(unlocked.kek, held.account_key, held.account, "recovery")
            login_key = cipher.login_key(unlocked.login_seed)
            changed = replace(keyring, recovery_login_key=login_key, wrapped_by_recovery=wrapped)
            return changed, replace(keys, recoveries=keys.recoveries + 1)

        self.call(lambda: self._change_keyring(change, proof))
        return format_key(recovery)

    def _proof_by(self, secret: str, keyring: wire.Keyring) -> Proof:
        """Signs with what a person typed: the password or the recovery key. Raises WrongSecret."""
        try:
            recovered = cipher.from_recovery_key(parse_key(secret, cipher.KEY_BYTES))
        except InvalidInput:
            pass
        else:
            if cipher.login_key(recovered.login_seed) == keyring.recovery_login_key:
                return proof_with(recovered.login_seed, "recovery")
        unlocked = cipher.stretch(secret, keyring.kdf)
        if cipher.login_key(unlocked.login_seed) == keyring.login_key:
            return proof_with(unlocked.login_seed)
        raise WrongSecret(
            "This is neither the password of this account nor its recovery key.", "Check it, and type it again."
        )

    def devices(self) -> tuple[KnownDevice, ...]:
        """The devices that are signed in, this one first."""
        found = self.call(self.client.devices)
        known = [
            KnownDevice(
                each.id,
                open_label(self.credentials.account_key, each.id, each.label),
                each.created,
                each.last_seen,
                each.current,
            )
            for each in found
        ]
        return tuple(sorted(known, key=lambda each: (not each.current, -each.last_seen, each.id)))

    def rename_device(self, device: str, label: str) -> None:
        """Call a device something else. Raises InvalidInput for no name, or one of more than 60 characters."""
        sealed = seal_label(self.credentials.account_key, device, checked_label(label))
        self.call(lambda: self.client.rename_device(device, sealed))

    def revoke_device(self, device: str) -> None:
        """Sign a device out for good; what is written from now on is under a key it never gets."""
        with self._repository.transaction() as transaction:
            transaction.set_memo(ROTATE, "yes")
            note_revocation(transaction, self.account, device)
        self.call(lambda: self.client.revoke_device(device))
        self._rotate()

    def close_link(self) -> None:
        """End the code that is shown for a new device, if there is one."""
        address, self.open_link = self.open_link, None
        if address is not None:
            self.call(lambda: self.client.close_link(address))

    def export(self) -> Json:
        """Everything the server has for the account, as it has it (sealed)."""
        return self.call(self.client.export)

    def sign_out(self) -> None:
        """End the session and forget the keys. The records stay; the server is told if it can be reached."""
        with contextlib.suppress(NotReachable, NotAllowed):
            self.close_link()
        try:
            self.client.logout()
        except NotReachable:
            note_departure(self._repository, self._vault, self.credentials, SIGN_OUT)
        except NotAllowed:
            pass  # the session had ended
        self.leave()

    def delete(self) -> None:
        """Delete the account and everything the server has of it, at once and for good. The records here stay; the
        keys do for some weeks, for the case that the server is put back to a time when it had the account."""
        proof = proof_with(self.credentials.login_seed)
        self.call(
            lambda: self._answered("delete-account", lambda challenge: self.client.delete_account(challenge, proof))
        )
        note_departure(self._repository, self._vault, self.credentials, DELETION)
        self.leave()

    def leave(self) -> None:
        """Forget the keys here; the server is not asked."""
        forget(self._repository, self._vault)
        with self._repository.transaction() as transaction:
            transaction.set_memo(KEYRING, None)
        self.client.token = None
        self.client.close()


def open_account(
    repository: SyncRepository, vault: Vault, make_client: Callable[[str], Client] = Client
) -> Account | None:
    """The account this profile is signed in to, or None.

    A profile that is a copy of another goes on as a device of its own, which it becomes at the first request.
    """
    credentials, own = load(repository, vault)
    if credentials is None:
        return None
    if not own:
        credentials = replace(credentials, device=wire.new_id(), token="")
        save(repository, vault, credentials)
    return Account(credentials, make_client(credentials.server), repository, vault)
