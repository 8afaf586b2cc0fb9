"""The limits of every HTTP client of the desktop, against real hostile servers on loopback."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import zlib
from collections.abc import Iterator

import httpcore
import httpx
import pytest

from desktop import http_client
from desktop.http_client import HttpClient, PrivateAddress, TooLarge, is_loopback, is_public
from tests.clients.hostile_http import HostileServer, hostile


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile() as one:
        yield one


@pytest.fixture
def client() -> Iterator[HttpClient]:
    with HttpClient(max_bytes=100_000, max_seconds=20) as one:
        yield one


# What comes back


def test_no_packing_is_asked_for(server: HostileServer, client: HttpClient) -> None:
    server.says(200, b"plain")
    assert client.request("GET", server.url).content == b"plain"
    assert server.seen[0][2]["accept-encoding"] == "identity"


@pytest.mark.parametrize(("packing", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_what_comes_packed_all_the_same_is_unpacked(
    server: HostileServer, client: HttpClient, packing: str, pack
) -> None:
    server.says(200, pack(b"a timetable" * 1000), {"Content-Encoding": packing})
    assert client.request("GET", server.url).content == b"a timetable" * 1000


def test_an_answer_packed_and_empty_is_empty(server: HostileServer, client: HttpClient) -> None:
    server.says(304, b"", {"Content-Encoding": "gzip"})
    assert client.request("GET", server.url).content == b""


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_an_answer_is_counted_while_it_is_unpacked(server: HostileServer, client: HttpClient, packing: str) -> None:
    server.bomb(5, packing)
    with pytest.raises(TooLarge):
        client.request("GET", server.url)


@pytest.mark.parametrize("packing", ["gzip, gzip", "br", "zstd", "identity, gzip"])
def test_other_packings_are_not_unpacked(server: HostileServer, client: HttpClient, packing: str) -> None:
    server.bomb(1, packing)
    with pytest.raises(httpx.DecodingError):
        client.request("GET", server.url)


def test_a_packed_answer_that_unpacks_to_nothing_ends_too(server: HostileServer, client: HttpClient) -> None:
    head = gzip.compress(b"")[:10]
    empty_blocks = b"\x00\x00\x00\xff\xff" * 1000
    server.endless(empty_blocks, first=head, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TooLarge):
        client.request("GET", server.url)


def test_a_packed_answer_that_is_cut_off_is_no_answer(server: HostileServer, client: HttpClient) -> None:
    server.says(200, gzip.compress(b"a timetable" * 1000)[:-20], {"Content-Encoding": "gzip"})
    with pytest.raises(httpx.DecodingError):
        client.request("GET", server.url)


def test_an_answer_without_end_ends(server: HostileServer, client: HttpClient) -> None:
    server.endless()
    with pytest.raises(TooLarge):
        client.request("GET", server.url)


@pytest.mark.parametrize("where", ["head", "body"])
def test_an_answer_that_drips_is_given_up(server: HostileServer, where: str) -> None:
    if where == "head":
        server.endless_head()
    else:
        server.endless(b"x", pause=0.05)
    with HttpClient(max_bytes=100_000, max_seconds=0.5) as client, pytest.raises(httpx.TimeoutException):
        client.request("GET", server.url)


def test_a_request_may_take_longer_after_one_that_was_given_up(server: HostileServer) -> None:
    with HttpClient(max_bytes=100_000, max_seconds=0.5) as client:
        server.endless_head()
        with pytest.raises(httpx.TimeoutException):
            client.request("GET", server.url)
        server.says(200, b"plain")
        assert client.request("GET", server.url, max_seconds=20).content == b"plain"


def test_a_cookie_is_not_sent_back(server: HostileServer, client: HttpClient) -> None:
    server.says(200, b"", {"Set-Cookie": "session=1"})
    client.request("GET", server.url)
    client.request("GET", server.url)
    assert "cookie" not in server.seen[1][2]


# Redirects


def redirecting(server: HostileServer, status: int) -> None:
    def answer(handler) -> None:
        is_first = handler.path == "/"
        handler.send_response(status if is_first else 200)
        if is_first:
            handler.send_header("Location", "/there")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.answer = answer


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_read_is_repeated_as_it_was_where_the_caller_agrees(
    server: HostileServer, client: HttpClient, status: int
) -> None:
    redirecting(server, status)
    answer = client.request("PROPFIND", server.url, content=b"<x/>", choose_redirect=lambda at: at)
    assert [(method, path, headers.get("content-length")) for method, path, headers in server.seen] == [
        ("PROPFIND", "/", "4"),
        ("PROPFIND", "/there", "4"),
    ]
    assert (answer.status, answer.url) == (200, f"{server.url}there")
    assert answer.moved_to == (f"{server.url}there" if status in {301, 308} else server.url)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "MKCALENDAR"])
def test_a_write_is_never_sent_elsewhere(server: HostileServer, client: HttpClient, method: str, status: int) -> None:
    redirecting(server, status)
    answer = client.request(method, server.url, choose_redirect=lambda at: at)
    assert (answer.status, answer.location, len(server.seen)) == (status, f"{server.url}there", 1)


def test_no_redirect_is_followed_that_was_not_agreed_to(server: HostileServer, client: HttpClient) -> None:
    redirecting(server, 302)
    assert client.request("GET", server.url).status == 302
    assert client.request("GET", server.url, choose_redirect=lambda at: "").status == 302
    assert len(server.seen) == 2


def test_redirects_end(server: HostileServer, client: HttpClient) -> None:
    server.says(302, b"", {"Location": "/"})
    with pytest.raises(httpx.TooManyRedirects):
        client.request("GET", server.url, choose_redirect=lambda at: at)
    assert len(server.seen) == http_client.MAX_REDIRECTS + 1


# Where to


@pytest.mark.parametrize("address", ["8.8.8.8", "137.215.6.53", "2606:4700:4700::1111", "2c0f:fb50:4002:811::200e"])
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1"),
        *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("fec0::1", "ff02::1", "ff0e::1"),
        *("2002:7f00:1::", "2002:c0a8:1::1", "2002:808:808::1"),  # 6to4
        *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),  # NAT64
        *("2001::1", "2001:db8::1", "3fff::1", "5f00::1"),
    ],
)
def test_addresses_that_are_inside_or_lead_there(address: str) -> None:
    assert not is_public(address)


def found_at(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    answers = iter(addresses)
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *more, **named: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))],
    )


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    found_at(monkeypatch, "8.8.8.8", "127.0.0.1")  # by the second look the name leads inside
    connected = []

    def connect(backend, host, *more):
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with HttpClient(max_bytes=1, max_seconds=5, public_only=True) as client, pytest.raises(httpx.ConnectError):
        client.request("GET", "https://calendar.example.org/")
    assert connected == ["8.8.8.8"]


def test_the_host_is_still_named_as_it_was_asked_for(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "public_addresses", lambda host, port: ["127.0.0.1"])
    server.says(200, b"plain")
    with HttpClient(max_bytes=100, max_seconds=5, public_only=True) as client:
        assert client.request("GET", f"http://calendar.example.org:{server.port}/").content == b"plain"
    assert server.seen[0][2]["host"] == f"calendar.example.org:{server.port}"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.1.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1"])
def test_a_name_that_leads_inside_is_not_knocked_at(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    found_at(monkeypatch, address)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *more: pytest.fail("was connected to"))
    with HttpClient(max_bytes=1, max_seconds=5, public_only=True) as client, pytest.raises(PrivateAddress):
        client.request("GET", "https://calendar.example.org/")


def test_this_machine_itself_is_reached_past_any_proxy(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    server.says(200, b"plain")
    with HttpClient(max_bytes=100, max_seconds=5) as client:
        assert client.request("GET", server.url).content == b"plain"


def test_a_proxy_of_the_system_is_used(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url)
    server.says(200, b"by proxy")
    with HttpClient(max_bytes=100, max_seconds=5) as client:
        assert client.request("GET", "http://calendar.example.org/a").content == b"by proxy"
    assert server.seen[0][1] == "http://calendar.example.org/a"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("[::1]", True), ("example.org", False), (None, False)],
)
def test_what_this_machine_is_called(host: str | None, expected: bool) -> None:
    assert is_loopback(host) is expected


# What it costs, measured in a child

_CHILD = """
import sys
from pathlib import Path
which, *urls = sys.argv[1:]
from desktop.domain.errors import AppError
import desktop.http_client
if which == "friends":
    from desktop.sync.friends import fetch
    ask = lambda url: fetch(url, loopback=True)
