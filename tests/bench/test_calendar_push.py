"""The cost of a push to a CalDAV server, compared with the bare requests that any client needs, on the same server.

Twelve modules over a whole year, to Radicale on loopback. The bare push is one PUT for each event over one kept
connection, with no planning, marks or push state.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import DavConnection
from desktop.calendars.events import calendar_events
from desktop.calendars.ical import write_calendar, write_event
from desktop.calendars.options import ExportOptions
from desktop.calendars.push import PushResult, execute_plan, prepare_push
from desktop.domain.timetable.timetable import Timetable
from tests.clients import servers
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, twelve_modules
from tests.contract.calendars.memory import MemoryPushStates

FIRST_PUSH = "first push of twelve modules and a year"
NO_CHANGE = "push without changes"
ROUNDS = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture
def bare(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, auth=(servers.USER, servers.PASSWORD), timeout=60) as client:
        client.get("/")
        yield client


@pytest.fixture
def target(server: str) -> Iterator[CalDavTarget]:
    connection = DavConnection(server, servers.USER, servers.PASSWORD)
    yield CalDavTarget(connection, uuid.uuid4(), "UP 2026", "2026")
    connection.close()


def found(timetable: Timetable | None = None) -> tuple:
    return calendar_events(timetable or twelve_modules(), CALENDAR, ExportOptions(), NAMESPACE, None, NOW)


def push(target: CalDavTarget, ledger: MemoryPushStates, timetable: Timetable | None = None) -> PushResult:
    return execute_plan(prepare_push(target, ledger, found(timetable), {2026}), target, ledger, {2026})


@pytest.mark.benchmark(group=FIRST_PUSH)
def test_bare_puts(benchmark: BenchmarkFixture, bare: httpx.Client) -> None:
    number = itertools.count()
    bodies = [(event.uid, write_event(event)) for event in found()]

    def put_all() -> None:
        folder = f"/{servers.USER}/bare-{uuid.uuid4()}-{next(number)}/"
        assert bare.request("MKCALENDAR", folder).status_code == 201
        for uid, body in bodies:
            answer = bare.put(f"{folder}{uid}.ics", content=body, headers={"Content-Type": "text/calendar"})
            assert answer.status_code == 201

    benchmark.pedantic(put_all, rounds=ROUNDS)


@pytest.mark.benchmark(group=FIRST_PUSH)
def test_first_push(benchmark: BenchmarkFixture, server: str, target: CalDavTarget) -> None:
    def setup() -> tuple[tuple[CalDavTarget, MemoryPushStates], dict]:
        return (CalDavTarget(target.connection, uuid.uuid4(), "UP 2026", "2026"), MemoryPushStates()), {}

    done = benchmark.pedantic(push, setup=setup, rounds=ROUNDS)
    benchmark.extra_info |= {"events": done.written, "requests": target.connection.requests / ROUNDS}
    assert done.written == len(found())


@pytest.mark.benchmark(group=NO_CHANGE)
def test_bare_listing(benchmark: BenchmarkFixture, bare: httpx.Client, target: CalDavTarget) -> None:
    ledger = MemoryPushStates()
    push(target, ledger)
    calendar = ledger.get(target.key).calendar
    body = '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
    benchmark(lambda: bare.request("PROPFIND", calendar, content=body, headers={"Depth": "1"}).raise_for_status())


@pytest.mark.benchmark(group=NO_CHANGE)
def test_push_without_changes(benchmark: BenchmarkFixture, target: CalDavTarget) -> None:
    ledger = MemoryPushStates()
    push(target, ledger)
    push(target, ledger)
    before = target.connection.requests
    assert push(target, ledger).written == 0
    benchmark.extra_info["requests"] = target.connection.requests - before
    assert target.connection.requests - before <= 3
    benchmark(push, target, ledger)


@pytest.mark.benchmark(group=NO_CHANGE)
def test_push_of_a_changed_room(benchmark: BenchmarkFixture, target: CalDavTarget) -> None:
    ledger, timetable, rooms = MemoryPushStates(), twelve_modules(), itertools.count()
    push(target, ledger)

    def change() -> PushResult:
        first, *others = timetable.meetings
        moved = replace(first, venues=(f"Room {next(rooms)}",))
        return push(target, ledger, replace(timetable, meetings=(moved, *others)))

    done = benchmark(change)
    assert 1 <= done.written <= 2  # the series, and a day that is swapped in where there is one


@pytest.mark.benchmark(group="the calendar file of a year")
def test_computing_the_events(benchmark: BenchmarkFixture) -> None:
    timetable = twelve_modules()
    benchmark(lambda: calendar_events(timetable, replace(CALENDAR), ExportOptions(), NAMESPACE, None, NOW))


@pytest.mark.benchmark(group="the calendar file of a year")
def test_writing_the_file(benchmark: BenchmarkFixture) -> None:
    made = found()
    benchmark.extra_info["bytes"] = len(benchmark(write_calendar, made, "UP 2026"))
