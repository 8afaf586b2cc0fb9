"""Texts of findings: what a server did that it should not have."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from desktop.ui.texts.language import clock_text, date_text, plural, translate

if TYPE_CHECKING:
    from desktop.workflows.sync import ServerFinding


def finding_text(finding: ServerFinding) -> str:
    """What happened."""
    if finding.kind.value == "lost records":
        return plural(
            finding.records,
            translate("Sync", "{n} entry is gone from the server."),
            translate("Sync", "{n} entries are gone from the server."),
        )
    return {
        "restored": translate("Sync", "The server was restored from a backup."),
        "rolled back": translate("Sync", "The server went back to an older timetable and does not say so."),
        "old keyring": translate("Sync", "The server put old keys back, which an old password may open."),
        "split view": translate("Sync", "The server does not show {device} and this computer the same timetable."),
    }[finding.kind.value].format(device=finding.device or translate("Sync", "another device"))


def finding_hint(finding: ServerFinding) -> str:
    """What the student should do."""
    sent_again = translate(
        "Sync",
        "This computer sends again what is missing. Sync your other devices today. If it happens again, tell whoever "
        "runs the server, or sync through a folder.",
    )
    return {
        "restored": translate("Sync", "Your devices send again what it lost. There is nothing to do."),
        "rolled back": sent_again,
        "lost records": sent_again,
        "old keyring": translate(
            "Sync",
            "This computer replaced them. If somebody knows an old password of yours, look through the sign-ins and "
            "change the password once more.",
        ),
        "split view": translate(
            "Sync",
            "Compare the timetables on both devices and back up the better one. Then sync through a folder or another "
            "server: this one cannot be relied on.",
        ),
    }[finding.kind.value]


def finding_time(finding: ServerFinding) -> str:
    """When it was found, in local time."""
    at = datetime.fromtimestamp(finding.at)  # noqa: DTZ006 - shown in local time
    return translate("Sync", "{day} at {time}").format(day=date_text(at.date()), time=clock_text(at))
