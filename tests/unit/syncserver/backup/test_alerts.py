"""Alerts over real HTTP and real SMTP with TLS on loopback."""

import asyncio
import contextlib
import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from syncserver.backup import alerts, archive
from syncserver.config import Config
from syncserver.errors import ConfigurationError

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated:DeprecationWarning")  # by the library, at import


class Webhook:
    """A webhook receiver: the bodies received, by path."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, object]]] = []
        self.status = 200
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.got.append((self.path, json.loads(body)))
                self.send_response(webhook.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    hook = Webhook()
    thread = threading.Thread(target=hook.server.serve_forever, daemon=True)
    thread.start()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()
    thread.join(5)


def test_a_webhook_gets_json(webhook: Webhook) -> None:
    assert alerts.send_alert([f"json://127.0.0.1:{webhook.port}/alerts"], "Backup failed", "The disk is full.") == []
    [(path, body)] = webhook.got
    assert path.startswith("/alerts")
    assert (body["title"], body["message"], body["type"]) == ("Backup failed", "The disk is full.", "failure")


@pytest.mark.parametrize(
    ("plugin", "attribute", "address"),
    [
        ("slack", "webhook_url", "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
        ("discord", "notify_url", f"https://discord.com/api/webhooks/{'1' * 18}/{'a' * 68}"),
    ],
)
def test_slack_and_discord_get_what_they_read(
    plugin: str, attribute: str, address: str, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = pytest.importorskip(f"apprise.plugins.{plugin}")
    kind = getattr(module, f"Notify{plugin.capitalize()}")
    monkeypatch.setattr(kind, attribute, f"http://127.0.0.1:{webhook.port}/{plugin}")
    assert alerts.send_alert([address], "Backup overdue", "26 hours.") == []
    [(path, body)] = webhook.got
    assert path.startswith(f"/{plugin}")
    assert "26 hours." in json.dumps(body)


def test_one_that_fails_does_not_stop_the_others_and_no_secret_is_told(
    webhook: Webhook, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = ["json://user:secret-word@127.0.0.1:1/x", f"json://127.0.0.1:{webhook.port}/y"]
    assert alerts.send_alert(addresses, "t", "b") == ["json"]
    assert len(webhook.got) == 1
    captured = capsys.readouterr()
    assert "secret-word" not in caplog.text + captured.out + captured.err


def test_an_address_nobody_understands_is_said_without_its_secrets() -> None:
    with pytest.raises(ConfigurationError, match="of kind smoke") as raised:
        alerts.send_alert(["smoke://user:secret-word@hill"], "t", "b")
    assert "secret-word" not in str(raised.value)


def test_a_failed_backup_reaches_the_webhook(webhook: Webhook, tmp_path: Path) -> None:
    config = Config(data_folder=str(tmp_path), notify_urls=(f"json://127.0.0.1:{webhook.port}/alerts",))
    with pytest.raises(ConfigurationError):
        archive.make_backup(config)
    [(_, body)] = webhook.got
    assert "failed" in str(body["title"])
    assert "SYNC_BACKUP_PUBLIC_KEY" in str(body["message"])


def certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem")
    return context


class Mail:
    """An SMTP server that offers nothing before STARTTLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.message = ""
        self.in_clear: list[str] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        secure = False

        def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")

        say("220 localhost")
        with contextlib.suppress(ConnectionError):
            while line := (await reader.readline()).decode().strip():
                verb = line.split()[0].upper()
                if not secure:
                    self.in_clear.append(verb)
                if verb == "EHLO":
                    say("250-localhost\r\n250 AUTH PLAIN LOGIN" if secure else "250-localhost\r\n250 STARTTLS")
                elif verb == "STARTTLS":
                    say("220 go")
                    await writer.drain()
                    await writer.start_tls(self.context)
                    secure = True
                elif verb == "AUTH":
                    say("235 welcome")
                elif verb == "DATA":
                    say("354 go")
                    while (text := (await reader.readline()).decode()) != ".\r\n":
                        self.message += text
                    say("250 kept")
                elif verb == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("250 fine")
        writer.close()


def test_an_email_goes_over_tls_only(tmp_path: Path) -> None:
    mail = Mail(certificate(tmp_path))

    async def go() -> list[str]:
        server = await asyncio.start_server(mail.talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        address = f"mailtos://op:word@127.0.0.1:{port}/?from=sync@example.org&to=op@example.org&mode=starttls&verify=no"
        async with server:
            return await asyncio.to_thread(alerts.send_alert, [address], "Backup failed", "The disk is full.")

    assert asyncio.run(go()) == []
    assert "Subject: Backup failed" in mail.message
    assert set(mail.in_clear) == {"EHLO", "STARTTLS"}
