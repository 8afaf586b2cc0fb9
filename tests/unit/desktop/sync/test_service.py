"""The sync service over twins, with a clock that the test sets: when it syncs, and the status it reports."""

from __future__ import annotations

import json

import pytest

from desktop.domain.codec import to_plain
from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.records import index_records
from desktop.sync import authentication, cipher, sign_ins
from desktop.sync.plan import JoinNeedsDecision
from desktop.sync.problem_errors import CodeClosed
from desktop.sync.service import IN_STEP, NEEDS_YOU, OFF, OFFLINE, Status, SyncService, needs_decision
from desktop.sync.wire import b64, new_id
from tests.sync.memory import MemoryReplica, MemoryVault
from tests.sync.twin import Problem, TwinClient, TwinServer
from tests.sync.world import fast_stretch

PASSWORD = "three words together"


class Profile:
    def __init__(self, server: TwinServer) -> None:
        self.repository, self.vault, self.client = MemoryReplica(), MemoryVault(), TwinClient(server)
        self.context = authentication.SignInContext(self.repository, self.vault, "laptop", lambda _: self.client)
        self.said: list[Status] = []
        self.service = self.start()

    def start(self) -> SyncService:
        self.service = SyncService(
            self.repository,
            self.vault,
            on_status=self.said.append,
            make_client=lambda _: self.client,
            chance=lambda: 0.5,
        )
        return self.service

    def states(self) -> list[str]:
        return [each.state for each in self.said]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> TwinServer:
    monkeypatch.setattr(cipher, "stretch", fast_stretch)
    return TwinServer()


@pytest.fixture
def profile(server: TwinServer) -> Profile:
    made = Profile(server)
    account, _ = authentication.create_account(made.context, "localhost:8765", "thandi", PASSWORD)
    made.service.start_with(account)
    return made


def test_without_an_account_there_is_nothing_to_do(server: TwinServer) -> None:
    service = Profile(server).service
    assert service.status.state == OFF
    with pytest.raises(NotAllowed):
        service.sync_now()
    with pytest.raises(NotAllowed):
        service.with_account(lambda account: account.devices())


def test_a_sync_says_what_it_does(profile: Profile) -> None:
    profile.repository.act("event", "2026/a", title="Choir")
    outcome = profile.service.sync_now()
    assert outcome.pushed == 1
    assert profile.states()[0] == "working"
    assert profile.states()[-1] == IN_STEP
    assert profile.service.status.name == "thandi"


def test_a_server_that_is_away_is_said_and_forgiven(profile: Profile, server: TwinServer) -> None:
    server.fault = lambda method, path: Problem(503, "unavailable", {"retry-after": "60"})
    with pytest.raises(NotReachable):
        profile.service.sync_now()
    assert profile.service.status.state == OFFLINE
    assert isinstance(profile.service.status.error, NotReachable)
    server.fault = lambda method, path: None
    profile.service.sync_now()
    assert profile.service.status.state == IN_STEP
    assert profile.service.status.error is None


def test_a_question_waits_for_its_answer(profile: Profile, server: TwinServer) -> None:
    profile.repository.act("event", "2026/a", title="Choir")
    profile.service.sync_now()
    other = Profile(server)
    other.repository.act("event", "2026/b", title="Rowing")
    other.service.start_with(authentication.sign_in(other.context, "localhost:8765", "thandi", PASSWORD))
    with pytest.raises(JoinNeedsDecision):
        other.service.sync_now()
    assert other.service.status.state == NEEDS_YOU
    assert isinstance(needs_decision(other.service.status), JoinNeedsDecision)
    other.service.sync_now(agreed=True)
    assert needs_decision(other.service.status) is None
    assert len(other.repository.live()) == 2


def test_the_program_goes_on_where_it_was_and_takes_back_a_code_of_an_earlier_version(
    profile: Profile, server: TwinServer
) -> None:
    profile.service.sync_now()
    feed = new_id()
    profile.client.put_feed(feed, b64(bytes(32)), "BEGIN:VCALENDAR")
    with profile.repository.transaction() as transaction:
        transaction.set_memo("sync.pairing", feed)
    profile.start().sync_now()
    assert profile.client.feeds() == ()
    assert profile.service.status.state == IN_STEP


