"""Stored credentials for a profile's online calendars.

They are kept in the machine's secret store: the system's keyring, or a sealed file where there is none. A password is
stored only if the student asked for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Protocol

SERVICES = ("iCloud", "Fastmail", "Nextcloud", "other")


class SecretStore(Protocol):
    """A store of small secrets, by name."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def remove(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class CalDavCredentials:
    """Credentials for a CalDAV service. `server` is as typed, and empty where the service has a fixed address."""

    server: str
    user: str
    password: str = field(repr=False)


class CredentialStore:
    """The stored credentials of one profile, one entry per service. `profile` is unique on this machine."""

    def __init__(self, secrets: SecretStore, profile: str) -> None:
        self._secrets = secrets
        self._profile = profile

    def load(self) -> dict[str, CalDavCredentials]:
        """The stored credentials by service. Raises FileError where the keyring cannot be opened."""
        found = {}
        for service in SERVICES:
            try:
                found[service] = CalDavCredentials(
                    **json.loads(self._secrets.load(self._entry_name(service)) or "null")
                )
            except (ValueError, TypeError):
                continue  # nothing is stored, or another version stored it
        return found

    def save(self, service: str, access: CalDavCredentials) -> None:
        """Raises FileError."""
        self._secrets.save(self._entry_name(service), json.dumps(asdict(access)))

    def remove(self, service: str) -> None:
        """Raises FileError."""
        self._secrets.remove(self._entry_name(service))

    @property
    def client_secret(self) -> str:
        """The OAuth client secret issued by Google; empty if none is stored."""
        return self._secrets.load(self._client_secret_entry) or ""

    def save_client_secret(self, secret: str) -> None:
        """Store the secret, or remove the stored one where `secret` is empty. Raises FileError."""
        if secret:
            self._secrets.save(self._client_secret_entry, secret)
        else:
            self._secrets.remove(self._client_secret_entry)

    def remove_all(self) -> None:
        """Remove everything that is stored for this profile. Raises FileError."""
        for service in SERVICES:
            self.remove(service)
        self.save_client_secret("")

    @property
    def _client_secret_entry(self) -> str:
        return f"google client {self._profile}"

    def _entry_name(self, service: str) -> str:
        if service not in SERVICES:
            raise ValueError(f"{service} is no service that passwords are kept of")
        return f"caldav {self._profile} {service}"
