"""Planning imports only the standard library and the domain, and nothing that reads a clock, a file or a network."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import desktop.planning
from tests.unit.desktop.domain.test_purity import IMPURE, imported

MODULES = sorted(Path(desktop.planning.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_planning_module_imports_only_the_standard_library_and_the_domain(path: Path) -> None:
    for name in imported(path):
        top = name.split(".", 1)[0]
        if top == "desktop":
            assert name.startswith(("desktop.domain.", "desktop.planning.")), f"{path.name} imports {name}"
        else:
            assert top in sys.stdlib_module_names, f"{path.name} imports {name}"
            assert top not in IMPURE or (path.stem, top) == ("annealing", "random"), f"{path.name} imports {name}"
