"""The calendar reader with a CPU limit of one second, for hostile files; `test_foreign` tests the real limit."""

from __future__ import annotations

import sys

_CHILD = """
import sys
from desktop.calendars import foreign
foreign.MAX_CPU_SECONDS = 1
sys.exit(foreign.main(sys.argv[1:]))
"""


def short_child_command() -> list[str]:
    """A replacement for `foreign.child_command`."""
    return [sys.executable, "-P", "-c", _CHILD]
