"""Sign-in to a Google account: OAuth 2.0 for installed applications (RFC 8252).

Tokens are stored only in the machine's secret store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from desktop.calendars.access import SecretStore
from desktop.calendars.network import translate_errors
from desktop.domain.errors import Cancelled, InvalidInput, NotAllowed, NotReachable
from desktop.domain.messages import LANGUAGES, msg
from desktop.languages import translator_for

if TYPE_CHECKING:
    from desktop.http_client import Response

SCOPE_OWN = ("https://www.googleapis.com/auth/calendar.app.created",)  # only calendars that this program created
SCOPE_EXISTING = (*SCOPE_OWN, "https://www.googleapis.com/auth/calendar.events.owned")  # and all that the student owns
SIGN_IN_TIMEOUT_SECONDS = 300  # seconds for the student to sign in
_EXPIRY_MARGIN_SECONDS = 60  # seconds before its expiry from which a token counts as expired
_HOST = "Google"
_MAX_RESPONSE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """The OAuth client of this program. Only tests use other addresses than Google's.

    The secret of an installed application is not confidential (RFC 8252, 8.5), but Google requires it if it issued one.
    """

    client_id: str
    client_secret: str = ""
    authorise: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    revoke: str = "https://oauth2.googleapis.com/revoke"
    api: str = "https://www.googleapis.com"

    def __post_init__(self) -> None:
        if not self.client_id.strip():
            raise InvalidInput(
                "This copy of the program has no client id for Google.",
                "Enter one in the settings; the page on Google Calendar says how to make one.",
            )

    def __repr__(self) -> str:
        return "Client()"


class GoogleSignIn:
    """One Google account. Its tokens are stored under `name`. `now` returns the seconds since 1970."""

    def __init__(
        self, client: GoogleClient, store: SecretStore, name: str = "google", now: Callable[[], float] = time.time
    ) -> None:
        self.client = client
        self._store = store
        self._name = name
        self._now = now

    def __repr__(self) -> str:
        return f"GoogleSignIn({self._name})"

    @property
    def is_signed_in(self) -> bool:
        return self._load_tokens() is not None

    def allows(self, scopes: Iterable[str]) -> bool:
        """True if the account is signed in with all of these scopes."""
        kept = self._load_tokens()
        return kept is not None and set(scopes) <= set(str(kept.get("scope", " ".join(SCOPE_OWN))).split())

    def sign_in(
        self,
        browse: Callable[[str], object],
        scopes: tuple[str, ...] = SCOPE_OWN,
        cancelled: Callable[[], bool] | None = None,
        wait: float = SIGN_IN_TIMEOUT_SECONDS,
    ) -> None:
        """Open Google's sign-in page in the browser and wait for the redirect back. Raises AppError, Cancelled."""
        verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        with _RedirectServer(state) as landing:
            question = {
                "client_id": self.client.client_id,
                "redirect_uri": landing.redirect_uri,
                "response_type": "code",
                "scope": " ".join(scopes),
                "code_challenge": challenge,
                "code_challenge_method": "S256",
                "state": state,
                "access_type": "offline",
                "prompt": "consent",
            }
            browse(f"{self.client.authorise}?{urlencode(question)}")
            code = landing.wait(cancelled, time.monotonic() + wait)
            answer = self._request_tokens(
                {
                    "grant_type": "authorization_code",
                    "code": code,
                    "code_verifier": verifier,
                    "redirect_uri": landing.redirect_uri,
                }
            )
        granted = set(str(answer.get("scope", " ".join(scopes))).split())
        if not set(scopes) <= granted:
            raise NotAllowed(
                "Google let this program in, but not to the calendar.",
                "Sign in again and leave the tick at the calendar where it is.",
            )
        if not answer.get("refresh_token"):
            raise NotAllowed("Google gave access for an hour only.", "Sign in again.")
        self._store_tokens({"scope": " ".join(scopes)} | answer)

    def token(self, *, fresh: bool = False) -> str:
        """A valid access token. `fresh` requests a new one after a refusal. Raises NotAllowed, NotReachable."""
        kept = self._load_tokens()
        if kept is None:
            raise NotAllowed("You are not signed in to Google.", "Sign in to Google, then push again.")
        if not fresh and kept["expires"] - _EXPIRY_MARGIN_SECONDS > self._now():
            return str(kept["access"])
        answer = self._request_tokens({"grant_type": "refresh_token", "refresh_token": kept["refresh"]})
        return self._store_tokens({"refresh_token": kept["refresh"], "scope": kept.get("scope", "")} | answer)

    def sign_out(self) -> None:
        """Remove the stored tokens and revoke them. They are removed even if Google cannot be reached."""
        kept = self._load_tokens()
        self._store.remove(self._name)
        if kept is not None:
            _post(self.client.revoke, {"token": kept["refresh"]})

    def store_memo(self, what: str, value: str) -> None:
        """Store a small value next to the tokens that must outlive the profile, such as the id of our calendar."""
        self._store.save(f"{self._name}/{what}", value)

    def load_memo(self, what: str) -> str:
        """The stored value; empty if there is none."""
        return self._store.load(f"{self._name}/{what}") or ""

    def remove_memo(self, what: str) -> None:
        self._store.remove(f"{self._name}/{what}")

    def _load_tokens(self) -> dict[str, Any] | None:
        try:
            kept = json.loads(self._store.load(self._name) or "null")
        except ValueError:
            return None
        is_whole = isinstance(kept, dict) and {"refresh", "access", "expires"} <= kept.keys()
        return kept if is_whole else None

    def _store_tokens(self, answer: dict[str, Any]) -> str:
        access = str(answer["access_token"])
        expires = int(self._now()) + int(answer.get("expires_in", 3600))
        kept = {"refresh": str(answer["refresh_token"]), "access": access, "expires": expires}
        if scope := answer.get("scope"):  # tokens of former versions have none; they are for SCOPE_OWN
            kept["scope"] = str(scope)
        self._store.save(self._name, json.dumps(kept))
        return access

    def _request_tokens(self, question: dict[str, str]) -> dict[str, Any]:
        question |= {"client_id": self.client.client_id}
        if self.client.client_secret:
            question |= {"client_secret": self.client.client_secret}
        response = _post(self.client.token, question)
        try:
            answer = json.loads(response.content)
        except ValueError:
            answer = {}
        if response.status == 200 and isinstance(answer, dict) and answer.get("access_token"):
            return answer
        why = answer.get("error", "") if isinstance(answer, dict) else ""
        if why == "invalid_grant":
            self._store.remove(self._name)
            raise NotAllowed(
                "Google no longer lets this program in.",
                "Sign in to Google again. Access ends when it is revoked in the Google account, when the password"
                " changes, or after half a year without use.",
            )
        if why in {"invalid_client", "unauthorized_client"}:
            raise NotAllowed(
                "Google does not know this program’s client id.",
                "Check the client id and secret in the settings; the page on Google Calendar says how to make them.",
            )
        raise NotReachable(
            msg("Google could not sign you in (it answered {status}).", status=response.status),
            "Try again in a few minutes.",
        )


