"""Real CalDAV servers on loopback, and a proxy that loses, refuses and counts requests."""

import contextlib
import http.client
import imaplib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

USER, PASSWORD = "ann", "correct horse"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def running(
    command: list[str], port: int, log: Path, ended_by: signal.Signals = signal.SIGTERM, **options: Any
) -> Iterator[None]:
    """`options` are those of Popen."""
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, **{"cwd": log.parent} | options)
        try:
            deadline = time.monotonic() + 30
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(ended_by)
            process.wait(10)


@contextlib.contextmanager
def radicale(folder: Path, rights: str = "") -> Iterator[str]:
    """Radicale with one user; `rights` is the text of a rights file. Yields the address."""
    port = free_port()
    (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
    command = [sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}"]
    command += ["--auth-type", "htpasswd", "--auth-htpasswd-filename", str(folder / "users")]
    command += ["--auth-htpasswd-encryption", "plain", "--auth-delay", "0", "--logging-level", "warning"]
    command += ["--storage-filesystem-folder", str(folder / "collections"), "--web-type", "none"]
    if rights:
        (folder / "rights").write_text(rights)
        command += ["--rights-type", "from_file", "--rights-file", str(folder / "rights")]
    with running(command, port, folder / "radicale.log"):
        yield f"http://127.0.0.1:{port}/"


@contextlib.contextmanager
def xandikos(folder: Path) -> Iterator[str]:
    """Xandikos, without a password. Yields the address."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "xandikos",
        "serve",
        "-d",
        str(folder / "dav"),
        "--defaults",
        "--no-detect-systemd",
    ]
    command += [
        "-l",
        "127.0.0.1",
        "-p",
        str(port),
        "--current-user-principal",
        f"/{USER}/",
        "--state-dir",
        str(folder / "state"),
    ]
    with running(command, port, folder / "xandikos.log"):
        yield f"http://127.0.0.1:{port}/"


CYRUS = Path("/usr/lib/cyrus/bin")
_IMAPD_CONF = """
configdirectory: {folder}/conf
proc_path: {folder}/run/proc
mboxname_lockpath: {folder}/run/lock
defaultpartition: default
partition-default: {folder}/spool
admins: admin
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {folder}/sasldb
sasl_mech_list: PLAIN LOGIN
httpmodules: caldav
unixhierarchysep: yes
altnamespace: yes
caldav_create_default: no
"""
_CYRUS_CONF = """
START {{ recover cmd="{bin}/ctl_cyrusdb -C {folder}/imapd.conf -r" }}
SERVICES {{
  imap cmd="{bin}/imapd -C {folder}/imapd.conf" listen="127.0.0.1:{imap}" prefork=0
  http cmd="{bin}/httpd -C {folder}/imapd.conf" listen="127.0.0.1:{http}" prefork=0
}}
EVENTS {{ }}
"""


@dataclass
class Cyrus:
    """A running Cyrus server, and an administrator's access to its mailboxes."""

    url: str
    imap: int

    def make_read_only(self, calendar: str) -> None:
        """Revoke write access to a calendar, given by its address, from its user."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as admin:
            admin.login("admin", PASSWORD)
            name = calendar.rstrip("/").rpartition("/")[2]
            assert admin.setacl(f'"user/{USER}/#calendars/{name}"', USER, "lrs9")[0] == "OK"


@contextlib.contextmanager
def cyrus() -> Iterator[Cyrus]:
    """Debian's Cyrus, with one user. It runs as a system user of its own, which only root can start."""
    # Not in pytest's folder, where that user may not go.
    with tempfile.TemporaryDirectory(prefix="cyrus-", ignore_cleanup_errors=True) as name:
        folder, imap, http = Path(name), free_port(), free_port()
        for part in ("conf", "spool", "run"):
            (folder / part).mkdir()
        (folder / "imapd.conf").write_text(_IMAPD_CONF.format(folder=folder).lstrip())
        (folder / "cyrus.conf").write_text(_CYRUS_CONF.format(bin=CYRUS, folder=folder, imap=imap, http=http))
        for user in (USER, "admin"):
            command = ["saslpasswd2", "-p", "-c", "-f", folder / "sasldb", "-u", socket.gethostname(), user]
            subprocess.run(command, input=PASSWORD.encode(), check=True)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "cyrus", "mail")
        command = [str(CYRUS / "master"), "-C", str(folder / "imapd.conf"), "-M", str(folder / "cyrus.conf")]
        command += ["-p", str(folder / "run" / "master.pid")]
        with running(command, http, folder / "cyrus.log"):
            with imaplib.IMAP4("127.0.0.1", imap) as admin:
                admin.login("admin", PASSWORD)
                assert admin.create(f"user/{USER}")[0] == "OK"
            yield Cyrus(f"http://127.0.0.1:{http}/", imap)


@dataclass
class Fault:
    """A fault for one request in the proxy: `refuse` it, `lose` its answer, or `say` a status without forwarding it."""

    kind: str
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Proxy:
    """A proxy in front of a server. `fault` is called for each request (method and path) and may return a fault."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").strip("/").partition(":")
        self.target = (host, int(port))
        self.fault: Callable[[str, str], Fault | None] = lambda method, path: None
        self.seen: list[tuple[str, str, int]] = []  # method, path, status
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: object) -> None:
                pass

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                fault = proxy.fault(self.command, self.path)
                if fault is not None and fault.kind == "refuse":
                    return self._cut()
                if fault is not None and fault.kind == "say":
                    return self._answer(fault.status, fault.headers, fault.body)
                # The host stays as asked for, so that the server names its resources as seen from here.
                upstream = http.client.HTTPConnection(*proxy.target, timeout=30)
                try:
                    upstream.request(self.command, self.path, body, {**self.headers, "Connection": "close"})
                    answer = upstream.getresponse()
                    content = answer.read()
                finally:
                    upstream.close()
                if fault is not None and fault.kind == "lose":
                    return self._cut()
                kept = ("connection", "transfer-encoding", "content-length", "date", "server")
                headers = {name: value for name, value in answer.getheaders() if name.lower() not in kept}
                return self._answer(answer.status, headers, content)

            def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
                proxy.seen.append((self.command, self.path, status))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def _cut(self) -> None:
                proxy.seen.append((self.command, self.path, 0))
                self.close_connection = True
                with contextlib.suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):  # every method, those of WebDAV too
                    return self._pass
                raise AttributeError(name)

        return Handler
