"""What the engine relies on, tested on the twin and on the real server (docs/sync-protocol.md)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from desktop.domain.errors import NotAllowed
from desktop.sync import cipher, problem_errors, wire
from desktop.sync.client import Client, batch_body
from desktop.sync.proofs import make_proof
from desktop.sync.wire import Push, ServerRecord, b64, new_id
from tests.sync.serving import ServerProcess
from tests.sync.twin import TwinClient, TwinServer

_numbers = itertools.count()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    server = ServerProcess(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture(params=["twin", "server"])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[[], Client]]:
    made: list[Client] = []
    twin = TwinServer()

    def connect() -> Client:
        address = "" if request.param == "twin" else request.getfixturevalue("process").address
        made.append(TwinClient(twin) if request.param == "twin" else Client(address))
        return made[-1]

    yield connect
    for each in made:
        each.close()


class Someone:
    """An account on the wire, with keys made up quickly."""

    def __init__(self, connect: Callable[[], Client]) -> None:
        self.connect = connect
        self.name = f"student{next(_numbers)}"
        self.seed = cipher.random_key()
        self.recovery = cipher.random_key()
        self.account = new_id()
        self.keyring = wire.Keyring(
            version=1,
            etag=new_id(),
            kdf=cipher.new_kdf(),
            login_key=cipher.login_key(self.seed),
            recovery_login_key=cipher.login_key(self.recovery),
            wrapped_by_password=b"w",
            wrapped_by_recovery=b"w",
            keys=b"k",
        )

    def register(self) -> Client:
        client = self.connect()
        challenge = client.challenge(self.name, "register")
        body = {
            "name": challenge.name,
            "account": self.account,
            "device": {"id": new_id(), "label": None},
            "invitation": None,
            "keyring": self.keyring.to_json(),
        }
        client.token = client.register(challenge, make_proof(self.seed), body).token
        return client

    def login(self, device: str | None = None, seed: bytes | None = None, by: str = "password") -> Client:
        client = self.connect()
        proof = make_proof(seed or self.seed, by)
        session = client.login(client.challenge(self.name, "login"), proof, device or new_id(), None)
        assert session.account == self.account
        client.token = session.token
        return client

    def replace_keyring(
        self, client: Client, keyring: wire.Keyring, replaces: str, seed: bytes | None = None
    ) -> wire.Keyring:
        proof = make_proof(seed or self.seed)
        return client.put_keyring(keyring, replaces, client.challenge(self.name, "keyring"), proof)


@pytest.fixture
def someone(connect: Callable[[], Client]) -> Someone:
    return Someone(connect)


def row(record_id: str = "", blob: bytes = b"sealed", *, deleted: bool = False) -> ServerRecord:
    return ServerRecord(record_id or new_id(), new_id(), deleted, new_id(), 1, blob)


def epoch(client: Client) -> str:
    head = client.head(None)
    assert head is not None
    return head.epoch


def push(client: Client, *pushes: Push, key: str | None = None) -> wire.Receipt:
    return client.push(batch_body(epoch(client), pushes), key or new_id())


def test_a_wrong_password_and_an_unknown_name_look_the_same(someone: Someone) -> None:
    someone.register()
    with pytest.raises(problem_errors.LoginRefused):
        someone.login(seed=cipher.random_key())
    someone.name = "nobody at all".replace(" ", ".")
    with pytest.raises(problem_errors.LoginRefused):
        someone.login()


def test_the_recovery_key_signs_in(someone: Someone) -> None:
    someone.register()
    assert someone.login(seed=someone.recovery, by="recovery").keyring() == someone.keyring


def test_a_name_is_taken_once(connect: Callable[[], Client], someone: Someone) -> None:
    someone.register()
    other = Someone(connect)
    other.name = someone.name.upper()
    with pytest.raises(problem_errors.NameTaken):
        other.register()


def test_nothing_new_is_told_without_a_body(someone: Someone) -> None:
    client = someone.register()
    head = client.head(None)
    assert head is not None
    assert client.head(head.tag) is None
    push(client, Push(row(), None))
    assert client.head(head.tag) is not None


def test_what_is_pushed_is_pulled(someone: Someone) -> None:
    one, two = someone.register(), someone.login()
    pushed = [row(blob=bytes([each]) * 50) for each in range(7)]
    receipt = push(one, *(Push(each, None) for each in pushed))
    page = two.changes(None, 5)
    assert page.more
    rest = two.changes(page.cursor, 5)
    assert [*page.rows, *rest.rows] == pushed
    assert rest.cursor == receipt.cursor
    assert two.changes(rest.cursor).rows == ()
    assert two.manifest().etags == {each.id: each.etag for each in pushed}


def test_a_batch_sent_again_is_answered_as_before(someone: Someone) -> None:
    client = someone.register()
    body, key = batch_body(epoch(client), [Push(row(), None)]), new_id()
    first = client.push(body, key)
    push(client, Push(row(), None))
    assert client.push(body, key) == first
    with pytest.raises(problem_errors.KeyReused):
        client.push(batch_body(epoch(client), [Push(row(), None)]), key)


def test_another_etag_is_a_conflict_with_what_is_there(someone: Someone) -> None:
    client = someone.register()
    there = row()
    push(client, Push(there, None))
    missing = new_id()
    with pytest.raises(problem_errors.Conflict) as caught:
        push(client, Push(row(there.id), None), Push(row(missing), new_id()), Push(row(), None))
    assert caught.value.current == {there.id: there, missing: None}
    assert set(client.manifest().etags) == {there.id}


def test_a_cursor_of_another_epoch_is_gone(someone: Someone) -> None:
    client = someone.register()
    push(client, Push(row(), None))
    with pytest.raises(problem_errors.Gone) as other:
        client.changes(f"{new_id()}.0")
    assert other.value.reason == "epoch"
    with pytest.raises(problem_errors.Gone) as beyond:
        client.changes(f"{epoch(client)}.99")
    assert beyond.value.reason == "epoch"
    with pytest.raises(problem_errors.Gone):
        client.push(batch_body(new_id(), [Push(row(), None)]), new_id())


def test_a_keyring_is_replaced_only_by_who_saw_it(someone: Someone) -> None:
    one, two = someone.register(), someone.login()
    rotated = replace(someone.keyring, version=2, etag=new_id(), keys=b"more")
    assert someone.replace_keyring(one, rotated, someone.keyring.etag) == rotated
    with pytest.raises(problem_errors.KeyringChanged) as late:
        someone.replace_keyring(two, replace(rotated, version=3, etag=new_id()), someone.keyring.etag)
    assert late.value.current == rotated
    with pytest.raises(problem_errors.KeyringChanged):
        someone.replace_keyring(two, replace(rotated, version=2, etag=new_id()), rotated.etag)


@pytest.mark.parametrize("changes", [{"keys": b"more"}, {"login_key": bytes(32)}])
def test_a_keyring_is_replaced_only_by_a_login_key(someone: Someone, changes: dict[str, bytes]) -> None:
    client = someone.register()
    changed = replace(someone.keyring, version=2, etag=new_id(), **changes)  # type: ignore[arg-type]
    with pytest.raises(problem_errors.ProofRequired):
        client._json("PUT", "/v1/keyring", changed.to_json(), headers={"If-Match": f'"{someone.keyring.etag}"'})
    with pytest.raises(problem_errors.LoginRefused):
        someone.replace_keyring(client, changed, someone.keyring.etag, seed=cipher.random_key())
    assert client.keyring() == someone.keyring


def test_the_version_of_a_keyring_does_not_jump(someone: Someone) -> None:
    client = someone.register()
    far = replace(someone.keyring, version=2 + wire.KEYRING_VERSION_STEP, etag=new_id())
    with pytest.raises(problem_errors.RecordRefused):
        someone.replace_keyring(client, far, someone.keyring.etag)
    near = replace(far, version=1 + wire.KEYRING_VERSION_STEP)
    assert someone.replace_keyring(client, near, someone.keyring.etag) == near


def test_a_new_password_ends_the_other_sessions(someone: Someone) -> None:
    one, two = someone.register(), someone.login()
    seed = cipher.random_key()
    changed = replace(someone.keyring, version=2, etag=new_id(), login_key=cipher.login_key(seed))
    someone.replace_keyring(one, changed, someone.keyring.etag)
    assert one.head(None) is not None
    with pytest.raises(problem_errors.SessionEnded):
        two.head(None)
    with pytest.raises(problem_errors.LoginRefused):
        someone.login()
    someone.login(seed=seed)


def test_a_revoked_device_is_out(someone: Someone) -> None:
    one, device = someone.register(), new_id()
    two = someone.login(device)
    assert {each.id for each in one.devices()} >= {device}
    two.rename_device(device, b"sealed label")
    assert b"sealed label" in {each.label for each in one.devices()}
    one.revoke_device(device)
    one.revoke_device(device)
    with pytest.raises(problem_errors.SessionEnded):
        two.head(None)
    with pytest.raises(problem_errors.DeviceRevoked):
        someone.login(device)


def test_signing_in_again_ends_the_devices_earlier_session(someone: Someone) -> None:
    someone.register()
    device = new_id()
    earlier, later = someone.login(device), someone.login(device)
    with pytest.raises(problem_errors.SessionEnded):
        earlier.head(None)
    later.logout()
    with pytest.raises(problem_errors.SessionEnded):
        later.head(None)


def test_a_link_takes_its_messages_in_order_each_once(someone: Someone) -> None:
    client, stranger = someone.register(), someone.connect()
    address, commitment = b64(cipher.random_key()), cipher.random_key()
    with pytest.raises(problem_errors.CodeClosed):
        stranger.link(address)
    with pytest.raises(problem_errors.CodeClosed):
        stranger.put_link_request(address, b"request")
    opened = client.open_link(address, commitment)
    assert (opened.commitment, opened.request, opened.key, opened.answer) == (commitment, None, None, None)
    with pytest.raises(problem_errors.CodeUsed):
        client.put_link_reply(address, "key", b"key")
    stranger.put_link_request(address, b"request")
    for late in (b"request", b"another"):
        with pytest.raises(problem_errors.CodeUsed):
            stranger.put_link_request(address, late)
    with pytest.raises(problem_errors.CodeUsed):
        client.put_link_reply(address, "answer", b"answer")
    client.put_link_reply(address, "key", b"key")
    client.put_link_reply(address, "answer", b"answer")
    found = stranger.link(address)
    assert (found.request, found.key, found.answer) == (b"request", b"key", b"answer")
    other = b64(cipher.random_key())
    client.open_link(other, commitment)
    with pytest.raises(problem_errors.CodeClosed):
        stranger.link(address)
    client.close_link(other)
    client.close_link(other)
    with pytest.raises(problem_errors.CodeClosed):
        stranger.put_link_request(other, b"request")


CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nEND:VCALENDAR\r\n"


def test_a_calendar_is_published_rotated_and_taken_back(someone: Someone) -> None:
    client = someone.register()
    feed, token, other = new_id(), b64(cipher.random_key()), b64(cipher.random_key())
    client.put_feed(feed, token, CALENDAR)
    client.token, session = None, client.token
    assert client.calendar(token) == CALENDAR.encode()
    client.token = session
    client.put_feed(feed, other, CALENDAR)
    with pytest.raises(problem_errors.Absent):
        client.calendar(token)
    assert client.feeds() == (feed,)
    client.delete_feed(feed)
    client.delete_feed(feed)
    with pytest.raises(problem_errors.Absent):
        client.calendar(other)


def test_a_deleted_account_is_gone_and_its_id_too(someone: Someone) -> None:
    client = someone.register()
    assert client.export()["account"] == someone.account
    client.delete_account(client.challenge(someone.name, "delete-account"), make_proof(someone.seed))
    with pytest.raises(problem_errors.SessionEnded):
        client.head(None)
    with pytest.raises(problem_errors.LoginRefused):
        someone.login()
    with pytest.raises(problem_errors.AccountExists):
        someone.register()


def test_a_record_over_the_limit_is_named(someone: Someone) -> None:
    client = someone.register()
    large = row(blob=b"x" * (wire.RECORD_BYTES + 1))
    with pytest.raises(NotAllowed) as caught:
        push(client, Push(row(), None), Push(large, None))
    assert isinstance(caught.value, problem_errors.RecordRefused)
    assert caught.value.record_id == large.id or caught.value.indexes == {1}
