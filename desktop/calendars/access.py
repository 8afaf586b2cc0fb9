"""Stored credentials for a profile's online calendars.

They are kept in the machine's secret store: the system's keyring, or a sealed file where there is none. A password is
stored only if the student asked for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Protocol

SERVICES = ("iCloud", "Fastmail", "Nextcloud", "other")


class Secrets(Protocol):
    """A store of small secrets, by name."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def remove(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Access:
    """Credentials for a CalDAV service. `server` is as typed, and empty where the service has a fixed address."""

    server: str
    user: str
    password: str = field(repr=False)


class KeptAccess:
    """The stored credentials of one profile, one entry per service. `profile` is unique on this machine."""

    def __init__(self, secrets: Secrets, profile: str) -> None:
        self._secrets = secrets
        self._profile = profile

    def load(self) -> dict[str, Access]:
        """The stored credentials by service. Raises FileTrouble where the keyring cannot be opened."""
        found = {}
        for service in SERVICES:
            try:
                found[service] = Access(**json.loads(self._secrets.load(self._entry(service)) or "null"))
            except (ValueError, TypeError):
                continue  # nothing is stored, or another version stored it
        return found

    def keep(self, service: str, access: Access) -> None:
        """Raises FileTrouble."""
        self._secrets.save(self._entry(service), json.dumps(asdict(access)))

    def forget(self, service: str) -> None:
        """Raises FileTrouble."""
        self._secrets.remove(self._entry(service))

    @property
    def client_secret(self) -> str:
        """The OAuth client secret issued by Google; empty if none is stored."""
        return self._secrets.load(self._client) or ""

    def keep_client_secret(self, secret: str) -> None:
        """Store the secret, or remove the stored one where `secret` is empty. Raises FileTrouble."""
        if secret:
            self._secrets.save(self._client, secret)
        else:
            self._secrets.remove(self._client)

    def forget_all(self) -> None:
        """Remove everything that is stored for this profile. Raises FileTrouble."""
        for service in SERVICES:
            self.forget(service)
        self.keep_client_secret("")

    @property
    def _client(self) -> str:
        return f"google client {self._profile}"

    def _entry(self, service: str) -> str:
        if service not in SERVICES:
            raise ValueError(f"{service} is no service that passwords are kept of")
        return f"caldav {self._profile} {service}"
