"""Receives requests from later starts of the program on the same profile: the files and links they are to open."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop import handover

MAX_CONNECTIONS = 8  # concurrent connections; a start needs one
REQUEST_TIMEOUT_MS = 5000  # milliseconds that a connection may take to send its request


class HandoverServer(QObject):
    """Local server of the process that holds the lock of a profile."""

    request_received = Signal(object)  # a handover.Request

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = handover.socket_address(profile)
        self._open_connections = 0
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(MAX_CONNECTIONS)
        self._server.newConnection.connect(self._accept_connections)

    def listen(self) -> bool:
        """Starts listening, and returns whether that succeeded.

        A socket file left behind by a crash is removed first: this process holds the lock, so no other one uses it.
        """
        if sys.platform != "win32":
            QLocalServer.removeServer(self._address)
        return self._server.listen(self._address)

    def close(self) -> None:
        self._server.close()

    def _accept_connections(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            if self._open_connections >= MAX_CONNECTIONS:
                socket.abort()
                socket.deleteLater()
                continue
            self._open_connections += 1
            _Connection(socket, self).request_received.connect(self.request_received)

    def connection_closed(self) -> None:
        self._open_connections -= 1


class _Connection(QObject):
    """One connection: reads a line of limited length, validates it, and answers it."""

    request_received = Signal(object)

    def __init__(self, socket: QLocalSocket, server: HandoverServer) -> None:
        super().__init__(server)
        self._socket = socket
        self._data = bytearray()
        socket.setParent(self)
        socket.setReadBufferSize(handover.MAX_BYTES + 1)
        socket.readyRead.connect(self._read)
        socket.disconnected.connect(self.deleteLater)
        self.destroyed.connect(server.connection_closed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._abort)
        self._timer.start(REQUEST_TIMEOUT_MS)
        self._read()

    def _read(self) -> None:
        self._data += self._socket.read(handover.MAX_BYTES + 1 - len(self._data)).data()
        line, end, _rest = bytes(self._data).partition(b"\n")
        if not end and len(self._data) <= handover.MAX_BYTES:
            return
        request = handover.parse_request(line) if end else None
        self._socket.readyRead.disconnect(self._read)
        if request is None:
            self._abort()
            return
        self._socket.write(handover.ANSWER)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self.request_received.emit(request)

    def _abort(self) -> None:
        self._socket.abort()
        self.deleteLater()
