"""Prometheus and Grafana: the rules fire when they should, and every metric that is named exists."""

import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.load.machine import ServerProcess
from tests.services.fixtures import postgres as postgres  # noqa: PLC0414 - a fixture
from tests.services.fixtures import redis as redis  # noqa: PLC0414 - a fixture
from tests.services.postgres import PostgresServer, free_port
from tests.services.redis import RedisServer

ROOT = Path(__file__).parents[3]
SERVER = ROOT / "packaging" / "server"
RULES = [
    rule
    for name in ("alerts.yml", "objectives.yml")
    for group in yaml.safe_load((SERVER / "prometheus" / name).read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]
BOARDS = {path.name: json.loads(path.read_text()) for path in sorted((SERVER / "grafana" / "dashboards").iterdir())}
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (prometheus)")

# Of exporters that are not at hand here: cAdvisor's docs/storage/prometheus.md, postgres_exporter from 0.12 on,
# blackbox_exporter, Patroni (`/metrics` from 3.3 on), CloudNativePG; and what Prometheus makes itself.
KNOWN = {
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "pg_replication_lag_seconds",
    "pg_stat_user_tables_n_dead_tup",
    "probe_success",
    "patroni_sync_standby",
    "patroni_quorum_standby",
    "cnpg_collector_sync_replicas",
    "cnpg_pg_stat_archiver_failed_count",
    "pg_stat_archiver_failed_count",
    "pg_stat_archiver_last_archive_age",
    "up",
    "node_filesystem_avail_bytes",  # only for disks that are not a container's layers
    "node_filesystem_size_bytes",
}
WORDS = {
    *("by", "le", "sum", "rate", "increase", "max", "min", "avg", "time", "absent", "or", "and", "ignoring", "on"),
    *("histogram_quantile", "avg_over_time", "without", "abs", "changes"),
}


def expressions() -> Iterator[tuple[str, str]]:
    for rule in RULES:
        yield rule.get("alert") or rule["record"], rule["expr"]
    for name, board in BOARDS.items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{name}: {panel['title']}", target["expr"]


def metrics_in(expression: str) -> set[str]:
    """The names of metrics in an expression: words that are not labels, functions or strings."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|ignoring|on|without)\s*\([^)]*\)", "", bare)
    return {word for word in re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*", bare) if word not in WORDS}


@needs_promtool
def test_prometheus_understands_its_files() -> None:
    for name in ("prometheus.yml", "outside-probe.yml"):
        done = subprocess.run(
            ["promtool", "check", "config", SERVER / "prometheus" / name], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_every_panel_asks_what_prometheus_understands(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expression} for number, (_, expression) in enumerate(expressions())]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "rules.yml"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_the_alerts_fire_when_they_should_and_only_then() -> None:
    files = sorted(Path(__file__).parent.glob("series/*.yml"))
    tested = {
        case["alertname"]
        for file in files
        for test in yaml.safe_load(file.read_text())["tests"]
        for case in test["alert_rule_test"]
        if case.get("exp_alerts")
    }
    assert tested == {rule["alert"] for rule in ALERTS}
    done = subprocess.run(["promtool", "test", "rules", *files], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_alert_has_a_page_that_says_what_to_do(rule: dict[str, Any]) -> None:
    page = ROOT / rule["annotations"]["runbook"]
    text = page.read_text()
    assert text.startswith(f"# {rule['alert']}\n")
    for heading in ("What it means", "What students notice", "What to do"):
        assert f"## {heading}" in text
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]


def test_every_page_belongs_to_an_alert() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "server" / "runbooks").glob("*.md")}
    assert pages == {rule["alert"] for rule in ALERTS}


@pytest.mark.parametrize("name", BOARDS)
def test_a_dashboard_is_whole(name: str) -> None:
    board = BOARDS[name]
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, f"{panel['title']} lies on another panel"
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
    source = yaml.safe_load((SERVER / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text())
    assert source["datasources"][0]["uid"] == "prometheus"


def test_dashboards_do_not_share_their_ids() -> None:
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS)


def names_of(exposition: str) -> set[str]:
    return {re.split(r"[ {]", line)[0] for line in exposition.splitlines() if line and not line.startswith("#")}


def exported_by_the_server(folder: Path) -> set[str]:
    """Asked of a server that runs, on SQLite, with a request behind it."""
    server = ServerProcess({"SYNC_DATA_FOLDER": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}, folder / "log")
    server.start()
    try:
        with urllib.request.urlopen(f"{server.url}/metrics", timeout=5) as answer:
            exposition = answer.read().decode()
    finally:
        server.stop()
    return names_of(exposition) | set(re.findall(r"^# TYPE (\S+) \S+", exposition, re.MULTILINE))


def exported_by(command: list[str], port: int, **environment: str) -> set[str]:
    with subprocess.Popen(
        command, env={"PATH": "/usr/bin:/bin", **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(100):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                        return names_of(answer.read().decode())
                except OSError:
                    time.sleep(0.1)
            raise AssertionError(f"{command[0]} did not start")
        finally:
            process.terminate()


@pytest.mark.postgres
@pytest.mark.redis
def test_every_metric_that_is_named_exists(postgres: PostgresServer, redis: RedisServer, tmp_path: Path) -> None:
    """Asked of the server itself, and of the exporters where they are installed."""
    used = {name for _, expression in expressions() for name in metrics_in(expression)}
    used -= {rule["record"] for rule in RULES if "record" in rule}
    there = exported_by_the_server(tmp_path)
    ours = {name for name in used if name.startswith("sync_")}
    assert ours - there == set()
    exporters = {
        "node_": ("prometheus-node-exporter", ["--web.listen-address=127.0.0.1:{port}"], {}),
        "pg_": (
            "prometheus-postgres-exporter",
            ["--web.listen-address=127.0.0.1:{port}"],
            {"DATA_SOURCE_NAME": f"{postgres.new_database()}?sslmode=disable"},
        ),
        "redis_": (
            "prometheus-redis-exporter",
            ["-web.listen-address=127.0.0.1:{port}", f"-redis.addr={redis.url.removesuffix('/0')}"],
            {},
        ),
    }
    unknown = {name for name in used - ours - KNOWN if not name.startswith(tuple(exporters))}
    assert unknown == set()
    for prefix, (program, arguments, environment) in exporters.items():
        path = shutil.which(program)
        if path is None:
            continue  # the wanted names are still checked to be of an exporter that the compose file starts
        port = free_port()
        found = exported_by([path, *(a.format(port=port) for a in arguments)], port, **environment)
        assert {name for name in used - KNOWN if name.startswith(prefix)} - found == set()
