"""Cards for a profile that syncs through a folder: state, devices, and the limits of a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from desktop.ui.pages.sync.account_secrets import AccountSecrets
from desktop.ui.pages.sync.devices import EVERY, code_panel, digits_panel
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, date_text, error_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, icon_label, label, panel, row, separator
from desktop.ui.widgets.flow import flow_layout

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import FolderDevice, FolderInvitation, FolderStatus


def device_text(device: FolderDevice) -> str:
    """A notice about a device in one line; empty if there is none."""
    from desktop.workflows.folder_sync import DeviceProblem  # noqa: PLC0415 - not before sync runs

    if device.is_this_one:
        return translate("Folder", "this one")
    words = {
        DeviceProblem.LATE: translate("Folder", "Its newest changes are not here yet: other devices have them."),
        DeviceProblem.GAP: translate("Folder", "One of its files is missing; what came after it waits."),
        DeviceProblem.LOST: translate("Folder", "Its files are gone. What was read of them is here."),
        DeviceProblem.ROLLED_BACK: translate(
            "Folder", "The cloud put back older files of it. Nothing here was undone."
        ),
    }
    said = [words[trouble] for trouble in device.problems]
    if device.unseen:
        if device.has_seen_until is None:
            said.append(translate("Folder", "It has not seen this computer’s changes yet."))
        else:
            at = datetime.fromtimestamp(device.has_seen_until)  # noqa: DTZ006 - shown on this machine's clock
            said.append(
                translate("Folder", "It has seen this computer up to {day} at {time}.").format(
                    day=date_text(at.date()), time=clock_text(at)
                )
            )
    return " ".join(said)


def folder_notices(status: FolderStatus) -> list[str]:
    """Returns the notices about the folder as a whole."""
    found = []
    if status.is_removed:
        found.append(
            translate("Folder", "This device was removed on another one. It gets nothing new; what it has stays here.")
        )
    if status.is_password_replaced:
        found.append(
            translate("Folder", "The password was changed on two devices at once. The one from the other device holds.")
        )
    if status.waiting:
        found.append(
            plural(
                status.waiting,
                translate("Folder", "The cloud has not brought {n} file yet."),
                translate("Folder", "The cloud has not brought {n} files yet."),
            )
        )
    if status.outcome is not None and status.outcome.unreadable:
        found.append(
            plural(
                status.outcome.unreadable,
                translate("Folder", "{n} file cannot be read yet: its key has not come, or a newer version wrote it."),
                translate("Folder", "{n} files cannot be read yet: a key has not come, or a newer version wrote them."),
            )
        )
    return found


class FolderDevicesCard(QFrame):
    """The devices seen in the folder. A code that lets another one in is valid while the page is open."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self._link = session.sync_link
        self._invitation: FolderInvitation | None = None
        self._known: frozenset[str] = frozenset()
        self._shown: tuple[FolderDevice, ...] | None = None
        self._list = column(gap=GRID)
        self._foot = column(gap=GRID)
        body = column(label(translate("Folder", "Devices"), "heading"), margin=GRID * 2, gap=GRID + 4)
        body.addLayout(self._list)
        body.addLayout(self._foot)
        self.setLayout(body)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._poll)
        self._is_polling = False
        self._link.changed.connect(self._show_devices)
        self._show_devices()
        self._show_invitation()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ends the code when the page is left, since nobody would see who joins with it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._end_invitation()

    def _show_devices(self) -> None:
        status = self._link.folder_status
        if status is None or status.devices == self._shown:
            return
        new = {each.file for each in status.devices} - self._known
        if self._known and new and self._invitation is not None and self._invitation.is_answered:
            self._end_invitation()
        self._known = frozenset(each.file for each in status.devices)
        self._shown = status.devices
        clear_layout(self._list)
        for number, device in enumerate(status.devices):
            if number:
                self._list.addWidget(separator())
            self._list.addWidget(_FolderDeviceRow(device, partial(self._remove, device)))

    def _remove(self, device: FolderDevice) -> None:
        said = translate("Folder", "{device} was removed").format(device=device.label)
        self._link.run_on_account(
            lambda joint: joint.folder.remove_device(device.file),
            lambda _done: self._session.notices.show_success(said),
            owner=self,
        )

    # adding a device

    def _show_invitation(self) -> None:
        clear_layout(self._foot)
        invitation = self._invitation
        if invitation is None:
            self._timer.stop()
            self._foot.addLayout(row(button(translate("Folder", "Add a device"), self._invite, icon="plus"), 0))
        elif invitation.is_answered:
            said = translate("Folder", "Letting {device} in").format(device=invitation.label)
            self._foot.addWidget(label(said, "quiet", wrap=True))
        elif invitation.digits:
            self._foot.addWidget(digits_panel(invitation, self._confirm, self._end_invitation))
        else:
            good = translate("Folder", "It works once, while this page is open. Nobody gets in before you confirm.")
            self._foot.addWidget(code_panel(invitation, self._end_invitation, good))

    def _invite(self) -> None:
        def made(invitation: FolderInvitation) -> None:
            self._invitation = invitation
            self._is_polling = False
            self._timer.start()
            self._show_invitation()

        self._link.run_on_account(lambda joint: joint.folder.invite(), made, owner=self)

    def _poll(self) -> None:
        invitation = self._invitation
        if invitation is None or self._is_polling or invitation.digits:
            return
        self._is_polling = True

        def seen(_nothing: None) -> None:
            self._is_polling = False
            if invitation.digits and invitation is self._invitation:
                self._show_invitation()

        self._link.run_on_account(lambda _joint: invitation.poll(), seen, self._failed, self)

    def _confirm(self) -> None:
        invitation = self._invitation
        if invitation is not None:
            self._link.run_on_account(
                lambda _joint: invitation.confirm(), lambda _done: self._show_invitation(), self._failed, self
            )

    def _failed(self, error: Exception) -> None:
        self._is_polling = False
        if self._invitation is not None:
            self._session.notices.show_error(error)
            self._end_invitation()

    def _end_invitation(self) -> None:
        if self._invitation is not None:
            self._invitation = None
            self._show_invitation()
            self._link.run_on_account(
                lambda joint: joint.folder.end_invitation(), lambda _done: None, lambda _error: None, self
            )


