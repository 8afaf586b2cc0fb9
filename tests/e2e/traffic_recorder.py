"""Records the traffic between clients and a server on loopback, by a packet capture, or else by a relay.

Both record every byte in either direction, stream by stream, as someone who has decrypted TLS would see them.
"""

from __future__ import annotations

import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol
from uuid import uuid4

_ETHERNET, _COOKED, _NO_LINK = 1, 113, 101  # how libpcap says what stands before an IP packet


class TrafficRecorder(Protocol):
    """A recorded connection: clients connect to `address`; `recorded` is the traffic so far."""

    address: str

    @property
    def recorded(self) -> bytes: ...

    def close(self) -> None: ...


class Capture:
    """The packets of one port, captured on the loopback interface with tcpdump."""

    def __init__(self, port: int) -> None:
        """Raises PermissionError or FileNotFoundError, with the reason, where packets cannot be captured."""
        self.address = f"http://127.0.0.1:{port}"
        self._pcap = bytearray()
        program = shutil.which("tcpdump") or shutil.which("tcpdump", path="/usr/sbin:/sbin")
        if program is None or sys.platform != "linux":
            raise FileNotFoundError("there is no tcpdump for this system")
        command = [program, "-i", "lo", "-n", "-s", "0", "-B", "16384", "--immediate-mode", "-U", "-w", "-"]
        self._process = subprocess.Popen(
            [*command, f"tcp port {port}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
        )
        said = self._wait_until_listening()
        if "listening on" not in said:
            self._process.kill()
            self._ended()
            raise PermissionError(said.strip() or "tcpdump said nothing")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _wait_until_listening(self) -> str:
        assert self._process.stderr is not None
        said = b""
        while b"listening on" not in said and (line := self._process.stderr.readline()):
            said += line
        return said.decode(errors="replace")

    def _read(self) -> None:
        assert self._process.stdout is not None
        while part := self._process.stdout.read(65536):
            self._pcap += part

    @property
    def recorded(self) -> bytes:
        """Returns everything so far: sends a last request of its own, and waits until it is recorded."""
        mark, end = uuid4().hex, time.monotonic() + 20
        urllib.request.urlopen(f"{self.address}/healthz?{mark}", timeout=10).close()
        while True:
            found = b"\n".join(streams(bytes(self._pcap)))
            if mark.encode() in found:
                return found
            assert time.monotonic() < end, "the capture misses what was sent"
            time.sleep(0.05)

    def close(self) -> None:
        self._process.terminate()
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode(errors="replace")
        self._ended()
        assert "0 packets dropped by kernel" in said, said

    def _ended(self) -> None:
        self._process.wait(20)
        if hasattr(self, "_reader"):
            self._reader.join(20)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()


def streams(pcap: bytes) -> Iterator[bytes]:
    """Reassembles what each end of each TCP connection sent from the packets of a capture."""
    begun: dict[bytes, int] = {}  # by ends and ports, which are used again by another connection
    sent: dict[tuple[bytes, int], dict[int, bytes]] = defaultdict(dict)
    for packet in _ip_packets(pcap):
        inside = _tcp_of(packet)
        if inside is None:
            continue
        way, number, opens, data = inside
        if opens:
            begun[way] = number + 1
        elif data:
            first = begun.setdefault(way, number)
            sent[way, first].setdefault((number - first) % 2**32, data)  # numbers go round; what came twice is one
    for parts in sent.values():
        whole = bytearray()
        for at, data in sorted(parts.items()):
            whole += data[max(0, len(whole) - at) :]
        yield bytes(whole)


def _ip_packets(pcap: bytes) -> Iterator[bytes]:
    if len(pcap) < 24:
        return
    order = "<" if pcap[:4] in {b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"} else ">"
    before = {_ETHERNET: 14, _COOKED: 16, _NO_LINK: 0}[struct.unpack(order + "I", pcap[20:24])[0]]
    at = 24
    while at + 16 <= len(pcap):
        (kept,) = struct.unpack(order + "I", pcap[at + 8 : at + 12])
        if at + 16 + kept > len(pcap):
            return  # not all of it is here yet
        yield pcap[at + 16 + before : at + 16 + kept]
        at += 16 + kept


def _tcp_of(packet: bytes) -> tuple[bytes, int, bool, bytes] | None:
    """Parses an IPv4 or IPv6 packet: its ends and ports, sequence number, whether it opens a connection, its data."""
    version = packet[0] >> 4 if packet else 0
    if version == 4 and packet[9] == 6:
        header, ends, length = (packet[0] & 15) * 4, packet[12:20], int.from_bytes(packet[2:4], "big")
    elif version == 6 and packet[6] == 6:
        header, ends, length = 40, packet[8:40], 40 + int.from_bytes(packet[4:6], "big")
    else:
        return None
    segment = packet[header : length or len(packet)]  # none where it was too long for the field
    start = (segment[12] >> 4) * 4
    return ends + segment[:4], int.from_bytes(segment[4:8], "big"), bool(segment[13] & 2), segment[start:]


class Relay:
    """Relays bytes between clients and a server on loopback, and records every one."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._recorded: list[bytearray] = []
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def recorded(self) -> bytes:
        """Returns all traffic in both directions, stream by stream."""
        return b"\n".join(bytes(each) for each in self._recorded)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            far = socket.create_connection(("127.0.0.1", self._target))
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                record = bytearray()
                self._recorded.append(record)
                threading.Thread(target=self._relay, args=(one, other, record), daemon=True).start()

    @staticmethod
    def _relay(one: socket.socket, other: socket.socket, record: bytearray) -> None:
        try:
            while part := one.recv(65536):
                record += part
                other.sendall(part)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other side hung up

    def close(self) -> None:
        self._listener.close()
        for each in self._open:
            each.close()


def record_traffic(port: int) -> TrafficRecorder:
    """Records the traffic to a server: by a capture, or by a relay if this system permits no capture."""
    try:
        return Capture(port)
    except (PermissionError, FileNotFoundError):
        return Relay(port)
