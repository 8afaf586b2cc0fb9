"""`make ha-test`: faults in a cluster on loopback, under a load that checks every acknowledged push afterwards.

.venv/bin/python -m tests.ha [--only NAME ...] [--servers 2] [--keep FOLDER]
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from tests.ha.cluster import PATRONI, TIME_TO_LIVE, Cluster, running_cluster, wait
from tests.services.redis import Sentinel, running_redis
from tests.sync.server.harness import b64, new_id, record
from tests.sync.server.process import ServerProcess, server_process

CALENDAR = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Student(threading.Thread):
    """Pushes one record after the other, to whichever server answers, each with its key until it is acknowledged."""

    def __init__(self, servers: list[ServerProcess], number: int) -> None:
        super().__init__(daemon=True)
        self.servers = servers
        self.person = servers[number % len(servers)].somebody()
        self.acknowledged: dict[str, int] = {}
        self.unexpected: list[str] = []
        self.ended = 0  # sessions
        self.last = time.monotonic()
        self.longest = 0.0  # between two acknowledgements
        self.pushing = True
        token = b64(new_id().encode()[:16] * 2)
        body = {"token": token, "calendar": CALENDAR}
        assert self.person.call("PUT", f"/v1/feeds/{new_id()}", json=body).status_code == 201
        self.feed = f"/v1/calendars/{token}.ics"

    def run(self) -> None:
        number = 0
        while self.pushing:
            row, key = record(), new_id()
            while self.pushing and not self._pushed(self.servers[number % len(self.servers)], row, key):
                number += 1
                time.sleep(0.05)
            time.sleep(0.02)

    def _pushed(self, server: ServerProcess, row: dict[str, Any], key: str) -> bool:
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
            self.longest = max(self.longest, time.monotonic() - self.last)
            self.last = time.monotonic()
            return True
        if response.status_code == 401:
            self.ended += 1
            self._sign_in(server)
        elif response.status_code != 503:
            self.unexpected.append(response.text)
        return False

    def _sign_in(self, server: ServerProcess) -> None:
        try:
            self.person.harness = server  # type: ignore[assignment]
            self.person.host = server.host
            self.person.login()
        except (httpx.TransportError, AssertionError):
            time.sleep(0.1)

    def check(self, told: list[str], *, lost: bool) -> None:
        """Every acknowledged push is there under its number, each number once; after a loss, only those that remain."""
        there: dict[str, int] = {}

        def answered() -> bool:
            try:
                response = self.person.call("GET", "/v1/manifest")
            except httpx.TransportError:
                return False
            if response.status_code == 200:
                there.update({row["id"]: row["number"] for row in response.json()["records"]})
            return response.status_code == 200

        wait("a manifest", answered)
        if sorted(there.values()) != sorted(set(there.values())):
            told.append("a number twice")
        missing = sum(there.get(identifier) != number for identifier, number in self.acknowledged.items())
        if missing and not lost:
            told.append(f"{missing} of {len(self.acknowledged)} acknowledged pushes are not there")
        told += self.unexpected[:3]


Fault = Callable[["Drill"], None]


class Drill:
    """A cluster, its servers and its students; one fault after the other."""

    def __init__(self, cluster: Cluster, servers: list[ServerProcess], sentinel: Sentinel) -> None:
        self.cluster = cluster
        self.servers = servers
        self.sentinel = sentinel

    def run(self, name: str, fault: Fault, *, lost: bool = False, most: float = TIME_TO_LIVE + 25.0) -> list[str]:
        """What went wrong."""
        students = [Student(self.servers, number) for number in range(4)]
        for student in students:
            student.start()
        time.sleep(2)
        fault(self)
        for student in students:
            begun = time.monotonic()
            wait("pushes again", lambda student=student, begun=begun: student.last > begun + 1)
        time.sleep(2)
        told: list[str] = []
        for student in students:
            student.pushing = False
        for student in students:
            student.join(60)
            student.check(told, lost=lost)
        ended, pause = sum(student.ended for student in students), max(student.longest for student in students)
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
        wait("a whole cluster again", self.cluster.is_whole)
        return told

    def _has(self, feed: str) -> bool:
        return self.servers[0].request("GET", feed).status_code == 200


def leader_killed(drill: Drill) -> None:
    node = drill.cluster.leader
    node.program.kill()
    wait("another leader", lambda: any(other.leads for other in drill.cluster.nodes if other is not node))
    node.program.start()


def planned_switchover(drill: Drill) -> None:
    node = drill.cluster.leader
    standby = next(other for other in drill.cluster.nodes if other.ask("GET", "/sync")[0] == 200)
    status, _ = node.ask("POST", "/switchover", {"leader": node.name, "candidate": standby.name})
    if status != 200:
        raise RuntimeError(f"the switchover was answered {status}")


def leader_isolated(drill: Drill) -> None:
    """Nothing of it answers, its connections stay half open, and it comes back in the belief that it leads."""
    node = drill.cluster.leader
    node.program.send(signal.SIGSTOP)
    wait("another leader", lambda: any(other.leads for other in drill.cluster.nodes if other is not node))
    time.sleep(5)
    node.program.send(signal.SIGCONT)


def tail_lost(drill: Drill) -> None:
    """Without a synchronous replica, and with replicas that stand still, the primary is lost."""
    cluster = drill.cluster
    cluster.configure(synchronous_mode=False, synchronous_mode_strict=False)
    node = cluster.leader
    wait("asynchronous commits", lambda: cluster.sql(node, "SHOW synchronous_standby_names") == "")
    replicas = [other for other in cluster.nodes if other is not node]
    for replica in replicas:
        replica.program.send(signal.SIGSTOP)
    time.sleep(2)
    node.program.kill()
    for replica in replicas:
        replica.program.send(signal.SIGCONT)
    wait("another leader", lambda: any(other.leads for other in replicas))
    node.program.start()
    wait("a whole cluster", cluster.is_whole)
    cluster.configure(synchronous_mode=True, synchronous_mode_strict=True)


def left_behind(drill: Drill) -> None:
    """Patroni ends, and its Postgres goes on answering, without a synchronous replica, on connections that stay."""
    cluster = drill.cluster
    cluster.configure(synchronous_mode=False, synchronous_mode_strict=False)
    node = cluster.leader
    wait("asynchronous commits", lambda: cluster.sql(node, "SHOW synchronous_standby_names") == "")
    patroni = node.program.process
    if patroni is None:
        raise RuntimeError("Patroni does not run")
    patroni.kill()
    patroni.wait()
    wait("another leader", lambda: any(other.leads for other in cluster.nodes if other is not node))
    time.sleep(15)
    node.program.start()
    wait("a whole cluster", cluster.is_whole)
    cluster.configure(synchronous_mode=True, synchronous_mode_strict=True)


def sentinel_failover(drill: Drill) -> None:
    drill.sentinel.primary.kill()
    time.sleep(5)


def servers_restarted(drill: Drill) -> None:
    for server in drill.servers:
        if server.stop() != 0:
            raise RuntimeError("a server did not stop in order")
        server.start()


FAULTS: dict[str, tuple[Fault, dict[str, Any]]] = {
    "planned switchover": (planned_switchover, {}),
    "leader killed": (leader_killed, {}),
    "leader isolated, back again": (leader_isolated, {}),
    "rolling restart of the servers": (servers_restarted, {}),
    "Redis fails over by Sentinel": (sentinel_failover, {"most": 5.0}),
    "left behind, still answering": (left_behind, {"lost": True, "most": 120.0}),
    "a tail is lost": (tail_lost, {"lost": True, "most": 120.0}),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.ha", description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a new folder for data and logs, which stays")
    chosen = parser.parse_args()
    if not PATRONI.exists():
        print("Patroni is not set up: make ha-test does it.", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ha-test-")))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cluster").mkdir()
        version = subprocess.run([PATRONI, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        print(f"{version}, {chosen.servers} servers", flush=True)
        cluster = stack.enter_context(running_cluster(folder / "cluster"))
        primary = stack.enter_context(running_redis())
        stack.enter_context(running_redis("--replicaof", "127.0.0.1", str(primary.port)))
        sentinel = Sentinel(folder, primary)
        sentinel.start()
        stack.callback(sentinel.kill)
        wait("a replica of Redis", sentinel.knows_replica)
        servers = []
        for number in range(chosen.servers):
            data = folder / f"server{number}"
            data.mkdir()
            redis = f"redis+sentinel://127.0.0.1:{sentinel.port}/limits/0"
            started = server_process(data, database_url=cluster.address, redis_url=redis, account_records=1_000_000)
            servers.append(stack.enter_context(started))
        drill = Drill(cluster, servers, sentinel)
        wrong = [line for name in chosen.only for line in drill.run(name, FAULTS[name][0], **FAULTS[name][1])]
    print("All held." if not wrong else f"{len(wrong)} things did not hold.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
