"""Which libraries of the system come with a program, and which a Debian package brings itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

Binary = tuple[str, str, str]  # name, source and kind, as PyInstaller has them

# Of another version, or not there, in the next Debian; all others of the system become dependencies of the package.
BROUGHT = ("libpython", "libmpdec")
# The program's first code opens it; where Python is Debian's, no other library asks for it.
LOADED_BY_NAME = ("libpython",)
# Whoever has a printer has CUPS; without one, Qt's plugin for it is passed over. It would bring GnuTLS with it.
LEFT_TO_THE_SYSTEM = ("libcups",)


def is_of_the_system(binary: Binary) -> bool:
    return binary[1].startswith(("/lib/", "/usr/lib/")) and "/python3" not in binary[1]


def needed_by(path: str) -> Iterator[str]:
    """Names of the libraries that one asks for itself."""
    told = subprocess.run(["objdump", "-p", path], check=True, capture_output=True, text=True).stdout
    for line in told.splitlines():
        if line.lstrip().startswith("NEEDED"):
            yield line.split()[1]


def without_unneeded(binaries: list[Binary]) -> list[Binary]:
    """Without libraries of the system that came with something which is left out."""
    of_system = {
        binary[0]: binary
        for binary in binaries
        if is_of_the_system(binary) and not binary[0].startswith(LEFT_TO_THE_SYSTEM)
    }
    needed = {name for name in of_system if name.startswith(LOADED_BY_NAME)}
    waiting = [of_system[name] for name in needed]
    waiting += [binary for binary in binaries if of_system and binary[2] != "SYMLINK" and not is_of_the_system(binary)]
    while waiting:
        for name in needed_by(waiting.pop()[1]):
            if name in of_system and name not in needed:
                needed.add(name)
                waiting.append(of_system[name])
    return [binary for binary in binaries if not is_of_the_system(binary) or binary[0] in needed]


def without_system_libraries(binaries: list[Binary]) -> list[Binary]:
    """Without what Debian's own packages hold and keep mended."""
    return [binary for binary in binaries if binary[0].startswith(BROUGHT) or not is_of_the_system(binary)]
