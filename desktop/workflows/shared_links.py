"""Shared groups as a link in plain text:

upschedule:plan?year=2026&COS+212/S1/P=P02
upschedule:groups?year=2026&COS+212/S1/P=P02
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

from desktop.domain.errors import InvalidInput
from desktop.domain.records.shared_choices import (
    MAX_CHOICES,
    MAX_LINK_LENGTH,
    SCHEME,
    SharedChoices,
    SharedKind,
    checked_choices,
    groups_to_json,
)

_ASK_AGAIN_HINT = "Ask for it again, as a file or a link."


def link_of(shared: SharedChoices) -> str:
    named = groups_to_json(shared.groups).items()
    pairs = "".join(f"&{quote_plus(name, safe='/')}={quote_plus(group)}" for name, group in named)
    return f"{SCHEME}{shared.kind}?year={shared.year}{pairs}"


def read_link(text: str) -> SharedChoices:
    """Parse a link. Raises InvalidInput."""
    text = text.strip()
    head, _, query = text.partition("?")
    kind = head.lower().removeprefix(SCHEME)
    if kind not in set(SharedKind) or not head.lower().startswith(SCHEME) or len(text) > MAX_LINK_LENGTH:
        raise InvalidInput("This link does not hold anybody’s groups.", _ASK_AGAIN_HINT)
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_CHOICES + 1
        )
    except ValueError as wrong:
        raise InvalidInput("This link does not hold anybody’s groups.", _ASK_AGAIN_HINT) from wrong
    years = [value for name, value in pairs if name == "year"]
    groups = [(name, value) for name, value in pairs if name != "year"]
    year = years[0] if len(years) == 1 else ""
    return checked_choices(kind, int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None, groups)
