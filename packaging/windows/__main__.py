"""Builds the Windows program and its installer, and tests both.

    python packaging/windows program      the program in dist/windows/upschedule
    python packaging/windows installer    its installer, beside it
    python packaging/windows try          installs it into a fresh Wine prefix and uses it
    python packaging/windows              all three

On Windows itself the program is built by the Python that runs this, with the locked packages installed there. Elsewhere
it is built under Wine, with the Windows CPython in the folder that WINDOWS_PYTHON names (an official one, unpacked), or
else with one assembled for a trial (trial_runtime.py); what was built with that is never published.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import icons
import trial
import trial_runtime
import update_trial
from wine import Prefix, windows_path

ROOT = Path(__file__).resolve().parent.parent.parent
ICONS = ROOT / "build" / "icons"
BUILD = ROOT / "build" / "windows"
DIST = ROOT / "dist" / "windows"
PROGRAM = DIST / "upschedule"


def version() -> str:
    text = (ROOT / "desktop" / "__init__.py").read_text("utf-8")
    return text.partition('__version__ = "')[2].partition('"')[0]


def build_program() -> None:
    arguments = ["--noconfirm", "--log-level=WARN"]
    if sys.platform == "win32":
        paths = [f"--distpath={DIST}", f"--workpath={BUILD / 'work'}", str(ROOT / "packaging" / "upschedule.spec")]
        command = [sys.executable, "-m", "PyInstaller", *arguments, *paths]
        subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "1"}, cwd=ROOT, check=True)
    else:
        python, prefix = wine_python()
        paths = [
            f"--distpath={windows_path(DIST)}",
            f"--workpath={windows_path(BUILD / 'work')}",
            windows_path(ROOT / "packaging" / "upschedule.spec"),
        ]
        environment = {"PYTHONPATH": windows_path(ROOT), "PYTHONHASHSEED": "1"}
        output = prefix.run(
            python, "-m", "PyInstaller", *arguments, *paths, env=environment, cwd=ROOT, timeout=1500, status=None
        )
        if not (PROGRAM / "upschedule.exe").exists():
            raise SystemExit(output.decode(errors="replace"))
    # In a terminal, `upschedule` runs the .com rather than the .exe: it is the one with a console.
    (PROGRAM / "upschedule-console.exe").replace(PROGRAM / "upschedule.com")


def wine_python() -> tuple[Path, Prefix]:
    """Returns a Windows Python with the locked packages, and the Wine prefix that it runs in."""
    named = os.environ.get("WINDOWS_PYTHON")
    python = Path(named) / "python.exe" if named else trial_runtime.assemble(BUILD / "python")
    packages = python.parent / "Lib" / "site-packages"
    if not (packages / "PyInstaller").is_dir():
        # uv and not pip: pip judges the markers of a lock (`sys_platform == 'win32'`) by the system that it runs on.
        uv = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python-platform=x86_64-pc-windows-msvc"]
        options = ["--python-version=3.11", "--only-binary=:all:", "--require-hashes", f"--target={packages}"]
        subprocess.run([*uv, *options, "-r", str(ROOT / "requirements" / "package.txt")], check=True)
    metadata = packages / "up_schedule_generator.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: up-schedule-generator\nVersion: {version()}\n", "utf-8"
    )
    prefix = Prefix(BUILD / "prefix")
    if not prefix.drive.exists():
        prefix.create()
        trial_runtime.write_icu_stub(packages / "PySide6" / "Qt6Core.dll", prefix.drive / "windows/system32/icuuc.dll")
    return python, prefix


def build_installer() -> Path:
    target = DIST / f"upschedule-{version()}-setup.exe"
    makensis = shutil.which("makensis")
    if makensis is None:
        raise SystemExit("makensis is missing. On Debian: apt-get install nsis; on Windows: nsis.sourceforge.io")
    subprocess.run(
        [
            makensis,
            "-V2",
            "-INPUTCHARSET",
            "UTF8",
            f"-DVERSION={version()}",
            f"-DSOURCE={PROGRAM}",
            f"-DTARGET={target}",
            f"-DICON={ICONS / 'app.ico'}",
            str(ROOT / "packaging" / "windows" / "installer.nsi"),
        ],
        check=True,
    )
    return target


def megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def main() -> None:
    wanted = sys.argv[1:] or ["program", "installer", "try"]
    if "program" in wanted:
        shutil.rmtree(DIST, ignore_errors=True)
        icons.write(ICONS)
        build_program()
        print(f"Built {PROGRAM.relative_to(ROOT)}: {megabytes(PROGRAM):.0f} MB", flush=True)
    if "installer" in wanted:
        installer = build_installer()
        print(f"Built {installer.relative_to(ROOT)}: {megabytes(installer):.0f} MB", flush=True)
    if "try" in wanted:
        trial.run(next(DIST.glob("*-setup.exe")), BUILD)
        update_trial.main(wine_python()[0])


if __name__ == "__main__":
    main()
