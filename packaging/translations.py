"""Compiles the window's translations, of which only the sources are kept: each `.ts` to the `.qm` that Qt loads.

Run by packaging/setup.sh, setup.py and the tests. Does nothing for files that are up to date, nor without PySide6,
which has the compiler: a server needs no window.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "translations"


def compiler() -> Path | None:
    """Returns PySide6's copy of Qt's `lrelease`; None without PySide6."""
    found = find_spec("PySide6")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).with_name("lrelease.exe" if sys.platform == "win32" else "lrelease")


def compile_all(folder: Path = FOLDER) -> list[Path]:
    """Compiles translations that are missing or older than their source; returns the compiled files."""
    program = compiler()
    if program is None:
        return []
    made = []
    for source in sorted(folder.glob("*.ts")):
        target = source.with_suffix(".qm")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(f".{os.getpid()}.new")  # two may compile at once
        try:
            subprocess.run([program, "-silent", str(source), "-qm", str(fresh)], check=True)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
        made.append(target)
    return made


if __name__ == "__main__":
    for path in compile_all():
        print(f"Compiled {path.name}")
