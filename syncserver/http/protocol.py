"""uvicorn's HTTP/1.1 connection with limits on what a client may leave open, unsent or unread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 16_384  # of a request line with its headers: ours have less than one thousand
HEAD_SECONDS = 10.0  # from the connection, or the first byte of a further request, to the end of the headers
UNREAD_SECONDS = 30.0  # how long an answer may wait without the client reading any more of it

HEAD_TOO_LARGE_RESPONSE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class HeadTooLarge(Exception):
    """Raised inside the parser to make it end the connection."""


class Timer:
    """Calls a function once, unless stopped or restarted before."""

    def __init__(self) -> None:
        self._handle: asyncio.TimerHandle | None = None

    def start(self, loop: asyncio.AbstractEventLoop, seconds: float, call: Callable[[], object]) -> None:
        self.stop()
        self._handle = loop.call_later(seconds, call)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class BoundedProtocol(HttpToolsProtocol):
    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._in_head = True
        self._received = 0  # bytes since the head began, or since the body went on
        self._head_bytes = 0  # of those, what the parser has taken for parts of the head
        self._head_timer = Timer()
        self._unread_timer = Timer()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer.start(self.loop, HEAD_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_timer.stop()
        self._unread_timer.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        # The parser buffers an unfinished line without calling back. Bodies have lines too: trailers, and extensions
        # beside a chunk's size.
        if self._received > HEAD_BYTES:
            if self._in_head:
                self.send_400_response("")
            else:
                self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        if self._in_head and max(self._head_bytes, self._received) > HEAD_BYTES:
            self.transport.write(HEAD_TOO_LARGE_RESPONSE)
            self.transport.close()
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        self._head_timer.start(self.loop, HEAD_SECONDS, self.transport.abort)

    def on_url(self, url: bytes) -> None:
        self._count_head_bytes(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head_bytes(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._received = 0
        self._head_timer.stop()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._received = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = True
        self._received = 0

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread_timer.start(self.loop, UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._unread_timer.stop()
        super().resume_writing()

    def _count_head_bytes(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > HEAD_BYTES:
            raise HeadTooLarge
