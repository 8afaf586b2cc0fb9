"""Messages from a second start to the first, checked before they are trusted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from desktop.handover import MAX_FILES, Request, make_request, parse_request, send_request, socket_address

GOOD = {"files": ["/a.pdf"], "links": ["upschedule:link?code=1"], "background": False, "token": ""}


def test_a_request_survives_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = Path(os.fsdecode(b"na\xffme\n.pdf"))
    request = make_request([odd], ["upschedule:x"], background=True)
    assert request.files == (tmp_path / odd,), "the other process is in another folder"
    data = request.to_bytes()
    assert data.count(b"\n") == 1
    assert parse_request(data) == request


def test_a_good_request_is_understood() -> None:
    assert parse_request(json.dumps(GOOD).encode()) == Request((Path("/a.pdf"),), ("upschedule:link?code=1",))


@pytest.mark.parametrize(
    "changed",
    [
        {"files": ["relative.pdf"]},
        {"files": ["/" + "a" * 5000]},
        {"files": ["/a\0b"]},
        {"files": ["/a"] * (MAX_FILES + 1)},
        {"files": [1]},
        {"files": "/a"},
        {"links": ["https://example.org"]},
        {"links": None},
        {"background": 1},
        {"token": 7},
    ],
)
def test_what_is_no_request_is_not_believed(changed: dict[str, object]) -> None:
    assert parse_request(json.dumps(GOOD | changed).encode()) is None


def test_what_is_no_message_is_not_believed() -> None:
    for data in (b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000):
        assert parse_request(data) is None


def test_a_profile_has_one_address_however_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "profile")
    (tmp_path / "profile").mkdir()
    assert (
        socket_address(tmp_path / "link")
        == socket_address(tmp_path / "x" / ".." / "profile")
        == socket_address(tmp_path / "profile")
    )
    assert socket_address(tmp_path / "other") != socket_address(tmp_path / "profile")
    assert len(socket_address(tmp_path / ("long" * 60))) < 100, "the name of a socket has to be short"


def test_nobody_listens(tmp_path: Path) -> None:
    assert not send_request(tmp_path, Request())
