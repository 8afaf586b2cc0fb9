"""The domain imports only the standard library, and nothing that reads a clock, a file or a network."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import desktop.domain

ROOT = Path(desktop.domain.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
IMPURE = {"os", "io", "pathlib", "socket", "subprocess", "threading", "random", "time", "urllib", "shutil", "tempfile"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_domain_module_imports_only_the_standard_library_and_the_domain(path: Path) -> None:
    for name in imported(path):
        top = name.split(".", 1)[0]
        if top == "desktop":
            assert name == "desktop" or name.startswith("desktop.domain"), f"{path.name} imports {name}"
        else:
            assert top in sys.stdlib_module_names, f"{path.name} imports {name}"
            assert top not in IMPURE, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_domain_module_asks_no_clock_and_opens_no_file(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert called not in {"now", "today", "utcnow", "open", "print", "input"}, f"{path.name}:{node.lineno}"


def test_the_domain_runs_where_nothing_is_installed() -> None:
    names = [
        ".".join(("desktop.domain", *path.relative_to(ROOT).with_suffix("").parts))
        for path in MODULES
        if path.stem != "__init__"
    ]
    program = f"import sys; sys.path.insert(0, {str(ROOT.parents[1])!r})\n"
    program += "".join(f"import {name}\n" for name in names)
    program += "print(sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names - {'__main__'}))"
    command = [sys.executable, "-I", "-S", "-c", program]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip() == "['desktop']"
