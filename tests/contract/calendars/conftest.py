"""Fixture for every kind of calendar target."""

import itertools
import threading
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import DavConnection
from desktop.calendars.google import GoogleTarget
from desktop.calendars.google_sign_in import GoogleSignIn
from tests.clients import servers
from tests.clients.google_server import GoogleServer
from tests.clients.timetables import NAMESPACE
from tests.contract.calendars.other_programs import GoogleUser


@pytest.fixture(scope="session")
def radicale(tmp_path_factory) -> Iterator[str]:
    with servers.radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory) -> Iterator[str]:
    with servers.xandikos(tmp_path_factory.mktemp("xandikos")) as url:
        yield url


@pytest.fixture(params=["radicale", "xandikos"])
def dav_server(request) -> str:
    return request.getfixturevalue(request.param)


@pytest.fixture
def proxy(dav_server) -> Iterator[servers.Proxy]:
    with servers.Proxy(dav_server) as between:
        yield between


@pytest.fixture
def open_connection() -> Iterator[Callable[..., DavConnection]]:
    made = []

    def open_one(url: str, user: str = servers.USER, password: str = servers.PASSWORD) -> DavConnection:
        made.append(DavConnection(url, user, password, timeout=20, pause=lambda seconds: None))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


@pytest.fixture
def dav_target(proxy, open_connection) -> CalDavTarget:
    return CalDavTarget(open_connection(proxy.url), uuid.uuid4(), "UP 2026", "2026")


class MemoryTokens:
    """Stores tokens in memory, for the duration of the test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        return self.kept.get(name)

    def save(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def remove(self, name: str) -> None:
        self.kept.pop(name, None)


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    with GoogleServer() as server:
        yield server
    assert not server.wrong


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def browse(google) -> Callable[[str], object]:
    """Plays a person who agrees: the browser goes to Google and comes back."""

    def go(address: str) -> None:
        question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        threading.Thread(target=lambda: urlopen(google.grant(question), timeout=10).close(), daemon=True).start()

    return go


@pytest.fixture
def signed_in(google, tokens, browse) -> GoogleSignIn:
    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(browse)
    return sign_in


@pytest.fixture
def google_world(google, signed_in) -> tuple[GoogleTarget, GoogleUser]:
    # Time passes between two steps, as for people: a change there never falls into the second of a push.
    clock = itertools.count(1_800_000_000, 60).__next__
    target = GoogleTarget(signed_in, NAMESPACE, "UP 2026", "2026", pause=lambda seconds: None, now=clock)
    return target, GoogleUser(google)
