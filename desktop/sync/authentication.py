"""Ways to sign in: creating an account, a password, a recovery key, or a code from a signed-in device.

Nothing is stored in the profile before the server has accepted the request.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

from desktop.domain.errors import InvalidInput, NotAllowed
from desktop.sync import cipher, wire
from desktop.sync.account import KEYRING, Account, seen_keyring
from desktop.sync.cipher import DataKeys, DecryptionFailed
from desktop.sync.client import Client, Proof, server_address
from desktop.sync.credentials import Credentials, load_credentials, previous_device_id, save_credentials
from desktop.sync.device_labels import MAX_CHARACTERS, seal_label
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.linking import FirstDevice, NewDevice
from desktop.sync.passwords import check_password
from desktop.sync.problem_errors import Absent, AccountExists, DeviceRevoked, LoginRefused, NameTaken
from desktop.sync.proofs import make_proof, request_with_challenge
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault

_OLD_CODE = "sync.pairing"  # memo of earlier versions: what they had published
_OFFER, _OLD_OFFER = "upschedule:link?", "upschedule:pair?"
_TOO_OLD = "This server is too old to add a device by a code."


@dataclass(frozen=True, slots=True)
class SignInContext:
    """What signing in needs from this profile: `label` will be the device's label, `make_client` is for tests."""

    repository: SyncRepository
    vault: Vault
    label: str
    make_client: Callable[[str], Client] = Client

    @contextmanager
    def connected(self, server: str) -> Iterator[Client]:
        """A client for the server, closed again if the block raises."""
        client = self.make_client(server)
        try:
            yield client
        except BaseException:
            client.close()
            raise


def create_account(
    context: SignInContext, server: str, name: str, password: str, invitation: str | None = None
) -> tuple[Account, str]:
    """Creates an account; returns it, and its recovery key as text to be shown once and confirmed by typing it.

    Raises InvalidInput (address, name, password), NameTaken, NotAllowed, NotReachable.
    """
    check_password(password, name)
    with context.connected(server) as client:
        return _create(context, client, name, password, invitation)


def _create(
    context: SignInContext, client: Client, name: str, password: str, invitation: str | None
) -> tuple[Account, str]:
    account, device = wire.new_id(), wire.new_id()
    account_key, recovery = cipher.random_key(), cipher.random_key()
    kdf = cipher.new_kdf()
    unlocked, recovered = cipher.stretch(password, kdf), cipher.from_recovery_key(recovery)
    keyring = wire.Keyring(
        version=1,
        etag=wire.new_id(),
        kdf=kdf,
        login_key=cipher.login_key(unlocked.login_seed),
        recovery_login_key=cipher.login_key(recovered.login_seed),
        wrapped_by_password=cipher.wrap(unlocked.kek, account_key, account, "password"),
        wrapped_by_recovery=cipher.wrap(recovered.kek, account_key, account, "recovery"),
        keys=b"",
    )
    keyring = cipher.seal_keyring(keyring, account, account_key, cipher.new_data_keys())
    label = wire.b64(seal_label(account_key, device, context.label))
    proof = make_proof(unlocked.login_seed)

    def register(challenge: wire.Challenge) -> wire.ServerSession:
        body = {
            "name": challenge.name,
            "account": account,
            "device": {"id": device, "label": label},
            "invitation": invitation,
            "keyring": keyring.to_json(),
        }
        try:
            return client.register(challenge, proof, body)
        except (NameTaken, AccountExists) as taken:
            # An earlier try of ours may have succeeded with its response lost: then these keys can sign in.
            try:
                return client.login(client.challenge(name, "login"), proof, device, None)
            except LoginRefused:
                raise taken from None

    session = request_with_challenge(client, name, "register", register)
    held = Credentials(client.address, session.name, account, device, session.token, account_key, unlocked.login_seed)
    return _complete_sign_in(context, client, held, session), format_key(recovery)


def sign_in(context: SignInContext, server: str, name: str, password: str) -> Account:
    """Signs in with a password. Raises LoginRefused, WeakParameters, NotAllowed, NotReachable, InvalidInput."""
    with context.connected(server) as client:
        return _sign_in(context, client, name, password)


def _sign_in(context: SignInContext, client: Client, name: str, password: str) -> Account:
    unlocked: dict[wire.Kdf, cipher.DerivedKeys] = {}
    kdf = [cipher.new_kdf()]

    def prove(challenge: wire.Challenge) -> Proof:
        kdf[0] = challenge.kdf
        if challenge.kdf not in unlocked:
            unlocked[challenge.kdf] = cipher.stretch(password, challenge.kdf)
        return make_proof(unlocked[challenge.kdf].login_seed)

    session = _login(context, client, name, prove)
    keys = unlocked[kdf[0]]
    account_key = _unwrapped(keys.kek, session, "password")
    held = Credentials(
        client.address,
        session.name,
        session.account,
        session.device,
        session.token,
        account_key,
        keys.login_seed,
        _seeds_before(context, session.account, keys.login_seed),
    )
    return _ensure_label(context, _complete_sign_in(context, client, held, session))