elif which == "sync":
    from desktop.sync.client import Client
    ask = lambda url: Client(url).info()
elif which == "google":
    from types import SimpleNamespace
    from desktop.calendars.google_api import ApiCall, GoogleApi
    sign_in = lambda url: SimpleNamespace(token=lambda fresh=False: "a-token", client=SimpleNamespace(api=url))
    ask = lambda url: GoogleApi(sign_in(url)).send(ApiCall("GET", ""))
elif which == "sign-in":
    from desktop.calendars.google_sign_in import GoogleClient, GoogleSignIn
    kept = '{"refresh": "", "access": "", "expires": 0}'
    store = type("Store", (), {"load": lambda self, name: kept, "save": print, "remove": lambda self, name: None})()
    ask = lambda url: GoogleSignIn(GoogleClient("id", token=url), store).token()
elif which == "caldav":
    from desktop.calendars.caldav import calendar_home
    from desktop.calendars.dav import DavConnection
    ask = lambda url: calendar_home(DavConnection(url, "ann", "secret"))
def most_memory():  # not getrusage: what it says of a child begins with the most that its parent had
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
before = most_memory()
for url in urls:
    try:
        ask(url)
    except AppError as trouble:
        assert str(trouble)
    else:
        sys.exit(f"nothing was refused of {url}")
print((most_memory() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory that was held is read from /proc")
@pytest.mark.parametrize("which", ["friends", "sync", "google", "sign-in", "caldav"])
def test_no_answer_costs_memory_beyond_its_bound(which: str) -> None:
    with hostile() as bomb, hostile() as bomb_in_bomb, hostile() as endless, hostile() as endless_packed:
        bomb.bomb(300)
        bomb_in_bomb.bomb(300, "gzip, gzip")
        endless.endless(headers={"Content-Type": "application/xml"})
        endless_packed.endless(
            b"\x00\x00\x00\xff\xff" * 10_000, first=gzip.compress(b"")[:10], headers={"Content-Encoding": "gzip"}
        )
        servers = (bomb, bomb_in_bomb, endless, endless_packed)
        command = [sys.executable, "-c", _CHILD, which, *(each.url for each in servers)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert all(each.seen for each in servers), "not everything was asked"
    assert int(ran.stdout) < 64  # megabytes, of all four together
