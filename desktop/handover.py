"""The request that a second start of the program sends to the first: to show its window, and to open files and links.

It goes through a local socket that only this user can reach, named after the profile. Both ends validate what they
read. Sending it needs no Qt, so that a second start ends at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LINK_SCHEME = "upschedule:"
ANSWER = b"ok\n"
MAX_BYTES = 1_000_000
MAX_FILES, MAX_LINKS, MAX_LENGTH = 2000, 20, 4096  # counts, and characters of one of them
ANSWER_TIMEOUT_SECONDS = 5.0  # seconds for an answer


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the running program: absolute paths of files, and links, to open in the window, or with `background`
    without it. `token` is an XDG activation token: some desktops raise a window only with one."""

    files: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    background: bool = False
    token: str = ""

    def to_bytes(self) -> bytes:
        """One line of JSON. Bytes of a path that are not UTF-8 are kept as escaped surrogates."""
        plain = {
            "files": [str(path) for path in self.files],
            "links": list(self.links),
            "background": self.background,
            "token": self.token,
        }
        return json.dumps(plain).encode() + b"\n"


def make_request(files: Sequence[Path], links: Sequence[str], *, background: bool) -> Request:
    """This start's request, with absolute paths, since the other process has another working directory."""
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    return Request(tuple(path.absolute() for path in files), tuple(links), background, token)


def parse_request(data: bytes) -> Request | None:
    """Parse the output of `Request.to_bytes`; None for anything else."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(plain, dict):
        return None
    files, links = _texts(plain.get("files"), MAX_FILES), _texts(plain.get("links"), MAX_LINKS)
    background, token = plain.get("background"), plain.get("token")
    if files is None or links is None or not isinstance(background, bool) or not isinstance(token, str):
        return None
    paths = tuple(Path(each) for each in files)
    if not all(path.is_absolute() for path in paths) or not all(each.lower().startswith(LINK_SCHEME) for each in links):
        return None
    return Request(paths, tuple(links), background, token[:200] if token.isprintable() else "")


def _texts(plain: Any, most: int) -> list[str] | None:
    if not isinstance(plain, list) or len(plain) > most:
        return None
    if not all(isinstance(each, str) and 0 < len(each) <= MAX_LENGTH and "\0" not in each for each in plain):
        return None
    return plain


def socket_address(profile: Path) -> str:
    """Where the program that has this profile open listens: a socket's path, or the name of a Windows pipe."""
    name = "upschedule-" + hashlib.sha256(os.fsencode(os.path.realpath(profile))).hexdigest()[:20]
    return _placed(name)


def send_request(profile: Path, request: Request) -> bool:
    """Send a request to the program that has the profile open. True if it accepted it."""
    done = threading.Event()

    def send() -> None:
        with contextlib.suppress(OSError):
            if _send(socket_address(profile), request.to_bytes()):
                done.set()

    # A daemon thread: the other program may hang, and waiting for a Windows pipe cannot be interrupted.
    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    sender.join(ANSWER_TIMEOUT_SECONDS)
    return done.is_set()


if sys.platform == "win32":

    def _placed(name: str) -> str:
        return name

    def _send(name: str, data: bytes) -> bool:
        import ctypes  # noqa: PLC0415 - only where another process listens

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # only the process started last may grant this
        with open(rf"\\.\pipe\{name}", "r+b", buffering=0) as pipe:  # noqa: PTH123 - no path of the file system
            pipe.write(data)
            return pipe.read(len(ANSWER)) == ANSWER
else:
    import socket
    import tempfile

    def _placed(name: str) -> str:
        own = Path(f"/run/user/{os.getuid()}")  # not from the environment: both starts have to use the same path
        if own.is_dir() and own.stat().st_uid == os.getuid():
            return str(own / name)
        return str(Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}")

    def _send(path: str, data: bytes) -> bool:
        if Path(path).stat().st_uid != os.getuid():
            return False  # another user's socket at the path of ours
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(ANSWER_TIMEOUT_SECONDS)
            stream.connect(path)
            stream.sendall(data)
            return stream.recv(len(ANSWER)) == ANSWER
