"""Unique names: no two public classes of one program have the same name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("program", ["desktop", "syncserver"])
def test_a_class_has_its_name_to_itself(program: str) -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / program).rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT).as_posix())
    assert found, "nothing was looked at"
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}
