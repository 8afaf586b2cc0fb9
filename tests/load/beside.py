"""Clients beside Locust, each kind in a process of its own: `python -m tests.load.beside '<JSON>'`, until SIGTERM.

`holding` holds ten thousand requests open, which would keep Locust's one thread from measuring anything else. `probe`
is one quiet device that requests and pushes at intervals: its waiting times are caused by the server, not by a busy
load generator. Each writes its answers, with their times, as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

from tests.load import client
from tests.load.seeding import text

BATCH, BLOB = 10, 300
PROBE_SECONDS = 0.05
PROBE_ACCOUNTS = 200

Sample = tuple[float, str, int, float]
"""When it was answered (seconds since 1970), what was asked, the status (0: none), and the seconds it took."""


class Holder(client.Exchange):
    """A device that always holds `head?wait=30` open. It begins when it is connected."""

    def __init__(self, token: str, port: int, samples: list[Sample]) -> None:
        self.asked = client.request("GET", "/v1/head?wait=30", port, {"Authorization": f"Bearer {token}"})[:-2]
        self.samples = samples
        self.first = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.send(self.asked + b"\r\n")

    def answered(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        self.samples.append((time.time(), "head (first)" if self.first else "head (held)", status, seconds))
        self.first = False
        if status not in (200, 304):
            asyncio.get_running_loop().call_later(1.0, self.send, self.asked + b"\r\n")
            return
        self.send(self.asked + b"If-None-Match: " + client.header(head, b"etag") + b"\r\n\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.samples.append((time.time(), "head (held)", 0, time.perf_counter() - self.began))


class Prober(client.Exchange):
    """Carries one request at a time for a coroutine."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[tuple[int, float]] = asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes) -> tuple[int, float]:
        self.answer = asyncio.get_running_loop().create_future()
        self.send(request)
        return await self.answer

    def answered(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        if not self.answer.done():
            self.answer.set_result((status, seconds))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.answer.done():
            self.answer.set_result((0, time.perf_counter() - self.began))


async def hold(job: dict[str, Any], samples: list[Sample]) -> None:
    """Connects `devices` at `spawn_rate` a second, reports that, and holds until it is cancelled."""
    loop = asyncio.get_running_loop()
    began = time.monotonic()
    holders = []
    for number, (_, _, token) in enumerate(load_devices(job)[: job["devices"]]):
        await asyncio.sleep(max(0.0, began + number / job["spawn_rate"] - time.monotonic()))
        made = await loop.create_connection(lambda t=token: Holder(t, job["port"], samples), "127.0.0.1", job["port"])
        holders.append(made)
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    await asyncio.Event().wait()


async def probe(job: dict[str, Any], samples: list[Sample]) -> None:
    """Requests the head, then the changes, then pushes ten records, in turn, twenty times a second."""
    loop = asyncio.get_running_loop()
    mine = load_devices(job)[-PROBE_ACCOUNTS:]
    blob = text(os.urandom(BLOB))
    print("ready", flush=True)
    _, prober = await loop.create_connection(Prober, "127.0.0.1", job["port"])
    turn, due = 0, time.monotonic()
    while True:
        due = max(due + PROBE_SECONDS, time.monotonic())
        await asyncio.sleep(due - time.monotonic())
        signed_in = {"Authorization": f"Bearer {mine[turn % len(mine)][2]}"}
        kind = ("head", "changes", "head", "batches")[turn % 4]
        path = {"head": "/v1/head", "changes": "/v1/changes?limit=1"}.get(kind)
        if path:
            request = client.request("GET", path, job["port"], signed_in)
        else:
            key = {"Idempotency-Key": text(os.urandom(16))}
            request = client.request("POST", "/v1/batches", job["port"], signed_in | key, new_batch(job["epoch"], blob))
        status, seconds = await prober.ask(request)
        samples.append((time.time(), kind, status, seconds))
        if status == 0:
            _, prober = await loop.create_connection(Prober, "127.0.0.1", job["port"])
        turn += 1


def new_batch(epoch: str, blob: str) -> bytes:
    """Returns ten new records."""
    rows = [
        {"id": text(os.urandom(16)), "base": None, "etag": text(os.urandom(16)), "deleted": False,
         "key": text(bytes(16)), "schema": 1, "blob": blob}
        for _ in range(BATCH)
    ]  # fmt: skip
    return json.dumps({"epoch": epoch, "records": rows}).encode()


def load_devices(job: dict[str, Any]) -> list[list[str]]:
    """Returns all signed-in devices: account, device, token."""
    signed_in: list[list[str]] = json.loads(Path(job["tokens"]).read_text())
    return signed_in


async def run_until_terminated(job: dict[str, Any]) -> list[Sample]:
    """Does the job until SIGTERM; returns the answers."""
    samples: list[Sample] = []
    work = asyncio.create_task({"holding": hold, "probe": probe}[job["kind"]](job, samples))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    await asyncio.gather(work, return_exceptions=True)
    if not work.cancelled():
        work.result()
    return samples


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    Path(given["out"]).write_text(json.dumps(uvloop.run(run_until_terminated(given))))
