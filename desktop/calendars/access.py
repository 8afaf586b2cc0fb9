"""What opens a profile's calendars again without being typed, kept among the secrets of this machine.

Where they lie is another's matter: `Secrets` is the system's keyring, or a sealed file where there is none. A password
is kept only where a person asked for it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Protocol

SERVICES = ("iCloud", "Fastmail", "Nextcloud", "other")


class Secrets(Protocol):
    """Keeps small secrets by name."""

    def load(self, name: str) -> str | None: ...
    def save(self, name: str, secret: str) -> None: ...
    def remove(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Access:
    """How a person gets into a CalDAV service; `server` as it was typed, empty where the service has one address."""

    server: str
    user: str
    password: str = field(repr=False)


class KeptAccess:
    """The access of one profile, one entry a service. `profile` names it among those of this machine."""

    def __init__(self, secrets: Secrets, profile: str) -> None:
        self._secrets = secrets
        self._profile = profile

    def load(self) -> dict[str, Access]:
        """What is kept, by service. Raises FileTrouble where the keyring does not open."""
        found = {}
        for service in SERVICES:
            try:
                found[service] = Access(**json.loads(self._secrets.load(self._entry(service)) or "null"))
            except (ValueError, TypeError):
                continue  # nothing is kept, or by another version
        return found

    def keep(self, service: str, access: Access) -> None:
        """Keep it until it is forgotten. Raises FileTrouble."""
        self._secrets.save(self._entry(service), json.dumps(asdict(access)))

    def forget(self, service: str) -> None:
        """As if it had never been kept. Raises FileTrouble."""
        self._secrets.remove(self._entry(service))

    @property
    def client_secret(self) -> str:
        """The secret that Google gave this program's client; empty where none is kept."""
        return self._secrets.load(self._client) or ""

    def keep_client_secret(self, secret: str) -> None:
        """Keep it; an empty one is forgotten. Raises FileTrouble."""
        if secret:
            self._secrets.save(self._client, secret)
        else:
            self._secrets.remove(self._client)

    def forget_all(self) -> None:
        """Nothing is kept any more. Raises FileTrouble."""
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
