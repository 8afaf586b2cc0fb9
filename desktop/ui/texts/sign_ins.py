"""Texts of a sign-in, for a notice and for the history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop.ui.texts.language import clock_text, date_text, translate

if TYPE_CHECKING:
    from desktop.workflows.sync import SignIn


def sign_in_text(sign_in: SignIn) -> str:
    """Which device signed in, and by which method."""
    device = sign_in.label or translate("Sync", "A device without a name")
    return {
        "created": translate("Sync", "{device} created the account"),
        "password": translate("Sync", "{device} signed in with the password"),
        "recovery key": translate("Sync", "{device} signed in with the recovery key"),
        "code": translate("Sync", "{device} was let in by a code"),
    }.get(sign_in.way, translate("Sync", "{device} signed in")).format(device=device)


def sign_in_time(sign_in: SignIn) -> str:
    """When it signed in, in local time."""
    at = datetime.fromtimestamp(sign_in.at)  # noqa: DTZ006 - shown in local time
    return translate("Sync", "{day} at {time}").format(day=date_text(at.date()), time=clock_text(at))
