"""CalDAV against real servers: discovery of the calendar, error messages, and what other programs read."""

import contextlib
import logging
import os
import ssl
import subprocess
import threading
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from desktop.calendars.access import SERVICES
from desktop.calendars.caldav import CalDavTarget, calendar_home
from desktop.calendars.dav import DAV, DavConnection, normalise_address
from desktop.calendars.events import calendar_events
from desktop.calendars.options import ExportOptions
from desktop.calendars.presets import PRESETS, find_service_address, service_address
from desktop.calendars.push import execute_plan, prepare_push, remove_everything
from desktop.calendars.push_plan import StepKind
from desktop.domain.errors import AppError, InvalidInput, NotAllowed, NotReachable
from tests.clients import readers, servers
from tests.clients.servers import Fault, Proxy
from tests.clients.timetables import CALENDAR, FIRST, LAST, NAMESPACE, NOW, expected_occurrences, twelve_modules
from tests.contract.calendars.memory import MemoryPushStates
from tests.contract.calendars.test_targets import TIMETABLE, moved, uids

PART = ExportOptions()


def found(timetable=TIMETABLE):
    return calendar_events(timetable, CALENDAR, PART, NAMESPACE, None, NOW)


def push(target, push_states, timetable=TIMETABLE):
    return execute_plan(prepare_push(target, push_states, found(timetable), {2026}), target, push_states, {2026})


@pytest.fixture
def push_states() -> MemoryPushStates:
    return MemoryPushStates()


# Finding the calendar


def named(connection: DavConnection) -> dict[str, str]:
    """The names of what lies where the account's calendars are, by address."""
    answer = connection.propfind(calendar_home(connection), "<d:displayname/>", 1)
    return {item.url: item.text(f"{DAV}displayname") for item in answer.items}


def test_the_place_of_calendars_is_found_from_the_address_of_the_server(dav_target, push_states):
    push(dav_target, push_states)
    assert named(dav_target.connection)[dav_target._own_url] == "UP 2026"


def test_the_well_known_address_is_asked_where_the_given_one_says_nothing(proxy, open_connection):
    proxy.fault = lambda method, path: Fault("say", 404) if path == "/nothing/" else None
    with contextlib.suppress(NotReachable):  # not every server answers there; what counts is that it was asked
        calendar_home(open_connection(f"{proxy.url}nothing/"))
    assert any(path == "/.well-known/caldav" for _, path, _ in proxy.seen)


def test_an_existing_calendar_can_be_chosen(dav_target, open_connection, proxy, push_states):
    push(dav_target, push_states)  # makes one
    chosen = CalDavTarget(open_connection(proxy.url), uuid.uuid4(), "Mine", calendar=dav_target._own_url)
    remove_everything(dav_target, push_states)
    dav_target.prepare(push_states.get(dav_target.key))
    other = MemoryPushStates()
    push(chosen, other)
    assert other.get(chosen.key).calendar == dav_target._own_url
    remove_everything(chosen, other)
    assert dav_target._own_url in named(dav_target.connection)  # not ours to take away


@pytest.mark.parametrize("address", ["", "ftp://x.org", "https://ann:secret@x.org/", "https://"])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InvalidInput) as refused:
        normalise_address(address)
    assert "secret" not in str(refused.value)


def test_presets_know_their_servers(monkeypatch):
    assert find_service_address("ann@icloud.com") == "https://caldav.icloud.com/"
    assert find_service_address("ann@fastmail.com") == "https://caldav.fastmail.com/"
    assert find_service_address("http://127.0.0.1:5232/") == "http://127.0.0.1:5232/"
    asked = []
    monkeypatch.setattr(
        "desktop.calendars.presets.announced_service",
        lambda domain, trusted: asked.append(domain) or "https://dav.x.org/",
    )
    assert find_service_address("ann@x.org") == "https://dav.x.org/"
    assert find_service_address("x.org") == "https://dav.x.org/"
    monkeypatch.setattr("desktop.calendars.presets.announced_service", lambda domain, trusted: "")
    assert find_service_address("cloud.x.org") == "https://cloud.x.org"
    assert find_service_address("cloud.x.org/remote.php/dav") == "https://cloud.x.org/remote.php/dav"
    assert asked == ["x.org", "x.org"]
    assert service_address("iCloud", "") == "https://caldav.icloud.com/"
    assert service_address("Nextcloud", "cloud.x.org") == "https://cloud.x.org/remote.php/dav/"
    assert service_address("Nextcloud", "https://x.org/cloud/remote.php/dav/") == "https://x.org/cloud/remote.php/dav/"
    assert service_address("other", "http://127.0.0.1:5232/") == "http://127.0.0.1:5232/"
    assert set(PRESETS) < set(SERVICES)
    with pytest.raises(InvalidInput):
        service_address("Nextcloud", "")


# What a push costs


