"""Error messages of commands, each as one line on standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from desktop.domain.errors import AppError


def print_error(trouble: AppError | str, name: str = "") -> None:
    """Print one line on standard error: what it is about (`name`), what happened, and what to do."""
    line = " ".join(f"{name}: {trouble}".split() if name else str(trouble).split())
    with suppress(OSError):  # standard error may be full; there is no place left to report that
        print(line, file=sys.stderr)


def undecided_text(modules: Sequence[str], *, included: bool) -> str:
    """A sentence saying that no group is chosen for these modules, and whether their groups are in the calendar."""
    have = "1 module has no group yet" if len(modules) == 1 else f"{len(modules)} modules have no group yet"
    fate = "all groups are in the calendar, as tentative" if included else "no group is in the calendar"
    return f"{have}: {', '.join(modules)}; {fate}."
