"""The load scenarios: which devices do what against which machine, and the figures taken from it."""

import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.load.beside import Sample
from tests.load.machine import ROOT, Machine
from tests.load.seeding import Seeded

HOLDERS_A_SECOND = 400
RETURN_SECONDS = 1200  # after which a restore's devices are given up
OTHER_DEVICES = 20


@dataclass
class Outcome:
    """Figures of one scenario. Times in milliseconds."""

    name: str
    what: str
    figures: dict[str, Any] = field(default_factory=dict)
    probe: dict[str, float] = field(default_factory=dict)
    memory: list[float] = field(default_factory=list)  # of the server, MB, over the run
    notes: list[str] = field(default_factory=list)
    lost: int = 0


@dataclass(frozen=True)
class Tier:
    """A size of university."""

    name: str
    devices: int
    pushes_a_minute: int


TIERS = (Tier("small", 500, 20), Tier("medium", 2_000, 100), Tier("large", 10_000, 500))


def generate(machine: Machine, watch: Callable[[], None], **job: Any) -> dict[str, Any]:
    """Runs Locust in its own process; `watch` is called every second meanwhile."""
    out = machine.folder / "generated.json"
    out.unlink(missing_ok=True)
    job |= generator_settings(machine) | {"host": machine.servers[0].url, "out": str(out)}
    with subprocess.Popen([sys.executable, "-m", "tests.load.generate", json.dumps(job)], cwd=ROOT) as process:
        while process.poll() is None:
            watch()
            try:
                process.wait(1)
            except subprocess.TimeoutExpired:
                continue
    if not out.exists():
        raise RuntimeError("the generator failed")
    figures: dict[str, Any] = json.loads(out.read_text())
    return figures


def generator_settings(machine: Machine) -> dict[str, Any]:
    """Returns the settings that every load generator needs."""
    return {"tokens": str(machine.tokens()), "epoch": machine.epoch()}