def test_a_first_push_makes_few_requests_besides_its_events(proxy, dav_target, push_states):
    push(dav_target, push_states)
    assert len(proxy.seen) <= len(uids()) + 6


def test_a_push_without_changes_makes_at_most_three_requests(proxy, dav_target, open_connection, push_states):
    push(dav_target, push_states)
    fresh = CalDavTarget(open_connection(proxy.url), dav_target.namespace, "UP 2026", "2026")
    proxy.seen.clear()
    assert push(fresh, push_states).written == 0
    assert len(proxy.seen) <= 3


def test_a_new_room_is_one_write(proxy, dav_target, push_states):
    push(dav_target, push_states)
    push(dav_target, push_states)
    proxy.seen.clear()
    push(dav_target, push_states, moved())
    assert [method for method, _, _ in proxy.seen if method in {"PUT", "DELETE", "MKCALENDAR"}] == ["PUT"]
    assert len(proxy.seen) <= 3


def test_a_server_without_sync_tokens_is_listed_instead(proxy, dav_target, push_states):
    push(dav_target, push_states)
    reports = iter(range(100))
    proxy.fault = lambda method, path: Fault("say", 501) if method == "REPORT" and next(reports) % 2 == 0 else None
    assert set(prepare_push(dav_target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


def test_a_token_that_the_server_forgot_costs_a_whole_listing(dav_target, push_states):
    push(dav_target, push_states)
    push(dav_target, push_states)
    from dataclasses import replace

    state = push_states.get(dav_target.key)
    assert state.token
    push_states.put(dav_target.key, replace(state, token="http://radicale.org/ns/sync/" + "0" * 64))
    assert set(prepare_push(dav_target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


# Faults


@pytest.mark.parametrize("kind", ["refuse", "lose"])
@pytest.mark.parametrize("number", [2, 4, 7])
def test_a_push_cut_off_anywhere_goes_on_where_it_stopped(proxy, dav_target, push_states, kind, number):
    count = iter(range(1000))
    proxy.fault = lambda method, path: Fault(kind) if next(count) == number else None
    with contextlib.suppress(NotReachable):
        push(dav_target, push_states)
    proxy.fault = lambda method, path: None
    push(dav_target, push_states)
    assert set(prepare_push(dav_target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}
    plain = prepare_push(dav_target, MemoryPushStates(), found(), {2026})
    assert plain.counts()[StepKind.KEEP] == len(uids())  # exactly those, once each
    assert len(plain.state.entries) == len(uids())


QUOTA = b'<?xml version="1.0"?><d:error xmlns:d="DAV:"><d:quota-not-exceeded/></d:error>'


@pytest.mark.parametrize("dav_server", ["radicale"], indirect=True)
@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault("say", 401), NotAllowed, "did not accept the user name or the password"),
        (Fault("say", 403), NotAllowed, "does not allow changes"),
        (Fault("say", 403, QUOTA, {"Content-Type": "application/xml"}), NotAllowed, "is full"),
        (Fault("say", 507), NotAllowed, "is full"),
        (Fault("say", 429, b"", {"Retry-After": "3600"}), NotReachable, "asks for a pause"),
        (Fault("say", 503, b"", {"Retry-After": "3600"}), NotReachable, "asks for a pause"),
        (Fault("say", 200, b"<html>", {"Content-Type": "text/html"}), NotReachable, "no calendar server’s answer"),
        (Fault("say", 202), NotReachable, "no calendar server’s answer"),
        (Fault("say", 302, b"", {"Location": "/login"}), NotReachable, "sends on to another address"),
        (Fault("say", 500), NotReachable, "a problem of its own"),
        (Fault("say", 502, b"<html>"), NotReachable, "a problem of its own"),
        (Fault("say", 404), AppError, "no longer"),
        (Fault("say", 409), AppError, "no longer"),
        (Fault("refuse"), NotReachable, "cannot be reached"),
        (Fault("lose"), NotReachable, "cannot be reached"),
    ],
)
def test_every_no_is_said_in_words_and_the_next_push_succeeds(
    proxy, dav_target, open_connection, push_states, fault, kind, words
):
    puts = []

    def answer(method: str, path: str) -> Fault | None:
        puts.extend([path] * (method == "PUT"))
        if len(puts) != 3 or method not in ("PUT", "PROPFIND"):
            return None
        # Who is told that something is not there looks whether the calendar is.
        return fault if method == "PUT" else Fault("say", 404)

    proxy.fault = answer
    with pytest.raises(kind) as told:
        push(dav_target, push_states)
    assert words in told.value.title
    assert told.value.hint
    proxy.fault = lambda method, path: None
    fresh = CalDavTarget(open_connection(proxy.url), dav_target.namespace, "UP 2026", "2026")
    push(fresh, push_states)
    assert set(prepare_push(fresh, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


def test_an_event_that_the_server_will_not_have_does_not_hold_up_the_others(proxy, dav_target, push_states):
    refused = min(uids())
    proxy.fault = lambda method, path: Fault("say", 400) if method == "PUT" and refused in path else None
    done = push(dav_target, push_states)
    assert done.written == len(uids()) - 1
    assert [reason for _, reason in done.refused] == ["127.0.0.1 does not take this event."]
    proxy.fault = lambda method, path: None
    assert push(dav_target, push_states).written == 1


def test_a_wrong_password_says_what_an_app_password_is(radicale, open_connection):
    connection = open_connection(radicale, password="battery staple")
    with pytest.raises(NotAllowed) as refused:
        calendar_home(connection)
    assert "app password" in refused.value.hint


def test_a_calendar_for_reading_only_is_said(tmp_path, push_states):
    rights = "".join(
        f"[{name}]\nuser: .+\ncollection: {where}\npermissions: {what}\n"
        for name, where, what in (
            ("root", "", "R"),
            ("principal", servers.USER, "RW"),
            ("calendars", f"{servers.USER}/.+", "Rr"),
        )
    )
    with servers.radicale(tmp_path, rights) as url:
        connection = DavConnection(url, servers.USER, servers.PASSWORD)
        target = CalDavTarget(connection, uuid.uuid4(), "UP 2026", "2026")
        with pytest.raises(NotAllowed, match="does not allow changes"):
            push(target, push_states)
        connection.close()


def test_no_server_at_all_is_said():
    connection = DavConnection(f"http://127.0.0.1:{servers.free_port()}/", "ann", "secret")
    with pytest.raises(NotReachable, match="cannot be reached"):
        calendar_home(connection)
    connection.close()


def test_a_web_page_in_place_of_a_calendar_service_is_said():
    class Page(BaseHTTPRequestHandler):
        def do_PROPFIND(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "12")
            self.end_headers()
            self.wfile.write(b"<html>Hello<")

        def log_message(self, *arguments) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    connection = DavConnection(f"http://127.0.0.1:{server.server_address[1]}/", "ann", "secret")
    try:
        with pytest.raises(NotReachable) as told:
            calendar_home(connection)
        assert "CalDAV" in told.value.hint
    finally:
        connection.close()
        server.shutdown()
        server.server_close()


@pytest.fixture
def untrusted(tmp_path):
    """A server with a certificate that no one signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
    )
    signed = made.sign(key, hashes.SHA256())
    path = tmp_path / "both.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(plain + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *arguments: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_certificate_that_cannot_be_trusted_is_said(untrusted):
    connection = DavConnection(untrusted, "ann", "secret")
    with pytest.raises(NotReachable) as told:
        calendar_home(connection)
    connection.close()
    assert "cannot be trusted" in told.value.title
    assert "certificate" in told.value.hint


def test_nothing_secret_and_no_event_stands_in_a_log(dav_target, push_states, caplog, proxy):
    caplog.set_level(logging.DEBUG)
    push(dav_target, push_states)
    proxy.fault = lambda method, path: Fault("say", 500) if method == "PUT" else None
    with contextlib.suppress(AppError):
        push(dav_target, push_states, moved())
    told = (
        caplog.text
        + repr(dav_target)
        + repr(dav_target.connection)
        + repr(push_states.get(dav_target.key).to_json()["token"])
    )
    for secret in (servers.PASSWORD, "Basic ", "COS 212", "WTW 114", "IT 2-26", "ink"):
        assert secret not in told


# What others read


def test_vdirsyncer_and_khal_see_the_year_as_it_is(tmp_path, radicale, open_connection, push_states):
    readers.needs_khal()
    timetable = twelve_modules()
    target = CalDavTarget(open_connection(radicale), uuid.uuid4(), "UP 2026", "2026")
    push(target, push_states, moved())
    push(target, push_states, timetable)
    config = readers.khal_over(tmp_path, "Africa/Johannesburg")
    url = push_states.get(target.key).calendar
    (tmp_path / "sync.conf").write_text(
        f'[general]\nstatus_path = "{tmp_path}/status/"\n'
        '[pair up]\na = "here"\nb = "there"\ncollections = null\n'
        f'[storage here]\ntype = "filesystem"\npath = "{tmp_path}/events"\nfileext = ".ics"\n'
        f'[storage there]\ntype = "caldav"\nurl = "{url}"\n'
        f'username = "{servers.USER}"\npassword = "{servers.PASSWORD}"\n'
    )
    for command in (["discover", "up"], ["sync"]):
        subprocess.run(
            [readers.KHAL.with_name("vdirsyncer"), "--config", tmp_path / "sync.conf", *command],
            env=os.environ | {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            input=b"y\n",
            capture_output=True,
            check=True,
            timeout=120,
        )
    assert readers.khal_list(config, FIRST, LAST, "Africa/Johannesburg") == expected_occurrences(timetable, CALENDAR)


def test_a_proxy_only_passes_on_what_it_is_told(dav_server):
    with Proxy(dav_server) as between:
        assert between.url != dav_server
