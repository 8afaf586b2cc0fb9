"""A cluster of etcd, three Postgres servers under Patroni, and HAProxy, made in one folder and removed afterwards.

Each Postgres is on a network of its own if this machine allows that; otherwise all are on loopback.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import yaml

from tests.ha import networks
from tests.services.postgres import binaries, free_port, unprivileged_user

ROOT = Path(__file__).parents[2]
SHIPPED_SETTINGS = ROOT / "packaging" / "server" / "patroni"
PATRONI = ROOT / ".venv-ha" / "bin" / "patroni"
TIME_TO_LIVE = int(yaml.safe_load((SHIPPED_SETTINGS / "patroni.yml").read_text())["bootstrap"]["dcs"]["ttl"])
LOOPBACK = "127.0.0.1"
TIMEOUT_SECONDS = 180


def wait_until(what: str, condition: Callable[[], Any], seconds: float = TIMEOUT_SECONDS) -> None:
    """Waits until `condition` returns true; raises RuntimeError that says what did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(0.1)


@dataclass
class Program:
    """A process and its children, run as a user that is not root."""

    command: Sequence[str | Path]
    log: Path
    postmaster: Path | None = None  # the file with the number of a Postgres that it started, which is nobody's child
    command_prefix: Sequence[str] = ()  # a prefix of the command, which also sets the user
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            user = {} if self.command_prefix else unprivileged_user()
            command = [*self.command_prefix, *self.command]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **user)

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the process, to the Postgres that it started, and to everything under them."""
        first = [self.process.pid] if self.process is not None else []
        with contextlib.suppress(OSError, ValueError, IndexError, AttributeError):
            first.append(int(self.postmaster.read_text().splitlines()[0]))  # type: ignore[union-attr]
        for pid in first:
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        process.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@dataclass
class Node:
    """One Postgres under Patroni."""

    name: str
    folder: Path
    program: Program
    address: str = LOOPBACK
    postgres: int = field(default_factory=free_port)
    rest: int = field(default_factory=free_port)

    def call_patroni(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Calls Patroni's REST interface: returns status and answer; (0, None) if there is no answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self.address}:{self.rest}{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read().decode()
                return response.status, json.loads(text) if text.startswith("{") else text
        except urllib.error.HTTPError as error:
            return error.code, None
        except OSError:
            return 0, None

    @property
    def is_leader(self) -> bool:
        return self.call_patroni("GET", "/primary")[0] == 200

    @property
    def is_replica(self) -> bool:
        status, answer = self.call_patroni("GET", "/replica")
        return status == 200 and answer.get("replication_state") == "streaming"


class Cluster:
    """A running cluster; `address` leads to the primary, whichever server that is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.no_network = networks.unavailable_reason()
        self.network = None if self.no_network else networks.Network()
        self.port = free_port()
        self.etcd_port = free_port()
        self.programs: list[Program] = []
        self.nodes: list[Node] = []

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._etcd()
        for number in (1, 2, 3):
            self._node(f"node{number}")
        self._haproxy()
        wait_until("a primary with two replicas", self.is_whole)

    def is_whole(self) -> bool:
        return sum(node.is_leader for node in self.nodes) == 1 and sum(node.is_replica for node in self.nodes) == 2

    @property
    def leader(self) -> Node:
        found: list[Node] = []
        wait_until("a leader", lambda: found.extend(node for node in self.nodes if node.is_leader) or found)
        return found[0]

    def configure(self, **settings: Any) -> None:
        """Changes Patroni's dynamic configuration."""
        self.leader.call_patroni("PATCH", "/config", settings)

    def sql(self, node: Node, statement: str) -> str:
        command = [
            program("psql"),
            "-XqAt",
            "-h",
            node.address,
            "-p",
            str(node.postgres),
            "-U",
            "postgres",
            "-c",
            statement,
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()

    def _etcd(self) -> None:
        peer, data = free_port(), self.folder / "etcd"
        here, there = f"http://{self._own_address}:{self.etcd_port}", f"http://127.0.0.1:{peer}"
        command = ["etcd", "--data-dir", str(data), "--listen-client-urls", here, "--advertise-client-urls", here]
        command += ["--listen-peer-urls", there, "--initial-advertise-peer-urls", there]
        self._run([*command, "--initial-cluster", f"default={there}"], "etcd")

    @property
    def _own_address(self) -> str:
        """The address of this machine, as the nodes see it."""
        return self.network.address if self.network else LOOPBACK

    def _run(self, command: Sequence[str | Path], name: str) -> Program:
        log = self.folder / f"{name}.log"
        log.touch()
        started = Program(command, log)
        started.start()
        self.programs.append(started)
        return started

    def _node(self, name: str) -> None:
        folder = self.folder / name
        folder.mkdir()
        user = unprivileged_user()
        if user:
            os.chown(folder, user["user"], user["group"])
        settings = folder / "patroni.yml"  # JSON is YAML too
        started = Program([PATRONI, settings], self.folder / f"{name}.log", folder / "data" / "postmaster.pid")
        node = Node(name, folder, started)
        started.log.touch()
        trusted = f"{LOOPBACK}/32"
        if self.network:
            node.address, trusted = self.network.add(), self.network.range
            os.chown(started.log, user["user"], user["group"])
            started.command_prefix = self.network.command(node.address, (user["user"], user["group"]))
        settings.write_text(json.dumps(self._patroni(node, trusted)))
        settings.chmod(0o644)
        node.program.start()
        self.programs.append(node.program)
        self.nodes.append(node)

    def _patroni(self, node: Node, trusted: str) -> dict[str, Any]:
        """The shipped settings, with other addresses, no passwords, and less memory."""
        settings: dict[str, Any] = yaml.safe_load((SHIPPED_SETTINGS / "patroni.yml").read_text())
        rest, postgres = f"{node.address}:{node.rest}", f"{node.address}:{node.postgres}"
        settings["name"] = node.name
        settings["restapi"] = {"listen": rest, "connect_address": rest}
        settings["etcd3"] = {"hosts": f"{self._own_address}:{self.etcd_port}"}
        settings["watchdog"] = {"mode": "off"}
        dynamic = settings["bootstrap"]["dcs"]
        dynamic["maximum_lag_on_failover"] = 256 << 20  # a lost tail may be long
        dynamic["postgresql"]["parameters"]["wal_keep_size"] = "256MB"
        local = settings["postgresql"]
        local |= {
            "listen": postgres,
            "connect_address": postgres,
            "data_dir": str(node.folder / "data"),
            "bin_dir": str(binaries()),
            "pgpass": str(node.folder / "pgpass"),
            "pg_hba": [f"host all all {trusted} trust", f"host replication all {trusted} trust"],
        }
        local["parameters"] |= {"unix_socket_directories": "", "shared_buffers": "64MB"}
        return settings

    def _haproxy(self) -> None:
        """The shipped settings, but keeping the sessions of a failed server: the sync servers have to notice."""
        settings = self.folder / "haproxy.cfg"
        text = (SHIPPED_SETTINGS / "haproxy.cfg").read_text().partition("  server ")[0]
        changes = {"bind :6432": f"bind 127.0.0.1:{self.port}", " on-marked-down shutdown-sessions": ""}
        for shipped, here in changes.items():
            if shipped not in text:
                raise RuntimeError(f"haproxy.cfg has no {shipped}")
            text = text.replace(shipped, here)
        lines = [f"  server {each.name} {each.address}:{each.postgres} check port {each.rest}" for each in self.nodes]
        settings.write_text(text + "\n".join(lines) + "\n")
        haproxy = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        self._run([str(haproxy), "-db", "-f", str(settings)], "haproxy")

    def stop(self) -> None:
        for started in reversed(self.programs):
            started.kill()
        if self.network:
            self.network.close()


def program(name: str) -> Path:
    folder = binaries()
    if folder is None:
        raise RuntimeError("PostgreSQL is not installed")
    return folder / name


@contextlib.contextmanager
def running_cluster(folder: Path) -> Iterator[Cluster]:
    """Runs the cluster for the block."""
    folder.chmod(0o755)
    if user := unprivileged_user():
        os.chown(folder, user["user"], user["group"])
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
