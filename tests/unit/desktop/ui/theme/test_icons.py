"""The drawn set of icons: each drawing has one meaning."""

from __future__ import annotations

from collections import defaultdict

from desktop.config import assets_folder


def test_no_two_icons_are_the_same_drawing() -> None:
    """A pencil on a test looked as if it could be edited."""
    drawn = defaultdict(list)
    for path in sorted((assets_folder() / "icons").glob("*.svg")):
        drawn[path.read_bytes().strip()].append(path.stem)
    assert [names for names in drawn.values() if len(names) > 1] == []
