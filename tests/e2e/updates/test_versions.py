"""Release descriptions, and notes made from the changelog."""

from __future__ import annotations

import json

import pytest

from desktop.updates.source import built_in_source
from desktop.updates.versions import (
    Changes,
    InvalidRelease,
    Release,
    changes_in,
    release_from_json,
    release_to_json,
    version_number,
)
from tests.e2e.updates.publisher import ROOT

RELEASE = Release("1.2.3", "https://example.org/", {"win32": "a-setup.exe"}, (Changes("1.2.3", "• A thing"),))
CHANGELOG = """# Changelog

## [Unreleased]

- Not yet.

## [0.2.0] - 2026-12-01

### Added
- One **thing** that goes
  on over a line.
- Another, `quoted`.

### Fixed
- A third.

## [0.1.0] - 2026-11-25

- The first.
"""


def test_a_release_comes_back_as_it_was() -> None:
    assert release_from_json(release_to_json(RELEASE)) == RELEASE


@pytest.mark.parametrize(
    "changed",
    [
        {"version": "1.2"},
        {"version": "1.2.3-rc1"},
        {"version": "٣.2.1"},
        {"page": "javascript:alert(1)"},
        {"page": "file:///etc/passwd"},
        {"files": {"win32": "../../start.exe"}},
        {"files": {"win32": "a\\b.exe"}},
        {"files": {"win32": "C:evil.exe"}},
        {"files": []},
        {"changes": [{"version": "x", "text": ""}]},
        {"changes": 3},
    ],
)
def test_what_makes_no_sense_is_no_release(changed: dict[str, object]) -> None:
    plain = json.loads(release_to_json(RELEASE)) | changed
    with pytest.raises(InvalidRelease):
        release_from_json(json.dumps(plain).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_anything_else_is_no_release(data: bytes) -> None:
    with pytest.raises(InvalidRelease):
        release_from_json(data)


def test_versions_are_numbers() -> None:
    assert sorted(["0.10.0", "0.9.1", "0.9.0", "1.0.0"], key=version_number) == ["0.9.0", "0.9.1", "0.10.0", "1.0.0"]


def test_a_changelog_becomes_plain_lines() -> None:
    assert changes_in(CHANGELOG) == (
        Changes("0.2.0", "Added\n• One thing that goes on over a line.\n• Another, quoted.\nFixed\n• A third."),
        Changes("0.1.0", "• The first."),
    )


def test_the_changelog_of_this_project_is_read() -> None:
    found = changes_in((ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert "0.1.0" in {each.version for each in found}
    assert all(each.text for each in found)


def test_a_checkout_has_no_address(tmp_path) -> None:
    assert built_in_source(ROOT / "assets") is None
    (tmp_path / "updates").mkdir()
    (tmp_path / "updates" / "root.json").write_bytes(b"{}")
    for address, is_taken in (("https://example.org/a", True), ("http://example.org/", False), (3, False)):
        (tmp_path / "updates" / "source.json").write_text(json.dumps({"address": address}))
        assert (built_in_source(tmp_path) is not None) == is_taken
