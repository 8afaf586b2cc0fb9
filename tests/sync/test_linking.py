"""Letting a new device in, over the twin: what both devices see, and that every attack fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.domain.errors import InvalidInput, NotAllowed
from desktop.sync import authentication, cipher, wire
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.linking import FirstDevice, NewDevice
from desktop.sync.problem_errors import CodeClosed, CodeUsed
from tests.sync.memory import MemoryReplica, MemoryVault
from tests.sync.twin import Problem, TwinClient, TwinServer
from tests.sync.world import fast_stretch


class Machine:
    """One profile on one machine."""

    def __init__(self, server: TwinServer, label: str) -> None:
        self.client = TwinClient(server)
        self.context = authentication.SignInContext(MemoryReplica(), MemoryVault(), label, lambda _: self.client)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> TwinServer:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)
    return TwinServer()


@pytest.fixture
def invitation(server: TwinServer) -> authentication.Invitation:
    account, _ = authentication.create_account(
        Machine(server, "laptop").context, "localhost:8765", "thandi", "three words together"
    )
    return authentication.Invitation(account)


def asked_by(server: TwinServer, label: str, code: str) -> authentication.CodeSignIn:
    return authentication.CodeSignIn(Machine(server, label).context, "localhost:8765", code)


def test_both_see_the_same_digits_and_one_confirms(server: TwinServer, invitation: authentication.Invitation) -> None:
    assert invitation.digits == ""
    arrival = asked_by(server, "phone", invitation.code)
    assert arrival.poll() is None
    assert arrival.digits == "", "nothing is shown before the first device has answered"
    invitation.poll()
    assert arrival.poll() is None
    assert invitation.digits == arrival.digits
    assert len(invitation.digits) == 6
    assert invitation.label == "phone"
    invitation.confirm()
    account = arrival.poll()
    assert account is not None
    assert account.credentials.account_key == invitation._account.credentials.account_key
    assert {each.label for each in account.devices()} == {"laptop", "phone"}


def test_nobody_is_in_before_the_first_device_confirms(
    server: TwinServer, invitation: authentication.Invitation
) -> None:
    arrival = asked_by(server, "phone", invitation.code)
    invitation.poll()
    for _ in range(3):
        assert arrival.poll() is None
    assert len(server.sessions) == 1
    invitation.close()
    with pytest.raises(CodeClosed):
        arrival.poll()
    with pytest.raises(CodeClosed):
        invitation.confirm()


def test_a_third_device_gets_nothing_by_a_used_code(server: TwinServer, invitation: authentication.Invitation) -> None:
    arrival = asked_by(server, "phone", invitation.code)
    with pytest.raises(CodeUsed):
        asked_by(server, "third", invitation.code)
    invitation.poll()
    invitation.confirm()
    assert arrival.poll() is not None
    with pytest.raises(CodeUsed):
        asked_by(server, "third", invitation.code)
    invitation.close()
    with pytest.raises(CodeClosed):
        asked_by(server, "third", invitation.code)


def test_a_third_device_gets_nothing_by_an_expired_code(
    server: TwinServer, invitation: authentication.Invitation
) -> None:
    arrival = asked_by(server, "phone", invitation.code)
    invitation.poll()
    server.clock.jump(301 / 31_536_000)
    with pytest.raises(CodeClosed):
        asked_by(server, "third", invitation.code)
    with pytest.raises(CodeClosed):
        invitation.confirm()
    with pytest.raises(CodeClosed):
        arrival.poll()


def test_who_photographs_the_code_and_is_first_shows_digits_that_the_new_device_does_not(
    server: TwinServer, invitation: authentication.Invitation
) -> None:
    thief = asked_by(server, "phone", invitation.code)
    with pytest.raises(CodeUsed, match="used already"):
        asked_by(server, "phone", invitation.code)  # so the new device says, and shows no digits to compare
    invitation.poll()
    thief.poll()
    invitation.close()
    with pytest.raises(CodeClosed):
        thief.poll()
    assert len(server.sessions) == 1


def test_who_has_the_code_and_reads_along_opens_no_answer(
    server: TwinServer, invitation: authentication.Invitation
) -> None:
    asked_by(server, "phone", invitation.code)
    invitation.poll()
    invitation.confirm()
    address = FirstDevice(NewDevice(invitation.code)._secret).address
    link = TwinClient(server).link(address)
    assert link.answer is not None
    assert link.key is not None
    thief = NewDevice(invitation.code)
    thief.make_request(link.commitment, "phone")
    with pytest.raises(DecryptionFailed):
        thief.receive_key(link.key)
    with pytest.raises(DecryptionFailed):
        thief.open_answer(link.answer)


def test_between_the_two_a_server_with_the_code_cannot_make_the_digits_agree() -> None:
    """It has to commit to a key before it sees the new device's, and to ask with one before it sees the first's."""
    first = FirstDevice()
    false_first = FirstDevice(NewDevice(first.code)._secret)
    new, false_new = NewDevice(first.code), NewDevice(first.code)
    request = new.make_request(false_first.commitment, "phone")
    key = first.receive_request(false_new.make_request(first.commitment, "phone"))
    false_new.receive_key(key)
    new.receive_key(false_first.receive_request(request))
    assert first.digits == false_new.digits != new.digits == false_first.digits
    with pytest.raises(DecryptionFailed):
        first.receive_request(false_new.make_request(first.commitment, "phone"))  # no second try with another key
    other = FirstDevice(NewDevice(first.code)._secret)
    again = NewDevice(first.code)
    shown = other.receive_request(again.make_request(other.commitment, "phone"))
    again._commitment = false_first.commitment
    with pytest.raises(DecryptionFailed):
        again.receive_key(shown)  # nor with another than was committed to


@pytest.mark.parametrize(
    "made",
    [
        lambda first: b"",
        lambda first: b"x" * 100,
        lambda first: NewDevice(FirstDevice().code).make_request(first.commitment, "phone"),
        lambda first: NewDevice(first.code).make_request(bytes(32), "phone"),
        lambda first: cipher.seal_small(first._secret, "link request", first.commitment, b"[]"),
        lambda first: cipher.seal_small(first._secret, "link request", first.commitment, b'["AAAA", ""]'),
        lambda first: cipher.seal_small(
            first._secret, "link request", first.commitment, b'["' + b"A" * 43 + b'", "zero"]'
        ),
    ],
)
def test_a_request_that_is_none_is_not_answered(made: Callable[[FirstDevice], bytes]) -> None:
    first = FirstDevice()
    with pytest.raises((DecryptionFailed, wire.InvalidResponse)):
        first.receive_request(made(first))
    assert first.digits == ""
    with pytest.raises(DecryptionFailed):
        first.seal_answer(b"account")


def test_a_slip_in_the_code_and_a_server_that_is_too_old_are_said(
    server: TwinServer, invitation: authentication.Invitation
) -> None:
    with pytest.raises(InvalidInput):
        asked_by(server, "phone", invitation.code[:-1] + ("0" if invitation.code[-1] != "0" else "1"))
    server.fault = lambda method, path: Problem(404, "not-found") if "/links/" in path else None
    with pytest.raises(NotAllowed, match="too old to add a device by a code"):
        asked_by(server, "phone", invitation.code)
    with pytest.raises(NotAllowed, match="too old to add a device by a code"):
        authentication.Invitation(invitation._account)
