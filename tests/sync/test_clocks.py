"""The real server with its clock set back: cached sessions do not stay valid for years."""

from __future__ import annotations

from pathlib import Path

from tests.sync.clocks import YEAR
from tests.sync.server.harness import Clock, Person, server


def test_a_session_that_ended_elsewhere_is_not_remembered_until_the_year_comes_again(tmp_path: Path) -> None:
    clock = Clock()
    with server(tmp_path, clock=clock) as harness:
        person = Person(harness, "ann")
        assert person.register().status_code == 201
        assert person.request_signed_in("GET", "/v1/head").status_code == 200
        harness.sql("DELETE FROM sessions")  # by another process, whose announcement was lost
        clock.now -= 3 * YEAR
        assert person.request_signed_in("GET", "/v1/head").status_code == 401
