"""A separate program with one window, from which files can be dragged, as from a file manager."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Starts a drag of the files named on the command line."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(name) for name in sys.argv[1:]])
            drag = QDrag(self)
            drag.setMimeData(data)
            dropped = drag.exec(Qt.DropAction.CopyAction)
            print("dropped" if dropped is Qt.DropAction.CopyAction else "refused", flush=True)


if __name__ == "__main__":
    app = QApplication([])
    source = Source("drag from here")
    source.setWindowFlags(Qt.WindowType.FramelessWindowHint)
    source.setGeometry(0, 0, 120, 80)
    source.show()
    print("ready", flush=True)
    app.exec()
