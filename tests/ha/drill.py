"""Students who push while something fails, and the checks that must hold afterwards."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.ha.cluster import TIME_TO_LIVE, Cluster, wait_until
from tests.services.redis import Sentinel
from tests.sync.server.harness import b64, new_id, record
from tests.sync.server.process import ServerProcess

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Student(threading.Thread):
    """Pushes one record after another to whichever server answers, each with its key until it is acknowledged."""

    def __init__(self, servers: list[ServerProcess], number: int) -> None:
        super().__init__(daemon=True)
        self.servers = servers
        self.person = servers[number % len(servers)].somebody()
        self.acknowledged: dict[str, int] = {}
        self.unexpected: list[str] = []
        self.ended_sessions = 0  # sessions
        self.last_acknowledged_at = time.monotonic()
        self.longest_pause = 0.0  # between two acknowledgements
        self.is_pushing = True
        token = b64(new_id().encode()[:16] * 2)
        body = {"token": token, "calendar": CALENDAR}
        assert self.person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=body).status_code == 201
        self.feed = f"/v1/calendars/{token}.ics"

    def run(self) -> None:
        number = 0
        while self.is_pushing:
            row, key = record(), new_id()
            while self.is_pushing and not self._push(self.servers[number % len(self.servers)], row, key):
                number += 1
                time.sleep(0.05)
            time.sleep(0.02)

    def _push(self, server: ServerProcess, row: dict[str, Any], key: str) -> bool:
        try:
            response = server.request(
                "POST",
                "/v1/batches",
                json=self.person.batch(row),
                headers=self.person.bearer | {"Idempotency-Key": key},
            )
        except httpx.TransportError:
            return False
        if response.status_code == 200:
            self.acknowledged[row["id"]] = response.json()["records"][0]["number"]
            self.longest_pause = max(self.longest_pause, time.monotonic() - self.last_acknowledged_at)
            self.last_acknowledged_at = time.monotonic()
            return True
        if response.status_code == 401:
            self.ended_sessions += 1
            self._sign_in(server)
        elif response.status_code != 503:
            self.unexpected.append(response.text)
        elif "retry-after" not in response.headers:
            self.unexpected.append("503 without Retry-After")
        return False

    def _sign_in(self, server: ServerProcess) -> None:
        try:
            self.person.harness = server  # type: ignore[assignment]
            self.person.host = server.host
            self.person.login()
        except (httpx.TransportError, AssertionError):
            time.sleep(0.1)

    def check(self, problems: list[str], *, lost: bool) -> None:
        """Checks that every acknowledged push exists once, under its number; after a loss, only those that remain."""
        there: dict[str, int] = {}

        def answered() -> bool:
            try:
                response = self.person.request_signed_in("GET", "/v1/manifest")
            except httpx.TransportError:
                return False
            if response.status_code == 200:
                there.update({row["id"]: row["number"] for row in response.json()["records"]})
            return response.status_code == 200

        wait_until("a manifest", answered)
        if sorted(there.values()) != sorted(set(there.values())):
            problems.append("a number twice")
        missing = sum(there.get(identifier) != number for identifier, number in self.acknowledged.items())
        if missing and not lost:
            problems.append(f"{missing} of {len(self.acknowledged)} acknowledged pushes are not there")
        problems += self.unexpected[:3]


Fault = Callable[["Drill"], str | None]
"""Gives why it cannot be tried here, or nothing."""


class Drill:
    """A cluster, its servers and its students, which go through one fault after another."""

    def __init__(self, cluster: Cluster, servers: list[ServerProcess], sentinel: Sentinel, folder: Path) -> None:
        self.folder = folder
        self.cluster = cluster
        self.servers = servers
        self.sentinel = sentinel

    def run(self, name: str, fault: Fault, *, lost: bool = False, most: float = TIME_TO_LIVE + 25.0) -> list[str]:
        """Runs a fault; returns what went wrong.

        `lost` allows the fault to lose something; `most` is the longest time without an acknowledgement, in seconds.
        """
        students = [Student(self.servers, number) for number in range(4)]
        for student in students:
            student.start()
        time.sleep(2)
        if skipped := fault(self):
            print(f"{name:<36}skipped: {skipped}", flush=True)
            for student in students:
                student.is_pushing = False
                student.join(60)
            return []
        for student in students:
            begun = time.monotonic()
            wait_until("pushes again", lambda student=student, begun=begun: student.last_acknowledged_at > begun + 1)
        time.sleep(2)
        told: list[str] = []
        for student in students:
            student.is_pushing = False
        for student in students:
            student.join(60)
            student.check(told, lost=lost)
        ended, pause = (
            sum(student.ended_sessions for student in students),
            max(student.longest_pause for student in students),
        )
        if ended and not lost:
            told.append(f"{ended} sessions ended")
        if lost and not ended:
            told.append("nobody noticed the loss")
        gone = sum(not self._has(student.feed) for student in students)
        if gone and not lost:
            told.append(f"{gone} of {len(students)} calendars are gone")
        if pause > most:
            told.append(f"{pause:.1f} s without an acknowledgement")
        pushes = sum(len(student.acknowledged) for student in students)
        print(
            f"{name:<36}{pushes:>7} pushes, {pause:>5.1f} s at the longest without one, {ended} sessions ended",
            flush=True,
        )
        for line in told:
            print(f"    {line}", flush=True)
        wait_until("a whole cluster again", self.cluster.is_whole)
        return told

    def _has(self, feed: str) -> bool:
        return self.servers[0].request("GET", feed).status_code == 200