def _post(url: str, form: dict[str, str]) -> Response:
    from desktop.http_client import HttpClient  # noqa: PLC0415 - needed only for requests

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with translate_errors(_HOST), HttpClient(max_bytes=_MAX_RESPONSE_BYTES, max_seconds=60) as client:
        return client.request("POST", url, content=urlencode(form).encode(), headers=headers)


def forget_sign_in(store: SecretStore, name: str, remembered: Iterable[str]) -> None:
    """Remove the tokens stored under `name`, and the values `remembered` next to them. Google is not contacted."""
    store.remove(name)
    for what in remembered:
        store.remove(f"{name}/{what}")


class _RedirectServer:
    """The loopback server that the browser is redirected to after sign-in."""

    def __init__(self, state: str) -> None:
        landing = self
        self._state = state
        self._answer: dict[str, str] | None = None

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
                """Log nothing: the request line contains the code."""

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                given = {name: values[0] for name, values in parse_qs(parts.query).items()}
                ours = parts.path == "/" and hmac.compare_digest(
                    given.get("state", "").encode(), landing._state.encode()
                )
                if ours:
                    landing._answer = given
                text = _SIGNED_IN_TEXT if ours and "code" in given else _FAILED_TEXT
                lines = "".join(
                    f"<p>{translator_for(code).localise(text)}</p>" for code in LANGUAGES
                )  # whatever the window's is
                body = f"<!doctype html><meta charset=utf-8><title>UP Schedule Generator</title>{lines}".encode()
                self.send_response(200 if ours else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.timeout = 0.2

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> _RedirectServer:
        return self

    def __exit__(self, *trouble: object) -> None:
        self._server.server_close()

    def wait(self, cancelled: Callable[[], bool] | None, deadline: float) -> str:
        while self._answer is None:
            if cancelled is not None and cancelled():
                raise Cancelled("Signing in was stopped.")
            if time.monotonic() > deadline:
                raise NotReachable("Google’s sign-in page was not completed.", "Try again, and finish it there.")
            self._server.handle_request()
        code = self._answer.get("code", "")
        if not code:
            raise NotAllowed("Google was told not to let this program in.", "Sign in again and allow it there.")
        return code


_SIGNED_IN_TEXT = msg("You are signed in. This page can be closed.")
_FAILED_TEXT = msg("Signing in did not work. Go back to UP Schedule Generator and try again.")
