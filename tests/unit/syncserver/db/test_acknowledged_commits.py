"""Memory of acknowledged commits: never too few, in this process and in the next."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from syncserver.db import acknowledged_commits
from syncserver.db.acknowledged_commits import AcknowledgedCommits, CommitMarker

SERVER = "5e7ve7"


def begun(folder: Path | None = None) -> tuple[AcknowledgedCommits, CommitMarker]:
    commits, first = AcknowledgedCommits(folder), CommitMarker.new()
    commits.start_from(SERVER, first, commits.next_sequence())
    return commits, first


def test_one_that_was_sent_later_stands_for_those_acknowledged_before() -> None:
    commits, _ = begun()
    one, two, three = CommitMarker.new(), CommitMarker.new(), CommitMarker.new()
    commits.acknowledge(one, commits.next_sequence())
    assert commits.last_acknowledged(SERVER) == {one}
    sent_two, sent_three = commits.next_sequence(), commits.next_sequence()
    commits.acknowledge(three, sent_three)
    assert commits.last_acknowledged(SERVER) == {three}
    commits.acknowledge(two, sent_two)
    assert commits.last_acknowledged(SERVER) == {two, three}, "nobody knows which of them is later in the log"
    four = CommitMarker.new()
    commits.acknowledge(four, commits.next_sequence())
    assert commits.last_acknowledged(SERVER) == {four}


def test_others_are_heard_until_something_later_stands_for_theirs() -> None:
    here, first = begun()
    there, second = begun()
    here.receive(there.announcement())
    assert here.last_acknowledged(SERVER) == {first, second}
    assert there.announcement() == "", "told once"
    here.receive(here.announcement())
    sent = here.next_sequence()
    third = CommitMarker.new()
    there.acknowledge(third, there.next_sequence())
    here.receive(there.announcement())
    mine = CommitMarker.new()
    here.acknowledge(mine, sent)
    assert here.last_acknowledged(SERVER) == {third, mine}, "what was sent before it was heard may be earlier"
    for text in ("", "nobody", "x:", "x:not.a.marker", "x:..,"):
        here.receive(text)
    assert here.last_acknowledged(SERVER) == {third, mine}


def test_the_next_process_knows_what_one_that_was_killed_acknowledged(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from pathlib import Path
from syncserver.db.acknowledged_commits import AcknowledgedCommits, CommitMarker
commits = AcknowledgedCommits(Path(sys.argv[1]))
commits.start_from(sys.argv[2], CommitMarker.new(), commits.next_sequence())
marker = CommitMarker("A" * 22, "B" * 21 + "A")
commits.acknowledge(marker, commits.next_sequence())
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program, str(tmp_path), SERVER], check=False, timeout=60)
    marker = CommitMarker("A" * 22, "B" * 21 + "A")
    commits = AcknowledgedCommits(tmp_path)
    assert commits.last_acknowledged(SERVER) == {marker}
    assert commits.last_acknowledged("another") is None
    commits.start_from(SERVER, marker, commits.next_sequence())
    assert len(list(tmp_path.iterdir())) == 1, "the file of the one that ended has served"


def test_the_file_of_a_process_that_runs_is_its_own(tmp_path: Path) -> None:
    running, _ = begun(tmp_path)
    assert AcknowledgedCommits(tmp_path).last_acknowledged(SERVER) is None
    running.acknowledge(CommitMarker.new(), running.next_sequence())


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({}, True),
        ({"boot": "before"}, False),  # the machine went down: what it wrote last may not be there
        ({"boot": "before", "flushed": True}, True),
        ({"at": time.time() - 86_400}, False),  # what it names may have been cleaned up
        ({"commits": []}, False),
        ({"server": "another"}, False),
    ],
)
def test_a_file_counts_only_where_it_says_all(tmp_path: Path, changes: dict[str, Any], known: bool) -> None:
    commits, first = begun(tmp_path)
    path = next(tmp_path.iterdir())
    values = json.loads(path.read_text().splitlines()[0])
    commits.close()
    path.write_text(json.dumps(values | changes) + "\n")
    assert AcknowledgedCommits(tmp_path).last_acknowledged(SERVER) == ({first} if known else None)


def test_a_process_that_stops_in_order_leaves_a_file_that_outlives_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits, first = begun(tmp_path)
    commits.close()
    boot = tmp_path / "boot_id"
    boot.write_text("after")
    monkeypatch.setattr(acknowledged_commits, "BOOT_ID_FILE", boot)
    assert AcknowledgedCommits(tmp_path).last_acknowledged(SERVER) == {first}


def test_a_file_that_is_torn_or_not_ours_counts_for_nothing(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"\0" * 600, b"[]\n", b'{"server": "5e7ve7", "comm')):
        (tmp_path / f"{number}.json").write_bytes(content)
    assert AcknowledgedCommits(tmp_path).last_acknowledged(SERVER) is None


def test_without_a_folder_to_write_in_the_process_remembers_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    commits, first = begun(tmp_path / "file")
    assert commits.last_acknowledged(SERVER) == {first}
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208
