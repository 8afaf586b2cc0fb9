"""A PDF with some bytes changed is refused, read with a problem reported, or (nearly always) read correctly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.drawing.damage import CORRECT, REFUSED, REPORTED, SILENT

ROOT = Path(__file__).resolve().parents[4]
ALLOWED = 0.005  # of all damaged documents


def read_damaged(first: int, count: int) -> Counter[str]:
    """Reads `count` damaged documents in one other process, whose crash fails the test."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.drawing.damage", str(first), str(count)],
        cwd=ROOT,
        capture_output=True,
        timeout=3600,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"crashed on number {first + len(answers)}: {done.stderr[-2000:].decode()}"
    for number, name, outcome in answers:
        if outcome == SILENT:
            print(f"silently wrong: number {number}, {name}")
    return Counter(outcome for _, _, outcome in answers)


def check(found: Counter[str], capsys: pytest.CaptureFixture[str]) -> None:
    total = found.total()
    with capsys.disabled():
        print(
            f"\n{total} damaged PDFs: {found[REFUSED]} refused, {found[REPORTED]} with trouble named, "
            f"{found[CORRECT]} read right, {found[SILENT]} silently wrong ({found[SILENT] / total:.2%})"
        )
    assert found[SILENT] <= ALLOWED * total
    assert found[REPORTED] + found[REFUSED] > total / 2, "changes must be noticed, not passed over"


def test_damage_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    check(read_damaged(0, 300), capsys)


@pytest.mark.slow
def test_damage_is_noticed_in_thousands(capsys: pytest.CaptureFixture[str]) -> None:
    check(read_damaged(10_000, 5000), capsys)
