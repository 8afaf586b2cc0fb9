"""Hostile HTTP server on loopback: decompression bombs, endless and dripping answers, and recorded answers."""

from __future__ import annotations

import contextlib
import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEGABYTE = 1024 * 1024


@cache
def packed(megabytes: int) -> bytes:
    """So many megabytes of zeros, compressed with gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    nothing = bytes(MEGABYTE)
    return b"".join(packer.compress(nothing) for _ in range(megabytes)) + packer.flush()


@dataclass
class HostileServer:
    """Records requests (method, path, headers in lower case), and how the next ones are answered."""

    port: int = 0
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: None
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def bomb(self, megabytes: int, packing: str = "gzip") -> None:
        content = packed(megabytes)
        for _ in packing.split(",")[1:]:
            content = gzip.compress(content)
        self.says(200, content, {"Content-Encoding": packing})

    def says(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.answer = answer

    def endless(
        self,
        piece: bytes = b" " * 65536,
        pause: float = 0,
        headers: dict[str, str] | None = None,
        first: bytes = b"",
    ) -> None:
        """Answers the next request with a head, `first`, and then `piece` without end."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in (headers or {}).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(first)
            while not self.stopped.wait(pause):
                handler.wfile.write(piece)

        self.answer = answer

    def endless_head(self, pause: float = 0.05) -> None:
        """Answers the next request with a head that comes byte by byte and never ends."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.stopped.wait(pause):
                handler.wfile.write(b"x")

        self.answer = answer


@contextlib.contextmanager
def hostile() -> Iterator[HostileServer]:
    state = HostileServer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def _any(self) -> None:
            state.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            state.seen.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
            with contextlib.suppress(OSError):
                state.answer(self)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._any
            raise AttributeError(name)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
