"""What a command says of its troubles: one line each, on the standard error, whatever the trouble looks like."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress

from desktop.domain.errors import AppError


def print_error(trouble: AppError | str, name: str = "") -> None:
    """One line on the standard error: what it is about, what happened, what to do."""
    line = " ".join(f"{name}: {trouble}".split() if name else str(trouble).split())
    with suppress(OSError):  # the standard error may be full; there is nowhere left to say so
        print(line, file=sys.stderr)


def undecided_words(modules: Sequence[str], *, included: bool) -> str:
    """That no group is chosen for these modules, and what became of their groups in a calendar."""
    have = "1 module has no group yet" if len(modules) == 1 else f"{len(modules)} modules have no group yet"
    fate = "all groups are in the calendar, as tentative" if included else "no group is in the calendar"
    return f"{have}: {', '.join(modules)}; {fate}."
