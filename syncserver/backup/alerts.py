"""Alerts to the operator: Slack, Discord, JSON webhooks, and e-mail over TLS, through Apprise.

Addresses: `slack://...` or the webhook's own https address, `discord://...`, `jsons://host/path`,
`mailtos://user:password@host?from=...&to=...`. They contain secrets, so no error or log line repeats one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

import structlog

from syncserver.errors import ConfigurationError

log = structlog.get_logger()

AlertKind = Literal["failure", "success", "info"]


def send_alert(addresses: Sequence[str], title: str, body: str, kind: AlertKind = "failure") -> list[str]:
    """Sends to every address; returns the kinds of address (`slack`, `mailtos`, ...) for which that failed.

    Raises `ConfigurationError` for an address in an unknown format.
    """
    import apprise  # noqa: PLC0415 - it loads a hundred plug-ins: only when there is something to say

    failed = []
    for address in addresses:
        one = apprise.Apprise()
        if not one.add(address):
            raise ConfigurationError(
                f"SYNC_NOTIFY_URLS has an address of kind {_kind(address)} that cannot be understood."
            )
        if not one.notify(title=title, body=body, notify_type=apprise.NotifyType(kind)):
            failed.append(_kind(address))
            log.error("notification failed", address_kind=_kind(address), title=title)
    return failed


def _kind(address: str) -> str:
    return urlsplit(address).scheme or "unknown"
