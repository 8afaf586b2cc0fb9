"""Prometheus metrics: counters, and figures that are looked up when they are requested.

Usage figures are read from the database at most once in `REFRESH_INTERVAL_SECONDS`, whoever asks. Nothing here ever
holds a name, an address, a token or a body.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from syncserver.accounts.sessions import DAY
from syncserver.backup import last_results
from syncserver.config import Config
from syncserver.db.database import Database
from syncserver.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.metrics_core import Metric

REFRESH_INTERVAL_SECONDS = 60.0
LATENCY_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
RETENTION_WEEKS = 8

FIGURES = """
SELECT (SELECT count(*) FROM accounts) AS accounts,
    (SELECT coalesce(sum(bytes), 0) FROM accounts) AS bytes,
    (SELECT coalesce(sum(records), 0) FROM accounts) AS records,
    (SELECT count(*) FROM devices WHERE revoked IS NULL) AS devices,
    (SELECT count(*) FROM devices WHERE revoked IS NULL AND seen > $1) AS devices_day,
    (SELECT count(*) FROM devices WHERE revoked IS NULL AND seen > $2) AS devices_week,
    (SELECT count(DISTINCT account) FROM devices WHERE seen > $1) AS accounts_day,
    (SELECT count(DISTINCT account) FROM devices WHERE seen > $2) AS accounts_week,
    (SELECT count(DISTINCT account) FROM devices WHERE seen > $3) AS accounts_month,
    (SELECT count(*) FROM feeds) AS feeds"""
RETENTION = """
SELECT ($1 - a.created) / 604800 AS week, count(*) AS accounts,
    sum(CASE WHEN EXISTS (SELECT 1 FROM devices d WHERE d.account = a.id AND d.seen > $2) THEN 1 ELSE 0 END) AS active
FROM accounts a WHERE a.created > $3 GROUP BY 1"""


class Metrics:
    """The server's metrics registry."""

    def __init__(self, config: Config) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter(
            "sync_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "sync_request_seconds",
            "Time to answer, held requests excluded.",
            ("method", "route"),
            buckets=LATENCY_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.logins = Counter("sync_logins", "Sign-ins, by result.", ("result",), registry=self.registry)
        self.registrations = Counter("sync_registrations", "Accounts created.", registry=self.registry)
        self.publications = Counter("sync_publications", "Calendars published.", registry=self.registry)
        price = Gauge("sync_price_per_month", "What the server costs a month, as configured.", registry=self.registry)
        price.set(config.price_per_month)
        self._config = config

    def record_request(self, method: str, route: str, status: int, seconds: float, held: bool) -> None:
        """Counts one answered request."""
        known = self._children.get((method, route, status))
        if known is None:
            known = (self._requests.labels(method, route, str(status)), self._seconds.labels(method, route))
            self._children[method, route, status] = known
        known[0].inc()
        if not held:
            known[1].observe(seconds)

    def register_figure(
        self, name: str, kind: str, doc: str, values: Callable[[], dict[str, float]], label: str = ""
    ) -> None:
        """Registers figures that are computed on request: one for each label, or one under the key ''."""
        self.registry.register(FigureCollector(name, kind, doc, values, label))

    def render(self) -> bytes:
        """Returns the metrics in Prometheus' text format."""
        return generate_latest(self.registry)


class FigureCollector(Collector):
    """Collector of one figure that is computed on request."""

    def __init__(self, name: str, kind: str, doc: str, values: Callable[[], dict[str, float]], label: str) -> None:
        self._name, self._kind, self._doc, self._values, self._label = name, kind, doc, values, label

    def describe(self) -> Iterable[Metric]:
        return [self._family()]

    def _family(self) -> CounterMetricFamily | GaugeMetricFamily:
        family = CounterMetricFamily if self._kind == "counter" else GaugeMetricFamily
        return family(self._name, self._doc, labels=[self._label] if self._label else [])

    def collect(self) -> Iterable[Metric]:
        family = self._family()
        for key, value in self._values().items():
            family.add_metric([key] if self._label else [], value)
        return [family]


class UsageFigures:
    """Figures about accounts, devices, stored bytes and backups, looked up at intervals."""

    def __init__(self, database: Database, config: Config) -> None:
        self._database = database
        self._config = config
        self._refreshed_at = float("-inf")
        self._figures: dict[str, float] = {}
        self._retention: dict[str, float] = {}

    async def refresh(self) -> None:
        """Looks the figures up, if that is due; keeps the old ones if the database is unreachable."""
        if time.monotonic() - self._refreshed_at < REFRESH_INTERVAL_SECONDS:
            return
        now = int(time.time())
        try:
            row = await self._database.row(FIGURES, now - DAY, now - 7 * DAY, now - 30 * DAY)
            weeks = await self._database.rows(RETENTION, now, now - 7 * DAY, now - RETENTION_WEEKS * 7 * DAY)
        except Problem:
            return
        self._refreshed_at = time.monotonic()
        self._figures = {key: float(row[key]) for key in row.keys()} if row else {}  # noqa: SIM118 - not a dict
        self._retention = {str(week["week"]): week["active"] / week["accounts"] for week in weeks if week["accounts"]}

    def register(self, metrics: Metrics) -> None:
        """Registers every figure."""
        look = metrics.register_figure
        look("sync_accounts", "gauge", "Accounts.", lambda: self._figure("accounts"))
        look("sync_stored_bytes", "gauge", "Bytes of records.", lambda: self._figure("bytes"))
        look("sync_live_records", "gauge", "Live records.", lambda: self._figure("records"))
        look("sync_devices", "gauge", "Devices not revoked.", lambda: self._figure("devices"))
        look("sync_feeds", "gauge", "Published calendars.", lambda: self._figure("feeds"))
        look(
            "sync_active_accounts",
            "gauge",
            "Active accounts, by period.",
            lambda: self._active_by_period("accounts"),
            "within",
        )
        look(
            "sync_active_devices",
            "gauge",
            "Active devices, by period.",
            lambda: self._active_by_period("devices"),
            "within",
        )
        doc = "Share of accounts created that many weeks ago that were active in the last week."
        look("sync_retention", "gauge", doc, lambda: self._retention, "week")
        doc = "Of the last good backup and the last verified one: seconds since 1970 UTC, 0 for never."
        look("sync_backup_time_seconds", "gauge", doc, self._backup_times, "result")
        look("sync_backup_bytes", "gauge", "Size of the last good backup.", lambda: {"": self._backups().bytes})
        doc = "1 if the last attempt failed."
        look("sync_backup_failing", "gauge", doc, self._backup_failing, "what")

    def _figure(self, name: str) -> dict[str, float]:
        return {"": self._figures[name]} if name in self._figures else {}

    def _active_by_period(self, what: str) -> dict[str, float]:
        names = ("day", "week", "month")
        return {name: self._figures[f"{what}_{name}"] for name in names if f"{what}_{name}" in self._figures}

    def _backups(self) -> last_results.BackupState:
        return last_results.read(last_results.backup_folder(self._config))

    def _backup_times(self) -> dict[str, float]:
        state = self._backups()
        return {"good": state.good, "verified": state.verified}

    def _backup_failing(self) -> dict[str, float]:
        state = self._backups()
        return {"backup": float(bool(state.failing)), "verify": float(bool(state.verify_failing))}
