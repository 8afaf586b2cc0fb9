"""A cheap HTTP client for comparisons: prepared requests over kept connections, one at a time each, counted.

It uses the same two cores as what it measures, so it does no more than it must.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop


@dataclass(frozen=True)
class Result:
    """Results: answers a second, seconds of each (sorted), and the count of each status."""

    rate: float
    seconds: list[float]
    statuses: dict[int, int]

    def percentile(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


class Exchange(asyncio.Protocol):
    """A kept connection that carries one request at a time. Subclasses decide what is sent and when."""

    transport: asyncio.Transport
    buffer = b""
    began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end]
        status = int(head[9:12])
        length = 0 if status == 304 else int(header(head, b"content-length") or 0)
        if len(self.buffer) < end + 4 + length:
            return
        body, self.buffer = self.buffer[end + 4 :], b""
        self.answered(status, head, body, time.perf_counter() - self.began)

    def answered(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        """Called after a complete answer, with the seconds since its request was sent."""
        raise NotImplementedError


def header(head: bytes, name: bytes) -> bytes:
    """Returns the value of a header (named in lower case), or nothing."""
    place = head.lower().find(b"\r\n" + name + b":")
    return head[place + len(name) + 3 :].split(b"\r", 1)[0].strip() if place >= 0 else b""


class Connection(Exchange):
    """Sends its requests one after another, until they or the time run out."""

    def __init__(self, requests: Sequence[bytes], until: float, done: asyncio.Future[None]) -> None:
        self.requests = requests
        self.until = until
        self.done = done
        self.at = 0
        self.seconds: list[float] = []
        self.statuses: dict[int, int] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.send_next()

    def send_next(self) -> None:
        if self.at >= len(self.requests) or time.perf_counter() > self.until:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.send(self.requests[self.at])
        self.at += 1

    def answered(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.send_next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))


async def _run(port: int, clients: Sequence[Sequence[bytes]], seconds: float) -> Result:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connections = []
    for requests in clients:
        done = loop.create_future()
        _, connection = await loop.create_connection(
            lambda requests=requests, done=done: Connection(requests, began + seconds, done), "127.0.0.1", port
        )
        connections.append(connection)
    await asyncio.gather(*(connection.done for connection in connections))
    taken = time.perf_counter() - began
    all_seconds = sorted(second for connection in connections for second in connection.seconds)
    statuses: dict[int, int] = {}
    for connection in connections:
        for status, count in connection.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return Result(len(all_seconds) / taken, all_seconds, statuses)


def run(port: int, clients: Sequence[Sequence[bytes]], seconds: float) -> Result:
    """Runs every client's requests for at most `seconds`, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_in_process, (port, clients, seconds))


def _in_process(port: int, clients: Sequence[Sequence[bytes]], seconds: float) -> Result:
    return uvloop.run(_run(port, clients, seconds))


def request(method: str, path: str, port: int, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Encodes a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{k}: {v}" for k, v in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
