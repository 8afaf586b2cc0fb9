"""The ear of the program that runs: later starts on its profile tell it what they were asked to open."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop import handover

AT_ONCE = 8  # connections; a start needs one
LISTENS = 5000  # milliseconds that one may take to say what it wants


class HandoverServer(QObject):
    """Listens for later starts on a profile that this process holds the lock of."""

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
        """Begins; whether it can. What a crash left in the way is removed: the lock says that nobody listens there."""
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
    """One connection: a line is read, counted, checked and answered."""

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
