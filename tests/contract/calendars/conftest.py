"""Every kind of calendar out there, behind one fixture."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import Connection
from tests.clients import servers


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
def open_connection() -> Iterator[Callable[..., Connection]]:
    made = []

    def open_one(url: str, user: str = servers.USER, password: str = servers.PASSWORD) -> Connection:
        made.append(Connection(url, user, password, timeout=20))
        return made[-1]

    yield open_one
    for each in made:
        each.close()


@pytest.fixture
def dav_target(proxy, open_connection) -> CalDavTarget:
    return CalDavTarget(open_connection(proxy.url), uuid.uuid4(), "UP 2026", "2026")
