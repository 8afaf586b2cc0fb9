"""A TCP balancer that sends new connections to one of several servers, and keeps existing ones."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Balancer:
    """Listens on a port of loopback; `set_target` sets the target of later connections."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def set_target(self, port: int) -> None:
        self._target = port

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self._target), 2)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._sockets += [near, far]
                threading.Thread(target=self._relay, args=(near, far), daemon=True).start()
                threading.Thread(target=self._relay, args=(far, near), daemon=True).start()

    @staticmethod
    def _relay(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()
        for end in self._sockets:
            end.close()


@contextlib.contextmanager
def running_balancer(port: int) -> Iterator[Balancer]:
    balancer = Balancer(port)
    try:
        yield balancer
    finally:
        balancer.close()
