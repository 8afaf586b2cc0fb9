"""The reader of calendars with less patience, for those that use up whatever it has; its own is tried in
`test_foreign`."""

from __future__ import annotations

import sys

_CHILD = """
import sys
from desktop.calendars import foreign
foreign.CPU_SECONDS = 1
sys.exit(foreign.main(sys.argv[1:]))
"""


def short_command() -> list[str]:
    """In the place of `foreign.child_command`."""
    return [sys.executable, "-P", "-c", _CHILD]
