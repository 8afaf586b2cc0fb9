"""Turns a server's error responses (problem documents) into the application's exceptions.

The errors that sync reacts to (a conflict, another epoch, a refused record) are classes here; all others are only
shown to the user.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop.domain.errors import AppError, NotAllowed, NotReachable
from desktop.domain.messages import msg
from desktop.domain.records.records import Json
from desktop.sync import wire


class SessionEnded(NotAllowed):
    """The session is no longer valid; the program signs in again with the stored keys."""

    def __init__(
        self,
        title: str = "This device is no longer signed in.",
        hint: str = "Sign in again; nothing on this machine is lost.",
    ) -> None:
        super().__init__(title, hint)


class LoginRefused(NotAllowed):
    """The name is unknown or the key wrong; a server does not reveal which."""


class ChallengeStale(NotReachable):
    """The challenge was too old. A new one is tried once, and again later (the server's clock may be jumping)."""


class DeviceRevoked(NotAllowed):
    """This device was removed from the account."""


class NameTaken(NotAllowed):
    """The name is already in use on this server."""


class AccountExists(NotAllowed):
    """The account id is or was in use."""


class ProofRequired(NotAllowed):
    """The request needs a signature."""


class Outdated(NotAllowed):
    """The server does not support a version this old."""


class Absent(NotAllowed):
    """Nothing exists at this address (any more)."""


class CodeUsed(NotAllowed):
    """The code for a new device has already received its one request."""


class CodeClosed(NotAllowed):
    """The code for a new device was withdrawn, has expired, or never existed."""


class Conflict(NotAllowed):
    """Other devices changed records first; `current` has the server's rows by id (None: it has no such row)."""

    def __init__(self, current: Mapping[str, wire.ServerRecord | None]) -> None:
        super().__init__("Another device changed the same records first.", "They are merged at the next try.")
        self.current = current


class Gone(NotAllowed):
    """The cursor is invalid: `reason` is `epoch` (the server was restored) or `gc` (it forgot old deletions)."""

    def __init__(self, reason: str) -> None:
        super().__init__("The server was restored or has forgotten old deletions.", "Sync begins again.")
        self.reason = reason


class KeyringChanged(NotAllowed):
    """Another device replaced the keyring first; `current` is the server's keyring now."""

    def __init__(self, current: wire.Keyring) -> None:
        super().__init__("Another device changed the keys of the account first.", "Try again.")
        self.current = current


class RecordRefused(NotAllowed):
    """The server refused records: those at `indexes` in the batch, or the one with `record_id`."""

    def __init__(self, title: str, indexes: frozenset[int] = frozenset(), record_id: str | None = None) -> None:
        super().__init__(title)
        self.indexes = indexes
        self.record_id = record_id


class OverQuota(NotAllowed):
    """The account's quota is used up: `room` is what is left of the resource named `quota`."""

    def __init__(self, quota: str, room: int) -> None:
        things = {
            "records": msg("entries"),
            "bytes": msg("bytes"),
            "devices": msg("devices"),
            "feeds": msg("published calendars"),
        }
        super().__init__(
            msg("The server keeps no more {things} for this account.", things=things.get(quota, quota)),
            "Remove what you no longer need, or ask whoever runs the server.",
        )
        self.quota = quota
        self.room = room


class KeyReused(NotAllowed):
    """The idempotency key was used before with different bytes."""


def unreachable(host: str, *, late: bool) -> NotReachable:
    """The error for a request without a response; `late` if it timed out."""
    return NotReachable(
        msg("{host} did not answer in time." if late else "{host} could not be reached.", host=host),
        "Check the network and the address; it is tried again by itself.",
    )


def error_from_problem(status: int, retry_after: str | None, problem: Mapping[str, Json]) -> AppError:
    """The exception for a response with a status of 400 or more."""
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    told = str(problem.get("title", ""))[:200]
    simple: dict[str, AppError] = {
        "session-ended": SessionEnded(),
        "login-refused": LoginRefused(
            "The name or the password is wrong.", "Check both; the server does not say which one it is."
        ),
        "challenge-stale": ChallengeStale("The server took too long to answer.", "It is tried again by itself."),
        "registration-closed": NotAllowed(
            "This server does not take new accounts without an invitation.", "Ask whoever runs it for one."
        ),
        "account-locked": NotAllowed(
            "Whoever runs the server has locked this account.", "Ask them why; nothing on this machine is lost."
        ),
        "device-revoked": DeviceRevoked(
            "This device was removed from the account.",
            "Sign in again to use it there; nothing on this machine is lost.",
        ),
        "proof-required": ProofRequired("The server asks for a signature.", "Sign in again."),
        "name-taken": NameTaken("This name is taken on this server.", "Choose another, or sign in if it is yours."),
        "account-exists": AccountExists("This account cannot be made again.", "Create a new one."),
        "token-taken": NotAllowed("This address of a calendar was used before.", "Publish it under a new address."),
        "feed-revoked": Absent("This calendar is published no more.", "Ask for a new address."),
        "link-used": CodeUsed(
            "This code was used already.", "If it was not you, end it on the other device. Make a new one there."
        ),
        "link-closed": CodeClosed("This code is no longer good.", "Make a new one on the other device."),
        "not-found": Absent("There is nothing at this address.", "Check the address."),
        "client-outdated": Outdated("This server needs a newer version of the program.", "Update the program."),
        "key-reused": KeyReused("The server mixed up two requests.", "Try again."),
        "wrong-host": NotAllowed(
            "The server does not know this address.", "Enter the address that whoever runs it gives."
        ),
    }
    if kind in simple:
        return simple[kind]
    if kind == "conflict":
        return Conflict(wire.conflicts_from_json(dict(problem)))
    if kind == "gone":
        return Gone("gc" if problem.get("reason") == "gc" else "epoch")
    if kind == "precondition-failed":
        return KeyringChanged(wire.keyring_from_json(problem.get("current")))
    if kind == "quota-exceeded":
        used, limit = problem.get("used"), problem.get("limit")
        room = limit - used if isinstance(used, int) and isinstance(limit, int) else 0
        return OverQuota(str(problem.get("quota")), max(0, room))
    if kind == "record-too-large":
        return RecordRefused("The server does not take a record this large.", record_id=str(problem.get("id")))
    if kind == "invalid":
        return RecordRefused(
            msg("The server did not accept this: {why}", why=_detail(problem) or told), _indexes(problem)
        )
    if status in {429, 503}:
        return NotReachable(
            "The server is asked too often." if status == 429 else "The server is not available at the moment.",
            "It is tried again by itself.",
            _seconds(retry_after),
        )
    if status >= 500 or status == 408:
        return NotReachable("The server had a fault.", "It is tried again by itself.", _seconds(retry_after))
    if status == 426:
        return simple["client-outdated"]
    return NotAllowed(msg("The server said no: {why}.", why=told or status), "Check the address of the server.")


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is None or not retry_after.isdigit() or len(retry_after) > 6:
        return None
    return float(retry_after)


def _errors(problem: Mapping[str, Json]) -> list[Mapping[str, Json]]:
    errors = problem.get("errors")
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []


def _detail(problem: Mapping[str, Json]) -> str:
    return "; ".join(str(each.get("detail", ""))[:200] for each in _errors(problem)[:3])


def _indexes(problem: Mapping[str, Json]) -> frozenset[int]:
    found = set()
    for each in _errors(problem):
        match str(each.get("pointer", "")).split("/"):
            case ["", "records", index, *_] if index.isdigit():
                found.add(int(index))
    return frozenset(found)
