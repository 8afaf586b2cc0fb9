"""Clients that send without end, say nothing, or do not read cost the server little, and for a short time."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.server.process import ServerProcess, server_process

# The real server, less patient so that a test need not be.
HASTY = """
from syncserver import __main__ as program
from syncserver.http import protocol
protocol.HEAD_SECONDS = protocol.UNREAD_SECONDS = 1.0
raise SystemExit(program.main(["serve"]))
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_process(tmp_path_factory.mktemp("connections"), (sys.executable, "-c", HASTY)) as process:
        yield process


def connect(running: ServerProcess) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=20)


def memory(running: ServerProcess) -> int:
    assert running.process is not None
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.mark.parametrize(
    "endless",
    [b"GET /" + b"a" * 4096, b"GET /v1/info HTTP/1.1\r\nhost: x\r\nx-long: " + b"a" * 4096],
    ids=["line", "header"],
)
def test_a_line_without_an_end_is_refused_while_it_arrives(running: ServerProcess, endless: bytes) -> None:
    before = memory(running)
    with connect(running) as client:
        sent = 0
        try:
            client.sendall(endless)
            while sent < 64_000_000:
                sent += client.send(b"a" * 65_536)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 10_000_000
    assert memory(running) - before < 10_000_000


def test_many_headers_are_refused_in_words(running: ServerProcess) -> None:
    with connect(running) as client:
        client.sendall(b"GET /v1/info HTTP/1.1\r\nhost: x\r\n" + b"x-a: " + b"b" * 900 + b"\r\n")
        client.sendall(b"".join(b"x-%d: %s\r\n" % (number, b"b" * 900) for number in range(20)))
        assert b"431" in client.recv(1000)


@pytest.mark.parametrize("said", [b"", b"GET /v1/info HTTP/1.1\r\n"], ids=["silent", "half"])
def test_who_does_not_come_to_the_point_is_hung_up_on(running: ServerProcess, said: bytes) -> None:
    with connect(running) as client:
        client.sendall(said)
        assert client.recv(100) == b""


@pytest.mark.parametrize("taken", [0, 16], ids=["nothing", "little"])
def test_who_does_not_read_is_hung_up_on(running: ServerProcess, taken: int) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(20)
        client.connect(("127.0.0.1", running.port))
        assert ended_while_asking(client, taken), "the server waits for a client that takes next to nothing"


def ended_while_asking(client: socket.socket, taken: int) -> bool:
    """Asks for large answers again and again, and reads `taken` bytes each time."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            client.send(b"GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n")
            if taken:
                client.recv(taken)
        except (BrokenPipeError, ConnectionResetError):
            return True
        time.sleep(0.01)
    return False


def test_others_are_answered_meanwhile_and_a_kept_connection_goes_on(running: ServerProcess) -> None:
    silent = [connect(running) for _ in range(50)]
    for _ in range(3):
        assert running.request("GET", "/v1/info").status_code == 200
        time.sleep(0.6)  # longer in all than the first request's head may take
    for client in silent:
        client.close()


def test_a_trailer_without_an_end_is_refused_while_it_arrives(running: ServerProcess) -> None:
    before, sent = memory(running), 0
    with connect(running) as client:
        client.sendall(
            b"POST /v1/auth/challenge HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
        )
        try:
            client.sendall(b"x-late: ")
            while sent < 64_000_000:
                sent += client.send(b"a" * 65_536)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 10_000_000
    assert memory(running) - before < 10_000_000


def test_a_body_longer_than_a_head_may_be_is_none(running: ServerProcess) -> None:
    body = b'{"name": "' + b"a" * 200_000 + b'", "action": "login"}'
    for sent in (body, iter([body[:70_000], body[70_000:]])):
        answer = running.client.post("/v1/auth/challenge", content=sent, headers={"Content-Type": "application/json"})
        assert answer.status_code == 422
