"""The devices of an account: renaming, locking one out, and a code that lets another one in.

A code is valid while its page is open: leaving the page, a device that joins, or five minutes end it. Input stays while
the list is requested again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.domain.errors import NotReachable
from desktop.ui.pages.sync.sync_texts import digits_text, qr_pixmap
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, date_text, error_text, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    icon_button,
    label,
    panel,
    row,
    separator,
    set_tooltip_and_name,
)
from desktop.ui.widgets.name_field import NameField

if TYPE_CHECKING:
    from desktop.workflows.sync import Account, Invitation, Joint, KnownDevice

T = TypeVar("T")
EVERY = 2000  # milliseconds between polls while a code is shown
CODE_LIFETIME_MS = 300_000  # milliseconds that a code is valid; the server checks, too
NAMING = 5  # most repeated requests while a device has no name: it sends its name after joining
NAME = 240
MAX_SIDE_BY_SIDE_SCALE = 150  # percent: in larger text there is no room for text beside the QR code


class PairingCode(Protocol):
    """The interface of a pairing code, whether a server or a folder carries the devices' messages."""

    @property
    def code(self) -> str: ...
    @property
    def qr(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def digits(self) -> str: ...


class DevicesCard(QFrame):
    """The card of devices for a signed-in account. Requests the list whenever it is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self._link = session.sync_link
        self._lines: dict[str, DeviceRow] = {}
        self._known: frozenset[str] | None = None
        self._is_loading = False
        self._name_requests = 0  # how often the list was requested again for a name
        self._list = column(gap=GRID)
        self._note = label(translate("Sync", "Asking the server for your devices"), "quiet", wrap=True)
        self._retry_button = button(translate("Sync", "Ask again"), self.load_devices, role="link", icon="retry")
        self._retry_button.hide()
        self._foot = column(gap=GRID)
        body = column(label(translate("Sync", "Devices"), "heading"), margin=GRID * 2, gap=GRID + 4)
        body.addLayout(self._list)
        body.addWidget(self._note)
        body.addLayout(row(self._retry_button, 0, gap=0))
        body.addLayout(self._foot)
        self.setLayout(body)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._poll)
        self._is_polling = False
        self._expiry_timer = QTimer(self)
        self._expiry_timer.setSingleShot(True)
        self._expiry_timer.setInterval(CODE_LIFETIME_MS)
        self._expiry_timer.timeout.connect(self._expired)
        self._asks = ""  # what is shown of the device that wants to join
        self._show_invitation()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load_devices()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ends the code when the page is left, since nobody would see who joins with it.

        A minimised window does not end it.
        """
        super().hideEvent(event)
        if not event.spontaneous() and self._link.invitation is not None:
            self._end_invitation()

    # the list of devices

    def load_devices(self) -> None:
        """Requests the list of devices from the server."""
        if not self._is_loading:
            self._is_loading = True
            self._run_on_account(lambda account: account.devices(), self._devices_loaded, self._load_failed)

    def _devices_loaded(self, found: tuple[KnownDevice, ...]) -> None:
        self._is_loading = False
        self._note.hide()
        self._retry_button.hide()
        self._show_devices(found)
        is_nameless = not all(device.label for device in found)
        self._name_requests = self._name_requests + 1 if is_nameless else 0
        if is_nameless and self._name_requests <= NAMING:
            QTimer.singleShot(EVERY, self, self.load_devices)
            return
        ids = frozenset(device.id for device in found)
        new = [device for device in found if self._known is not None and device.id not in self._known]
        for device in new:
            self._link.announced_devices.add(device.id)
            said = translate("Sync", "{device} has signed in").format(device=_device_name(device))
            self._session.notices.show_success(said)
        self._known = ids
        if new and self._link.invitation is not None:
            self._end_invitation()

    def _load_failed(self, error: Exception) -> None:
        """Shows the error in place of the list, not as a notice that has to be dismissed."""
        self._is_loading = False
        self._note.setText(error_text(error))
        self._note.show()
        self._retry_button.show()

    def _show_devices(self, found: Sequence[KnownDevice]) -> None:
        for key in self._lines.keys() - {device.id for device in found}:
            gone = self._lines.pop(key)
            gone.hide()
            gone.deleteLater()
        for number, device in enumerate(found):
            if device.id not in self._lines:
                made = self._lines[device.id] = DeviceRow()
                made.renamed.connect(partial(self._rename, device.id))
                made.locked_out.connect(partial(self._lock_out, device.id))
            self._list.insertWidget(number, self._lines[device.id])
            self._lines[device.id].show_device(device)

    def _rename(self, device: str, name: str) -> None:
        self._run_on_account(lambda account: account.rename_device(device, name), self._reload)

    def _lock_out(self, device: str, name: str) -> None:
        def done(_nothing: None) -> None:
            self._session.notices.show_success(translate("Sync", "{device} is locked out").format(device=name))
            self.load_devices()

        self._run_on_account(lambda account: account.revoke_device(device), done)

    def _reload(self, _nothing: None) -> None:
        self.load_devices()

    def _run_on_account(
        self,
        request: Callable[[Account], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self._link.run_on_account(lambda joint: joint.service.with_account(request), done, failed, self)

    # adding a device

    def _show_invitation(self) -> None:
        clear_layout(self._foot)
        invitation = self._link.invitation
        if invitation is None:
            self._timer.stop()
            self._expiry_timer.stop()
            self._foot.addLayout(row(button(translate("Sync", "Add a device"), self._invite, icon="plus"), 0))
        elif invitation.is_answered:
            letting = translate("Sync", "Letting {device} in").format(device=_joining_device_name(invitation))
            self._foot.addWidget(label(letting, "quiet", wrap=True))
        elif invitation.digits:
            self._foot.addWidget(digits_panel(invitation, self._confirm, self._end_invitation))
        else:
            self._foot.addWidget(code_panel(invitation, self._end_invitation))

    def _invite(self) -> None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        def made(invitation: Invitation) -> None:
            self._link.invitation = invitation
            self._is_polling = False
            self._timer.start()
            self._expiry_timer.start()
            self._show_invitation()
            if not self.isVisible():
                self._end_invitation()  # the page was left in the meantime

        self._link.run_on_account(sync.invite, made, owner=self)

    def _poll(self) -> None:
        """Polls whether a device wants to join and, once it was admitted, whether it has joined."""
        invitation = self._link.invitation
        if invitation is None:
            self._show_invitation()
            return
        if invitation.is_answered:
            self.load_devices()
            return
        if self._is_polling or invitation.digits:
            return
        self._is_polling = True

        def seen(_nothing: None) -> None:
            self._is_polling = False
            if invitation.digits and invitation is self._link.invitation:
                self._show_invitation()

        self._link.run_on_account(lambda joint: _speak(joint, invitation.poll), seen, self._failed, self)

    def _confirm(self) -> None:
        invitation = self._link.invitation
        if invitation is None:
            return

        def confirmed(_nothing: None) -> None:
            self._show_invitation()

        self._link.run_on_account(lambda joint: _speak(joint, invitation.confirm), confirmed, self._failed, self)

    def _failed(self, error: Exception) -> None:
        self._is_polling = False

        if self._link.invitation is None or isinstance(error, NotReachable):
            return  # ended in the meantime; or the next poll may succeed, and the code expires anyway
        self._session.notices.show_error(error)
        self._end_invitation()

    def _expired(self) -> None:
        if self._link.invitation is not None:
            self._session.notices.show_success(
                translate("Sync", "The code has expired. Make a new one if you still need it.")
            )
            self._end_invitation()

    def _end_invitation(self) -> None:
        invitation, self._link.invitation = self._link.invitation, None
        self._show_invitation()
        if invitation is not None:
            self._link.run_on_account(
                lambda joint: _speak(joint, invitation.close), lambda _nothing: None, _ignore_error, self
            )


def _speak(joint: Joint, request: Callable[[], None]) -> None:
    """Runs a request to the server while no sync runs."""
    joint.service.with_account(lambda _account: request())


def _ignore_error(_error: Exception) -> None:
    """Ignores the error: an unreachable server ends the code itself, five minutes after it was made."""


class DeviceRow(QFrame):
    """The row of one device.

    `renamed` carries the typed name; `locked_out`, after a confirmation, the device's current name.
    """

    renamed = Signal(str)
    locked_out = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._display_name = ""
        self._name = NameField()
        self._name.setFixedWidth(appearance().px(NAME))
        self._name.name_entered.connect(self.renamed)
        self._words = label("", "quiet", wrap=True)
        self._out = icon_button("delete", "", self._ask_confirmation)
        head = row(self._name, self._words, self._out, gap=GRID)
        head.setStretch(1, 1)
        self._sure = label("", wrap=True)
        self._go = button("", self._confirmed, role="danger")
        self._leave = button(translate("Sync", "Leave it as it is"), self._cancel_lock_out)
        self._question = panel(column(self._sure, row(self._go, self._leave, 0, gap=GRID), separator(), gap=GRID))
        self._question.hide()
        self.setLayout(column(head, self._question, gap=GRID))

    def show_device(self, device: KnownDevice) -> None:
        """Shows the current state. A name that is being typed and an open question stay."""
        self._display_name = _device_name(device)
        self._name.show_name(
            device.label, translate("Sync", "Name of the device {device}").format(device=self._display_name)
        )
        self._name.setPlaceholderText("" if device.label else self._display_name)
        if device.current:
            words = translate("Sync", "this one")
        else:
            seen = datetime.fromtimestamp(device.last_seen)  # noqa: DTZ006 - shown on this machine's clock
            words = translate("Sync", "last seen {day} at {time}").format(
                day=date_text(seen.date()), time=clock_text(seen)
            )
        self._words.setText(words)
        lock_out = translate("Sync", "Lock out {device}").format(device=self._display_name)
        set_tooltip_and_name(self._out, lock_out)
        self._out.setVisible(not device.current)
        self._go.setText(lock_out)
        sure = translate(
            "Sync",
            "{device} is signed out at once and gets nothing new. What it has stays on it. It comes back only by "
            "signing in again.",
        )
        self._sure.setText(sure.format(device=self._display_name))

    def _ask_confirmation(self) -> None:
        self._question.show()
        self._leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel_lock_out(self) -> None:
        self._question.hide()
        self._out.setFocus(Qt.FocusReason.OtherFocusReason)

    def _confirmed(self) -> None:
        self._question.hide()
        self.locked_out.emit(self._display_name)


def _device_name(device: KnownDevice) -> str:
    return device.label or translate("Sync", "A device without a name")


def _joining_device_name(invitation: PairingCode) -> str:
    return invitation.label or translate("Sync", "A device without a name")


def code_panel(invitation: PairingCode, on_end: Callable[[], object], validity_text: str = "") -> QWidget:
    picture = label()
    picture.setPixmap(qr_pixmap(invitation.qr, appearance().px(180)))
    picture.setAccessibleName(translate("Sync", "A QR picture of the code"))
    validity_text = validity_text or translate(
        "Sync", "It works once, for five minutes, while this page is open. Nobody gets in before you confirm."
    )
    words = column(
        label(translate("Sync", "On the other device, choose “I have a code” and type:"), wrap=True),
        label(invitation.code, "title", wrap=True, selectable=True),
        label(validity_text, "quiet", wrap=True),
        row(button(translate("Sync", "End the code"), on_end), 0),
        0,
        gap=GRID,
    )
    if appearance().scale > MAX_SIDE_BY_SIDE_SCALE:
        return panel(column(picture, words, gap=GRID * 2))
    laid = row(picture, words, gap=GRID * 2)
    laid.setStretch(1, 1)
    laid.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
    return panel(laid)


def digits_panel(invitation: PairingCode, on_confirm: Callable[[], object], on_reject: Callable[[], object]) -> QWidget:
    asks = translate("Sync", "{device} asks to come in. Does it show the same six digits?")
    warns = translate("Sync", "If it shows others, or none, somebody else has the code: do not let it in.")
    same = button(translate("Sync", "Yes, let it in"), on_confirm, role="primary")
    return panel(
        column(
            label(asks.format(device=_joining_device_name(invitation)), "strong", wrap=True),
            label(digits_text(invitation.digits), "display", selectable=True),
            label(warns, "quiet", wrap=True),
            row(same, button(translate("Sync", "No, end the code"), on_reject), 0, gap=GRID),
            gap=GRID,
        )
    )