@contextlib.contextmanager
def running_client(machine: Machine, kind: str, **job: Any) -> Iterator[list[Sample]]:
    """Runs a client of `tests.load.beside` for the block; the list then has its answers."""
    samples: list[Sample] = []
    out = machine.folder / f"{kind}.json"
    job |= generator_settings(machine) | {"kind": kind, "port": machine.servers[0].port, "out": str(out)}
    command = [sys.executable, "-m", "tests.load.beside", json.dumps(job)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{kind} did not begin")
        yield samples
        process.terminate()
        if process.wait(60):
            raise RuntimeError(f"{kind} failed")
    samples += [(when, what, status, seconds) for when, what, status, seconds in json.loads(out.read_text())]


def count_lost(machine: Machine, acknowledged: dict[str, int]) -> int:
    """Returns the number of accounts that are behind what was acknowledged to them."""
    if not acknowledged:
        return 0
    heads = {
        line.split("|")[0]: int(line.split("|")[1])
        for line in machine.sql("SELECT id, head FROM accounts").splitlines()
    }
    return sum(heads.get(account, 0) < head for account, head in acknowledged.items())


def run_job(machine: Machine, name: str, what: str, *, holding: int = 0, **job: Any) -> Outcome:
    """Runs a job, with `holding` open waits, and a probe beside it; returns figures, memory, and losses."""
    found = Outcome(name, what)
    held: list[Sample] = []
    with contextlib.ExitStack() as others:
        if holding:
            held = others.enter_context(
                running_client(machine, "holding", devices=holding, spawn_rate=HOLDERS_A_SECOND)
            )
        probed = others.enter_context(running_client(machine, "probe"))
        found.figures = generate(machine, lambda: found.memory.append(machine.servers[0].memory() / 1e6), **job)
    found.lost = count_lost(machine, found.figures.pop("acknowledged"))
    window = (found.figures.pop("began"), found.figures.pop("ended"))
    add_held(found.figures, samples_within(held, window), [sample for sample in held if sample[2] not in (200, 304)])
    found.probe = probe_figures(samples_within(probed, window))
    return found


def samples_within(samples: list[Sample], window: tuple[float, float]) -> list[Sample]:
    """Returns the answers given while measuring."""
    return [sample for sample in samples if window[0] <= sample[0] <= window[1]]


def add_held(figures: dict[str, Any], answered: list[Sample], refused: list[Sample]) -> None:
    """Adds the answered held requests, and those refused or broken at any time, which count as failures."""
    figures["held"] = len(answered)
    figures["failures"] += len(refused)
    figures["errors"] += sorted({f"held: {status}" for _, _, status, _ in refused})


def probe_figures(samples: list[Sample]) -> dict[str, float]:
    """Returns the probe's waiting times in milliseconds: percentiles of all its requests, and of its pushes alone."""
    times = sorted(seconds * 1000 for _, _, _, seconds in samples) or [0.0]
    pushes = sorted(seconds * 1000 for _, what, _, seconds in samples if what == "batches") or [0.0]
    return {
        **{f"p{share}": times[min(len(times) - 1, len(times) * share // 100)] for share in (50, 95, 99)},
        "most": times[-1],
        "push p95": pushes[min(len(pushes) - 1, len(pushes) * 95 // 100)],
        "asked": len(samples),
        "refused": sum(status != 200 for _, _, status, _ in samples),
    }


def baseline(machine: Machine, seconds: int = 30) -> Outcome:
    """One device, as fast as it can: the cost of a request without others."""
    return run_job(machine, "baseline", "1 device without a pause", users={"eager": 1}, seconds=seconds)


def tier(machine: Machine, size: Tier, seconds: int, *, waiting: bool = False) -> Outcome:
    """A tier of devices that poll every minute; or hold `head?wait=30` instead."""
    if waiting:
        what = f"{size.devices} open waits, {size.pushes_a_minute} pushes/min"
        return run_job(
            machine, f"{size.name}, waiting", what, holding=size.devices, users={"pushing": 100}, seconds=seconds,
            settle=35, rate=size.pushes_a_minute / 60, spawn_rate=100,
        )  # fmt: skip
    what = f"{size.devices} devices polling every minute, {size.pushes_a_minute} pushes/min"
    share = size.pushes_a_minute / size.devices
    return run_job(
        machine, f"sync: {size.name}", what, users={"polling": size.devices}, seconds=seconds,
        settle=60 if size.devices > 2000 else 10, pushes_per_poll=share, spawn_rate=500,
    )  # fmt: skip


def open_loop(machine: Machine, rate: int, seconds: int) -> Outcome:
    """Poisson arrivals at `rate` a second, a tenth of them pushes, however long the answers take."""
    what = f"arrivals at {rate}/s, 10 % pushes"
    return run_job(machine, f"open loop {rate}/s", what, users={"arriving": 20}, seconds=seconds, rate=rate)


def spike(machine: Machine, seconds: int = 20) -> Outcome:
    """The end of a lecture: quiet, then 200 devices at once without pause, then quiet again."""
    found = run_job(machine, "spike", "200 devices at once, without pause", users={"eager": 200}, seconds=seconds,
                    settle=0, spawn_rate=200)  # fmt: skip
    found.notes.append(f"answers as before after {recovery_seconds(machine):.1f} s")
    return found


def stress(machine: Machine, seconds: int = 10, most: int = 6400) -> list[Outcome]:
    """More and more devices without pause, until p95 exceeds 2 s."""
    steps = []
    users = 50
    while users <= most:
        step = run_job(
            machine, f"stress {users}", f"{users} devices without pause", users={"eager": users}, seconds=seconds,
            settle=5, spawn_rate=max(200, users // 3),
        )  # fmt: skip
        step.notes.append(f"answers as before after {recovery_seconds(machine):.1f} s")
        steps.append(step)
        if step.figures["p95"] > 2000:
            break
        users *= 2
    return steps


def soak(machine: Machine, seconds: int) -> Outcome:
    """The medium tier for a long time: memory has to stay flat, and nothing may be refused."""
    size = TIERS[1]
    what = f"{size.devices} devices polling every 10 s, {size.pushes_a_minute} pushes/min"
    found = run_job(
        machine, "soak", what, users={"polling": size.devices}, seconds=seconds, settle=20, poll_seconds=10.0,
        pushes_per_poll=size.pushes_a_minute / (size.devices * 6), spawn_rate=500,
    )  # fmt: skip
    tenths = [found.memory[len(found.memory) * tenth // 10] for tenth in range(1, 10)]
    found.notes.append(f"memory at each tenth of the time: {', '.join(f'{megabytes:.1f}' for megabytes in tenths)} MB")
    return found


def after_a_restore(machine: Machine, devices: int) -> Outcome:
    """Every device of one address signs in again after a real restore, while some at another address go on.

    It leaves no session but theirs, so it has to run last.
    """
    found = Outcome("restore", f"{devices} devices sign in again from one address, {OTHER_DEVICES} others go on")
    with (
        running_returners(machine, "others", machine.seeded[-OTHER_DEVICES:], "127.0.0.3", goes_on=True) as (
            _,
            others_told,
        ),
        running_returners(machine, "crowd", machine.seeded[:devices], "127.0.0.2", goes_on=False) as (crowd, told),
    ):
        machine.restore()
        began = time.time()
        while crowd.poll() is None and time.time() - began < RETURN_SECONDS:
            found.memory.append(machine.servers[0].memory() / 1e6)
            with contextlib.suppress(subprocess.TimeoutExpired):
                crowd.wait(1)
        ended = time.time()
    window = (began, max(told["entered"], default=ended))
    asked = samples_within([tuple(sample) for sample in told["samples"]], window)
    answered = [sample for sample in asked if sample[2]]
    times = probe_figures(answered)
    missing = devices - len(told["entered"])
    found.figures = {
        **{name: times[name] for name in ("p50", "p95", "p99")},
        "rate": len(answered) / (window[1] - began),
        "failures": missing,
        "errors": [f"{count} answers {reason}" for reason, count in sorted(told["refused"].items())],
        "held": 0,
    }
    found.probe = probe_figures(samples_within([tuple(sample) for sample in others_told["going_on"]], window))
    found.lost = count_lost(machine, others_told["acknowledged"])
    entered = sorted(when - began for when in told["entered"])
    found.notes = [
        f"half in after {entered[len(entered) // 2]:.0f} s, all after {entered[-1]:.0f} s" if entered else "nobody in",
        f"{told['pauses']} pauses, {len(asked) - len(answered)} without an answer",
        f"{told['puzzles']} proofs of work, {told['worked']:.0f} s of a processor",
        f"the others were refused {others_told['refused']}",
    ]
    return found


@contextlib.contextmanager
def running_returners(
    machine: Machine, name: str, people: list[Seeded], address: str, *, goes_on: bool
) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Runs devices of `tests.load.returning` for the block; the dictionary then has their answers."""
    told: dict[str, Any] = {}
    out, given = machine.folder / f"{name}.json", machine.folder / f"{name}-people.json"
    given.write_text(json.dumps([[each.account, each.device, each.token] for each in people]))
    job = {"people": str(given), "port": machine.servers[0].port, "address": address, "goes_on": goes_on}
    command = [sys.executable, "-m", "tests.load.returning", json.dumps(job | {"out": str(out)})]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{name} did not begin")
            yield process, told
        finally:
            process.terminate()
        if process.wait(60):
            raise RuntimeError(f"{name} failed")
    told |= json.loads(out.read_text())


def recovery_seconds(machine: Machine) -> float:
    """Returns the seconds until ten requests in a row take less than 50 ms each; 60 if they never do."""
    began, row = time.monotonic(), 0
    while time.monotonic() - began < 60:
        asked = time.monotonic()
        try:
            with urllib.request.urlopen(f"{machine.servers[0].url}/readyz", timeout=10) as answer:
                answer.read()
            row = row + 1 if time.monotonic() - asked < 0.05 else 0
        except OSError:
            row = 0
        if row == 10:
            return time.monotonic() - began
        time.sleep(0.02)
    return 60.0


def build_folder() -> Path:
    """Returns the folder for reports."""
    folder = ROOT / "build" / "load"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