def _seeds_before(context: SignInContext, account: str, seed: bytes) -> tuple[bytes, ...]:
    """The seeds of this profile's other passwords, whose login key may be the one in the newest keyring.

    A server restored from a backup with an older password accepts that password. If it is restored once more, from a
    backup older than the account, the account is registered again with the newest keyring, which takes the seed that
    fits its login key.
    """
    known, _ = load_credentials(context.repository, context.vault)
    if known is None or known.account != account:
        return ()
    return known.with_seed(seed).previous_seeds


def sign_in_with_recovery_key(
    context: SignInContext, server: str, name: str, recovery_key: str, password: str
) -> Account:
    """Signs in with the recovery key and sets a new password. All other sessions end; the recovery key stays valid."""
    recovery = parse_key(recovery_key, cipher.KEY_BYTES)
    check_password(password, name)
    with context.connected(server) as client:
        return _sign_in_recovered(context, client, name, recovery, password)


def _sign_in_recovered(context: SignInContext, client: Client, name: str, recovery: bytes, password: str) -> Account:
    recovered = cipher.from_recovery_key(recovery)
    proof = make_proof(recovered.login_seed, "recovery")
    try:
        session = _login(context, client, name, lambda _: proof)
    except LoginRefused as no:
        raise LoginRefused(
            "This recovery key does not belong to this name.", "Check the name, and whether a newer key was made."
        ) from no
    account_key = _unwrapped(recovered.kek, session, "recovery")
    kdf = cipher.new_kdf()
    unlocked = cipher.stretch(password, kdf)
    keys = _open_or_repair_keys(context, session, account_key)
    renewed = replace(
        session.keyring,
        version=session.keyring.version + 1,
        etag=wire.new_id(),
        kdf=kdf,
        login_key=cipher.login_key(unlocked.login_seed),
        recovery_login_key=cipher.login_key(recovered.login_seed),
        wrapped_by_password=cipher.wrap(unlocked.kek, account_key, session.account, "password"),
    )
    keys = replace(keys, passwords=keys.passwords + 1)
    renewed = cipher.seal_keyring(renewed, session.account, account_key, keys)
    client.token = session.token

    def put(challenge: wire.Challenge) -> wire.Keyring:
        return client.put_keyring(renewed, session.keyring.etag, challenge, proof)

    accepted = request_with_challenge(client, name, "keyring", put)
    held = Credentials(
        client.address, session.name, session.account, session.device, session.token, account_key, unlocked.login_seed
    )
    return _ensure_label(context, _complete_sign_in(context, client, held, replace(session, keyring=accepted)))


def _open_or_repair_keys(context: SignInContext, session: wire.ServerSession, account_key: bytes) -> DataKeys:
    """The data keys of a keyring; if it is damaged, those that this profile knows, or a new one.

    Records sealed under keys that are missing here can be read again as soon as a device that has the keys syncs: it
    joins both keyrings. The counts of changes in a damaged keyring cannot be read either, so they continue from the
    current time, which is above any count: otherwise a device that knows the keyring from before would restore the old
    password.
    """
    try:
        return cipher.open_keyring(session.keyring, session.account, account_key)
    except DecryptionFailed:
        known = seen_keyring(context.repository, session.account)
        keys = cipher.new_data_keys()
        if known is not None:
            keys = cipher.open_keyring(known, session.account, account_key)
        counted = max(int(time.time()), keys.passwords, keys.recoveries)
        return replace(keys, passwords=counted, recoveries=counted)


def _unwrapped(kek: bytes, session: wire.ServerSession, by: str) -> bytes:
    wrapped = session.keyring.wrapped_by_password if by == "password" else session.keyring.wrapped_by_recovery
    return cipher.unwrap(kek, wrapped, session.account, by)


def _complete_sign_in(
    context: SignInContext, client: Client, held: Credentials, session: wire.ServerSession
) -> Account:
    save_credentials(context.repository, context.vault, held)
    account = Account(held, client, context.repository, context.vault)
    with context.repository.transaction() as transaction:
        seen = transaction.memo(KEYRING)
        if seen is not None and json.loads(seen)[0] != held.account:
            transaction.set_memo(KEYRING, None)
    account.adopt_keyring(session)
    return account


def _ensure_label(context: SignInContext, account: Account) -> Account:
    """Labels this device, unless it has a label already."""
    if not any(each.current and each.label for each in account.devices()):
        account.rename_device(account.credentials.device, context.label[:MAX_CHARACTERS])
    return account


def _login(
    context: SignInContext, client: Client, name: str, prove: Callable[[wire.Challenge], Proof]
) -> wire.ServerSession:
    """Signs in as the device that this profile was before, or as a new one if that was revoked."""

    def enter(device: str) -> wire.ServerSession:
        client.device = device
        return request_with_challenge(
            client, name, "login", lambda challenge: client.login(challenge, prove(challenge), device, None)
        )

    try:
        return enter(previous_device_id(context.repository, client.address, name))
    except DeviceRevoked:
        return enter(wire.new_id())