class _FolderDeviceRow(QFrame):
    """One device, and the question whether to remove it."""

    def __init__(self, device: FolderDevice, on_remove: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        name = label(device.label or translate("Folder", "A device without a name"), "strong", wrap=True)
        words = device_text(device)
        body = column(gap=4)
        head = row(name, gap=GRID)
        head.setStretch(0, 1)
        if device.problems or device.unseen:
            head.insertWidget(0, icon_label("warning", "warning"))
            head.setStretch(0, 0)
            head.setStretch(1, 1)
        body.addLayout(head)
        if words:
            body.addWidget(label(words, "quiet", wrap=True))
        if not device.is_this_one:
            remove = button(translate("Folder", "Remove"), self._ask_confirmation)
            head.addWidget(remove)
            sure = translate(
                "Folder",
                "{device} gets nothing that is written from now on. What it has stays on it, and it can still read old "
                "files that the cloud keeps.",
            ).format(device=device.label)
            go = button(translate("Folder", "Remove {device}").format(device=device.label), on_remove, role="danger")
            keep = button(translate("Folder", "Keep it"), self._cancel_removal)
            self._question = panel(column(label(sure, wrap=True), row(go, keep, 0, gap=GRID), gap=GRID))
            self._question.hide()
            body.addWidget(self._question)
        self.setLayout(body)

    def _ask_confirmation(self) -> None:
        self._question.show()

    def _cancel_removal(self) -> None:
        self._question.hide()


class FolderAccountCard(QFrame):
    """Password, recovery key, the limits of a folder, and leaving."""

    def __init__(self, session: Session, on_recovery: Callable[[str], object], on_left: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self._link = session.sync_link
        self._on_recovery = on_recovery
        self._on_left = on_left
        self._secrets = AccountSecrets()
        self._secrets.password_change_requested.connect(self._change_password)
        self._secrets.recovery_key_requested.connect(self._new_recovery_key)
        cannot = translate(
            "Folder",
            "A cloud keeps old versions of files. So a new password, a new recovery key or a removed device protects "
            "only what is written from then on: the keys are changed with it. Whoever has old files and the old "
            "password can still read what was written before.",
        )
        stays = translate("Folder", "Your timetable stays on this machine, and the files stay in the folder.")
        self.setLayout(
            column(
                label(translate("Folder", "Password and recovery key"), "heading"),
                self._secrets,
                label(cannot, "quiet", wrap=True),
                separator(),
                flow_layout(
                    button(translate("Folder", "Stop syncing on this machine"), self._leave),
                    button(translate("Folder", "The folder is somewhere else"), self._move),
                ),
                label(stays, "quiet", wrap=True),
                margin=GRID * 2,
                gap=GRID + 4,
            )
        )

    def _change_password(self, secret: str, password: str) -> None:
        said = translate("Folder", "The password was changed")

        def changed(_nothing: None) -> None:
            self._secrets.clear()
            self._session.notices.show_success(said)

        self._link.run_on_account(
            lambda joint: joint.folder.with_account(lambda account: account.change_password(secret, password)),
            changed,
            self._change_failed,
            self,
        )

    def _new_recovery_key(self, secret: str) -> None:
        self._link.run_on_account(
            lambda joint: joint.folder.with_account(lambda account: account.new_recovery_key(secret)),
            self._on_recovery,
            self._change_failed,
            self,
        )

    def _change_failed(self, error: Exception) -> None:

        self._secrets.show_error(error_text(error))

    def _leave(self) -> None:
        self._link.run_on_account(
            lambda joint: joint.folder.leave_folder(), lambda _nothing: self._on_left(), owner=self
        )

    def _move(self) -> None:
        dialog = QFileDialog(self, translate("Folder", "Choose the folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(
            lambda name: self._link.run_on_account(
                lambda joint: joint.folder.change_path(Path(name)), lambda _nothing: self._on_left(), owner=self
            )
        )
        dialog.open()


def notices_panel(texts: Sequence[str]) -> QWidget:
    """A panel with the notices about the folder, one line each."""
    lines = column(gap=GRID)
    for text in texts:
        laid = row(icon_label("warning", "warning"), label(translate_message(text), wrap=True), gap=GRID)
        laid.setStretch(1, 1)
        lines.addLayout(laid)
    return panel(lines)
