"""Fast password stretching for schedules, which make hundreds of accounts; tests of the format use the real one."""

from __future__ import annotations

import pytest

from desktop.sync import cipher
from tests.sync.world import fast_stretch


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "second_implementation" not in request.node.nodeid:
        monkeypatch.setattr(cipher, "stretch", fast_stretch)
