"""Sync: the way in, the state of things, devices, what lost in a merge, and the way out.

Hides how each question to the server is asked; everything here is done on the lane for servers.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from desktop.domain.errors import NeedsDecision
from desktop.ui.look.controls import button, clear, column, icon_button, icon_label, label, line, panel, row, scrolled
from desktop.ui.look.language import clock_text, day_text, say, translate
from desktop.ui.look.style import GRID, look
from desktop.ui.pages.page import Page
from desktop.ui.session import Session
from desktop.ui.sync.entrance import Entrance
from desktop.ui.sync.lost import LostValues
from desktop.ui.sync.recovery import RecoveryKey
from desktop.ui.sync.words import qr_pixmap, state_text

if TYPE_CHECKING:
    from desktop.workflows.sync import Joint, KnownDevice, Offer

WIDTH = 720


class SyncPage(Page):
    """One column of cards; which ones depends on where the profile stands."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.link = session.sync_link
        self._recovery = ""
        self._offer: Offer | None = None
        self._devices: tuple[KnownDevice, ...] | None = None
        self._content: QVBoxLayout = column(gap=GRID * 2)
        holder = QWidget()
        holder.setLayout(self._content)
        holder.setMaximumWidth(look().px(WIDTH))
        self.body.addWidget(scrolled(holder), 1)
        self._phone = button("", lambda: session.open_page("publish"), icon="share")
        self._friends = button("", lambda: session.open_page("friends"), icon="people")
        for tool in (self._phone, self._friends):
            self.tools.addWidget(tool)
        self._now = self.primary("", self._sync_now, "sync")
        self._form: Entrance | None = None
        self._shown: tuple[object, ...] = ()
        self._state_line: QLabel | None = None
        self._bar: QProgressBar | None = None
        self.link.joined.connect(self.outdated)
        self.link.changed.connect(self._status_changed)

    def title(self) -> str:
        return translate("Sync", "Sync")

    @property
    def holds_input(self) -> bool:
        """Also while the recovery key is shown: nobody gives it twice."""
        return bool(self._recovery) or super().holds_input

    def retranslate(self) -> None:
        if self._form is not None and not self._form.is_busy:
            self._form = None  # made anew in the other language

    def refresh(self) -> None:
        self.link.start()
        self._phone.setText(translate("Sync", "Subscribe from my phone"))
        self._friends.setText(translate("Sync", "With friends"))
        self._now.setText(translate("Sync", "Sync now"))
        self._now.setVisible(self.link.is_signed_in and not self._recovery)
        if self._form is not None and (self._form.is_busy or not self.link.is_signed_in):
            return  # it holds what was typed, and waits for an answer that nobody gives twice: the recovery key
        clear(self._content)
        self._state_line = self._bar = self._form = None
        if self.link.status is None:
            self._content.addWidget(label(translate("Sync", "Looking for your account"), "quiet"))
        elif self._recovery:
            shown = RecoveryKey(self.session, self._recovery)
            shown.kept.connect(self._kept)
            self._content.addWidget(shown)
        elif not self.link.is_signed_in:
            self._content.addWidget(self._entrance())
            self._content.addWidget(self._promise())
        else:
            for card in (self._state_card(), self._decision_card(), self._lost_values(), self._devices_card()):
                if card is not None:
                    self._content.addWidget(card)
            self._content.addWidget(self._account_card())
        self._content.addStretch(1)

    # the way in

    def _entrance(self) -> QWidget:
        made = self._form = Entrance(self.link)
        made.made.connect(self._created)
        made.entered.connect(self._entered)
        return made

    def _promise(self) -> QWidget:
        text = translate(
            "Sync",
            "Everything works without an account. With one, your timetable is the same on all your machines. "
            "It is encrypted before it leaves this one.",
        )
        return label(text, "quiet", wrap=True)

    def _created(self, recovery: str) -> None:
        self._recovery = recovery
        self.outdated()

    def _entered(self) -> None:
        self._devices = None
        self.outdated()

    def _kept(self) -> None:
        self._recovery = ""
        self._entered()

    # the state of things

    def _state_card(self) -> QWidget:
        status = self.link.status
        self._state_line = label("", "heading", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        who = translate("Sync", "{name} at {server}").format(
            name=status.name if status else "", server=status.server if status else ""
        )
        body = column(
            row(icon_label("sync", "accent"), self._state_line, gap=GRID),
            self._bar,
            label(who, "quiet", select=True),
            margin=GRID * 2,
            gap=GRID,
        )
        self._say_state()
        if status is not None and status.outcome is not None and status.outcome.refused:
            again = button(translate("Sync", "Send them again"), self._send_again, role="link", icon="retry")
            body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        return panel(body, "card")

    def _send_again(self) -> None:
        self.link.run(lambda joint: joint.service.retry_refused(), lambda _count: self.outdated(), owner=self)

    def _status_changed(self) -> None:
        status = self.link.status
        trouble = type(status.trouble) if status else None
        refused = status.outcome.refused if status is not None and status.outcome is not None else 0
        shown = (self.link.is_signed_in, trouble, status is not None and status.state == "off", refused)
        if shown != self._shown:
            self._shown = shown
            self.outdated()
        elif self._state_line is not None:
            self._say_state()

    def _say_state(self) -> None:
        status = self.link.status
        if status is None or self._state_line is None or self._bar is None:
            return
        self._state_line.setText(state_text(status))
        progress = status.progress if status.state == "working" else None
        self._bar.setVisible(progress is not None)
        if progress is not None:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)

    def _sync_now(self, *, agreed: bool = False, wipe: str = "ask") -> None:
        def work(joint: Joint) -> None:
            joint.service.sync_now(agreed=agreed, wipe=wipe)

        def failed(error: Exception) -> None:
            if not isinstance(error, NeedsDecision):
                self.session.notices.handle(error)

        self.link.run(work, lambda _done: self.outdated(), failed, self)

    def _decision_card(self) -> QWidget | None:
        status = self.link.status
        if status is None or status.trouble is None:
            return None
        body = column(
            row(icon_label("warning", "warning"), label(say(status.trouble.title), "strong", wrap=True), gap=GRID),
            label(say(status.trouble.hint), wrap=True),
            margin=GRID * 2,
            gap=GRID,
        )
        from desktop.workflows.sync import JoinAhead, WipeAhead  # noqa: PLC0415 - not before sync runs

        if isinstance(status.trouble, JoinAhead):
            together = status.trouble.together
            counts = translate("Sync", "{here} entries here, {there} on the account, {both} of them the same.").format(
                here=sum(together.here.values()), there=sum(together.there.values()), both=together.both
            )
            body.addWidget(label(counts, "quiet"))
            join = button(translate("Sync", "Put them together"), lambda: self._sync_now(agreed=True), role="primary")
            body.addLayout(row(join, 0))
        elif isinstance(status.trouble, WipeAhead):
            keep = button(translate("Sync", "Bring them back"), lambda: self._sync_now(wipe="undo"), role="primary")
            drop = button(translate("Sync", "Delete them"), lambda: self._sync_now(wipe="accept"), role="danger")
            body.addLayout(row(keep, drop, 0, gap=GRID))
        return panel(body, "card")

    def _lost_values(self) -> QWidget | None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        view = self.session.state.view
        found = sync.lost_values(view.records) if view is not None else ()
        return LostValues(self.session, found) if found else None

    # devices

    def _devices_card(self) -> QWidget:
        body = column(label(translate("Sync", "Devices"), "heading"), margin=GRID * 2, gap=GRID)
        if self._devices is None:
            self._devices = ()
            self.link.run(lambda joint: joint.service.speak(lambda account: account.devices()), self._known, owner=self)
        for device in self._devices:
            seen = datetime.fromtimestamp(device.last_seen)  # noqa: DTZ006 - shown on this machine's clock
            words = (
                translate("Sync", "this one")
                if device.current
                else translate("Sync", "last seen {day} at {time}").format(
                    day=day_text(seen.date()), time=clock_text(seen)
                )
            )
            name = QLineEdit(device.label)
            name.setAccessibleName(translate("Sync", "Name of the device"))
            name.setFixedWidth(look().px(240))
            name.editingFinished.connect(partial(self._rename, device, name))
            laid = row(name, label(words, "quiet"), 0, gap=GRID)
            if not device.current:
                revoke = translate("Sync", "Lock out {device}").format(device=device.label)
                laid.addWidget(icon_button("delete", revoke, partial(self._revoke, device)))
            body.addLayout(laid)
        if self._offer is None:
            add = button(translate("Sync", "Add a device"), self._offer_pairing, icon="plus")
            body.addLayout(row(add, 0))
        else:
            body.addWidget(self._offer_card(self._offer))
        return panel(body, "card")

    def _known(self, found: tuple[KnownDevice, ...]) -> None:
        self._devices = found
        self.outdated()

    def _again(self, _answer: object) -> None:
        self._devices = None
        self.outdated()

    def _rename(self, device: KnownDevice, field: QLineEdit) -> None:
        wanted = field.text().strip()
        if wanted and wanted != device.label:
            self.link.run(
                lambda joint: joint.service.speak(lambda account: account.rename_device(device.id, wanted)),
                self._again,
                owner=self,
            )

    def _revoke(self, device: KnownDevice) -> None:
        self.link.run(
            lambda joint: joint.service.speak(lambda account: account.revoke_device(device.id)),
            self._again,
            owner=self,
        )

    def _offer_pairing(self) -> None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        def offered(offer: Offer) -> None:
            self._offer = offer
            self.outdated()

        self.link.run(sync.offer_pairing, offered, owner=self)

    def _offer_card(self, offer: Offer) -> QWidget:
        picture = QLabel()
        picture.setPixmap(qr_pixmap(offer.qr, look().px(180)))
        picture.setAccessibleName(translate("Sync", "A QR picture of the code"))
        words = column(
            label(translate("Sync", "On the other device, choose “I have a code” and type:"), wrap=True),
            label(offer.code, "title", wrap=True, select=True),
            label(translate("Sync", "Whoever has the code gets in. It is good until you end it."), "quiet", wrap=True),
            row(button(translate("Sync", "End the code"), self._withdraw_pairing), 0),
            0,
            gap=GRID,
        )
        laid = row(picture, words, gap=GRID * 2)
        laid.setStretch(1, 1)
        laid.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        return panel(laid)

    def _withdraw_pairing(self) -> None:
        from desktop.workflows import sync  # noqa: PLC0415 - as above

        self._offer = None
        self.link.run(sync.withdraw_pairing, self._again, owner=self)

    # the account

    def _account_card(self) -> QWidget:
        password = QLineEdit()
        password.setEchoMode(QLineEdit.EchoMode.Password)
        password.setPlaceholderText(translate("Sync", "New password"))
        password.setAccessibleName(password.placeholderText())
        password.setFixedWidth(look().px(240))

        def change_password() -> None:
            wanted = password.text()
            password.clear()
            said = translate("Sync", "The password was changed; other devices sign in again")
            self.link.run(
                lambda joint: joint.service.speak(lambda account: account.change_password(wanted)),
                lambda _nothing: self.session.notices.success(said),
                owner=self,
            )

        change = button(translate("Sync", "Change the password"), change_password)
        recovery = button(translate("Sync", "New recovery key"), self._new_recovery)
        leave = button(translate("Sync", "Sign out"), self._leave)
        name = self.link.status.name if self.link.status else ""
        sure = QLineEdit()
        sure.setPlaceholderText(translate("Sync", "Type “{name}” to be sure").format(name=name))
        sure.setAccessibleName(sure.placeholderText())
        sure.setFixedWidth(look().px(240))
        delete = button(translate("Sync", "Delete the account"), self._delete, role="danger")
        delete.setEnabled(False)
        sure.textChanged.connect(lambda text: delete.setEnabled(text.strip() == name))
        keeps = translate("Sync", "Your timetable stays on this machine when you sign out or delete the account.")
        body = column(
            label(translate("Sync", "Account"), "heading"),
            row(password, change, 0, gap=GRID),
            row(recovery, leave, 0, gap=GRID),
            row(
                button(translate("Sync", "Sign out and delete it here"), self._leave_and_delete),
                button(translate("Sync", "Export what the server has"), self._export),
                0,
                gap=GRID,
            ),
            label(keeps, "quiet", wrap=True),
            line(),
            row(sure, delete, 0, gap=GRID),
            margin=GRID * 2,
            gap=GRID + 4,
        )
        return panel(body, "card")

    def _new_recovery(self) -> None:
        self.link.run(
            lambda joint: joint.service.speak(lambda account: account.new_recovery_key()), self._created, owner=self
        )

    def _export(self) -> None:
        dialog = QFileDialog(self, translate("Sync", "Export what the server has"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("timetable-account.json")
        dialog.fileSelected.connect(self._write_export)
        dialog.open()

    def _write_export(self, name: str) -> None:
        def work(joint: Joint) -> None:
            from desktop.workflows import sync  # noqa: PLC0415 - as above

            sync.export_to(joint, Path(name))

        said = translate("Sync", "Everything the server has is in {file}, sealed as it is there").format(
            file=Path(name).name
        )
        self.link.run(work, lambda _nothing: self.session.notices.success(said), owner=self)

    def _leave(self) -> None:
        self.link.run(lambda joint: joint.service.leave(), self._again, owner=self)

    def _leave_and_delete(self) -> None:
        """For a machine that is not one's own: nothing goes before the server has it."""
        from desktop.workflows import sync  # noqa: PLC0415 - as above

        app = self.session.app
        said = translate("Sync", "Signed out; the timetable is on the server and no longer here")

        def deleted(_nothing: None) -> None:
            self.link.start_again()
            self.session.notices.success(said)

        self.link.run(sync.leave_in_step, lambda _left: self.session.change(app.delete_everything, deleted), owner=self)

    def _delete(self) -> None:
        def work(joint: Joint) -> None:
            joint.service.speak(lambda account: account.delete())
            joint.service.leave()

        said = translate("Sync", "The account was deleted from the server")

        def done(_nothing: None) -> None:
            self.session.notices.success(said)
            self._again(None)

        self.link.run(work, done, owner=self)
