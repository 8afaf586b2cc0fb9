"""Wine, as needed to build and test the Windows program.

Standard output and error of a program must be pipes: given a file, Python for Windows exits at its start under Wine 8.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

LOADERS = ("wine64", "/usr/lib/wine/wine64", "wine")


def find_wine() -> str:
    """Returns the command that starts a 64-bit Windows program. Exits with a message if there is none."""
    for name in LOADERS:
        if found := shutil.which(name):
            return found
    raise SystemExit("Wine is missing. On Debian: apt-get install wine64")


class Prefix:
    """A Wine prefix: a separate drive C and registry in a folder."""

    def __init__(self, folder: Path, display: str = "") -> None:
        self.folder = folder
        self.display = display
        self.drive = folder / "drive_c"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("QT_", "PYTHON", "XDG_"))},
            "WINEPREFIX": str(folder),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "winemenubuilder.exe=d",
            "DISPLAY": display,
        }
        folder.parent.mkdir(parents=True, exist_ok=True)

    def start(
        self, program: Path | str, *arguments: object, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Starts a program; a `Path` is one of this machine's, a `str` a name or path as Windows has it."""
        return subprocess.Popen(
            [find_wine(), str(program), *map(str, arguments)],
            env={**self._environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
        )

    def run(
        self,
        program: Path | str,
        *arguments: object,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 120,
        status: int | None = 0,
    ) -> bytes:
        """Runs a program and returns its output. Exits with that if its exit status is not `status` (None: any)."""
        process = self.start(program, *arguments, env=env, cwd=cwd)
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise SystemExit(f"{program} {' '.join(map(str, arguments))} took longer than {timeout:.0f} s") from None
        if status is not None and process.returncode != status:
            text = output.decode(errors="replace")
            raise SystemExit(f"{program} {' '.join(map(str, arguments))} ended with {process.returncode}:\n{text}")
        return output

    def create(self) -> None:
        self.run("wineboot", "-i", timeout=180, status=None)

    def registry(self, key: str) -> str:
        """Returns what the registry holds below a key; '' if nothing."""
        return self.run("reg", "query", key, "/s", status=None).decode(errors="replace")


def windows_path(path: Path) -> str:
    """Converts a path of this machine to the one that Windows programs see under Wine."""
    return "Z:" + str(path.resolve()).replace("/", "\\")
