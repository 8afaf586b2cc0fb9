"""A server's database file: opened completely, or not at all."""

import asyncio
import threading
from pathlib import Path

import pytest

from syncserver.db.sqlite import Sqlite


def test_a_file_that_cannot_be_opened_leaves_no_connection_open(tmp_path: Path) -> None:
    path = tmp_path / "sync.sqlite3"
    path.write_bytes(b"this is no database, and long enough to be looked at " * 100)
    before = set(threading.enumerate())
    with pytest.raises(Exception, match="database"):
        asyncio.run(Sqlite.connect(path, 1.0))
    for thread in set(threading.enumerate()) - before:  # each open connection is a thread
        thread.join(10)
        assert not thread.is_alive()
