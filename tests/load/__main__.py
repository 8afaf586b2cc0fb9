"""`python -m tests.load`: the server under load, with a report in build/load; `--soak-hours 2` the long soak alone."""

import argparse
import datetime as dt
import os
import platform
import sys
import time

from tests.load import comparison, scenarios
from tests.load.machine import running
from tests.load.scenarios import TIERS, Outcome
from tests.services import postgres, redis

ACCOUNTS, RECORDS = 10_100, 10


def main() -> int:
    """Runs what was asked for; returns exit code 1 if something was lost or a tier had errors."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument(
        "--only", default="", help="names with commas: comparison, tiers, waits, open, spike, stress, soak, restore"
    )
    parser.add_argument("--soak-hours", type=float, default=0.0, help="only the soak, this long")
    parser.add_argument("--soak-seconds", type=int, default=600, help="how long the soak of the whole run is")
    parser.add_argument("--devices", type=int, default=10_000, help="how many sign in again after the restore")
    parser.add_argument("--short", action="store_true", help="a fifth of the time: a look, not a measurement")
    arguments = parser.parse_args()
    if reason := postgres.unavailable_reason() or redis.unavailable_reason():
        print(f"The load tests need more: {reason}", file=sys.stderr)
        return 2
    wanted = {"soak"} if arguments.soak_hours else set(filter(None, arguments.only.split(",")))
    soak = int(arguments.soak_hours * 3600) or arguments.soak_seconds
    began = time.monotonic()
    lines, outcomes = measured(wanted, soak, arguments.devices, 5 if arguments.short else 1)
    lines += [f"\nWhole run: {(time.monotonic() - began) / 60:.1f} minutes."]
    name = dt.datetime.now(dt.UTC).strftime("report-%Y%m%dT%H%M%SZ.md")
    path = scenarios.build_folder() / name
    path.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    print(f"\nWritten to {path}")
    tiers = [found for found in outcomes if found.name.startswith(("sync", "large", "soak", "restore"))]
    return 1 if any(found.lost for found in outcomes) or any(found.figures["failures"] for found in tiers) else 0


def measured(wanted: set[str], soak: int, devices: int, shorter: int) -> tuple[list[str], list[Outcome]]:
    """Runs everything; returns the report's lines and every outcome."""
    lines = [f"# Load tests, {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC", "", machine_line(), ""]
    outcomes: list[Outcome] = []

    def asked(name: str) -> bool:
        return not wanted or name in wanted

    def say(what: str) -> None:
        print(f"[{dt.datetime.now(dt.UTC):%H:%M:%S}] {what}", file=sys.stderr)

    with running(ACCOUNTS, RECORDS) as machine:
        if asked("comparison"):
            say("comparison")
            figures = comparison.compare(
                machine, RECORDS, runs=2 if shorter > 1 else 5, seconds=2 if shorter > 1 else 4
            )
            lines += comparison_lines(figures)
        if asked("tiers"):
            say("baseline")
            outcomes.append(scenarios.baseline(machine, 20 // shorter))
            for tier in TIERS:
                say(f"tier {tier.name}")
                outcomes.append(scenarios.tier(machine, tier, (60 if tier.devices > 2000 else 30) // shorter))
        if asked("waits"):
            say("10,000 waits")
            outcomes.append(scenarios.tier(machine, TIERS[2], 60 // shorter, waiting=True))
        if asked("open"):
            for rate in (100, 300):
                say(f"open loop {rate}/s")
                outcomes.append(scenarios.open_loop(machine, rate, 30 // shorter))
        if asked("spike"):
            say("spike")
            outcomes.append(scenarios.spike(machine, 20 // shorter))
        if asked("stress"):
            say("stress")
            outcomes += scenarios.stress(machine, 10 // shorter)
        if asked("soak"):
            say(f"soak, {soak} s")
            outcomes.append(scenarios.soak(machine, soak // shorter))
        if asked("restore"):
            say("restore")
            outcomes.append(scenarios.after_a_restore(machine, devices // shorter))
    lines += outcome_lines(outcomes)
    return lines, outcomes


def machine_line() -> str:
    """Describes the machine it ran on."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}; load generator and "
        "Postgres (fsync on) included, shipped limits, one server process. "
        f"Load average before: {load:.1f} (0 is a quiet machine)."
    )


def comparison_lines(figures: comparison.Figures) -> list[str]:
    """Returns the table of ratios."""
    row = "| {} | {:.0f}/s | {:.0f}/s | {:.3f} | {} |".format
    return [
        "## Against what carries it (medians; both sides of a ratio measured in turn)",
        "",
        "| what | server | reference | ratio | wanted |",
        "|---|---|---|---|---|",
        row("pushes of 10 records : pgbench, same SQL", figures.median("pushes"), figures.median("pgbench"),
            figures.ratio("pushes", "pgbench"), "0.5"),
        row("pulls without news (changes) : pushes", figures.median("pulls"), figures.median("pushes"),
            figures.ratio("pulls", "pushes"), "3"),
        row("head : pushes", figures.median("heads"), figures.median("pushes"), figures.ratio("heads", "pushes"), "3"),
        row("feed answered 304 : nginx, static file 304", figures.median("feeds"), figures.median("nginx"),
            figures.ratio("feeds", "nginx"), "0.05"),
        "",
    ]  # fmt: skip


def outcome_lines(outcomes: list[Outcome]) -> list[str]:
    """Returns the table of scenarios, in milliseconds and megabytes."""
    lines = [
        "## Scenarios (ms; held requests are not in the times)",
        "",
        "`load` is what Locust timed, with all its devices in one Python process on these cores; `probe` what one",
        "quiet device in a process of its own was kept waiting, twenty times a second, a quarter of them pushes.",
        "",
        "| scenario | who | requests/s | load p50 | p95 | p99 | probe p50 | p95 | p99 | most | its pushes' p95 "
        "| errors | lost | memory first, last, most (MB) | notes |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for found in outcomes:
        f, probe, memory = found.figures, found.probe, found.memory or [0.0]
        notes = "; ".join([*found.notes, *f["errors"], *([f"{f['held']} held answers"] if f["held"] else [])])
        if probe["refused"]:
            notes += f"; the probe was refused {probe['refused']:.0f} of {probe['asked']:.0f}"
        times = [f["p50"], f["p95"], f["p99"], *(probe[name] for name in ("p50", "p95", "p99", "most", "push p95"))]
        lines.append(
            f"| {found.name} | {found.what} | {f['rate']:.0f} | {' | '.join(f'{time:.1f}' for time in times)} | "
            f"{f['failures']} | {found.lost} | {memory[0]:.0f}, {memory[-1]:.0f}, {max(memory):.0f} | {notes} |"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
