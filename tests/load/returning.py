"""Devices that lose their server to a restore and sign in again: `python -m tests.load.returning '<JSON>'`.

Each does what `desktop/sync` does: holds a request for news, comes back after the application's own pauses, learns that
its session has ended, signs in with its login key and reads again, with a proof of work if the server asks for one.
With `goes_on` they then request news and push until SIGTERM, once a second each; otherwise they are done. Their
answers, with the times, are written as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from desktop.sync import client as application
from desktop.sync import proof_of_work, wire
from desktop.sync.proofs import make_proof
from desktop.sync.service import retry_delay
from tests.load import client
from tests.load.beside import BLOB, Sample, new_batch
from tests.load.seeding import login_seed, name_of, text

CONNECTING = "connecting"


@dataclass
class Answers:
    """The answers to all devices of this process."""

    devices: int
    holding: int = 0
    all_hold: asyncio.Event = field(default_factory=asyncio.Event)
    samples: list[Sample] = field(default_factory=list)
    going_on: list[Sample] = field(default_factory=list)  # of the devices that are signed in again
    entered: list[float] = field(default_factory=list)  # when each was signed in again
    refused: dict[str, int] = field(default_factory=dict)  # by status and policy
    pauses: int = 0
    puzzles: int = 0
    worked: float = 0.0  # seconds
    acknowledged: dict[str, int] = field(default_factory=dict)  # account to head


@dataclass(frozen=True)
class Answer:
    """Status 0: there was no answer."""

    status: int = 0
    head: bytes = b""
    body: bytes = b""

    @property
    def retry_after(self) -> float | None:
        value = client.header(self.head, b"retry-after")
        return float(value) if value else None


NO_ANSWER = Answer()


class Connection(client.Exchange):
    """Carries one request at a time."""

    def __init__(self) -> None:
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.is_open = True

    async def ask(self, request: bytes, seconds: float) -> Answer:
        self.answer = asyncio.get_running_loop().create_future()
        if not self.is_open:
            return NO_ANSWER
        self.send(request)
        try:
            return await asyncio.wait_for(self.answer, seconds)
        except TimeoutError:
            self.transport.abort()
            return NO_ANSWER

    def answered(self, status: int, head: bytes, body: bytes, seconds: float) -> None:
        if not self.answer.done():
            self.answer.set_result(Answer(status, head, body))

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.answer.done():
            self.answer.set_result(NO_ANSWER)


class Device:
    """One returning device."""

    def __init__(self, person: list[str], job: Mapping[str, Any], told: Answers, workers: ThreadPoolExecutor) -> None:
        self.account, self.device, self.token = person
        self.epoch = ""
        self.job = job
        self.told = told
        self.samples = told.samples
        self.workers = workers
        self.line: Connection | None = None

    async def run(self) -> None:
        await self.hold_until_ended()
        failures = 0
        while (answer := await self.sign_in_again()).status != 200:
            failures += 1
            await self.pause(failures, answer)
        self.told.entered.append(time.time())
        if self.job["goes_on"]:
            self.samples = self.told.going_on
            await self.poll_and_push()

    async def hold_until_ended(self) -> None:
        """Holds a request for news until the session has ended."""
        failures, tag = 0, ""
        while True:
            wait = f"?wait={wire.WAIT_SECONDS}" if tag else ""
            answer = await self.send_request("GET", f"/v1/head{wait}", self.signed_in(tag), held=bool(wait))
            if answer.status == 401:
                return
            if answer.status in (200, 304):
                self.told.holding += not tag
                if self.told.holding == self.told.devices:
                    self.told.all_hold.set()
                failures, tag = 0, client.header(answer.head, b"etag").decode()
                continue
            failures += 1
            await self.pause(failures, answer)

    async def sign_in_again(self) -> Answer:
        """Signs in again and requests the account's head; returns the last answer."""
        answer = await self.send_request("GET", "/v1/head", self.signed_in())
        if answer.status != 401:
            return answer
        known = {"Sync-Device": self.device}
        asked = {"name": name_of(self.account), "action": "login"}
        answer = await self.send_request("POST", "/v1/auth/challenge", known, json.dumps(asked).encode())
        if answer.status != 200:
            return answer
        challenge = wire.challenge_from_json(json.loads(answer.body))
        body = json.dumps({"name": challenge.name, "device": {"id": self.device, "label": None}}).encode()
        proof = make_proof(login_seed(self.account))(challenge, f"127.0.0.1:{self.job['port']}", body)
        answer = await self.send_request("POST", "/v1/auth/login", known | {"Sync-Proof": proof}, body)
        if answer.status != 200:
            return answer
        session = json.loads(answer.body)
        self.token, self.epoch = session["token"], session["epoch"]
        return await self.send_request("GET", "/v1/head", self.signed_in())

    async def poll_and_push(self) -> None:
        """Requests news, changes, news again, and pushes ten records; each a second after the one before was due."""
        blob, due, turn = text(os.urandom(BLOB)), time.monotonic() + random.random(), 0
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += 1.0
            if turn % 4 == 3:
                headers = self.signed_in() | {"Idempotency-Key": text(os.urandom(16))}
                answer = await self.send_request("POST", "/v1/batches", headers, new_batch(self.epoch, blob))
                if answer.status == 200:
                    self.told.acknowledged[self.account] = json.loads(answer.body)["head"]
            else:
                await self.send_request("GET", "/v1/changes?limit=1" if turn % 4 == 1 else "/v1/head", self.signed_in())
            turn += 1

    def signed_in(self, tag: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} | ({"If-None-Match": tag} if tag else {})

    async def pause(self, failures: int, answer: Answer) -> None:
        self.told.pauses += 1
        await asyncio.sleep(retry_delay(failures, answer.retry_after, random.random()))

    async def send_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b"", *, held: bool = False
    ) -> Answer:
        """Sends a request as the application's client does: with a proof of work if one is asked for."""
        for puzzles in range(1 + application._MAX_PUZZLES):
            answer = await self.send_request_once(method, path, headers, body, held)
            if answer.status < 400 or answer.status == 401:
                break
            problem = json.loads(answer.body)
            reason = f"{answer.status} {problem.get('policy', problem['type'].rsplit('/', 1)[-1])}"
            self.told.refused[reason] = self.told.refused.get(reason, 0) + 1
            if "work" not in problem or puzzles == application._MAX_PUZZLES:
                break
            loop = asyncio.get_running_loop()
            work, seconds = await loop.run_in_executor(self.workers, solve_timed, problem["work"])
            self.told.puzzles += 1
            self.told.worked += seconds
            headers = headers | {"Sync-Work": work}
        return answer

    async def send_request_once(
        self, method: str, path: str, headers: dict[str, str], body: bytes, held: bool
    ) -> Answer:
        loop, port = asyncio.get_running_loop(), self.job["port"]
        began = time.perf_counter()
        if self.line is None or not self.line.is_open:
            try:
                async with asyncio.timeout(application._TIMEOUT_SECONDS):
                    _, self.line = await loop.create_connection(
                        Connection, "127.0.0.1", port, local_addr=(self.job["address"], 0)
                    )
            except OSError:
                self.samples.append((time.time(), CONNECTING, 0, time.perf_counter() - began))
                return NO_ANSWER
        request = client.request(method, path, port, headers, body)
        answer = await self.line.ask(request, application._TIMEOUT_SECONDS + (wire.WAIT_SECONDS if held else 0))
        what = "held" if held else path.partition("?")[0].rsplit("/", 1)[-1]
        self.samples.append((time.time(), what, answer.status, time.perf_counter() - began))
        return answer


def solve_timed(puzzle: Any) -> tuple[str, float]:
    """Returns the solution, and the processor seconds that it took."""
    began = time.thread_time()
    solution = proof_of_work.solve(puzzle)
    if solution is None:
        raise RuntimeError("a puzzle that the application would not solve")
    return solution, time.thread_time() - began


async def run(job: dict[str, Any], people: list[list[str]]) -> Answers:
    """Connects `people` at 400 a second, reports when all of them hold, and goes on until all are in or SIGTERM."""
    told, workers = Answers(len(people)), ThreadPoolExecutor(1)
    lives = []
    for person in people:
        lives.append(asyncio.create_task(Device(person, job, told, workers).run()))
        await asyncio.sleep(1 / 400)
    await told.all_hold.wait()
    print("ready", flush=True)
    everybody = asyncio.gather(*lives)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, everybody.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await everybody
    workers.shutdown(cancel_futures=True)
    return told


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    found = uvloop.run(run(given, json.loads(Path(given["people"]).read_text())))
    Path(given["out"]).write_text(json.dumps({**vars(found), "all_hold": True}))
