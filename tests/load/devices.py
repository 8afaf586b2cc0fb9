"""Locust users that behave like devices: they poll and push, each signed in as itself."""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any

import gevent
from locust import task
from locust.contrib.fasthttp import FastHttpUser

from tests.load.seeding import text

BATCH, BLOB = 10, 300
POOL = [text(os.urandom(BLOB)) for _ in range(32)]


class Fleet:
    """The accounts still free to be signed in as, and what was acknowledged to each."""

    def __init__(self) -> None:
        self.people: list[list[str]] = []
        self.epoch = ""
        self.pushes_per_poll = 0.0
        self.poll_seconds = 60.0
        self.rate = 1.0
        self._next: Iterator[int] = itertools.count()
        self.acknowledged: dict[str, int] = {}

    def begin(self, people: list[list[str]], epoch: str) -> None:
        self.people, self.epoch = people, epoch
        random.shuffle(self.people)
        self._next = itertools.cycle(range(len(people)))

    def next(self) -> list[str]:
        return self.people[next(self._next)]


FLEET = Fleet()


class Device(FastHttpUser):
    """Base class of a signed-in device. Not run itself."""

    abstract = True
    connection_timeout = 60.0
    network_timeout = 60.0
    max_retries = 0

    def on_start(self) -> None:
        self.account, self.device, token = FLEET.next()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.etag = ""
        self.etags: list[str] | None = None
        self.ids = [text(os.urandom(16)) for _ in range(BATCH)]
        self.key = text(os.urandom(16))

    def poll(self, name: str = "head") -> None:
        """Polls for news, as every device does."""
        headers = self.headers | ({"If-None-Match": self.etag} if self.etag else {})
        with self.client.get("/v1/head", headers=headers, name=name, catch_response=True) as answer:
            if answer.status_code == 200:
                self.etag = answer.headers["ETag"]
            elif answer.status_code == 304:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}")

    def pull(self) -> None:
        """Requests the page after the head, which is empty."""
        with self.client.get(
            "/v1/changes?limit=1", headers=self.headers, name="changes", catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code}")

    def push(self) -> None:
        """Pushes ten records, again and again, each version on top of the one before."""
        after = [text(os.urandom(16)) for _ in range(BATCH)]
        if self.send(self.headers, self.account, self.ids, self.etags, after):
            self.etags = after

    def send(
        self, signed_in: dict[str, str], account: str, ids: list[str], before: list[str] | None, after: list[str]
    ) -> bool:
        """Sends one batch under a key that a retry repeats; returns whether it was acknowledged."""
        rows = [
            {"id": ids[n], "base": before[n] if before else None, "etag": after[n], "deleted": False,
             "key": self.key, "schema": 1, "blob": random.choice(POOL)}
            for n in range(BATCH)
        ]  # fmt: skip
        body = json.dumps({"epoch": FLEET.epoch, "records": rows}).encode()
        headers = signed_in | {"Idempotency-Key": text(os.urandom(16)), "Content-Type": "application/json"}
        for _ in range(5):
            with self.client.post(
                "/v1/batches", data=body, headers=headers, name="batches", catch_response=True
            ) as answer:
                if answer.status_code == 200:
                    FLEET.acknowledged[account] = max(answer.json()["head"], FLEET.acknowledged.get(account, 0))
                    return True
                answer.failure(f"{answer.status_code}")
                if answer.status_code not in (0, 429, 502, 503):
                    return False
                seconds = float((answer.headers or {}).get("Retry-After", 1))
            gevent.sleep(min(5.0, seconds))
        return False


class Polling(Device):
    """Polls every minute, and pushes occasionally."""

    abstract = True

    def on_start(self) -> None:
        super().on_start()
        # Devices are not synchronised. (Locust's constant_pacing counts the time before the first task too, which would
        # synchronise all devices with their start.)
        gevent.sleep(random.random() * FLEET.poll_seconds)
        self.next_due = time.monotonic()

    def wait_time(self) -> float:
        self.next_due += FLEET.poll_seconds
        return max(0.0, self.next_due - time.monotonic())

    @task
    def minute(self) -> None:
        self.poll()
        if random.random() < FLEET.pushes_per_poll:
            self.push()


class Pushing(Device):
    """Pushes at a fixed rate (`FLEET.rate` pushes a second for all devices together)."""

    abstract = True

    def on_start(self) -> None:
        super().on_start()
        gevent.sleep(random.random() * PUSHERS / FLEET.rate)
        self.due = time.monotonic()

    def wait_time(self) -> float:
        self.due += PUSHERS / FLEET.rate
        return max(0.0, self.due - time.monotonic())

    @task
    def now(self) -> None:
        self.push()
        self.poll()


PUSHERS = 100


class Eager(Device):
    """Sends requests without pause: nine polls and pulls, one push."""

    abstract = True

    @task
    def send_next(self) -> None:
        chance = random.random()
        if chance < 0.1:
            self.push()
        elif chance < 0.55:
            self.poll()
        else:
            self.pull()
        if chance < 0.1:  # sixty batches a minute are the limit of an account: another one goes on
            self.account, self.device, token = FLEET.next()
            self.headers, self.etag, self.etags = {"Authorization": f"Bearer {token}"}, "", None
            self.ids = [text(os.urandom(16)) for _ in range(BATCH)]


class Arriving(Device):
    """Open loop: requests start when they are due, however long earlier ones take."""

    abstract = True

    @task
    def arrivals(self) -> None:
        due = time.monotonic()
        share = FLEET.rate / ARRIVING
        while True:
            due += random.expovariate(share)
            gevent.sleep(max(0.0, due - time.monotonic()))
            late = time.monotonic() - due
            gevent.spawn(self.push_new if random.random() < 0.1 else self.poll)
            if late > 5:
                raise RuntimeError("the generator itself cannot keep the rate")

    def push_new(self) -> None:
        """Pushes ten new records of the next account: overlapping pushes must not be about the same ones."""
        account, _, token = FLEET.next()
        ids, after = ([text(os.urandom(16)) for _ in range(BATCH)] for _ in range(2))
        self.send({"Authorization": f"Bearer {token}"}, account, ids, None, after)


ARRIVING = 20


def classes(*kinds: tuple[type[Device], int]) -> list[type[Any]]:
    """Returns concrete user classes with fixed counts."""
    return [type(kind.__name__, (kind,), {"fixed_count": count, "abstract": False}) for kind, count in kinds]
