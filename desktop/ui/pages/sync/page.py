"""The Sync page: signing in, state, devices, values that lost a merge, and signing out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from desktop.domain.errors import AppError, NeedsDecision
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.sync.devices import DevicesCard
from desktop.ui.pages.sync.findings_card import FindingsCard
from desktop.ui.pages.sync.folder_cards import FolderAccountCard, FolderDevicesCard, notes, notes_panel
from desktop.ui.pages.sync.folder_form import FolderForm
from desktop.ui.pages.sync.lost_values import LostValues
from desktop.ui.pages.sync.recovery_key import RecoveryKey
from desktop.ui.pages.sync.secrets import AccountSecrets
from desktop.ui.pages.sync.sign_in import SignInForm
from desktop.ui.pages.sync.sync_texts import state_text
from desktop.ui.session.session import Session
from desktop.ui.texts.language import say, translate, trouble_text
from desktop.ui.texts.sign_ins import sign_in_text, sign_in_time
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, clear, column, icon_label, label, line, panel, row
from desktop.ui.widgets.flow import flowing
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.workflows.sync import Joint

WIDTH = 720
SIGN_INS = 5  # the newest ones, at most this many


class SyncPage(Page[routes.SyncRoute]):
    """One column of cards; which ones depends on the state of the profile."""

    narrow_below = 600

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.link = session.sync_link
        self._recovery = ""
        self._standing: QVBoxLayout = column(gap=GRID * 2)  # the state: rebuilt with every change
        self._lasting: QVBoxLayout = column(gap=GRID * 2)  # with input fields: kept while signed in
        self._lasts_for = ""
        self.fill(column(self._standing, self._lasting, 0, gap=GRID * 2), WIDTH)
        self._phone = button("", lambda: session.open_page(routes.PublishRoute()), icon="share")
        self._friends = button("", lambda: session.open_page(routes.FriendsRoute()), icon="people")
        for tool in (self._phone, self._friends):
            self.tools.addWidget(tool)
        self._now = self.primary("", self._sync_now, "sync")
        self._form: SignInForm | None = None
        self._folder_form: FolderForm | None = None
        self._secrets: AccountSecrets | None = None
        self._shown: tuple[object, ...] = ()
        self._invitation = ""  # a link that lets this device join, until it is passed to the form
        self._state_line: QLabel | None = None
        self._bar: QProgressBar | None = None
        self.link.joined.connect(self.outdated)
        self.link.changed.connect(self._status_changed)

    def title(self) -> str:
        return translate("Sync", "Sync")

    @property
    def holds_input(self) -> bool:
        """Whether there is input to keep, or the recovery key is shown, which cannot be asked for again."""
        return bool(self._recovery) or super().holds_input

    def retranslate(self) -> None:
        self._lasts_for = ""  # rebuilt in the other language
        if self._form is not None and not self._form.is_busy:
            self._form = None

    def open(self, route: routes.SyncRoute) -> None:
        if route.link:
            self._invitation = route.link
            self.outdated()

    def refresh(self) -> None:
        self._stand()
        if self._form is not None and self._invitation and not self._form.is_busy:
            self._form.fill_in_invitation(self._invitation)
        if self.link.status is not None:
            self._invitation = ""

    def _stand(self) -> None:
        self.link.start()
        for tool, words in (
            (self._phone, translate("Sync", "Subscribe from my phone")),
            (self._friends, translate("Sync", "With friends")),
        ):
            tool.setAccessibleName(words)
            set_tooltip(tool, words if self.is_narrow else "")
            tool.setText("" if self.is_narrow else words)
        self._now.setText(translate("Sync", "Sync now"))
        self._now.setVisible((self.link.is_signed_in or self.link.is_in_folder) and not self._recovery)
        is_out = not self.link.is_signed_in and not self.link.is_in_folder
        is_busy = self._folder_form is not None and self._folder_form.is_busy
        if self._form is not None and (self._form.is_busy or is_busy or is_out):
            return  # it holds input, and may be waiting for the recovery key, which is given only once
        clear(self._standing)
        self._state_line = self._bar = self._form = self._folder_form = None
        if self.link.status is None:
            self._standing.addWidget(label(translate("Sync", "Looking for your account"), "quiet"))
        elif self._recovery:
            shown = RecoveryKey(self.session, self._recovery)
            shown.kept.connect(self._kept)
            self._standing.addWidget(shown)
            shown.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_out:
            self._standing.addWidget(self._promise())
            self._standing.addWidget(self._folder_entrance())
            self._standing.addWidget(label(translate("Sync", "Or sync through a server"), "heading"))
            self._standing.addWidget(self._entrance())
        elif self.link.is_in_folder:
            for card in (self._folder_card(), self._decision_card(), self._lost_values()):
                if card is not None:
                    self._standing.addWidget(card)
        else:
            cards = (self._state_card(), self._decision_card(), self._findings(), self._lost_values(), self._sign_ins())
            for card in cards:
                if card is not None:
                    self._standing.addWidget(card)
        self._show_lasting()

    def _show_lasting(self) -> None:
        status = self.link.status
        folder = self.link.folder_status
        signed_in = status is not None and self.link.is_signed_in and not self._recovery
        wanted = f"{status.name} {status.server}" if status is not None and signed_in else ""
        if folder is not None and not self._recovery:
            wanted = f"folder {folder.folder}"
        if wanted and wanted == self._lasts_for:
            return
        clear(self._lasting)
        self._secrets = None
        self._lasts_for = wanted
        if wanted and folder is not None:
            self._lasting.addWidget(FolderDevicesCard(self.session))
            self._lasting.addWidget(FolderAccountCard(self.session, self._created, self.outdated))
        elif wanted:
            self._lasting.addWidget(DevicesCard(self.session))
            self._lasting.addWidget(self._account_card())

    # signing in

    def _folder_entrance(self) -> QWidget:
        made = self._folder_form = FolderForm(self.link)
        made.made.connect(self._created)
        made.entered.connect(self._entered)
        return made

    def _entrance(self) -> QWidget:
        made = self._form = SignInForm(self.link)
        made.made.connect(self._created)
        made.entered.connect(self._entered)
        return made

    def _promise(self) -> QWidget:
        text = translate(
            "Sync",
            "Everything works without sync. With it, your timetable is the same on all your machines. It is encrypted "
            "before it leaves this one.",
        )
        return label(text, "quiet", wrap=True)

    def _created(self, recovery: str) -> None:
        self._recovery = recovery
        self.outdated()

    def _entered(self) -> None:
        self.outdated()
        self._now.setFocus(Qt.FocusReason.OtherFocusReason)  # the field that had the focus is gone

    def _kept(self) -> None:
        self._recovery = ""
        self._entered()

    # the state

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

    def _folder_card(self) -> QWidget:
        status = self.link.folder_status
        self._state_line = label("", "heading", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        body = column(
            row(icon_label("sync", "accent"), self._state_line, gap=GRID),
            self._bar,
            label(status.folder if status else "", "quiet", wrap=True, select=True),
            margin=GRID * 2,
            gap=GRID,
        )
        self._say_state()
        texts = notes(status) if status is not None else []
        if texts:
            body.addWidget(notes_panel(texts))
        return panel(body, "card")

    def _send_again(self) -> None:
        self.link.run(lambda joint: joint.service.retry_refused(), lambda _count: self.outdated(), owner=self)

    def _status_changed(self) -> None:
        status = self.link.folder_status or self.link.status
        trouble = type(status.trouble) if status else None
        refused = status.outcome.refused if status is not None and status.outcome is not None else 0
        folder = self.link.folder_status
        of_folder = (folder.folder, *notes(folder)) if folder is not None else ()
        found = self.link.status.findings if self.link.status is not None else ()
        is_off = status is not None and status.state == "off"
        shown = (self.link.is_signed_in, trouble, is_off, refused, of_folder, found)
        if shown != self._shown:
            self._shown = shown
            self.outdated()
        elif self._state_line is not None:
            self._say_state()

    def _say_state(self) -> None:
        status = self.link.folder_status or self.link.status
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
            (joint.folder if joint.folder.is_on else joint.service).sync_now(agreed=agreed, wipe=wipe)

        def failed(error: Exception) -> None:
            if not isinstance(error, NeedsDecision):
                self.session.notices.handle(error)

        self.link.run(work, lambda _done: self.outdated(), failed, self)

    def _decision_card(self) -> QWidget | None:
        status = self.link.folder_status or self.link.status
        if status is None or status.trouble is None:
            return None
        body = column(
            row(icon_label("warning", "warning"), label(say(status.trouble.title), "strong", wrap=True), gap=GRID),
            label(say(status.trouble.hint), wrap=True),
            margin=GRID * 2,
            gap=GRID,
        )
        from desktop.workflows.folder_sync import FolderIsEmpty  # noqa: PLC0415 - not before sync runs
        from desktop.workflows.sync import JoinAhead, MassDeleteAhead, must_sign_in  # noqa: PLC0415 - as above

        if isinstance(status.trouble, JoinAhead):
            together = status.trouble.together
            counts = translate("Sync", "{here} entries here, {there} there, {both} of them the same.").format(
                here=sum(together.here.values()), there=sum(together.there.values()), both=together.both
            )
            body.addWidget(label(counts, "quiet"))
            join = button(translate("Sync", "Merge them"), lambda: self._sync_now(agreed=True), role="primary")
            body.addLayout(row(join, 0))
        elif isinstance(status.trouble, MassDeleteAhead):
            keep = button(translate("Sync", "Bring them back"), lambda: self._sync_now(wipe="undo"), role="primary")
            drop = button(translate("Sync", "Delete them"), lambda: self._sync_now(wipe="accept"), role="danger")
            body.addLayout(row(keep, drop, 0, gap=GRID))
        elif isinstance(status.trouble, FolderIsEmpty):
            write = button(translate("Sync", "Write everything again"), lambda: self._sync_now(agreed=True))
            body.addLayout(row(write, 0))
        elif self.link.status is status and must_sign_in(self.link.status):
            again = button(translate("Sync", "Sign in again"), self._sign_in_again, role="primary")
            body.addLayout(row(again, 0))
        return panel(body, "card")

    def _findings(self) -> QWidget | None:
        found = self.link.status.findings if self.link.status is not None else ()
        return FindingsCard(self.session, found) if found else None

    def _lost_values(self) -> QWidget | None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        view = self.session.state.view
        found = sync.lost_values(view.records) if view is not None else ()
        return LostValues(self.session, found) if found else None

    def _sign_ins(self) -> QWidget | None:
        found = self.link.sign_ins()
        if not found:
            return None
        lines = column(gap=GRID)
        for each in found[:SIGN_INS]:
            laid = row(label(sign_in_text(each), wrap=True), label(sign_in_time(each), "quiet"), gap=GRID * 2)
            laid.setStretch(0, 1)
            lines.addLayout(laid)
        warns = translate("Sync", "If one of them was not you, lock that device out below and change the password.")
        heading = label(translate("Sync", "Sign-ins"), "heading")
        return panel(column(heading, lines, label(warns, "quiet", wrap=True), margin=GRID * 2, gap=GRID + 4), "card")

    # the account

    def _account_card(self) -> QWidget:
        secrets = self._secrets = AccountSecrets()
        secrets.password_wanted.connect(self._change_password)
        secrets.recovery_wanted.connect(self._new_recovery)
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
            secrets,
            line(),
            flowing(
                button(translate("Sync", "Export what the server has"), self._export),
                leave,
                button(translate("Sync", "Sign out and delete it here"), self._leave_and_delete),
            ),
            label(keeps, "quiet", wrap=True),
            line(),
            flowing(sure, delete),
            margin=GRID * 2,
            gap=GRID + 4,
        )
        return panel(body, "card")

    def _change_password(self, secret: str, password: str) -> None:
        said = translate("Sync", "The password was changed; other devices sign in again")

        def changed(_nothing: None) -> None:
            if self._secrets is not None:
                self._secrets.clear()
            self.session.notices.success(said)

        self.link.run(
            lambda joint: joint.service.speak(lambda account: account.change_password(secret, password)),
            changed,
            self._not_changed,
            self,
        )

    def _new_recovery(self, secret: str) -> None:
        self.link.run(
            lambda joint: joint.service.speak(lambda account: account.new_recovery_key(secret)),
            self._created,
            self._not_changed,
            self,
        )

    def _not_changed(self, error: Exception) -> None:
        if self._secrets is not None:
            self._secrets.say_wrong(trouble_text(error))

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
        self.link.run(lambda joint: joint.service.leave(), lambda _nothing: self.outdated(), owner=self)

    def _sign_in_again(self) -> None:
        """Shows the sign-in form, filled in with what is known."""
        status = self.link.status

        def left(_nothing: None) -> None:
            self.outdated()
            if self._form is not None and status is not None:
                self._form.fill_in(status.server, status.name)

        self.link.run(lambda joint: joint.service.leave(), left, owner=self)

    def _leave_and_delete(self) -> None:
        """Signs out and deletes the data here, for a shared machine; nothing is deleted before the server has it."""
        from desktop.workflows import sync  # noqa: PLC0415 - as above

        app = self.session.app
        said = translate("Sync", "Signed out; the timetable is on the server and no longer here")

        def deleted(left: AppError | None) -> None:
            self.link.start_again()
            if left is None:
                self.session.notices.success(said)
            else:
                self.session.notices.handle(left)

        self.link.run(sync.leave_in_step, lambda _left: self.session.change(app.delete_everything, deleted), owner=self)

    def _delete(self) -> None:
        def work(joint: Joint) -> None:
            joint.service.speak(lambda account: account.delete())
            joint.service.leave()

        said = translate("Sync", "The account was deleted from the server")

        def done(_nothing: None) -> None:
            self.session.notices.success(said)
            self.outdated()

        self.link.run(work, done, owner=self)
