"""Problems carry the headers that their status needs."""

from __future__ import annotations

import pytest

from syncserver.errors import PROBLEM_TYPES, Problem


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_a_challenge_comes_with_every_401_and_with_nothing_else(name: str) -> None:
    problem = Problem(name)
    assert ("WWW-Authenticate" in problem.headers) == (problem.status == 401)
