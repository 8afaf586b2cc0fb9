"""Compares the server with what it is built on: pushes with pgbench, pulls with pushes, feeds with nginx.

Interleaved runs on one machine, Postgres with fsync on, all features of the server on (sessions, limits, receipts).
"""

import contextlib
import gzip
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from syncserver.sync import records
from tests.load import client, seeding
from tests.load.machine import Machine
from tests.services.postgres import free_port

CLIENTS = 8
BATCH = 10
BLOB = 300
PGBENCH_ACCOUNTS = 1000
CALENDAR = b"BEGIN:VCALENDAR\r\n" + b"X-LINE:0123456789012345678901234567890123456789\r\n" * 400 + b"END:VCALENDAR\r\n"
NEW_KEY = "left(md5(random()::text), 22)"
ETAG = "etagetagetagetagetag01"


@dataclass
class Figures:
    """Rates a second, one entry for each run."""

    pgbench: list[float] = field(default_factory=list)
    pushes: list[float] = field(default_factory=list)
    pulls: list[float] = field(default_factory=list)
    heads: list[float] = field(default_factory=list)
    feeds: list[float] = field(default_factory=list)
    nginx: list[float] = field(default_factory=list)
    push_seconds: list[float] = field(default_factory=list)
    pull_seconds: list[float] = field(default_factory=list)

    def median(self, name: str) -> float:
        return statistics.median(getattr(self, name))

    def ratio(self, name: str, to: str) -> float:
        """The median of the runs' ratios: both rates of a run were measured under the same conditions."""
        return statistics.median(a / b for a, b in zip(getattr(self, name), getattr(self, to), strict=True))


def substituted(statement: str, values: dict[int, str]) -> str:
    """Converts a statement of the server to a pgbench script."""
    return re.sub(r"\$(\d+)", lambda match: values[int(match[1])], statement).strip()


def pgbench_script(epoch: str) -> str:
    """The statement of a push of ten records, as the server sends it. (It sets the etags that are there.)"""
    account = "('pgbench' || lpad((:n)::text, 15, '0'))"
    token = "decode(lpad((:n)::text, 64, '0'), 'hex')"
    ids = "ARRAY[" + ", ".join(f"'record{number:016d}'" for number in range(BATCH)) + "]::text[]"
    blob = os.urandom(BLOB).hex()

    def each(value: str) -> str:
        return "ARRAY[" + ", ".join([value] * BATCH) + "]"

    push = substituted(
        records.PUSH,
        {
            1: account,
            2: str(BATCH),
            3: str(seeding.NOW),
            4: "5000",
            5: "20000000",
            6: token,
            7: f"'{epoch}'",
            8: NEW_KEY,
            9: "decode('00112233445566778899aabbccddeeff', 'hex')",
            10: ids,
            11: each(f"'{ETAG}'"),
            12: each(f"'{ETAG}'"),
            13: each("false"),
            14: each("'keykeykeykeykeykeykey1'"),
            15: each("1"),
            16: each(f"'\\x{blob}'::bytea"),
            17: "5000",
        },
    )
    return f"\\set n random(1, {PGBENCH_ACCOUNTS})\n{' '.join(push.split())};\n"


def prepare_pgbench(machine: Machine) -> None:
    """Makes accounts for pgbench, like the seeded ones."""
    n = f"generate_series(1, {PGBENCH_ACCOUNTS}) AS n"
    name = "'pgbench' || lpad(n::text, 15, '0')"
    machine.sql(
        f"""INSERT INTO accounts (id, name, created, head, gc_floor, records, bytes, pushed)
            SELECT {name}, {name}, 0, {BATCH}, 0, {BATCH}, {BATCH * BLOB}, 0 FROM {n};
            INSERT INTO keyrings SELECT {name}, 1, 'keyringkeyringkeyring1', '\\x00', 65536, 3, 1, '\\x00', '\\x00',
              '\\x00', '\\x00', '\\x00' FROM {n};
            INSERT INTO devices (account, id, created, seen, cursor) SELECT {name}, {name}, 0, 0, 0 FROM {n};
            INSERT INTO sessions (token, account, device, created, used)
              SELECT decode(lpad(n::text, 64, '0'), 'hex'), {name}, {name}, 0, 0 FROM {n};
            INSERT INTO records (account, id, number, etag, deleted, key, schema, written, blob)
              SELECT {name}, 'record' || lpad((r - 1)::text, 16, '0'), r, '{ETAG}', false,
              'keykeykeykeykeykeykey1', 1, 0, decode(repeat('ab', {BLOB}), 'hex')
              FROM {n}, generate_series(1, {BATCH}) AS r"""
    )
    machine.sql("VACUUM ANALYZE")


