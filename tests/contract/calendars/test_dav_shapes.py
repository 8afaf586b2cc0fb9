"""Answers of well-known CalDAV services that differ from the servers that run here, and answers that are refused.

The answers are in the form that Nextcloud, Fastmail, Cyrus, SOGo and iCloud give; the names in them are made up.
"""

from __future__ import annotations

import threading
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import dns.message
import dns.resolver
import dns.rrset
import pytest

from desktop.calendars.caldav import CalDavTarget, calendar_home
from desktop.calendars.dav import DavConnection
from desktop.calendars.discovery import announced_service
from desktop.calendars.events import calendar_events
from desktop.calendars.network import MAX_ATTEMPTS, parse_retry_after
from desktop.calendars.options import ExportOptions
from desktop.calendars.presets import find_service_address, service_address, trusted_domains
from desktop.calendars.push import execute_plan, prepare_push
from desktop.calendars.push_plan import PushStep, StepKind, WantedEvent
from desktop.calendars.push_state import TargetState
from desktop.domain.errors import AppError, NotAllowed, NotReachable
from tests.clients.hostile_http import HostileServer, hostile
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW
from tests.contract.calendars.memory import MemoryPushStates
from tests.contract.calendars.test_targets import TIMETABLE, moved, uids

SIGNED = "Basic " + b64encode(b"ann:secret").decode()
XML = {"Content-Type": "application/xml; charset=utf-8"}
Reply = tuple[int, str, dict[str, str]]


