"""Mutation testing of critical modules: inserts small faults, one at a time, and runs the tests that should fail.

The same seed gives the same faults. Each is tried in a process of its own that loads the changed source instead of the
file; no file is written. A fault counts as detected if a test fails or the tests take too long.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.mutants import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
TIMEOUT_SECONDS = 300  # time limit for the tests of one fault
TESTS = {  # the mutated modules, and the tests that should detect the faults
    "desktop/domain/records/merge.py": ["tests/unit/desktop/domain/records/test_merge.py"],
    "desktop/domain/timetable/terms.py": ["tests/unit/desktop/domain/timetable/test_terms.py"],
    "desktop/domain/clashes.py": ["tests/unit/desktop/domain/test_clashes.py"],
    "desktop/sync/plan.py": ["tests/sync/test_engine.py"],
    "syncserver/sync/epochs.py": ["tests/sync/server/test_rules.py"],
}
PROGRAM = """
import importlib.abc, importlib.machinery, importlib.util, sys
name, file, source = sys.argv[1], sys.argv[2], sys.stdin.read()
class Changed(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        return compile(source, file, "exec")
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname == name:
            return importlib.util.spec_from_file_location(name, file, loader=Changed(name, file))
sys.meta_path.insert(0, Finder())
import pytest
sys.exit(pytest.main(["-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *sys.argv[3:]]))
"""


def is_detected(mutant: Mutant, tests: list[str], source: str | None = None) -> bool:
    """True if a test fails with this fault. With the unchanged `source`, none may fail."""
    name = ".".join(mutant.path.with_suffix("").parts)
    command = [sys.executable, "-c", PROGRAM, name, str(mutant.path), *tests]
    with tempfile.TemporaryDirectory() as examples:  # examples that fail with a fault must not be replayed later
        aside = {"QT_QPA_PLATFORM": "offscreen", "HYPOTHESIS_STORAGE_DIRECTORY": examples}
        try:
            ended = subprocess.run(
                command, input=source or mutant.source(), text=True, cwd=ROOT, env=os.environ | aside,
                capture_output=True, timeout=TIMEOUT_SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return True
    return ended.returncode != 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--mutants", type=int, default=500, help="how many faults are tried")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--only", default="", help="a part of the name of the file to change")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    files = [Path(file) for file in TESTS if asked.only in file]
    for file in files:
        if is_detected(Mutant(file, 0, 0, ""), TESTS[str(file)], (ROOT / file).read_text("utf-8")):
            print(f"The tests of {file} fail as it is.")
            return 2
    every = [mutant for file in files for mutant in mutants_of(file)]
    chosen = random.Random(asked.seed).sample(every, min(asked.mutants, len(every)))
    begun, seen, tried = time.monotonic(), Counter[Path](), Counter[Path]()
    with ThreadPoolExecutor(asked.processes) as pool:
        for mutant, dead in zip(
            chosen, pool.map(lambda each: is_detected(each, TESTS[str(each.path)]), chosen), strict=True
        ):
            tried[mutant.path] += 1
            seen[mutant.path] += dead
            if not dead:
                print(f"not seen: {mutant}", flush=True)
    for file in files:
        print(f"{file}: {seen[file]} of {tried[file]} seen")
    score = 100 * seen.total() / max(1, tried.total())
    print(
        f"{seen.total()} of {tried.total()} seen ({score:.1f} %), {len(every)} places, {time.monotonic() - begun:.0f} s"
    )
    return 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
