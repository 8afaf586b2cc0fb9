"""A new password is typed twice at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.cli import secret
from desktop.domain.errors import InvalidInput


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    lines: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: lines.pop(0))
    yield lines
    assert lines == [], "everything that was typed was read"


def test_a_new_password_is_typed_twice(typed: list[str]) -> None:
    typed += ["three words together"] * 2
    assert secret.read_new_secret(None, "New password: ") == "three words together"
    typed += ["three words together", "three words togetehr"]
    with pytest.raises(InvalidInput, match="differ"):
        secret.read_new_secret(None, "New password: ")


def test_one_that_is_in_use_is_typed_once(typed: list[str]) -> None:
    typed += ["three words together"]
    assert secret.read_secret(None, "Password: ") == "three words together"