def pgbench(machine: Machine, script: Path, seconds: int) -> float:
    """Returns transactions a second."""
    command = [str(machine.postgres.program / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2"]
    command += ["-T", str(seconds), "-f", str(script), machine.config.database_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    if "failed" in done.stdout and not re.search(r"failed transactions: 0 ", done.stdout):
        raise RuntimeError(done.stdout)
    match = re.search(r"tps = ([\d.]+)", done.stdout)
    if match is None:
        raise RuntimeError(done.stdout + done.stderr)
    return float(match[1])


class Pushing:
    """Prepared batches: every account's records are replaced again and again, each time by the etag before."""

    def __init__(self, machine: Machine, accounts: list[seeding.Seeded]) -> None:
        self.port = machine.servers[0].port
        self.epoch = machine.epoch()
        self.accounts = accounts
        self.etags: dict[str, list[str]] = {}
        self.blobs = [seeding.text(os.urandom(BLOB)) for _ in range(BATCH)]
        self.ids = [seeding.text(os.urandom(16)) for _ in range(BATCH)]
        self.key = seeding.text(os.urandom(16))

    def prepared(self, a_client: int) -> list[list[bytes]]:
        """Returns `a_client` requests for each client; an account belongs to one client."""
        clients = []
        for number in range(CLIENTS):
            mine = self.accounts[number::CLIENTS]
            clients.append([self._request(mine[turn % len(mine)]) for turn in range(a_client)])
        return clients

    def _request(self, who: seeding.Seeded) -> bytes:
        before = self.etags.get(who.account)
        after = [seeding.text(os.urandom(16)) for _ in range(BATCH)]
        self.etags[who.account] = after
        rows = [
            {"id": self.ids[n], "base": before[n] if before else None, "etag": after[n], "deleted": False,
             "key": self.key, "schema": 1, "blob": self.blobs[n]}
            for n in range(BATCH)
        ]  # fmt: skip
        headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": seeding.text(os.urandom(16))}
        body = json.dumps({"epoch": self.epoch, "records": rows}).encode()
        return client.request("POST", "/v1/batches", self.port, headers, body)


def pulls(machine: Machine, accounts: list[seeding.Seeded], a_client: int, records_each: int) -> list[list[bytes]]:
    """GET /v1/changes from the head: nothing new."""
    port, epoch = machine.servers[0].port, machine.epoch()
    made = [
        client.request(
            "GET", f"/v1/changes?cursor={epoch}.{records_each}", port, {"Authorization": f"Bearer {who.token}"}
        )
        for who in accounts
    ]
    return [[made[(n + turn * CLIENTS) % len(made)] for turn in range(a_client)] for n in range(CLIENTS)]


def heads(machine: Machine, accounts: list[seeding.Seeded], a_client: int, etag: str) -> list[list[bytes]]:
    """GET /v1/head."""
    port = machine.servers[0].port
    made = [
        client.request("GET", "/v1/head", port, {"Authorization": f"Bearer {who.token}", "If-None-Match": etag})
        for who in accounts
    ]
    return [[made[(n + turn * CLIENTS) % len(made)] for turn in range(a_client)] for n in range(CLIENTS)]


def publish(machine: Machine, accounts: list[seeding.Seeded]) -> list[str]:
    """Publishes a calendar for each; returns the tokens."""
    tokens = [seeding.text(os.urandom(32)) for _ in accounts]
    etag = f'"{hashlib.sha256(CALENDAR).hexdigest()[:32]}"'
    rows = ",\n".join(
        f"('{who.account}', '{seeding.text(os.urandom(16))}', '\\x{hashlib.sha256(token.encode()).hexdigest()}', "
        f"'{etag.strip(chr(34))}', '\\x{gzip.compress(CALENDAR).hex()}', {len(CALENDAR)}, 1, 1)"
        for who, token in zip(accounts, tokens, strict=True)
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"INSERT INTO feeds (account, id, token, etag, calendar, bytes, created, updated) VALUES {rows};")
        script.flush()
        command = [str(machine.postgres.program / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-f", script.name]
        subprocess.run([*command, machine.config.database_url], check=True)
    return tokens


@contextlib.contextmanager
def nginx(content: bytes) -> Iterator[int]:
    """Runs nginx with one static file for the block; yields its port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="upschedule-nginx-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        (root / "feed.ics").write_bytes(content)
        user = "user root;" if os.geteuid() == 0 else ""
        (root / "nginx.conf").write_text(
            f"""{user} daemon off; worker_processes 1; pid {root}/pid; error_log {root}/error crit;
            events {{ worker_connections 1024; }}
            http {{ access_log off; keepalive_requests 1000000; types {{ text/calendar ics; }}
                   client_body_temp_path {root}/a; proxy_temp_path {root}/b; fastcgi_temp_path {root}/c;
                   uwsgi_temp_path {root}/d; scgi_temp_path {root}/e;
                   server {{ listen 127.0.0.1:{port}; root {root}; }} }}"""
        )
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        if program is None:
            raise RuntimeError("nginx is not installed")
        with subprocess.Popen([program, "-e", f"{root}/error", "-c", f"{root}/nginx.conf"]) as process:
            time.sleep(0.3)
            try:
                yield port
            finally:
                process.terminate()


def compare(machine: Machine, records_each: int, runs: int = 5, seconds: int = 4) -> Figures:
    """Measures every figure `runs` times in turn, `seconds` each. Needs at least 3,000 seeded accounts."""
    figures = Figures()
    third = len(machine.seeded) // 3
    pushers, pullers = machine.seeded[:third], machine.seeded[third : 2 * third]
    prepare_pgbench(machine)
    script = machine.folder / "push.sql"
    script.write_text(pgbench_script(machine.epoch()))
    tokens = publish(machine, machine.seeded[2 * third :])
    port = machine.servers[0].port
    with nginx(CALENDAR) as nginx_port:
        for _ in range(runs):
            figures.pgbench.append(pgbench(machine, script, seconds))
            pushing = Pushing(machine, pushers)
            pushed = client.run(port, pushing.prepared(400 * seconds), seconds)
            check_statuses(pushed, 200)
            figures.pushes.append(pushed.rate)
            figures.push_seconds.append(pushed.percentile(0.95))
            pulled = client.run(port, pulls(machine, pullers, 2500 * seconds, records_each), seconds)
            check_statuses(pulled, 200)
            figures.pulls.append(pulled.rate)
            figures.pull_seconds.append(pulled.percentile(0.95))
            figures.heads.append(measured_heads(machine, pullers, seconds))
            figures.feeds.append(measured_feeds(port, tokens, seconds))
            figures.nginx.append(measured_nginx(nginx_port, seconds))
            print(".", end="", flush=True, file=sys.stderr)
    return figures


def check_statuses(result: client.Result, status: int) -> None:
    """Rejects figures of a run that had other answers too."""
    if set(result.statuses) != {status}:
        raise RuntimeError(f"answers were {result.statuses}, wanted {status} alone")


def measured_heads(machine: Machine, accounts: list[seeding.Seeded], seconds: int) -> float:
    result = client.run(machine.servers[0].port, heads(machine, accounts, 2500 * seconds, '"other"'), seconds)
    check_statuses(result, 200)
    return result.rate


def measured_feeds(port: int, tokens: list[str], seconds: int) -> float:
    """Measures conditional reads of calendars, every token in turn (60 a minute each are allowed)."""
    once = client.run(port, [[client.request("GET", f"/v1/calendars/{tokens[0]}.ics", port, {})]], 5)
    check_statuses(once, 200)
    etag = feed_etag(port, tokens[0])
    made = [client.request("GET", f"/v1/calendars/{t}.ics", port, {"If-None-Match": etag}) for t in tokens]
    turns = [[made[(n + turn * CLIENTS) % len(made)] for turn in range(3000 * seconds)] for n in range(CLIENTS)]
    result = client.run(port, turns, seconds)
    check_statuses(result, 304)
    return result.rate


def feed_etag(port: int, token: str) -> str:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/calendars/{token}.ics", timeout=10) as answer:
        return str(answer.headers["ETag"])


def measured_nginx(port: int, seconds: int) -> float:
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/feed.ics", timeout=10) as answer:
        etag = answer.headers["ETag"]
    made = client.request("GET", "/feed.ics", port, {"If-None-Match": etag})
    result = client.run(port, [[made] * (20_000 * seconds)] * CLIENTS, seconds)
    check_statuses(result, 304)
    return result.rate
