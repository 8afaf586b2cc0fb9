"""A signed-in account: its keys, its session and its devices. Signing in is in `authentication`."""

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
from desktop.sync.cipher import DataKeys, DecryptionFailed, RecordCipher
from desktop.sync.client import Client, Proof
from desktop.sync.credentials import Credentials, forget_credentials, load_credentials, save_credentials
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
from desktop.sync.proofs import make_proof, request_with_challenge
from desktop.sync.repository import SyncRepository
from desktop.sync.revocations import note_revocation
from desktop.sync.secrets import Vault

KEYRING = "sync.keyring"  # memo: the keyring last seen, sealed as the server has it
ROTATE = "sync.rotate"  # memo: a device was revoked and the data key is not rotated yet
_TRIES = 5
_T = TypeVar("_T")


class SignInRequired(NotAllowed):
    """The keys on this device are no longer valid for the account."""


class WrongSecret(NotAllowed):
    """The secret that was entered is neither the password nor the recovery key."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device of the account; times in seconds since 1970."""

    id: str
    label: str
    created: int
    last_seen: int
    current: bool


def _version_after(theirs: wire.Keyring, other: wire.Keyring) -> int:
    """A version above both, within the step that the server accepts at once."""
    return min(max(theirs.version, other.version), theirs.version + wire.KEYRING_VERSION_STEP - 1) + 1


def seen_keyring(repository: SyncRepository, account: str) -> wire.Keyring | None:
    """The account's keyring as this profile saw it last, or None."""
    with repository.transaction() as transaction:
        text = transaction.memo(KEYRING)
    if text is None:
        return None
    known, plain = json.loads(text)
    return wire.keyring_from_json(plain) if known == account else None


