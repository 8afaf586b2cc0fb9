"""A publisher of new versions, as made by `packaging/release`, served over loopback, and attacks on it in transit."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "packaging" / "release"))

import repository  # type: ignore[import-not-found]  # noqa: E402 - of packaging/release

from desktop.updates.client import UpdateClient  # noqa: E402
from desktop.updates.fetcher import HttpFetcher, open_client  # noqa: E402
from desktop.updates.source import Source  # noqa: E402
from desktop.updates.versions import Changes, Release  # noqa: E402

INSTALLER = b"the whole installer " * 1000


class Publisher:
    """A published folder with all its keys, which are together only in a test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repository = repository.Repository(folder)
        self.signers = {role: repository.new_keys(role) for role in repository.ROLES}
        self.repository.start(self.signers)

    @property
    def root(self) -> bytes:
        return (self.folder / "metadata" / "1.root.json").read_bytes()

    def publish(
        self,
        version: str,
        installer: bytes = INSTALLER,
        changes: dict[str, str] | None = None,
        system: str = sys.platform,
    ) -> Release:
        path = self.folder.parent / f"upschedule-{version}-setup.exe"
        path.write_bytes(installer)
        texts = changes or {each: f"### Added\n- What {each} adds." for each in ("0.3.0", "0.2.0", "0.1.0")}
        told = tuple(Changes(each, text) for each, text in texts.items())
        release = Release(version, f"https://example.org/{version}", {system: path.name}, told)
        self.repository.publish(release, [path], self.signers)
        return release


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, altered: dict[str, Callable[[_Handler], None]], **more: Any) -> None:
        self.altered = altered
        super().__init__(*given, **more)

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        for name, answer in self.altered.items():
            if self.path.endswith(name):
                answer(self)
                return
        super().do_GET()

    def log_message(self, *_told: object) -> None: ...


class ServedFolder:
    """A folder served at an address. `altered` replaces answers, by the end of their path."""

    def __init__(
        self, address: str, requested_paths: list[str], altered_answers: dict[str, Callable[[Any], None]]
    ) -> None:
        self.address = address
        self.asked = requested_paths
        self.altered = altered_answers


@contextmanager
def served_folder(folder: Path) -> Iterator[ServedFolder]:
    altered: dict[str, Callable[[Any], None]] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder), altered=altered))
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield ServedFolder(f"http://127.0.0.1:{server.server_port}/", server.asked, altered)  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@contextmanager
def client(served_at: ServedFolder, root: bytes, folder: Path) -> Iterator[UpdateClient]:
    with open_client() as http:
        yield UpdateClient(Source(served_at.address, root), folder, HttpFetcher(http))


def endless(handler: Any) -> None:
    """An answer that never ends."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        return
