"""Starts without the libraries installed, and without standard streams, as for a windowed program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_what_to_install_is_said() -> None:
    arguments = ("parse", "nothing.pdf")
    for given in (arguments, ()):
        # -S: no site-packages
        started = [sys.executable, "-S", "-m", "desktop", *given]
        done = subprocess.run(started, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert done.stderr.startswith("The application's packages are not installed: pip install ")
        assert "Traceback" not in done.stderr


def test_nothing_dies_for_want_of_standard_streams(tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    program = f"""
import pathlib, sys, warnings
from desktop import __main__
import desktop.ui.app.main as window
def run(profile, files, links, background):
    warnings.warn("something a library says")
    print("a line")
    print(sys.stdin.read() + "nothing to read", file=sys.stderr)
    return 7
window.run = run
sys.argv = ["upschedule"]
pathlib.Path({str(answer)!r}).write_text(f"{{sys.stdin}} {{sys.stdout}} {{sys.stderr}} {{__main__.main()}}")
"""
    started = [sys.executable, "-c", program]
    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *started]
    done = subprocess.run(closed, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, answer.read_text()) == (0, "None None None 7")


@pytest.mark.parametrize(("fault", "status"), [("", 0), ("desktop.store.Store.open = None", 1), ("raise OSError", 1)])
def test_an_installer_is_told_whether_this_version_starts(tmp_path: Path, fault: str, status: int) -> None:
    program = f"""
import sys
import desktop.store
import desktop.ui.app.start_check as start_check
start_check.TIMEOUT_MS = 20_000
{fault}
from desktop import __main__
sys.argv = ["upschedule", "--check-start"]
sys.exit(__main__.main())
"""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "UPSCHEDULE_PROFILE": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, timeout=120, check=False)
    assert done.returncode == status
    assert not list(tmp_path.iterdir()), "nothing of it stays, and no profile is touched"
