"""Rules for the two programs that the import contracts in `pyproject.toml` cannot express."""

from __future__ import annotations

import grimp


def test_no_module_imports_itself_over_others() -> None:
    """For types and late imports too. The contract compares siblings; this sees a package's face and its inside."""
    graph = grimp.build_graph("desktop", "syncserver", cache_dir=None)
    circles = [
        " -> ".join((module, *back))
        for module in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if (back := graph.find_shortest_chain(imported, module)) is not None
    ]
    assert graph.modules, "nothing was looked at"
    assert not circles
