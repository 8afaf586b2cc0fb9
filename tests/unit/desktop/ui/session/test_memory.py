from __future__ import annotations

import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.ui.session import memory


def test_a_circle_of_qt_objects_is_destroyed_on_the_main_thread(qtbot: QtBot) -> None:
    memory.collect_on_main_thread()
    died_on: list[int] = []

    class Circle(QObject):
        pass

    def drop() -> None:
        circle = Circle()
        circle.itself = circle  # type: ignore[attr-defined]
        weakref.finalize(circle, lambda: died_on.append(threading.get_ident()))

    kept: list[list[object]] = []  # counted are objects that are made and not freed again
    drop()
    worker = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    worker.start()
    worker.join()
    assert died_on == []
    qtbot.waitUntil(lambda: bool(died_on))
    assert died_on == [threading.get_ident()]
