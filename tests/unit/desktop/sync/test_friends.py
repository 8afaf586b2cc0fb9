"""Friends' calendars come from untrusted servers: what may be requested, and which answers are accepted."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from desktop.domain.errors import AppError, InvalidInput, NotAllowed, NotReachable
from desktop.sync import friends

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/ok.ics":
                if self.headers.get("If-None-Match") == '"1"':
                    self._answer(304, b"")
                else:
                    self._answer(200, CALENDAR, ETag='"1"')
            case "/moved.ics":
                self._answer(301, b"", Location="/ok.ics")
            case "/for-now.ics":
                self._answer(302, b"", Location="/ok.ics")
            case "/loop.ics":
                self._answer(302, b"", Location="/loop.ics")
            case "/inside.ics":
                self._answer(302, b"", Location="https://192.168.0.1/router")
            case "/file.ics":
                self._answer(302, b"", Location="file:///etc/passwd")
            case "/large.ics":
                self._answer(200, b"x" * (friends.MAX_CALENDAR_BYTES + 1))
            case "/bomb.ics":
                self._answer(200, gzip.compress(b"x" * 50_000_000), **{"Content-Encoding": "gzip"})
            case "/drip.ics":
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    while True:
                        self.wfile.write(b"x")
                        time.sleep(0.05)
            case "/gone.ics":
                self._answer(410, b"")
            case "/shut.ics":
                self._answer(403, b"")
            case _:
                self._answer(500, b"")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_calendar_is_fetched_and_asked_for_politely_the_next_time(stranger: str) -> None:
    first = friends.fetch(f"{stranger}/ok.ics", loopback=True)
    assert (first.data, first.etag) == (CALENDAR, '"1"')
    again = friends.fetch(f"{stranger}/ok.ics", etag=first.etag, loopback=True)
    assert (again.data, again.etag) == (None, '"1"')


def test_a_calendar_that_has_moved_for_good_is_remembered_where_it_is(stranger: str) -> None:
    assert friends.fetch(f"{stranger}/moved.ics", loopback=True).address == f"{stranger}/ok.ics"
    assert friends.fetch(f"{stranger}/for-now.ics", loopback=True).address == f"{stranger}/for-now.ics"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("loop", NotAllowed),
        ("inside", InvalidInput),
        ("file", InvalidInput),
        ("large", NotAllowed),
        ("bomb", NotAllowed),
        ("gone", NotAllowed),
        ("shut", NotAllowed),
        ("broken", NotReachable),
    ],
)
def test_what_a_stranger_may_not_do(stranger: str, path: str, kind: type[AppError]) -> None:
    with pytest.raises(kind):
        friends.fetch(f"{stranger}/{path}.ics", loopback=True)


def test_a_calendar_that_drips_in_is_given_up(stranger: str) -> None:
    with pytest.raises(NotReachable):
        friends.fetch(f"{stranger}/drip.ics", loopback=True, max_seconds=0.5)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.ics",
        "http://127.0.0.1/a.ics",
        "ftp://example.org/a.ics",
        "https://user:word@example.org/a.ics",
        "https://",
        "https://[::1",
        "nonsense",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_addresses_that_are_not_asked(address: str) -> None:
    with pytest.raises(InvalidInput):
        friends.fetch(address)


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/a.ics", "https://10.0.0.1/", "https://[::1]/", "https://169.254.1.1/"]
)
def test_nothing_inside_is_knocked_at(address: str) -> None:
    with pytest.raises(InvalidInput):
        friends.fetch(address)


def test_webcal_is_https() -> None:
    assert friends.friend_address(" webcal://example.org/a.ics ") == "https://example.org/a.ics"
