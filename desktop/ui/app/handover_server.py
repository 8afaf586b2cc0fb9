"""Receives requests from later starts of the program on the same profile: the files and links they are to open."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop import handover

AT_ONCE = 8  # concurrent connections; a start needs one
LISTENS = 5000  # milliseconds that a connection may take to send its request


class HandoverServer(QObject):
    """Local server of the process that holds the lock of a profile."""

    asked = Signal(object)  # a handover.Request

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = handover.address(profile)
        self._open = 0
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(AT_ONCE)
        self._server.newConnection.connect(self._connected)

    def listen(self) -> bool:
        """Starts listening, and returns whether that succeeded.

        A socket file left behind by a crash is removed first: this process holds the lock, so no other one uses it.
        """
        if sys.platform != "win32":
            QLocalServer.removeServer(self._address)
        return self._server.listen(self._address)

    def close(self) -> None:
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if self._open >= AT_ONCE:
                socket.abort()
                socket.deleteLater()
                continue
            self._open += 1
            _Caller(socket, self).heard.connect(self.asked)

    def gone(self) -> None:
        self._open -= 1


class _Caller(QObject):
    """One connection: reads a line of limited length, validates it, and answers it."""

    heard = Signal(object)

    def __init__(self, socket: QLocalSocket, server: HandoverServer) -> None:
        super().__init__(server)
        self._socket = socket
        self._data = bytearray()
        socket.setParent(self)
        socket.setReadBufferSize(handover.MOST_BYTES + 1)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)
        self.destroyed.connect(server.gone)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)
        self._timer.start(LISTENS)
        self._read()

    def _read(self) -> None:
        self._data += self._socket.read(handover.MOST_BYTES + 1 - len(self._data)).data()
        line, end, _rest = bytes(self._data).partition(b"\n")
        if not end and len(self._data) <= handover.MOST_BYTES:
            return
        request = handover.request_from(line) if end else None
        self._socket.readyRead.disconnect(self._read)
        if request is None:
            self._end()
            return
        self._socket.write(handover.ANSWER)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self.heard.emit(request)

    def _end(self) -> None:
        self._socket.abort()
        self.deleteLater()