class Account:
    """The account this profile is signed in to.

    Not thread-safe; only the client's `head`, and interrupting it, may run on another thread meanwhile.
    """

    def __init__(self, credentials: Credentials, client: Client, repository: SyncRepository, vault: Vault) -> None:
        self.credentials = credentials
        self.client = client
        client.device = credentials.device
        self._repository = repository
        self._vault = vault
        self._cipher: RecordCipher | None = None
        self._seen_etag: str | None = None
        self.open_link_address: str | None = None  # the address of the link for a new device, while its code is shown
        client.token = credentials.token or None

    @property
    def account(self) -> str:
        return self.credentials.account

    # the keyring

    @property
    def seen_etag(self) -> str | None:
        """The etag of the keyring last seen; None before the first."""
        if self._seen_etag is None:
            keyring = self._seen_keyring()
            self._seen_etag = None if keyring is None else keyring.etag
        return self._seen_etag

    def cipher(self) -> RecordCipher:
        """The cipher for the account's records, from the keyring last seen."""
        if self._cipher is None:
            keyring = self._seen_keyring()
            if keyring is None:
                self.refresh()
                return self.cipher()
            self._cipher = self._cipher_of(keyring)
        return self._cipher

    def refresh(self) -> str:
        """Fetches the keyring, and replaces it if the server's is older or lacks keys; returns the resulting etag."""
        theirs = self.client.keyring()
        for _ in range(_TRIES):
            wanted = self._desired_keyring(theirs)
            if wanted is theirs:
                break
            try:
                theirs = self._put_keyring(wanted, theirs)
            except KeyringChanged as changed:
                theirs = changed.current
        else:
            raise NotReachable("Other devices are changing the keys of the account right now.", "It is tried again.")
        self._keep_keyring(theirs)
        with self._repository.transaction() as transaction:
            rotate = transaction.memo(ROTATE) is not None
        return self._rotate() if rotate else theirs.etag

    def _desired_keyring(self, theirs: wire.Keyring) -> wire.Keyring:
        """The keyring that should be on the server: `theirs` itself, or one joined with what this device knows."""
        credentials = self.credentials
        try:
            keys = cipher.open_keyring(theirs, credentials.account, credentials.account_key)
        except DecryptionFailed as wrong:
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

    def _put_keyring(self, wanted: wire.Keyring, theirs: wire.Keyring, proof: Proof | None = None) -> wire.Keyring:
        signed = proof or make_proof(self._seed_for(theirs))
        return self._request_with_challenge(
            "keyring", lambda challenge: self.client.put_keyring(wanted, theirs.etag, challenge, signed)
        )

    def _seed_for(self, keyring: wire.Keyring) -> bytes:
        for seed in self.credentials.seeds:
            if cipher.login_key(seed) == keyring.login_key:
                return seed
        raise SignInRequired("The password was changed on another device.", "Sign in with the new one.")

    def _seen_keyring(self) -> wire.Keyring | None:
        return seen_keyring(self._repository, self.credentials.account)

    def _keep_keyring(self, keyring: wire.Keyring) -> None:
        self._cipher = self._cipher_of(keyring)
        self._seen_etag = keyring.etag
        with self._repository.transaction() as transaction:
            transaction.set_memo(KEYRING, json.dumps([self.credentials.account, keyring.to_json()]))

    def _cipher_of(self, keyring: wire.Keyring) -> RecordCipher:
        credentials = self.credentials
        keys = cipher.open_keyring(keyring, credentials.account, credentials.account_key)
        return RecordCipher(credentials.account, credentials.account_key, keys)

    def adopt_keyring(self, session: wire.ServerSession) -> None:
        """Stores the keyring that came with a sign-in."""
        if self._desired_keyring(session.keyring) is session.keyring:
            self._keep_keyring(session.keyring)  # otherwise the next refresh adds what it lacks

    def _change_keyring(
        self, change: Callable[[wire.Keyring, DataKeys], tuple[wire.Keyring, DataKeys]], proof: Proof | None = None
    ) -> wire.Keyring:
        """Replaces the keyring by the result of `change` on the current one; retries if another device was first.

        The request is signed with `proof`, or with the login key of this device.
        """
        credentials = self.credentials
        theirs = self.client.keyring()
        sent = ""
        for _ in range(_TRIES):
            if theirs.etag == sent:
                break  # an earlier try succeeded, only its response was lost
            base = self._desired_keyring(theirs)
            keys = cipher.open_keyring(base, credentials.account, credentials.account_key)
            changed, keys = change(base, keys)
            changed = replace(changed, version=_version_after(theirs, base), etag=sent or wire.new_id())
            sent = changed.etag
            changed = cipher.seal_keyring(changed, credentials.account, credentials.account_key, keys)
            try:
                theirs = self._put_keyring(changed, theirs, proof)
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
        """Makes a request. If the session has ended, signs in again and repeats it once."""
        try:
            return request()
        except SessionEnded:
            self.sign_in_again()
            return request()

    def sign_in_again(self) -> None:
        """Starts a new session with the stored keys, even if the server was restored from an old backup.

        Raises SignInRequired if the password was changed elsewhere, DeviceRevoked, NotAllowed, NotReachable.
        """
        for seed in self.credentials.seeds:
            with contextlib.suppress(LoginRefused):
                self._resume_session(self._request_with_challenge("login", partial(self._login, seed)))
                return
        self._resume_session(self._register_again())

    def _login(self, seed: bytes, challenge: wire.Challenge) -> wire.ServerSession:
        return self.client.login(challenge, make_proof(seed), self.credentials.device, None)

    def _register_again(self) -> wire.ServerSession:
        """Registers the account anew on a server that was restored from a backup older than the account.

        Such a server knows neither name nor id, so both are free.
        """
        changed = SignInRequired(
            "The password of this account was changed on another device.", "Sign in with the new one."
        )
        seen = self._seen_keyring()
        credentials = self.credentials
        # If a change of the password never arrived, the keyring still has the login key of the previous seed.
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
        proof = make_proof(seed)
        try:
            return self._request_with_challenge(
                "register", lambda challenge: self.client.register(challenge, proof, body)
            )
        except (NameTaken, AccountExists) as taken:
            raise changed from taken

    def _request_with_challenge(self, action: str, request: Callable[[wire.Challenge], _T]) -> _T:
        return request_with_challenge(self.client, self.credentials.name, action, request)

    def _resume_session(self, session: wire.ServerSession) -> None:
        if session.account != self.credentials.account:
            raise SignInRequired("Another account has this name now.", "Sign in again.")
        self._save_credentials(replace(self.credentials, token=session.token))

    def _save_credentials(self, credentials: Credentials) -> None:
        save_credentials(self._repository, self._vault, credentials)
        self.credentials = credentials
        self.client.token = credentials.token or None

    # changes that a person makes

    def change_password(self, secret: str, password: str) -> None:
        """Sets a new password.

        `secret` is the old password or the recovery key; it is required so that nobody can take the account over by
        using a signed-in device for a moment. All other sessions end, and no device can sign in with the old password.
        Raises WrongSecret, InvalidInput.
        """
        check_password(password, self.credentials.name)
        theirs = self.call(self.client.keyring)
        proof = self._proof_by(secret, theirs)
        kdf = cipher.new_kdf()
        unlocked = cipher.stretch(password, kdf)
        self._seed_for(theirs)
        old = self.credentials
        # Stored first: if the response is lost, the server knows one of the two seeds.
        self._save_credentials(old.with_seed(unlocked.login_seed))

        def change(keyring: wire.Keyring, keys: DataKeys) -> tuple[wire.Keyring, DataKeys]:
            wrapped = cipher.wrap(unlocked.kek, old.account_key, old.account, "password")
            login_key = cipher.login_key(unlocked.login_seed)
            changed = replace(keyring, kdf=kdf, login_key=login_key, wrapped_by_password=wrapped)
            return changed, replace(keys, passwords=keys.passwords + 1)

        self.call(lambda: self._change_keyring(change, proof))

    def new_recovery_key(self, secret: str) -> str:
        """Replaces the recovery key, so that the old one is useless; returns the new one as text to be shown once.

        `secret` is the password or the old recovery key. Raises WrongSecret.
        """
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
        """A proof made with the password or the recovery key that a person typed. Raises WrongSecret."""
        try:
            recovered = cipher.from_recovery_key(parse_key(secret, cipher.KEY_BYTES))
        except InvalidInput:
            pass
        else:
            if cipher.login_key(recovered.login_seed) == keyring.recovery_login_key:
                return make_proof(recovered.login_seed, "recovery")
        unlocked = cipher.stretch(secret, keyring.kdf)
        if cipher.login_key(unlocked.login_seed) == keyring.login_key:
            return make_proof(unlocked.login_seed)
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
        """Raises InvalidInput if the name is empty or longer than 60 characters."""
        sealed = seal_label(self.credentials.account_key, device, checked_label(label))
        self.call(lambda: self.client.rename_device(device, sealed))

    def revoke_device(self, device: str) -> None:
        """Signs a device out for good, and rotates the data key, so that it cannot read what is written from now on."""
        with self._repository.transaction() as transaction:
            transaction.set_memo(ROTATE, "yes")
            note_revocation(transaction, self.account, device)
        self.call(lambda: self.client.revoke_device(device))
        self._rotate()

    def close_link(self) -> None:
        """Invalidates the code that is shown for a new device, if there is one."""
        address, self.open_link_address = self.open_link_address, None
        if address is not None:
            self.call(lambda: self.client.close_link(address))

    def export(self) -> Json:
        """All data that the server stores for the account, still sealed."""
        return self.call(self.client.export)

    def sign_out(self) -> None:
        """Ends the session and removes the keys; the records stay.

        If the server cannot be reached, the session is ended later (`departures`).
        """
        with contextlib.suppress(NotReachable, NotAllowed):
            self.close_link()
        try:
            self.client.logout()
        except NotReachable:
            note_departure(self._repository, self._vault, self.credentials, SIGN_OUT)
        except NotAllowed:
            pass  # the session had ended
        self.forget_keys()

    def delete(self) -> None:
        """Deletes the account and all its data on the server, at once and for good.

        The records here stay. The keys are kept for some weeks, in case the server is restored from a backup that
        still has the account (`departures`).
        """
        proof = make_proof(self.credentials.login_seed)
        self.call(
            lambda: self._request_with_challenge(
                "delete-account", lambda challenge: self.client.delete_account(challenge, proof)
            )
        )
        note_departure(self._repository, self._vault, self.credentials, DELETION)
        self.forget_keys()

    def forget_keys(self) -> None:
        """Removes the keys from this machine, without a request to the server."""
        forget_credentials(self._repository, self._vault)
        with self._repository.transaction() as transaction:
            transaction.set_memo(KEYRING, None)
        self.client.token = None
        self.client.close()


def open_account(
    repository: SyncRepository, vault: Vault, make_client: Callable[[str], Client] = Client
) -> Account | None:
    """The account this profile is signed in to, or None.

    A profile that is a copy of another gets a device id of its own, which is signed in at its first request.
    """
    credentials, own = load_credentials(repository, vault)
    if credentials is None:
        return None
    if not own:
        credentials = replace(credentials, device=wire.new_id(), token="")
        save_credentials(repository, vault, credentials)
    return Account(credentials, make_client(credentials.server), repository, vault)
