"""Decides which system libraries a program ships with, and which its Debian package ships."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

Binary = tuple[str, str, str]  # name, source and kind, as PyInstaller has them

# Shipped, because the next Debian has other versions or none; all other system libraries become package dependencies.
ALWAYS_SHIPPED = ("libpython", "libmpdec")
# The bootloader opens it by name; with Debian's Python, no other library links it.
LOADED_BY_NAME = ("libpython",)
# Not shipped: machines with a printer have CUPS, on others Qt skips its plugin; it would bring GnuTLS along.
NEVER_SHIPPED = ("libcups",)


def is_system_library(binary: Binary) -> bool:
    return binary[1].startswith(("/lib/", "/usr/lib/")) and "/python3" not in binary[1]


def needed_by(path: str) -> Iterator[str]:
    """Returns the names of the libraries that a library itself needs."""
    told = subprocess.run(["objdump", "-p", path], check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        if line.lstrip().startswith("NEEDED"):
            yield line.split()[1]


def without_unneeded(binaries: list[Binary]) -> list[Binary]:
    """Removes system libraries that are needed only by something that is left out."""
    of_system = {
        binary[0]: binary
        for binary in binaries
        if is_system_library(binary) and not binary[0].startswith(NEVER_SHIPPED)
    }
    needed = {name for name in of_system if name.startswith(LOADED_BY_NAME)}
    waiting = [of_system[name] for name in needed]
    waiting += [binary for binary in binaries if of_system and binary[2] != "SYMLINK" and not is_system_library(binary)]
    while waiting:
        for name in needed_by(waiting.pop()[1]):
            if name in of_system and name not in needed:
                needed.add(name)
                waiting.append(of_system[name])
    return [binary for binary in binaries if not is_system_library(binary) or binary[0] in needed]


def without_system_libraries(binaries: list[Binary]) -> list[Binary]:
    """Removes what Debian's own packages contain and keep up to date."""
    return [binary for binary in binaries if binary[0].startswith(ALWAYS_SHIPPED) or not is_system_library(binary)]
