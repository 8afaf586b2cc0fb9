"""`make ha-test`: faults in a cluster, under a load that checks every acknowledged push afterwards.

.venv/bin/python -m tests.ha [--only NAME ...] [--servers 2] [--keep FOLDER]
"""

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.ha.cluster import PATRONI, running_cluster, wait_until
from tests.ha.drill import Drill
from tests.ha.faults import FAULTS
from tests.services.redis import Sentinel, running_redis
from tests.sync.server.process import ServerProcess


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
        folder.chmod(0o755)  # Postgres runs as a user of its own
        (folder / "cluster").mkdir()
        version = subprocess.run([PATRONI, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        print(f"{version}, {chosen.servers} servers", flush=True)
        cluster = stack.enter_context(running_cluster(folder / "cluster"))
        primary = stack.enter_context(running_redis())
        stack.enter_context(running_redis("--replicaof", "127.0.0.1", str(primary.port)))
        sentinel = Sentinel(folder, primary)
        sentinel.start()
        stack.callback(sentinel.kill)
        wait_until("a replica of Redis", sentinel.knows_replica)
        redis = f"redis+sentinel://127.0.0.1:{sentinel.port}/limits/0"
        settings = {"database_url": cluster.address, "redis_url": redis, "account_records": 1_000_000}
        settings["migrate_without_backup"] = "true"
        folders = [folder / f"server{number}" for number in range(chosen.servers)]
        for data in folders:
            data.mkdir()
        servers = [ServerProcess(data, **settings) for data in folders]
        for server in servers:
            stack.callback(_stop_server, server)
        with ThreadPoolExecutor(len(servers)) as threads:
            list(threads.map(ServerProcess.start, servers))
        drill = Drill(cluster, servers, sentinel, folder)
        wrong = [line for name in chosen.only for line in drill.run(name, FAULTS[name][0], **FAULTS[name][1])]
    print("All held." if not wrong else f"{len(wrong)} things did not hold.")
    return 1 if wrong else 0


def _stop_server(server: ServerProcess) -> None:
    server.client.close()
    if server.process is not None and server.process.poll() is None:
        server.kill()


if __name__ == "__main__":
    sys.exit(main())
