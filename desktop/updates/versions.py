"""Version numbers that can be compared, and the description of a release."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
MAX_CHANGES, MAX_TEXT_LENGTH = 30, 20_000


class InvalidRelease(ValueError):
    """What is published is not a valid description of a release."""


def version_number(text: str) -> tuple[int, int, int]:
    """Parse `1.2.3` to a tuple that can be compared. Raises InvalidRelease."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise InvalidRelease(f"no version: {text[:40]!r}")
    return int(found[1]), int(found[2]), int(found[3])


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of one version: its section of the changelog, as plain text."""

    version: str
    text: str


@dataclass(frozen=True, slots=True)
class Release:
    """A published version: its web page, its installers by system, and the changes of it and earlier versions."""

    version: str
    page: str
    files: Mapping[str, str]  # the names of TUF targets, by `sys.platform`: win32, darwin, linux
    changes: tuple[Changes, ...]

    def is_newer_than(self, version: str) -> bool:
        return version_number(self.version) > version_number(version)

    def changes_since(self, version: str) -> tuple[Changes, ...]:
        """The changes of every version after `version`, newest first."""
        since = [each for each in self.changes if version_number(each.version) > version_number(version)]
        return tuple(sorted(since, key=lambda each: version_number(each.version), reverse=True))


def release_from_json(data: bytes) -> Release:
    """Parse the output of `release_to_json`. Raises InvalidRelease."""
    try:
        plain: Any = json.loads(data)
        page, version = str(plain["page"]), str(plain["version"])
        files = {str(system): str(name) for system, name in plain["files"].items()}
        changes = tuple(
            Changes(str(each["version"]), str(each["text"])[:MAX_TEXT_LENGTH])
            for each in plain["changes"][:MAX_CHANGES]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise InvalidRelease("no description of a release") from wrong
    for each in (version, *(change.version for change in changes)):
        version_number(each)
    if not page.startswith(("https://", "http://127.0.0.1:")) or not all(map(_FILE.fullmatch, files.values())):
        raise InvalidRelease("an address or a name that cannot be")
    return Release(version, page, files, changes)


def release_to_json(release: Release) -> bytes:
    plain = {
        "version": release.version,
        "page": release.page,
        "files": dict(release.files),
        "changes": [{"version": each.version, "text": each.text} for each in release.changes],
    }
    return json.dumps(plain, indent=1, ensure_ascii=False).encode() + b"\n"


def changes_in(changelog: str) -> tuple[Changes, ...]:
    """The sections of a CHANGELOG.md in the Keep a Changelog format, without the unreleased one."""
    found = []
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, text = section.partition("\n")
        version = re.match(r"\[(\d+\.\d+\.\d+)\]", heading)
        if version:
            found.append(Changes(version[1], _plain(text)))
    return tuple(found)


def _plain(markdown: str) -> str:
    """Headings and list items of a changelog as lines of plain text; a wrapped item is joined to one line."""
    lines: list[str] = []
    for line in markdown.strip().splitlines():
        text = line.strip()
        if text.startswith("#"):
            lines.append(text.lstrip("# "))
        elif text.startswith(("- ", "* ")):
            lines.append("• " + text[2:])
        elif text and lines and lines[-1].startswith("• "):
            lines[-1] += " " + text
        elif text:
            lines.append(text)
    return "\n".join(lines).replace("**", "").replace("`", "")
