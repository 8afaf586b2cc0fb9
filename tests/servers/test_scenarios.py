"""One suite of scenarios on real CalDAV servers: a student's and a network's effects on a calendar that is pushed to.

Radicale and Xandikos come with the development lock, Cyrus and SOGo from Debian, started here as root.
"""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import DavConnection
from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.options import ExportOptions
from desktop.calendars.push import CalendarGone, PushResult, execute_plan, prepare_push, remove_everything
from desktop.calendars.push_plan import PushPlan, StepKind
from desktop.calendars.push_state import TargetState
from desktop.domain.errors import NotAllowed, NotReachable
from desktop.domain.timetable.timetable import Timetable
from tests.clients import servers
from tests.clients.servers import Cyrus, Fault, Proxy
from tests.clients.timetables import CALENDAR, NOW, YEAR
from tests.contract.calendars.memory import MemoryPushStates
from tests.contract.calendars.other_programs import DavUser
from tests.contract.calendars.test_targets import ROOM, TIMETABLE, moved
from tests.servers import sogo


@dataclass
class Server:
    """A server that runs, and how a calendar of it (by address) is made read-only, where it can say that itself."""

    name: str
    url: str
    service: str = ""  # where below the address its calendars are
    make_read_only: Callable[[str], None] | None = None


@pytest.fixture(scope="session", params=["radicale", "xandikos", "cyrus", "sogo"])
def server(request, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "radicale":
        with servers.radicale(folder) as url:
            yield Server("radicale", url)
    elif request.param == "xandikos":
        with servers.xandikos(folder) as url:
            yield Server("xandikos", url)
    elif request.param == "sogo":
        if reason := sogo.unavailable_reason():
            pytest.skip(reason)
        with sogo.sogo() as url:
            yield Server("sogo", url, "SOGo/dav/")
    else:
        if not (servers.CYRUS / "httpd").exists() or shutil.which("saslpasswd2") is None:
            pytest.skip("cyrus-caldav, cyrus-imapd and sasl2-bin are not installed (make test-servers installs them)")
        if os.name != "posix" or os.geteuid() != 0:
            pytest.skip("only root can start Cyrus, which runs as a user of its own")
        with servers.cyrus() as cyrus:
            running: Cyrus = cyrus
            yield Server("cyrus", running.url, make_read_only=running.make_read_only)


@dataclass
class World:
    """A calendar of its own on the server, a proxy before it, a student's hand past the proxy, and what is known."""

    server: Server
    proxy: Proxy
    target: CalDavTarget
    push_states: MemoryPushStates
    namespace: uuid.UUID  # of its own: Cyrus takes no UID that another calendar of the account holds

    @property
    def calendar(self) -> str:
        return self.push_states.get(self.target.key).calendar

    @property
    def hand(self) -> DavUser:
        return DavUser(self.server.url, lambda: self.calendar)

    def drawn(self, timetable: Timetable = TIMETABLE) -> PushPlan:
        return prepare_push(self.target, self.push_states, self.found(timetable), {YEAR})

    def found(self, timetable: Timetable = TIMETABLE) -> tuple[CalendarEvent, ...]:
        return calendar_events(timetable, CALENDAR, ExportOptions(), self.namespace, None, NOW)

    @property
    def uids(self) -> set[str]:
        return {event.uid for event in self.found()}

    @property
    def second(self) -> str:
        """The UID of the second lecture's series."""
        return next(event.uid for event in self.found() if "L2" in event.title and event.until)

    def push(self, timetable: Timetable = TIMETABLE) -> PushResult:
        return execute_plan(self.drawn(timetable), self.target, self.push_states, {YEAR})


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def world(server, pauses) -> Iterator[World]:
    with Proxy(server.url) as proxy:
        connection = DavConnection(
            proxy.url + server.service, servers.USER, servers.PASSWORD, timeout=20, pause=pauses.append
        )
        yield World(
            server, proxy, CalDavTarget(connection, uuid.uuid4(), "UP 2026", "2026"), MemoryPushStates(), uuid.uuid4()
        )
        connection.close()


def test_a_push_is_found_there_and_costs_few_requests(world):
    assert world.push().written == len(world.uids)
    assert world.hand.uids() == world.uids
    assert len(world.proxy.seen) <= len(world.uids) + 6


def test_a_push_again_writes_nothing_in_three_requests(world):
    world.push()
    world.push()
    world.proxy.seen.clear()
    assert set(world.drawn().counts()) == {StepKind.KEEP}
    assert world.push().written == 0
    assert len(world.proxy.seen) <= 6  # two looks


def test_a_changed_room_is_one_write(world):
    world.push()
    assert world.push(moved()).written == 1
    assert world.hand.says(world.second, ROOM)
    assert world.push(moved()).written == 0


def test_an_edit_there_stays(world):
    world.push()
    world.hand.edit(world.second, "My own words")
    done = world.push(moved())
    assert [(step.kind, step.uid) for step in done.left] == [(StepKind.CHANGED_THERE, world.second)]
    assert world.hand.says(world.second, "My own words")


def test_an_edit_between_the_plan_and_the_push_is_not_lost(world):
    world.push()
    drawn = world.drawn(moved())
    world.hand.edit(world.second, "My own words")
    execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert world.hand.says(world.second, "My own words")


def test_an_edit_between_the_plan_and_a_removal_is_not_lost(world):
    world.push()
    fewer = [event for event in world.found() if event.uid != world.second]
    drawn = prepare_push(world.target, world.push_states, fewer, {YEAR})
    world.hand.edit(world.second, "My own words")
    done = execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, world.second)]
    assert world.hand.says(world.second, "My own words")