@pytest.fixture
def servers() -> Iterator[Callable[[], HostileServer]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(hostile())


@pytest.fixture
def server(servers) -> HostileServer:
    return servers()


@pytest.fixture
def connect() -> Iterator[Callable[..., DavConnection]]:
    with ExitStack() as stack:

        def open_one(url: str, **more) -> DavConnection:
            connection = DavConnection(
                url, "ann", "secret", timeout=10, pause=more.pop("pause", lambda seconds: None), **more
            )
            return stack.enter_context(closing(connection))

        yield open_one


def script(server: HostileServer, replies: dict[tuple[str, str], Reply | Callable[[dict[str, str]], Reply]]) -> None:
    """Answer by method and path; anything else is 404."""

    def answer(handler) -> None:
        found = replies.get((handler.command, handler.path), (404, "", {}))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        status, body, sent = found(headers) if callable(found) else found
        server_says = HostileServer()
        server_says.says(status, body.encode(), sent)
        server_says.answer(handler)

    server.answer = answer


def multistatus(href: str, properties: str, more: str = "") -> str:
    return (
        '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop>{properties}</d:prop>"
        f"<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>{more}</d:multistatus>"
    )


def principal(at: str, of: str = "/") -> Reply:
    return 207, multistatus(of, f"<d:current-user-principal><d:href>{at}</d:href></d:current-user-principal>"), XML


def home(at: str, of: str) -> Reply:
    return 207, multistatus(of, f"<c:calendar-home-set><d:href>{at}</d:href></c:calendar-home-set>"), XML


EMPTY: Reply = (207, '<d:multistatus xmlns:d="DAV:"><d:sync-token>1</d:sync-token></d:multistatus>', XML)


def push(connection: DavConnection, push_states: MemoryPushStates, calendar: str = ""):
    target = CalDavTarget(connection, uuid.uuid4(), "UP 2026", "2026", calendar)
    found = calendar_events(TIMETABLE, CALENDAR, ExportOptions(), NAMESPACE, None, NOW)
    return execute_plan(prepare_push(target, push_states, found, {2026}), target, push_states, {2026})


# Services


@pytest.mark.parametrize(
    "page",
    ["", "/", "/index.php/apps/calendar/dayGridMonth/now", "/apps/files/?dir=/", "/login", "/remote.php/dav"],
)
@pytest.mark.parametrize("folder", ["", "/cloud"])
def test_nextcloud_is_found_by_whatever_its_pages_are_called(server, connect, folder, page):
    script(
        server,
        {
            ("PROPFIND", f"{folder}/remote.php/dav/"): principal(f"{folder}/remote.php/dav/principals/users/ann/"),
            ("PROPFIND", f"{folder}/remote.php/dav"): principal(f"{folder}/remote.php/dav/principals/users/ann/"),
            ("PROPFIND", f"{folder}/remote.php/dav/principals/users/ann/"): home(
                f"{folder}/remote.php/dav/calendars/ann/", f"{folder}/remote.php/dav/principals/users/ann/"
            ),
        },
    )
    address = service_address("Nextcloud", f"{server.url.rstrip('/')}{folder}{page}")
    assert calendar_home(connect(address)) == f"{server.url.rstrip('/')}{folder}/remote.php/dav/calendars/ann/"


def test_nextcloud_is_found_at_another_server_too(server, connect):
    page = f"{server.url}index.php/apps/calendar/timeGridWeek/now"
    assert find_service_address(page) == f"{server.url}remote.php/dav/"
    script(  # and by its host alone: its front page knows no PROPFIND, and sends what is well known on
        server,
        {
            ("PROPFIND", "/"): (405, "<html>", {"Content-Type": "text/html"}),
            ("PROPFIND", "/.well-known/caldav"): (301, "", {"Location": f"{server.url}remote.php/dav/"}),
            ("PROPFIND", "/remote.php/dav/"): home("/remote.php/dav/calendars/ann/", "/remote.php/dav/"),
        },
    )
    assert calendar_home(connect(server.url)) == f"{server.url}remote.php/dav/calendars/ann/"


def test_fastmail_has_nothing_at_its_root_and_sends_what_is_well_known_on(server, connect):
    user = "/dav/principals/user/ann@fastmail.com/"
    script(
        server,
        {
            ("PROPFIND", "/.well-known/caldav"): (301, "", {"Location": "/dav/calendars"}),
            ("PROPFIND", "/dav/calendars"): principal(user, "/dav/calendars/"),
            ("PROPFIND", user): home("/dav/calendars/user/ann@fastmail.com/", user),
        },
    )
    assert calendar_home(connect(server.url)) == f"{server.url}dav/calendars/user/ann@fastmail.com/"


@pytest.mark.parametrize("begins_unsigned", [False, True])
def test_cyrus_answers_strangers_as_strangers(server, connect, begins_unsigned):
    user = "/dav/principals/user/ann/"
    stranger = multistatus("/", "<d:current-user-principal><d:unauthenticated/></d:current-user-principal>")

    def root(headers: dict[str, str]) -> Reply:
        return principal(user) if headers.get("authorization") == SIGNED else (207, stranger, XML)

    script(server, {("PROPFIND", "/"): root, ("PROPFIND", user): home("/dav/calendars/user/ann/", user)})
    connection = connect(server.url)
    if begins_unsigned:
        connection._auth = None  # as on an unencrypted way to another machine
    assert calendar_home(connection) == f"{server.url}dav/calendars/user/ann/"


def test_an_event_that_another_calendar_of_the_account_holds_does_not_hold_up_the_others(server, connect):
    taken = min(uids())
    conflict = (
        '<d:error xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><c:unique-scheduling-object-resource>'
        "<d:href>/dav/calendars/user/ann/Default/1.ics</d:href></c:unique-scheduling-object-resource></d:error>"
    )
    replies = {("PUT", f"/mine/{uid}.ics"): (201, "", {"ETag": '"1"'}) for uid in uids()}
    script(server, {("REPORT", "/mine/"): EMPTY, **replies, ("PUT", f"/mine/{taken}.ics"): (403, conflict, XML)})
    done = push(connect(server.url), MemoryPushStates(), f"{server.url}mine/")
    assert done.written == len(uids()) - 1
    assert [reason.startswith("Another calendar of this account") for _, reason in done.refused] == [True]


@pytest.mark.parametrize(
    ("status", "says", "reason"),
    [
        (409, "Event UID already in use.", "Another event of this calendar"),
        (404, "the requested object could not be found!", "does not take this event"),
    ],
)
def test_an_event_that_sogo_refuses_does_not_make_the_calendar_gone(server, connect, status, says, reason):
    taken = min(uids())
    replies = {("PUT", f"/mine/{uid}.ics"): (201, "", {"ETag": '"1"'}) for uid in uids()}
    replies |= {("REPORT", "/mine/"): EMPTY, ("PROPFIND", "/mine/"): (207, multistatus("/mine/", ""), XML)}
    said = f'<D:error xmlns:D="DAV">{says}</D:error>'
    script(server, replies | {("PUT", f"/mine/{taken}.ics"): (status, said, XML)})
    done = push(connect(server.url), MemoryPushStates(), f"{server.url}mine/")
    assert done.written == len(uids()) - 1
    assert [reason in told for _, told in done.refused] == [True]


@pytest.mark.parametrize("gone", [False, True])
def test_what_changed_there_is_known_where_a_server_heeds_no_tag(server, connect, gone):
    calendar, push_states = f"{server.url}mine/", MemoryPushStates()
    written = {("PUT", f"/mine/{uid}.ics"): (201, "", {"ETag": '"1"'}) for uid in uids()}
    script(server, written | {("REPORT", "/mine/"): EMPTY})
    push(connect(server.url), push_states, calendar)
    target = CalDavTarget(connect(server.url), uuid.uuid4(), "UP 2026", "2026", calendar)
    uid, state = min(uids()), push_states.get(target.key)
    event = next(
        each for each in calendar_events(moved(), CALENDAR, ExportOptions(), NAMESPACE, None, NOW) if each.uid == uid
    )
    wanted = WantedEvent(event, "new", 2026)
    there = f"<d:response><d:href>/mine/{uid}.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"
    found = multistatus("/mine/", "", there) if gone else multistatus(f"/mine/{uid}.ics", '<d:getetag>"2"</d:getetag>')
    script(server, written | {("REPORT", "/mine/"): (207, found, XML), ("DELETE", f"/mine/{uid}.ics"): (204, "", {})})
    server.seen.clear()
    steps = [PushStep(StepKind.CHANGE, uid, "", wanted, state.entries[uid])]
    if not gone:
        steps = [*steps, PushStep(StepKind.REMOVE, uid, "", None, state.entries[uid])]
    for step in steps:
        assert [outcome.conflict for outcome in target.send(state, [step])] == [True]
    assert {method for method, _, _ in server.seen} == {"REPORT"}


def test_icloud_keeps_an_account_at_a_host_of_its_own(server, connect):
    other = f"http://localhost:{server.port}/123/calendars/"
    script(server, {("PROPFIND", "/"): principal("/123/principal/"), ("PROPFIND", "/123/principal/"): home(other, "/")})
    assert calendar_home(connect(server.url, trusted_domains=("localhost",))) == other


def test_hosts_that_are_agreed_to():
    assert "icloud.com" in trusted_domains("", "https://caldav.icloud.com/")
    assert "fastmail.com" in trusted_domains("ann@fastmail.com", "https://caldav.fastmail.com/")
    assert trusted_domains("https://cloud.x.org/dav/", "https://cloud.x.org/dav/") == ()
    assert trusted_domains("ann@x.org", "https://dav.x.org/") == ("x.org",)
    assert trusted_domains("x.org:8443", "https://x.org:8443") == ("x.org",)
    assert trusted_domains("evil-icloud.com", "https://evil-icloud.com") == ("evil-icloud.com",)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://caldav.icloud.com/1/", True),
        ("https://caldav.icloud.com:8443/1/", True),
        ("https://p42-caldav.icloud.com:443/1/", True),
        ("https://P42-CalDAV.iCloud.com/1/", True),
        ("http://caldav.icloud.com/1/", False),
        ("http://p42-caldav.icloud.com/1/", False),
        ("https://icloud.com.evil.org/", False),
        ("https://evil-icloud.com/", False),
        ("https://caldav.icloud.com@evil.org/", False),
        ("https://evil.org/?caldav.icloud.com", False),
        ("https://evil.org\\@caldav.icloud.com/", False),
        ("https://evil.org#@caldav.icloud.com/", False),
        ("https://[::1", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_where_a_password_may_be_told(connect, url, expected):
    assert connect("https://caldav.icloud.com/", trusted_domains=("icloud.com",)).may_send_password(url) is expected


# Ways on


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("way", ["path", "port"])
def test_what_is_asked_is_asked_again_where_it_is(servers, connect, status, way):
    first, second = servers(), servers()
    at = first if way == "path" else second
    location = "/dav/" if way == "path" else f"{second.url}dav/"
    script(first, {("PROPFIND", "/"): (status, "", {"Location": location})})
    if way == "path":
        script(first, {("PROPFIND", "/"): (status, "", {"Location": "/dav/"}), ("PROPFIND", "/dav/"): home("/h/", "/")})
    else:
        script(second, {("PROPFIND", "/dav/"): home("/h/", "/")})
    assert calendar_home(connect(first.url)) == f"{at.url}h/"
    assert at.seen[-1][:2] == ("PROPFIND", "/dav/")
    assert at.bodies[-1] == first.bodies[0] != b""
    assert at.seen[-1][2]["depth"] == "0"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_password_goes_to_a_host_that_was_not_agreed_to(servers, connect, status):
    first, second = servers(), servers()
    elsewhere = f"http://localhost:{second.port}/"
    script(
        first,
        {
            ("PROPFIND", "/"): (status, "", {"Location": elsewhere}),
            ("PROPFIND", "/.well-known/caldav"): (status, "", {"Location": elsewhere}),
        },
    )
    with pytest.raises(NotReachable) as told:
        calendar_home(connect(first.url))
    assert "localhost" in told.value.title
    assert second.seen == []


def test_no_password_goes_where_an_answer_names_another_host(servers, connect):
    first, second = servers(), servers()
    script(first, {("PROPFIND", "/"): home(f"http://localhost:{second.port}/ann/", "/")})
    with pytest.raises(NotAllowed) as told:
        push(connect(first.url), MemoryPushStates())
    assert "localhost" in told.value.title
    assert "was not sent there" in told.value.hint
    assert second.seen == []


@pytest.mark.parametrize(
    "says",
    [
        *[(status, "", {"Location": "/login"}) for status in (301, 302, 303, 307, 308)],
        (200, "<html>Sign in</html>", {"Content-Type": "text/html"}),
        (202, "", {}),
        (207, multistatus("/mine/1.ics", ""), XML),
    ],
)
def test_a_write_that_ends_at_a_page_to_sign_in_is_not_done(server, connect, says):
    stored: dict[str, str] = {}
    login = {("GET", "/login"): (200, "<html>", {}), ("PUT", "/login"): (201, "", {})}
    script(server, {("REPORT", "/mine/"): EMPTY, **login, **{("PUT", f"/mine/{uid}.ics"): says for uid in uids()}})
    connection, push_states = connect(server.url), MemoryPushStates()
    with pytest.raises(AppError):
        push(connection, push_states, f"{server.url}mine/")
    assert [path for _, path, _ in server.seen if path == "/login"] == []

    def put(uid: str) -> Callable[[dict[str, str]], Reply]:
        def take(headers: dict[str, str]) -> Reply:
            stored[uid] = headers["if-none-match"]
            return 201, "", {"ETag": '"1"'}

        return take

    script(server, {("REPORT", "/mine/"): EMPTY, **{("PUT", f"/mine/{uid}.ics"): put(uid) for uid in uids()}})
    assert push(connection, push_states, f"{server.url}mine/").written == len(uids())
    assert stored.keys() == uids()


def test_a_removal_that_failed_in_part_is_not_done(server, connect):
    failed = (
        '<d:multistatus xmlns:d="DAV:"><d:response><d:href>/mine/1.ics</d:href>'
        "<d:status>HTTP/1.1 423 Locked</d:status></d:response></d:multistatus>"
    )
    script(server, {("DELETE", "/mine/"): (207, failed, XML)})
    with pytest.raises(NotAllowed, match="423"):
        connect(server.url).write("DELETE", "/mine/")


@pytest.mark.parametrize(
    "says", [(200, "<html>", {"Content-Type": "text/html"}), (207, "<html>", XML), (207, "", {}), (204, "", {})]
)
def test_a_web_page_in_place_of_a_listing_is_no_empty_calendar(server, connect, says):
    script(
        server,
        {("REPORT", "/mine/"): EMPTY, **{("PUT", f"/mine/{uid}.ics"): (201, "", {"ETag": '"1"'}) for uid in uids()}},
    )
    connection, push_states = connect(server.url), MemoryPushStates()
    push(connection, push_states, f"{server.url}mine/")
    script(server, {("REPORT", "/mine/"): says, ("PROPFIND", "/mine/"): says})
    with pytest.raises(NotReachable):
        push(connection, push_states, f"{server.url}mine/")


@pytest.mark.parametrize("status", [301, 308])
def test_a_calendar_that_has_moved_for_good_is_written_where_it_is(server, connect, status):
    push_states = MemoryPushStates()
    key = CalDavTarget(connect(server.url), uuid.uuid4(), "UP 2026", "2026").key
    push_states.put(key, TargetState(calendar=f"{server.url}old/", made=True))
    script(
        server,
        {
            ("REPORT", "/old/"): (status, "", {"Location": "/new/"}),
            ("REPORT", "/new/"): EMPTY,
            **{("PUT", f"/new/{uid}.ics"): (201, "", {"ETag": '"1"'}) for uid in uids()},
        },
    )
    assert push(connect(server.url), push_states).written == len(uids())
    assert push_states.get(key).calendar == f"{server.url}new/"


# Signing in


def test_a_digest_of_the_password_is_told_where_a_server_wants_that(server, connect):
    def root(headers: dict[str, str]) -> Reply:
        if headers.get("authorization", "").startswith("Digest "):
            return home("/h/", "/")
        return 401, "", {"WWW-Authenticate": 'Digest realm="x", nonce="abc", qop="auth", algorithm=MD5'}

    script(server, {("PROPFIND", "/"): root})
    connection = connect(server.url)
    assert calendar_home(connection) == f"{server.url}h/"
    script(server, {("PROPFIND", "/"): (401, "", {"WWW-Authenticate": 'Digest realm="x", nonce="abc", qop="auth"'})})
    with pytest.raises(NotAllowed, match="did not accept"):
        calendar_home(connection)


# Patience


def busy(server: HostileServer, times: int, reply: Reply) -> None:
    count = iter(range(1000))
    script(server, {("PROPFIND", "/"): lambda headers: reply if next(count) < times else home("/h/", "/")})


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_pause_gets_it(server, connect, status):
    waited: list[float] = []
    busy(server, MAX_ATTEMPTS - 1, (status, "", {"Retry-After": "7"}))
    assert calendar_home(connect(server.url, pause=waited.append)) == f"{server.url}h/"
    assert len(waited) == MAX_ATTEMPTS - 1
    assert min(waited) >= 7


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_ever_is_left_for_later(server, connect, status):
    waited: list[float] = []
    busy(server, 1000, (status, "", {}))
    with pytest.raises(NotReachable, match="asks for a pause"):
        calendar_home(connect(server.url, pause=waited.append))
    assert len(server.seen) == MAX_ATTEMPTS
    assert waited[-1] > waited[0]


def test_nobody_waits_an_hour_for_a_server(server, connect):
    busy(server, 1000, (503, "", {"Retry-After": "3600"}))
    with pytest.raises(NotReachable) as told:
        calendar_home(connect(server.url, pause=lambda seconds: pytest.fail("it was waited for")))
    assert told.value.retry_after == 3600


def test_a_pause_may_be_named_by_its_end():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (parse_retry_after(soon) or 0) <= 30
    assert parse_retry_after("Thu, 01 Jan 2015 00:00:00 GMT") == 0
    assert [parse_retry_after(text) for text in ("", "soon", "-5", "1.5", "９")] == [None] * 5


# What XML may not do


def test_entities_of_an_answer_are_not_replaced(server, connect, tmp_path: Path):
    (tmp_path / "secret").write_text("/stolen/")
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    document = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "/laughs/">{lines}'
        f'<!ENTITY file SYSTEM "{(tmp_path / "secret").as_uri()}"><!ENTITY net SYSTEM "{server.url}entity">]>'
    )
    for entity in ("e11", "file", "net"):
        answer = multistatus(
            "/", f"<c:calendar-home-set><d:href>&{entity};</d:href></c:calendar-home-set>"
        ).removeprefix('<?xml version="1.0"?>')
        script(server, {("PROPFIND", "/"): (207, document + answer, XML)})
        with pytest.raises(NotReachable):
            calendar_home(connect(server.url))
    assert not [path for _, path, _ in server.seen if path == "/entity"]


# What DNS announces


@pytest.fixture
def announce(monkeypatch) -> Iterator[Callable[..., None]]:
    """A name server on loopback that knows the records given, by name and kind."""
    import socket

    known: dict[tuple[str, str], list[str]] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.1)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    data, peer = listening.recvfrom(4096)
                except TimeoutError:
                    continue
                query = dns.message.from_wire(data)
                asked = query.question[0]
                answer = dns.message.make_response(query)
                kind = dns.rdatatype.to_text(asked.rdtype)
                if records := known.get((str(asked.name), kind)):
                    answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *records))
                listening.sendto(answer.to_wire(), peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], listening.getsockname()[1]
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield lambda name, kind, *records: known.__setitem__((name, kind), list(records))
        done.set()
        thread.join(5)


def test_a_domain_announces_its_calendar_service(announce):
    announce("_caldavs._tcp.x.org.", "SRV", "20 1 443 slow.x.org.", "10 1 8443 dav.x.org.")
    assert announced_service("x.org") == "https://dav.x.org:8443/"
    announce("_caldavs._tcp.x.org.", "TXT", '"path=/caldav/"')
    assert find_service_address("ann@x.org") == "https://dav.x.org:8443/caldav/"


def test_a_domain_cannot_announce_a_stranger(announce):
    announce("_caldavs._tcp.x.org.", "SRV", "10 1 443 dav.evil.org.")
    assert announced_service("x.org") == ""
    assert find_service_address("ann@x.org") == "https://x.org"
    announce("_caldavs._tcp.x.org.", "SRV", "10 1 443 caldav.fastmail.com.")
    assert find_service_address("ann@x.org") == "https://caldav.fastmail.com/"  # a service that is known


def test_a_domain_that_announces_nothing_is_asked_itself(announce):
    announce("_caldavs._tcp.y.org.", "SRV", "0 0 0 .")
    assert announced_service("x.org") == announced_service("y.org") == ""
