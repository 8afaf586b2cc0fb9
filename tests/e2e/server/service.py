"""The service as deployed, run natively: two servers, Postgres, Redis, the shipped proxy file, Prometheus."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.load import machine, seeding
from tests.services.postgres import free_port

SERVER = Path(__file__).parents[3] / "packaging" / "server"


def unavailable_reason() -> str:
    """Returns why the service cannot be started here, or ''."""
    from tests.services import postgres, redis

    if reason := postgres.unavailable_reason() or redis.unavailable_reason():
        return reason
    return "" if shutil.which("caddy") else "caddy is not installed (Debian: apt-get install caddy)"


class Proxy(NamedTuple):
    """The proxy's addresses: for clients, and for the operator."""

    url: str
    admin: str

    def uses(self, server: machine.ServerProcess) -> bool:
        """Whether the proxy currently sends requests to this server."""
        with urllib.request.urlopen(f"{self.admin}/reverse_proxy/upstreams", timeout=5) as answer:
            upstreams = json.loads(answer.read())
        return any(each["address"].endswith(f":{server.port}") and each["num_requests"] > 0 for each in upstreams)


@contextlib.contextmanager
def proxy(servers: list[machine.ServerProcess]) -> Iterator[Proxy]:
    """Runs Caddy with the shipped files in front of `servers`."""
    port, admin = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="upschedule-proxy-") as folder:
        shutil.copy(SERVER / "caddy" / "Caddyfile", folder)
        upstreams = (SERVER / "caddy" / "upstreams-local.caddy").read_text()
        addresses = " ".join(f"127.0.0.1:{server.port}" for server in servers)
        (Path(folder) / "upstreams.caddy").write_text(upstreams.replace("127.0.0.1:8761 127.0.0.1:8762", addresses))
        environment = {
            **{name: os.environ[name] for name in ("PATH",)},
            "HOME": folder,
            "SYNC_SITE": f"http://127.0.0.1:{port}",
            "SYNC_CADDY_ADMIN": f"localhost:{admin}",
            "SYNC_HTTP_PORT": str(free_port()),
            "SYNC_HTTPS_PORT": str(free_port()),
        }
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]
        with (
            (Path(folder) / "log").open("wb") as log,
            subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as process,
        ):
            try:
                url = f"http://127.0.0.1:{port}"
                for _ in range(100):
                    with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/v1/info", timeout=2):
                        break
                    if process.poll() is not None:
                        raise RuntimeError((Path(folder) / "log").read_text()[-2000:])
                    time.sleep(0.1)
                yield Proxy(url, f"http://localhost:{admin}")
            finally:
                process.terminate()
                process.wait(10)


@contextlib.contextmanager
def prometheus(targets: list[str]) -> Iterator[str]:
    """Runs Prometheus with the shipped rules, scraping `targets` every half second; yields its address."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="upschedule-prometheus-") as folder:
        shutil.copy(SERVER / "prometheus" / "alerts.yml", folder)
        (Path(folder) / "prometheus.yml").write_text(
            "global: { scrape_interval: 500ms, evaluation_interval: 500ms }\nrule_files: [alerts.yml]\n"
            f"scrape_configs: [{{ job_name: syncserver, static_configs: [{{ targets: {json.dumps(targets)} }}] }}]\n"
        )
        command = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
        with subprocess.Popen(
            [*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(20)


@dataclass
class Client:
    """A device that polls and pushes through the proxy, and records the answers."""

    url: str
    who: seeding.Seeded
    epoch: str
    retries: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    acknowledged: list[int] = field(default_factory=list)
    unacknowledged: int = 0
    etags: list[str] | None = None

    def __post_init__(self) -> None:
        self.ids = [seeding.text(os.urandom(16)) for _ in range(3)]
        self.http = httpx.Client(base_url=self.url, timeout=40, headers={"Authorization": f"Bearer {self.who.token}"})

    def record_answer(self, status: int) -> None:
        self.answers[status] = self.answers.get(status, 0) + 1

    def send(self, method: str, path: str, **more: object) -> httpx.Response | None:
        """Sends a request, and retries it with the same key as a client does, at most `retries` times."""
        for attempt in range(self.retries + 1):
            try:
                answer = self.http.request(method, path, **more)  # type: ignore[arg-type]
            except httpx.TransportError:
                self.record_answer(0)
            else:
                self.record_answer(answer.status_code)
                if answer.status_code < 500:
                    return answer
            if attempt < self.retries:
                time.sleep(0.1 * 2**attempt)
        return None

    def poll_and_push(self) -> None:
        """Polls once and pushes once."""
        self.send("GET", "/v1/head")
        after = [seeding.text(os.urandom(16)) for _ in self.ids]
        bases = self.etags or [None] * len(self.ids)
        rows = [
            {"id": i, "base": base, "etag": etag, "deleted": False, "key": self.ids[0], "schema": 1, "blob": "AAECAw"}
            for i, base, etag in zip(self.ids, bases, after, strict=True)
        ]
        answer = self.send(
            "POST",
            "/v1/batches",
            json={"epoch": self.epoch, "records": rows},
            headers={"Idempotency-Key": seeding.text(os.urandom(16))},
        )
        if answer is not None and answer.status_code == 200:
            self.acknowledged.append(answer.json()["head"])
            self.etags = after
        else:
            self.unacknowledged += 1


@contextlib.contextmanager
def clients_running(clients: list[Client], pause: float = 0.05) -> Iterator[None]:
    """Has every client poll and push in a thread of its own for the duration of the block."""
    stop = threading.Event()

    def work(client: Client) -> None:
        while not stop.is_set():
            client.poll_and_push()
            stop.wait(pause)

    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
        for client in clients:
            client.http.close()


def answers(clients: list[Client]) -> dict[int, int]:
    """Returns the statuses of all clients together; 0 stands for a broken connection."""
    together: dict[int, int] = {}
    for client in clients:
        for status, count in client.answers.items():
            together[status] = together.get(status, 0) + count
    return together
