"""Schedules make hundreds of accounts, so passwords are stretched quickly there, but not where the format is tried."""

from __future__ import annotations

import pytest

from desktop.sync import cipher
from tests.sync.world import quick_stretch


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "second_implementation" not in request.node.nodeid:
        monkeypatch.setattr(cipher, "stretch", quick_stretch)