def test_signing_out_keeps_the_timetable_and_forgets_the_keys(profile: Profile, server: TwinServer) -> None:
    profile.repository.act("event", "2026/a", title="Choir")
    profile.service.sync_now()
    profile.service.sign_out()
    assert profile.service.status.state == OFF
    assert profile.vault.entries == {}
    assert profile.repository.live() == {("event", "2026/a"): {"title": "Choir"}}
    assert profile.start().account is None
    assert server.sessions == {}


def test_signing_out_ends_a_code_that_was_offered(profile: Profile, server: TwinServer) -> None:
    profile.service.sync_now()
    invitation = profile.service.with_account(authentication.Invitation)
    profile.service.sign_out()
    assert server.links == {}
    other = Profile(server)
    with pytest.raises(CodeClosed):
        authentication.CodeSignIn(other.context, "localhost", invitation.code)


def test_a_device_that_signs_in_again_keeps_what_it_was_called(profile: Profile, server: TwinServer) -> None:
    account = profile.service.account
    assert account is not None
    account.rename_device(account.credentials.device, "  The  old one ")
    name = account.credentials.name
    profile.service.sign_out()
    again = authentication.sign_in(profile.context, "localhost", name, PASSWORD)
    assert [each.label for each in again.devices()] == ["The old one"]
    for wrong in ("  ", "x" * 61):
        with pytest.raises(InvalidInput):
            again.rename_device(again.credentials.device, wrong)


def test_what_was_refused_can_be_tried_again(profile: Profile, server: TwinServer) -> None:
    server.limits["records"] = 0
    profile.repository.act("event", "2026/a", title="Choir")
    assert profile.service.sync_now().refused == 1
    server.limits["records"] = 10
    assert profile.service.sync_now().pushed == 0
    assert profile.service.retry_refused() == 1
    assert profile.service.sync_now().pushed == 1


def entered(profile: Profile, way: str, label: str) -> None:
    """The state kept of a sign-in until the first sync is done."""
    account = profile.service.account
    assert account is not None
    held = account.credentials
    with profile.repository.transaction() as transaction:
        noted = sign_ins.SignIn(held.account, held.device, label, way, 1_790_000_000)
        transaction.set_memo(sign_ins.ENTERED, json.dumps(to_plain(noted)))


def history(profile: Profile) -> list[tuple[str, str]]:
    account = profile.service.account
    assert account is not None
    with profile.repository.transaction() as transaction:
        records = index_records(held.record for held in transaction.all_held())
    return [(each.label, each.way) for each in sign_ins.sign_ins(records, account.account)]


def test_every_device_knows_who_signed_in_and_the_server_cannot_read_it(profile: Profile, server: TwinServer) -> None:
    entered(profile, sign_ins.CREATED, "laptop")
    profile.service.sync_now()
    other = Profile(server)
    other.service.start_with(authentication.sign_in(other.context, "localhost:8765", "thandi", PASSWORD))
    entered(other, sign_ins.PASSWORD, "a stranger's")
    other.service.sync_now()
    profile.service.sync_now()
    assert sorted(history(profile)) == sorted(history(other)) == [("a stranger's", "password"), ("laptop", "created")]
    profile.service.sync_now()
    assert len(history(profile)) == 2, "once"
    (rows,) = server.accounts.values()
    assert b"stranger" not in str(rows.records).encode()


def test_a_device_that_does_not_tell_is_found_in_the_servers_list(profile: Profile, server: TwinServer) -> None:
    profile.service.sync_now()
    authentication.sign_in(Profile(server).context, "localhost:8765", "thandi", PASSWORD)
    profile.service.sync_now()
    assert history(profile) == [], "within the hour it is not asked again"
    profile.start().sync_now()
    assert [way for _, way in history(profile)] == [sign_ins.SEEN]
    profile.start().sync_now()
    assert len(history(profile)) == 1


def test_the_history_alone_asks_nobody_whether_to_put_two_timetables_together(
    profile: Profile, server: TwinServer
) -> None:
    entered(profile, sign_ins.CREATED, "laptop")
    profile.service.sync_now()
    other = Profile(server)
    other.repository.act("event", "2026/b", title="Rowing")
    other.service.start_with(authentication.sign_in(other.context, "localhost:8765", "thandi", PASSWORD))
    other.service.sync_now()
    assert other.service.status.state == IN_STEP
