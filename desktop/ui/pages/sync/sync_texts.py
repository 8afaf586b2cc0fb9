"""One-line texts about sync, and QR codes for another device's camera."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap

from desktop.ui.texts.language import clock_text, plural, translate

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import FolderStatus
    from desktop.workflows.sync import Status


def state_text(status: Status | FolderStatus) -> str:
    """The state in a short sentence."""
    since = status.since.astimezone()
    if status.state == "in step":
        text = translate("Sync", "Up to date since {time}").format(time=clock_text(since))
        outcome = status.outcome
        if outcome is not None and outcome.refused:
            text += " · " + plural(
                outcome.refused,
                translate("Sync", "{n} entry is not taken by the server"),
                translate("Sync", "{n} entries are not taken by the server"),
            )
        if outcome is not None and outcome.unreadable:
            text += " · " + plural(
                outcome.unreadable,
                translate("Sync", "{n} entry is of a newer version and is kept"),
                translate("Sync", "{n} entries are of a newer version and are kept"),
            )
        return text
    if status.state == "offline":
        return translate("Sync", "Offline since {time}; changes wait here").format(time=clock_text(since))
    if status.state == "needs you":
        return translate("Sync", "Needs attention")
    if status.state == "working":
        return translate("Sync", "Working")
    return translate("Sync", "Signed out")


def short_state_text(status: Status | FolderStatus | None) -> str:
    """The state in a word or two, for the sidebar; empty if nobody is signed in."""
    if status is None or status.state == "off":
        return ""
    if any(each.accuses for each in getattr(status, "findings", ())):
        return translate("Sync", "Needs attention")
    if status.state == "in step":
        return translate("Sync", "Up to date")
    if status.state == "offline":
        return translate("Sync", "Offline since {time}").format(time=clock_text(status.since.astimezone()))
    return translate("Sync", "Needs attention") if status.state == "needs you" else translate("Sync", "Working")


def digits_text(digits: str) -> str:
    """Six digits as two groups, which are easier to compare."""
    return f"{digits[:3]} {digits[3:]}"


def qr_pixmap(text: str, size: int) -> QPixmap:
    """A QR code for a text, black on white, `size` logical pixels wide."""
    import segno  # noqa: PLC0415 - not before a picture is shown

    out = BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=8, border=3)
    pixmap = QPixmap()
    pixmap.loadFromData(out.getvalue())
    return pixmap.scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation)
