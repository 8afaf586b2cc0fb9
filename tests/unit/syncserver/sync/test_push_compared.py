from __future__ import annotations

from tests.load.comparison import pgbench_script


def test_pgbench_runs_the_statement_of_a_push_with_every_value_filled_in() -> None:
    script = pgbench_script("epochepochepochepoch01")
    assert "INSERT INTO records" in script
    assert "$" not in script