def test_a_removal_between_the_plan_and_the_push_stays(world):
    world.push()
    drawn = world.drawn(moved())
    world.hand.remove(world.second)
    done = execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.REMOVED_THERE, world.second)]
    assert world.hand.uids() == world.uids - {world.second}


def test_an_event_that_was_imported_by_hand_is_refused_in_words(world):
    world.push()
    imported = world.hand.read(world.second)
    world.hand.remove(world.second)
    world.hand.ask("PUT", f"{world.hand.calendar}imported.ics", imported)
    world.push_states.put(world.target.key, TargetState())  # as on another machine
    done = world.push()
    ours = "calendar of this account holds" if world.server.name == "cyrus" else "event of this calendar has"
    assert [f"Another {ours}" in reason for _, reason in done.refused] == [True]
    assert world.hand.uids() == world.uids - {world.second} | {"imported"}


def test_a_calendar_that_is_gone_is_said_and_made_anew(world):
    world.push()
    world.hand.remove_calendar()
    with pytest.raises(CalendarGone):
        world.push()
    assert world.push().written == len(world.uids)
    assert world.hand.uids() == world.uids


def test_a_wrong_password_is_said(world):
    if world.server.name == "xandikos":
        pytest.skip("Xandikos asks for no password")
    connection = DavConnection(world.proxy.url + world.server.service, servers.USER, "wrong", timeout=20)
    with pytest.raises(NotAllowed, match="did not accept"):
        prepare_push(
            CalDavTarget(connection, world.namespace, "UP 2026", "2026"), MemoryPushStates(), world.found(), {YEAR}
        )
    connection.close()


def test_a_calendar_that_became_read_only_is_said(world):
    world.push()
    if world.server.make_read_only is not None:
        world.server.make_read_only(world.calendar)
    else:  # nobody can be kept from writing to an own calendar there: the answer that others give
        world.proxy.fault = lambda method, path: Fault("say", 403) if method == "PUT" else None
    with pytest.raises(NotAllowed, match="does not allow changes"):
        world.push(moved())
    assert not world.hand.says(world.second, ROOM)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_service_is_found_through_a_redirect(world, status):
    front = Proxy(world.server.url)
    front.fault = lambda method, path: Fault("say", status, headers={"Location": world.proxy.url.rstrip("/") + path})
    with front:
        connection = DavConnection(front.url + world.server.service, servers.USER, servers.PASSWORD, timeout=20)
        target = CalDavTarget(connection, uuid.uuid4(), "UP 2026", "2026")
        redirected = World(world.server, world.proxy, target, world.push_states, world.namespace)
        assert redirected.push().written == len(world.uids)
        assert redirected.hand.uids() == world.uids
        assert urlsplit(redirected.calendar).port == urlsplit(world.proxy.url).port
        connection.close()


def test_too_many_requests_are_waited_for(world, pauses):
    answers = iter([Fault("say", 429, headers={"Retry-After": "7"})] * 2)
    world.proxy.fault = lambda method, path: next(answers, None) if method == "PUT" else None
    assert world.push().written == len(world.uids)
    assert world.hand.uids() == world.uids
    assert len(pauses) == 2
    assert min(pauses) >= 7


def test_an_answer_that_is_lost_doubles_and_loses_nothing(world):
    lost = iter([None, Fault("lose")])
    world.proxy.fault = lambda method, path: next(lost, None) if method == "PUT" else None
    with pytest.raises(NotReachable):
        world.push()
    world.proxy.fault = lambda method, path: None
    done = world.push()
    assert not done.left
    assert world.hand.uids() == world.uids


def test_a_look_alike_goes_only_where_it_is_chosen(world):
    world.push()
    series = next(step.event for step in world.drawn().steps if step.uid == world.second)
    alike = world.hand.add_look_alike(series)
    remove_everything(world.target, world.push_states)
    drawn = world.drawn()
    (step,) = [each for each in drawn.steps if each.like is not None]
    execute_plan(drawn, world.target, world.push_states, {YEAR})
    assert world.hand.uids() == {*world.uids, alike}
    remove_everything(world.target, world.push_states)
    chosen = prepare_push(world.target, world.push_states, world.found(), {YEAR}, {step.uid})
    execute_plan(chosen, world.target, world.push_states, {YEAR}, {step.uid})
    assert world.hand.uids() == world.uids


def test_everything_is_taken_away_and_the_calendar_with_it(world):
    world.push()
    world.hand.edit(world.second, "My own words")
    calendar = world.calendar
    remove_everything(world.target, world.push_states)
    assert world.push_states.get(world.target.key) == TargetState()
    gone = ("DELETE", urlsplit(calendar).path)
    assert [status for method, path, status in world.proxy.seen if (method, path) == gone] in ([200], [204])


def test_everything_but_the_students_own_is_taken_away(world):
    world.push()
    own = world.hand.add_own()
    remove_everything(world.target, world.push_states)
    assert world.hand.uids() == {own}
    state = world.push_states.get(world.target.key)
    world.push_states.put(world.target.key, replace(state, token=""))
    assert world.push().written == len(world.uids)


def test_events_that_another_calendar_of_the_account_holds_are_refused_in_words_or_taken(world):
    world.push()
    other = CalDavTarget(world.target.connection, uuid.uuid4(), "UP 2026", "2026")
    push_states = MemoryPushStates()
    done = execute_plan(prepare_push(other, push_states, world.found(), {YEAR}), other, push_states, {YEAR})
    if world.server.name == "cyrus":
        assert done.written == 0
        assert {reason.partition(".")[0] for _, reason in done.refused} == {
            "Another calendar of this account holds this event already"
        }
    else:
        assert done.written == len(world.uids)
    assert world.hand.uids() == world.uids
