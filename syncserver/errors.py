"""`Problem`: an error that is answered as a problem document (RFC 9457).

docs/sync-protocol.md, section 1, lists the types and when they occur; `PROBLEM_TYPES` holds the texts of
`/problems/<name>`. This module knows nothing of HTTP libraries or databases.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

PROBLEM_TYPES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request is not valid HTTP or JSON"),
    "session-ended": (401, "This session has ended. Sign in again"),
    "login-refused": (401, "The name and the key do not match"),
    "challenge-stale": (401, "The challenge is too old, was used before or is for something else. Ask for a new one"),
    "registration-closed": (403, "This server does not accept this registration"),
    "account-locked": (403, "The operator of this server has locked the account. Contact them"),
    "quota-exceeded": (403, "The account is full"),
    "device-revoked": (403, "This device was signed out permanently. Sign in as a new device"),
    "proof-required": (403, "This change has to be signed with a login key"),
    "not-found": (404, "There is nothing at this address"),
    "method-not-allowed": (405, "This address does not support that method"),
    "slow-request": (408, "The request took too long to arrive"),
    "conflict": (409, "Other devices changed these records first"),
    "name-taken": (409, "Somebody else has this name. Choose another one"),
    "account-exists": (409, "This account id is in use. Make another one"),
    "token-taken": (409, "This calendar address is in use. Make another one"),
    "link-used": (409, "This code was already used. Make a new one on the other device"),
    "gone": (410, "The server cannot continue from this cursor. Begin again without one"),
    "link-closed": (410, "This code is no longer valid. Make a new one on the other device"),
    "feed-revoked": (410, "This calendar is no longer published"),
    "precondition-failed": (412, "Another device replaced the keyring first"),
    "too-large": (413, "The request is larger than this server accepts"),
    "record-too-large": (413, "A record is larger than this server accepts"),
    "unsupported-media-type": (415, "The body has to be application/json, not compressed"),
    "wrong-host": (421, "This server does not accept that host name"),
    "invalid": (422, "The request contains an invalid value"),
    "key-reused": (422, "This Idempotency-Key was used before with another body"),
    "client-outdated": (426, "This version of the application is too old for the server. Update it"),
    "precondition-required": (428, "The request has to state its precondition"),
    "rate-limited": (429, "Too many requests. Wait a little"),
    "login-delayed": (429, "Too many failed sign-ins. Wait a little"),
    "internal": (500, "The server failed. Try again later"),
    "unavailable": (503, "The server cannot answer right now. Try again in a moment"),
}


class Problem(Exception):
    """An error that is answered with a problem document in place of the result.

    `name` is a key of `PROBLEM_TYPES` (KeyError otherwise); `members` go into the document, `headers` into the answer.
    """

    def __init__(
        self, name: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        self.status, self.title = PROBLEM_TYPES[name]
        self.name = name
        self.detail = detail
        self.members = members
        self.headers = dict(headers or {})
        if self.status == HTTPStatus.UNAUTHORIZED:  # RFC 9110 asks for a challenge with every 401
            self.headers.setdefault("WWW-Authenticate", 'Bearer realm="up-schedule-sync"')
        super().__init__(f"{name}: {detail or self.title}")

    def document(self, request_id: str) -> dict[str, Any]:
        """Returns the members of the problem document, in the order a person reads them."""
        document: dict[str, Any] = {"type": f"/problems/{self.name}", "title": self.title, "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        document["instance"] = f"urn:request:{request_id}"
        return document | self.members


def invalid(pointer: str, detail: str) -> Problem:
    """Returns a 422 for one place in a well-formed body; `pointer` is a JSON pointer (RFC 6901)."""
    return Problem("invalid", detail, errors=[{"pointer": pointer, "detail": detail}])


def unavailable(detail: str, seconds: int = 2) -> Problem:
    """Returns a 503 that asks the client to retry after `seconds`."""
    return Problem("unavailable", detail, headers={"Retry-After": str(seconds)})


class ConfigurationError(Exception):
    """The settings cannot work. The message says which setting, why, and what would be right."""
