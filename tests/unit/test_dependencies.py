"""Each program's dependencies in `pyproject.toml`, compared with its imports and its lock."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PROGRAMS = {"desktop": "desktop", "syncserver": "server"}  # each with the name of its extra and lock
NOT_IMPORTED_BY_NAME = {
    "httptools",  # uvicorn takes it where it is there
    "tzdata",  # zoneinfo's data, on systems that have none
}
BROUGHT_ALONG = {"botocore": "boto3", "shiboken6": "pyside6-essentials"}  # imported, and pinned to what brings them


def normal(requirement: str) -> str:
    """The name of the distribution that a requirement asks for, as package indexes normalise it."""
    (name,) = re.findall(r"^[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(program: str) -> set[str]:
    extra = PROJECT["optional-dependencies"][PROGRAMS[program]]
    return {normal(requirement) for requirement in (*PROJECT["dependencies"], *extra)}


def imported(program: str) -> set[str]:
    graph = grimp.build_graph(program, include_external_packages=True, cache_dir=None)
    modules = {found.partition(".")[0] for found in graph.modules} - {program} - sys.stdlib_module_names
    distributions = packages_distributions()
    names = {normal(distributions[{"pypdfium2_raw": "pypdfium2"}.get(module, module)][0]) for module in modules}
    return {BROUGHT_ALONG.get(name, name) for name in names}


def locked(program: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{PROGRAMS[program]}.txt").read_text("utf-8").splitlines()
    return {normal(line) for line in lines if "==" in line and not line.startswith((" ", "#"))}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_imported_is_declared_and_nothing_else(program: str) -> None:
    assert imported(program) == declared(program) - NOT_IMPORTED_BY_NAME


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_lock_holds_what_is_declared(program: str) -> None:
    assert declared(program) <= locked(program)


def test_a_lock_holds_nothing_of_the_other_program() -> None:
    for program, other in (("desktop", "syncserver"), ("syncserver", "desktop")):
        alone = declared(other) - declared(program)
        # Libraries that a library of this program builds upon as well
        assert locked(program) & alone <= {"httpcore", "httpx", "tzdata"}


def test_no_lock_names_where_packages_are_fetched() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text("utf-8")
