"""Assembles a Windows CPython for a trial under Wine, from what package registries have. Never published.

An official CPython for Windows comes as an installer or archive from python.org, which not every build machine can
reach. The Windows wheel of panda3d contains the DLLs and extension modules of CPython 3.11; the pure standard library
is the same on every system. What is missing is built here with the mingw compiler: `python.exe`, `python3.dll` (every
function forwarded to python311.dll) and, for Wine only, an `icuuc.dll` (Windows 10 has one, Wine 8 does not).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

WHEEL = "panda3d==1.10.16"
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"

MAIN = """
#include <windows.h>
int wmain(int argc, wchar_t **argv) {
    HMODULE library = LoadLibraryW(L"python311.dll");
    int (*run)(int, wchar_t **) = library ? (void *)GetProcAddress(library, "Py_Main") : 0;
    return run ? run(argc, argv) : 103;
}
"""


def assemble(folder: Path) -> Path:
    """Assembles the runtime in `folder` unless it exists; returns the path of its python.exe."""
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("The trial's runtime is CPython 3.11 and takes its standard library from one: use python3.11.")
    python = folder / "python.exe"
    if python.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:"),
                *("--platform=win_amd64", "--python-version=3.11", f"--dest={work}", WHEEL),
            ],
            check=True,
        )
        with zipfile.ZipFile(next(work.glob("*.whl"))) as wheel:
            for member in wheel.namelist():
                if re.fullmatch(r"deploy_libs/[^/]+\.(dll|pyd)", member):
                    (folder / Path(member).name).write_bytes(wheel.read(member))
    library = Path(sysconfig.get_path("stdlib"))
    ignored = shutil.ignore_patterns("site-packages", "lib-dynload", "test", "tests", "__pycache__", "config-3*")
    shutil.copytree(library, folder / "Lib", ignore=ignored)
    (folder / "Lib" / "site-packages").mkdir()
    _write_forwarder(folder / "python311.dll", folder / "python3.dll")
    compile_program(MAIN, python, "-municode")
    return python


def write_icu_stub(qt: Path, target: Path) -> None:
    """Writes an icuuc.dll whose functions do nothing, so that Wine loads the Qt6Core.dll at `qt`."""
    imported = re.search(r"DLL Name: icuuc\.dll\n.*?\n(.*?)\n\n", _objdump(qt), re.DOTALL)
    if imported is None:
        return
    names = [line.split()[-1] for line in imported.group(1).splitlines()]
    _compile_dll("void *absent(void) { return 0; }", [f"{name}=absent" for name in names], target)


def _objdump(library: Path) -> str:
    return subprocess.run([OBJDUMP, "-p", library], check=True, capture_output=True, text=True).stdout


def _write_forwarder(source: Path, target: Path) -> None:
    table = _objdump(source).partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    names = [line.split()[-1] for line in table.splitlines()[1:] if line.strip()]
    _compile_dll("int nothing;", [f"{name}={source.stem}.{name}" for name in names], target)


def _compile_dll(code: str, exports: list[str], target: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".def") as definition:
        definition.write(f"LIBRARY {target.name}\nEXPORTS\n" + "\n".join(f"  {each}" for each in exports) + "\n")
        definition.flush()
        compile_program(code, target, "-shared", "-nostdlib", "-Wl,--entry=0", definition.name)


def compile_program(code: str, target: Path, *arguments: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".c") as source:
        source.write(code)
        source.flush()
        subprocess.run([COMPILER, "-O1", "-o", str(target), source.name, *arguments], check=True)
