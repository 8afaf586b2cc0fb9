"""The mutation tests' faults: each is a different program, and the same ones each time."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.mutation.__main__ import TESTS
from tests.mutation.mutants import mutants_of

ROOT = Path(__file__).parents[2]
SOURCE = """
LIMIT = 3

def judged(values, most=2):
    found = [each for each in values if each > 0]
    if len(found) < most and values is not None:
        found.append(LIMIT + 1)
    return found or None
"""


def test_each_fault_is_a_program_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "judged.py"
    path.write_text(SOURCE)
    made = mutants_of(path)
    sources = {mutant.source() for mutant in made}
    assert len(sources) == len(made)
    assert ast.unparse(ast.parse(SOURCE)) not in sources
    assert {str(each).split(": ", 1)[1] for each in made if each.line == 6} == {
        "if len(found) < most and values is not None: denied",
        "no found.append(LIMIT + 1)",
        "len(found) < most and values is not None by Or",
        "len(found) < most by LtE",
        "values is not None by Is",
    }
    assert path.read_text() == SOURCE


def test_what_is_changed_and_what_should_see_it_are_there() -> None:
    for file, tests in TESTS.items():
        assert (ROOT / file).is_file()
        assert all((ROOT / each).is_file() for each in tests)
    assert sum(len(mutants_of(ROOT / file)) for file in TESTS) >= 500
