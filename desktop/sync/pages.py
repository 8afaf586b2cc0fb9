"""The pages of a server's changes, which come to an end whatever the server says."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.sync import wire
from desktop.sync.ports import Remote

MOST_ROWS = 100_000  # of one pull: far more than a server takes of an account
MOST_BYTES = 256 * 1024 * 1024


class EndlessAnswer(wire.BadAnswer):
    """There is always one more page."""

    def __init__(self) -> None:
        super().__init__(
            "The server’s answer has no end.", "Tell whoever runs the server. What is stored here is as it was."
        )


def changes_after(remote: Remote, cursor: str | None) -> Iterator[wire.ChangesPage]:
    """All pages after a cursor. Each has to bring something and to lead further. Raises EndlessAnswer."""
    rows = size = 0
    while True:
        page = remote.changes(cursor)
        rows += len(page.rows)
        size += sum(len(row.blob) for row in page.rows)
        leads_on = cursor is None or wire.cursor_number(page.cursor) > wire.cursor_number(cursor)
        if page.more and not (page.rows and leads_on and rows <= MOST_ROWS and size <= MOST_BYTES):
            raise EndlessAnswer
        yield page
        if not page.more:
            return
        cursor = page.cursor
