"""The running program's local server: what it accepts from later starts, and what it ignores."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot

from desktop.handover import ANSWER, MAX_BYTES, Request, send_request, socket_address
from desktop.ui.app.handover_server import HandoverServer
from tests.gui.user_actions import wait_until


@pytest.fixture
def server(qtbot: QtBot, tmp_path: Path) -> Iterator[HandoverServer]:
    made = HandoverServer(tmp_path)
    assert made.listen()
    yield made
    made.close()


def test_a_request_arrives_and_is_answered(server: HandoverServer, qtbot: QtBot, tmp_path: Path) -> None:
    request = Request((tmp_path / "a.pdf",), ("upschedule:x",))
    taken: list[bool] = []
    caller = Thread(target=lambda: taken.append(send_request(tmp_path, request)))
    with qtbot.waitSignal(server.request_received) as asked:
        caller.start()
    wait_until(qtbot, lambda: taken == [True])
    caller.join()
    assert asked.args == [request]


def test_only_this_user_reaches_it(server: HandoverServer, tmp_path: Path) -> None:
    assert stat.S_IMODE(Path(socket_address(tmp_path)).stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize("data", [b"nonsense\n", b"x" * (MAX_BYTES + 10)])
def test_what_is_no_request_is_cut_off(server: HandoverServer, qtbot: QtBot, tmp_path: Path, data: bytes) -> None:
    heard: list[object] = []
    server.request_received.connect(heard.append)
    answers: list[bytes] = []

    def call() -> None:
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(20)
            stream.connect(socket_address(tmp_path))
            try:
                stream.sendall(data)
                answers.append(stream.recv(10))
            except OSError:
                answers.append(b"")

    caller = Thread(target=call)
    caller.start()
    wait_until(qtbot, lambda: bool(answers))
    caller.join()
    assert answers == [b""] != [ANSWER]
    assert not heard


def test_many_that_say_nothing_keep_nobody_out_for_long(
    server: HandoverServer, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.ui.app.handover_server.REQUEST_TIMEOUT_MS", 50)
    idle = [socket.socket(socket.AF_UNIX) for _ in range(20)]
    for each in idle:
        each.setblocking(False)
        try:
            each.connect(socket_address(tmp_path))
        except BlockingIOError:
            each.close()
    taken: list[bool] = []

    def call() -> None:
        while not taken:
            if send_request(tmp_path, Request()):
                taken.append(True)

    caller = Thread(target=call, daemon=True)
    caller.start()
    wait_until(qtbot, lambda: bool(taken))
    for each in idle:
        each.close()


def test_what_a_crash_left_is_in_nobodys_way(qtbot: QtBot, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(socket_address(tmp_path))
    assert Path(socket_address(tmp_path)).exists()
    server = HandoverServer(tmp_path)
    assert server.listen()
    server.close()