# Linking a new device with a code from a signed-in device (`linking`), with the server as the channel.


class Invitation:
    """A code that lets one new device sign in while it is shown; the side of the signed-in device."""

    def __init__(self, account: Account) -> None:
        """Opens the link on the server. Raises NotAllowed if the server is too old, NotReachable."""
        self._account = account
        self._device = FirstDevice()
        self.is_answered = False
        client = account.client
        try:
            account.call(lambda: client.open_link(self._device.address, self._device.commitment))
        except Absent as old:
            raise NotAllowed(_TOO_OLD, "Sign in with the password on the other device.") from old
        account.open_link_address = self._device.address

    @property
    def code(self) -> str:
        return self._device.code

    @property
    def qr(self) -> str:
        """The text of the QR code, with the server and the code."""
        return _OFFER + urlencode({"server": self._account.credentials.server, "code": self.code})

    @property
    def digits(self) -> str:
        """Six digits to compare, once a device has sent its request; empty before."""
        return self._device.digits

    @property
    def label(self) -> str:
        """The label that the requesting device gave itself."""
        return self._device.label

    def poll(self) -> None:
        """Checks for a request, and replies to it.

        Raises CodeClosed, DecryptionFailed (the request was made without the code), NotReachable.
        """
        client, address = self._account.client, self._device.address
        found = client.link(address)
        if found.request is not None and not self.digits:
            key = self._device.receive_request(found.request)
            self._account.call(lambda: client.put_link_reply(address, "key", key))

    def confirm(self) -> None:
        """Sends the account to the device, after a person has compared the digits. Raises CodeClosed, NotReachable."""
        held = self._account.credentials
        plain = json.dumps([held.name, held.account, wire.b64(held.account_key), wire.b64(held.login_seed)]).encode()
        answer = self._device.seal_answer(plain)
        client = self._account.client
        self._account.call(lambda: client.put_link_reply(self._device.address, "answer", answer))
        self.is_answered = True

    def close(self) -> None:
        """Invalidates the code."""
        self._account.close_link()


class CodeSignIn:
    """A sign-in by code; the side of the new device."""

    def __init__(self, context: SignInContext, server: str, code: str) -> None:
        """Sends the request. Raises InvalidInput (a mistyped code), CodeClosed, CodeUsed, NotAllowed, NotReachable."""
        self._context = context
        self._device = NewDevice(code)
        with context.connected(server) as client:
            self._client = client
            try:
                link = client.link(self._device.address)
            except Absent as old:
                raise NotAllowed(_TOO_OLD, "Sign in with the password.") from old
            client.put_link_request(
                self._device.address, self._device.make_request(link.commitment, context.label[:MAX_CHARACTERS])
            )

    @property
    def digits(self) -> str:
        """Six digits to compare, once the other device has replied; empty before."""
        return self._device.digits

    def poll(self) -> Account | None:
        """Checks for a reply; returns the account once signed in, None before.

        Raises CodeClosed, DecryptionFailed, NotAllowed, NotReachable.
        """
        link = self._client.link(self._device.address)
        if link.key is not None and not self.digits:
            self._device.receive_key(link.key)
        if link.answer is None:
            return None
        try:
            name, account, account_key, seed = json.loads(self._device.open_answer(link.answer))
        except (ValueError, TypeError) as wrong:
            raise DecryptionFailed from wrong
        return self._sign_in(name, account, wire.unb64(account_key), wire.unb64(seed))

    def _sign_in(self, name: str, account: str, account_key: bytes, seed: bytes) -> Account:
        client, proof = self._client, make_proof(seed)
        session = _login(self._context, client, name, lambda _: proof)
        if session.account != account:
            raise NotAllowed("This code belongs to another account.", "Make a new one on the other device.")
        held = Credentials(client.address, session.name, account, session.device, session.token, account_key, seed)
        return _ensure_label(self._context, _complete_sign_in(self._context, client, held, session))

    def cancel(self) -> None:
        """Closes the connection without signing in."""
        self._client.close()


def is_offer(qr: str) -> bool:
    """True if the text of a QR code is a linking code, valid or not."""
    return qr.strip().lower().startswith((_OFFER, _OLD_OFFER))


def read_offer(qr: str) -> tuple[str, str]:
    """The server and the code in the text of a QR code; raises InvalidInput."""
    found = parse_qs(urlsplit(qr.strip()).query) if is_offer(qr) else {}
    if not {"server", "code"} <= found.keys():
        raise InvalidInput("This picture is no code for signing in.", "Show the code on the other device again.")
    return server_address(found["server"][0]), found["code"][0]


def withdraw_old_code(account: Account, repository: SyncRepository) -> None:
    """Deletes what versions before 0.2.0 published to link a device, which stayed if the program ended meanwhile."""
    with repository.transaction() as transaction:
        feed = transaction.memo(_OLD_CODE)
    if feed is not None:
        account.call(lambda: account.client.delete_feed(feed))
        with repository.transaction() as transaction:
            transaction.set_memo(_OLD_CODE, None)
