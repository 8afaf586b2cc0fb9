"""Which libraries a Debian package brings itself."""

from __future__ import annotations

# Of another version, or not there, in the next Debian; all others of the system become dependencies of the package.
BROUGHT = ("libpython", "libmpdec")


def without_system_libraries(binaries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """PyInstaller's (name, source, kind) without what Debian's own packages hold and keep mended."""
    return [
        entry
        for entry in binaries
        if entry[0].startswith(BROUGHT) or not entry[1].startswith(("/lib/", "/usr/lib/")) or "/python3" in entry[1]
    ]
