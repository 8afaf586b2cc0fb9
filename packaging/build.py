"""Builds the one-folder application for this system with PyInstaller, and tests the result.

Run by `make package`. Exits with an error if the build or any step of the test fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM_FOLDER = ROOT / "dist" / "upschedule"
LARGE_PARTS = ROOT / "packaging" / "large_parts.txt"  # the reviewed large files of the application for Linux


def build() -> Path:
    """Runs PyInstaller; returns the path of the application's executable."""
    subprocess.run([sys.executable, str(ROOT / "packaging" / "icons.py"), str(ROOT / "build" / "icons")], check=True)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "PyInstaller",
            "--noconfirm",
            "--log-level=ERROR",
            f"--distpath={PROGRAM_FOLDER.parent}",
            f"--workpath={ROOT / 'build' / 'pyinstaller'}",
            str(ROOT / "packaging" / "upschedule.spec"),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1"},  # so that two builds of a commit have the same bytes
        check=True,
    )
    return PROGRAM_FOLDER / ("upschedule.exe" if sys.platform == "win32" else "upschedule")


def large_parts(folder: Path) -> set[str]:
    """Returns the names, without versions, of the files over a million bytes."""
    large = (path for path in folder.rglob("*") if path.lstat().st_size > 1e6 and not path.is_dir())
    return {re.split(r"[.-]", path.name)[0] for path in large}


def megabytes(folder: Path) -> float:
    """Returns the size of a folder's files, links not followed, in MB of a million bytes."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def main() -> int:
    executable = build()
    if not list(PROGRAM_FOLDER.rglob("upschedule_af.qm")):
        print("build: the window's Afrikaans did not come with it", file=sys.stderr)
        return 1
    if broken := [path for path in PROGRAM_FOLDER.rglob("*") if path.is_symlink() and not path.exists()]:
        print(f"build: links to nothing: {', '.join(path.name for path in broken)}", file=sys.stderr)
        return 1
    print(f"Built {executable.relative_to(ROOT)}: {megabytes(PROGRAM_FOLDER):.0f} MB", flush=True)
    if sys.platform == "linux" and (new := large_parts(PROGRAM_FOLDER) - set(LARGE_PARTS.read_text("utf-8").split())):
        print(f"build: over 1 MB, and not in {LARGE_PARTS.name}: {', '.join(sorted(new))}", file=sys.stderr)
        return 1
    return subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "smoke.py"), str(executable)], check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
