"""What a command says of its troubles: one line each, on the standard error, whatever the trouble looks like."""

from __future__ import annotations

import sys

from desktop.domain.errors import AppError


def say(trouble: AppError | str, name: str = "") -> None:
    """One line on the standard error: what it is about, what happened, what to do."""
    line = " ".join(f"{name}: {trouble}".split() if name else str(trouble).split())
    print(line, file=sys.stderr)
