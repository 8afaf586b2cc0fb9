"""Runs one Locust scenario in a process of its own: `python -m tests.load.generate '<JSON>'`; the result is JSON."""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from locust.env import Environment  # noqa: E402
from locust.log import setup_logging  # noqa: E402

from tests.load import devices  # noqa: E402

KINDS = {
    "polling": devices.Polling,
    "pushing": devices.Pushing,
    "eager": devices.Eager,
    "arriving": devices.Arriving,
}


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Starts all users, waits until they are there, measures for `seconds`, and stops."""
    devices.FLEET.begin(json.loads(Path(job["tokens"]).read_text()), job["epoch"])
    devices.FLEET.pushes_per_poll = job.get("pushes_per_poll", 0.0)
    devices.FLEET.poll_seconds = job.get("poll_seconds", 60.0)
    devices.FLEET.rate = job.get("rate", 1.0)
    users = devices.classes(*((KINDS[kind], count) for kind, count in job["users"].items()))
    environment = Environment(user_classes=users, host=job["host"], catch_exceptions=True)
    runner = environment.create_local_runner()
    total = sum(job["users"].values())
    runner.start(total, spawn_rate=job.get("spawn_rate", 500))
    began = time.monotonic()
    while runner.user_count < total and time.monotonic() - began < 120:
        gevent.sleep(0.2)
    gevent.sleep(job.get("settle", 5))
    environment.stats.reset_all()
    measured = time.time()
    gevent.sleep(job["seconds"])
    result = summary(environment, time.time() - measured)
    result["began"], result["ended"] = measured, time.time()
    runner.quit()
    result["acknowledged"] = devices.FLEET.acknowledged
    return result


def summary(environment: Environment, seconds: float) -> dict[str, Any]:
    """Returns the figures of all requests."""
    times: dict[int, int] = {}
    for entry in environment.stats.entries.values():
        for milliseconds, count in entry.response_times.items():
            times[milliseconds] = times.get(milliseconds, 0) + count
    requests = sum(entry.num_requests for entry in environment.stats.entries.values())
    return {
        "seconds": seconds,
        "requests": requests,
        "rate": requests / seconds,
        "failures": sum(entry.num_failures for entry in environment.stats.entries.values()),
        "errors": sorted({str(error.error)[:120] for error in environment.stats.errors.values()})[:5],
        "p50": percentile(times, 0.50),
        "p95": percentile(times, 0.95),
        "p99": percentile(times, 0.99),
        "routes": {
            entry.name: {"requests": entry.num_requests, "p95": percentile(dict(entry.response_times), 0.95)}
            for entry in environment.stats.entries.values()
        },
    }


def percentile(times: dict[int, int], share: float) -> float:
    """Returns a percentile in milliseconds; Locust keeps two digits from 100 ms on."""
    total, seen = sum(times.values()), 0
    for milliseconds in sorted(times):
        seen += times[milliseconds]
        if seen >= total * share:
            return float(milliseconds)
    return 0.0


if __name__ == "__main__":
    setup_logging("ERROR", None)
    given = json.loads(sys.argv[1])
    Path(given["out"]).write_text(json.dumps(run(given)))
