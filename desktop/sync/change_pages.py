"""Reads the pages of a server's changes, with limits so that a faulty server cannot make this go on for ever."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.sync import wire
from desktop.sync.ports import Remote

MAX_ROWS = 100_000  # of one pull: far more than a server accepts from one account
MAX_BYTES = 256 * 1024 * 1024


class EndlessResponse(wire.InvalidResponse):
    """The server keeps announcing another page without making progress, or sends too much."""

    def __init__(self) -> None:
        super().__init__(
            "The server’s answer has no end.", "Tell whoever runs the server. What is stored here is as it was."
        )


def changes_after(remote: Remote, cursor: str | None) -> Iterator[wire.ChangesPage]:
    """Yields all pages after a cursor.

    Raises EndlessResponse if a page that is not the last one has no rows, does not advance the cursor, or exceeds the
    limits.
    """
    rows = size = 0
    while True:
        page = remote.changes(cursor)
        rows += len(page.rows)
        size += sum(len(row.blob) for row in page.rows)
        leads_on = cursor is None or wire.cursor_number(page.cursor) > wire.cursor_number(cursor)
        if page.more and not (page.rows and leads_on and rows <= MAX_ROWS and size <= MAX_BYTES):
            raise EndlessResponse
        yield page
        if not page.more:
            return
        cursor = page.cursor
