"""A private network: each machine in a network namespace, all on one bridge, each of which can be cut off.

A machine that is cut off receives and sends nothing, not even that a connection is closed: the other end stays half
open.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

ADDRESS = f"10.{200 + os.getpid() % 50}.{os.getpid() // 50 % 256}"
BRIDGE = f"ha{os.getpid()}"


def unavailable_reason() -> str:
    """Returns why no namespaces can be made here, or ''."""
    if os.geteuid() != 0 or shutil.which("ip") is None or shutil.which("setpriv") is None:
        return "network namespaces need root, iproute2 and util-linux"
    name = f"{BRIDGE}-try"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        return "the system allows no network namespaces"
    _ip("netns", "del", name)
    return ""


class Network:
    """`address` is the address of the machine that runs the test."""

    def __init__(self) -> None:
        self.address = f"{ADDRESS}.1"
        self.range = f"{ADDRESS}.0/24"
        self._machines: list[str] = []
        _ip("link", "add", BRIDGE, "type", "bridge")
        _ip("address", "add", f"{self.address}/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")

    def add(self) -> str:
        """Adds a machine; returns its address."""
        number = len(self._machines) + 2
        name, near, far = f"{BRIDGE}-{number}", f"{BRIDGE}n{number}", f"{BRIDGE}f{number}"
        _ip("netns", "add", name)
        self._machines.append(name)
        _ip("link", "add", near, "type", "veth", "peer", "name", far)
        _ip("link", "set", near, "master", BRIDGE, "up")
        _ip("link", "set", far, "netns", name)
        _ip("-n", name, "address", "add", f"{ADDRESS}.{number}/24", "dev", far)
        _ip("-n", name, "link", "set", far, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        return f"{ADDRESS}.{number}"

    def command(self, address: str, user: tuple[int, int]) -> list[str]:
        """Returns the prefix of a command that is to run there."""
        who = ["setpriv", f"--reuid={user[0]}", f"--regid={user[1]}", "--clear-groups"]
        return ["ip", "netns", "exec", f"{BRIDGE}-{_number(address)}", *who]

    def cut_off(self, address: str) -> None:
        _ip("link", "set", f"{BRIDGE}n{_number(address)}", "down")

    def heal(self, address: str) -> None:
        _ip("link", "set", f"{BRIDGE}n{_number(address)}", "up")

    def close(self) -> None:
        for name in self._machines:
            _ip("netns", "del", name)
        _ip("link", "del", BRIDGE)


def _number(address: str) -> str:
    return address.rpartition(".")[2]


def _ip(*arguments: str) -> None:
    _run(["ip", *arguments])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
