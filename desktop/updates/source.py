"""The address that new versions are published at, and the root of trust for them: both are built in, or neither is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = "updates"  # among the assets
ADDRESS, ROOT = "source.json", "root.json"


@dataclass(frozen=True, slots=True)
class Source:
    """`address` is that of the published folder and ends in a slash; `root` is the initial TUF root metadata."""

    address: str
    root: bytes


def built_in_source(assets: Path) -> Source | None:
    """The source that the release build wrote to the assets; None in a copy that was built without an address."""
    folder = assets / FOLDER
    try:
        address = json.loads((folder / ADDRESS).read_text("utf-8"))["address"]
        root = (folder / ROOT).read_bytes()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(address, str) or not address.startswith(("https://", "http://127.0.0.1:")):
        return None
    return Source(address.rstrip("/") + "/", root)
