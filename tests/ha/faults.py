"""Faults of a cluster and its servers, and what each may cost."""

import signal
import time
from typing import Any

from tests.ha import next_version
from tests.ha.cluster import TIME_TO_LIVE, Node, wait_until
from tests.ha.drill import Drill, Fault
from tests.sync.server.process import ServerProcess


def leader_killed(drill: Drill) -> None:
    node = drill.cluster.leader
    node.program.kill()
    wait_until("another leader", lambda: any(other.is_leader for other in drill.cluster.nodes if other is not node))
    node.program.start()


def planned_switchover(drill: Drill) -> None:
    node = drill.cluster.leader
    synchronous: list[Node] = []
    wait_until(
        "a synchronous standby",
        lambda: (
            synchronous.extend(each for each in drill.cluster.nodes if each.call_patroni("GET", "/sync")[0] == 200)
            or synchronous
        ),
    )
    standby = synchronous[0]
    status, _ = node.call_patroni("POST", "/switchover", {"leader": node.name, "candidate": standby.name})
    if status != 200:
        raise RuntimeError(f"the switchover was answered {status}")


def leader_isolated(drill: Drill) -> None:
    """The leader is frozen: its connections stay half open, and it resumes believing that it leads."""
    node = drill.cluster.leader
    node.program.send(signal.SIGSTOP)
    wait_until("another leader", lambda: any(other.is_leader for other in drill.cluster.nodes if other is not node))
    time.sleep(5)
    node.program.send(signal.SIGCONT)


def partitioned(drill: Drill) -> str | None:
    """The leader is cut off from everything: it answers nobody, closes nothing, and steps down by itself."""
    cluster, node = drill.cluster, drill.cluster.leader
    if cluster.network is None:
        return cluster.no_network
    cluster.network.cut_off(node.address)
    wait_until("another leader", lambda: any(other.is_leader for other in cluster.nodes if other is not node))
    time.sleep(10)
    cluster.network.heal(node.address)
    return None


def left_behind_and_cut_off(drill: Drill) -> str | None:
    """Patroni is killed, so nobody demotes the old primary, and the balancer's connections to it stay open."""
    if drill.cluster.network is None:
        return drill.cluster.no_network
    node = drill.cluster.leader
    drill.cluster.network.cut_off(node.address)
    if node.program.process is not None:
        node.program.process.kill()
        node.program.process.wait()
    wait_until("another leader", lambda: any(other.is_leader for other in drill.cluster.nodes if other is not node))
    time.sleep(20)
    drill.cluster.network.heal(node.address)
    time.sleep(10)
    node.program.start()
    return None


def tail_lost(drill: Drill) -> None:
    """The primary is lost, without a synchronous replica, and with replicas that are away."""
    cluster = drill.cluster
    cluster.configure(synchronous_mode=False, synchronous_mode_strict=False)
    node = cluster.leader
    wait_until("asynchronous commits", lambda: cluster.sql(node, "SHOW synchronous_standby_names") == "")
    replicas = [other for other in cluster.nodes if other is not node]
    for replica in replicas:
        replica.program.kill()  # a frozen one would have the tail in its socket
    time.sleep(3)
    node.program.kill()
    for replica in replicas:
        replica.program.start()
    wait_until("another leader", lambda: any(other.is_leader for other in replicas))
    node.program.start()
    wait_until("a whole cluster", cluster.is_whole)
    cluster.configure(synchronous_mode=True, synchronous_mode_strict=True)


def left_behind(drill: Drill) -> None:
    """Patroni is killed, and its Postgres, without a synchronous replica, goes on answering old connections."""
    cluster = drill.cluster
    cluster.configure(synchronous_mode=False, synchronous_mode_strict=False)
    node = cluster.leader
    wait_until("asynchronous commits", lambda: cluster.sql(node, "SHOW synchronous_standby_names") == "")
    patroni = node.program.process
    if patroni is None:
        raise RuntimeError("Patroni does not run")
    patroni.kill()
    patroni.wait()
    wait_until("another leader", lambda: any(other.is_leader for other in cluster.nodes if other is not node))
    time.sleep(15)
    node.program.start()
    wait_until("a whole cluster", cluster.is_whole)
    cluster.configure(synchronous_mode=True, synchronous_mode_strict=True)


def sentinel_failover(drill: Drill) -> None:
    drill.sentinel.primary.kill()
    time.sleep(5)


def servers_restarted(drill: Drill) -> None:
    for server in drill.servers:
        if server.stop() != 0:
            raise RuntimeError("a server did not stop in order")
        server.start()


def servers_upgraded(drill: Drill) -> None:
    """Servers are upgraded one by one to a version with a migration, and back; the others stay ready."""
    folder = drill.folder / "next"
    if not folder.exists():
        next_version.make(folder)
    before = [server.command for server in drill.servers]
    for server in drill.servers:
        server.environment["PYTHONPATH"] = str(folder)
        _restart(drill, server, next_version.COMMAND)
    revision = drill.cluster.sql(drill.cluster.leader, "SELECT version_num FROM alembic_version")
    if revision != next_version.NEXT:
        raise RuntimeError(f"the database is at {revision}")
    for server, command in zip(drill.servers, before, strict=True):
        del server.environment["PYTHONPATH"]
        _restart(drill, server, command)


def _restart(drill: Drill, server: ServerProcess, command: tuple[str, ...]) -> None:
    if server.stop() != 0:
        raise RuntimeError("a server did not stop in order")
    server.command = command
    server.start()
    for other in drill.servers:
        if (answer := other.request("GET", "/readyz")).status_code != 200:
            raise RuntimeError(f"a server is not ready any more: {answer.text}")


FAULTS: dict[str, tuple[Fault, dict[str, Any]]] = {
    "planned switchover": (planned_switchover, {"most": 5.0}),
    "leader killed": (leader_killed, {"most": TIME_TO_LIVE + 5.0}),
    "leader isolated, back again": (leader_isolated, {}),
    "leader cut off, healed": (partitioned, {}),
    "half-open, nobody steps down": (left_behind_and_cut_off, {"most": TIME_TO_LIVE + 45.0}),
    "rolling restart of the servers": (servers_restarted, {}),
    "rolling upgrade, and back": (servers_upgraded, {"most": 5.0}),
    "Redis fails over by Sentinel": (sentinel_failover, {"most": 5.0}),
    "left behind, still answering": (left_behind, {"lost": True, "most": 120.0}),
    "a tail is lost": (tail_lost, {"lost": True, "most": 120.0}),
}
