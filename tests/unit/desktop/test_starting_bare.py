"""The program, started where its libraries are not installed."""

import subprocess
import sys
from pathlib import Path

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
