"""The Sync page: signing in, state, devices, values that lost a merge, and signing out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from desktop.domain.errors import AppError, NeedsDecision
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.sync.account_secrets import AccountSecrets
from desktop.ui.pages.sync.devices import DevicesCard
from desktop.ui.pages.sync.findings_card import FindingsCard
from desktop.ui.pages.sync.folder_cards import FolderAccountCard, FolderDevicesCard, folder_notices, notices_panel
from desktop.ui.pages.sync.folder_form import FolderForm
from desktop.ui.pages.sync.merge_conflicts import MergeConflictsCard
from desktop.ui.pages.sync.recovery_key import RecoveryKeyCard
from desktop.ui.pages.sync.sign_in import SignInForm
from desktop.ui.pages.sync.sync_texts import state_text
from desktop.ui.session.session import Session
from desktop.ui.texts.language import error_text, translate, translate_message
from desktop.ui.texts.sign_ins import sign_in_text, sign_in_time
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, icon_label, label, panel, row, separator
from desktop.ui.widgets.flow import flow_layout
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
        self._state_area: QVBoxLayout = column(gap=GRID * 2)  # the state: rebuilt with every change
        self._account_area: QVBoxLayout = column(gap=GRID * 2)  # with input fields: kept while signed in
        self._account_area_key = ""
        self.set_scrolled_content(column(self._state_area, self._account_area, 0, gap=GRID * 2), WIDTH)
        self._phone = button("", lambda: session.open_page(routes.PublishRoute()), icon="share")
        self._friends = button("", lambda: session.open_page(routes.FriendsRoute()), icon="people")
        for tool in (self._phone, self._friends):
            self.tools.addWidget(tool)
        self._sync_button = self.add_primary_button("", self._sync_now, "sync")
        self._form: SignInForm | None = None
        self._folder_form: FolderForm | None = None
        self._secrets: AccountSecrets | None = None
        self._shown: tuple[object, ...] = ()
        self._invitation = ""  # a link that lets this device join, until it is passed to the form
        self._state_line: QLabel | None = None
        self._bar: QProgressBar | None = None
        self.link.started.connect(self.invalidate)
        self.link.changed.connect(self._status_changed)

    def title(self) -> str:
        return translate("Sync", "Sync")

    @property
    def has_unsaved_input(self) -> bool:
        """Whether there is input to keep, or the recovery key is shown, which cannot be asked for again."""
        return bool(self._recovery) or super().has_unsaved_input

    def retranslate(self) -> None:
        self._account_area_key = ""  # rebuilt in the other language
        if self._form is not None and not self._form.is_busy:
            self._form = None

    def open(self, route: routes.SyncRoute) -> None:
        if route.link:
            self._invitation = route.link
            self.invalidate()

    def refresh(self) -> None:
        self._draw_state_area()
        if self._form is not None and self._invitation and not self._form.is_busy:
            self._form.fill_in_invitation(self._invitation)
        if self.link.status is not None:
            self._invitation = ""

    def _draw_state_area(self) -> None:
        self.link.start()
        for tool, words in (
            (self._phone, translate("Sync", "Subscribe from my phone")),
            (self._friends, translate("Sync", "With friends")),
        ):
            tool.setAccessibleName(words)
            set_tooltip(tool, words if self.is_narrow else "")
            tool.setText("" if self.is_narrow else words)
        self._sync_button.setText(translate("Sync", "Sync now"))
        self._sync_button.setVisible((self.link.is_signed_in or self.link.is_in_folder) and not self._recovery)
        is_out = not self.link.is_signed_in and not self.link.is_in_folder
        is_busy = self._folder_form is not None and self._folder_form.is_busy
        if self._form is not None and (self._form.is_busy or is_busy or is_out):
            return  # it holds input, and may be waiting for the recovery key, which is given only once
        clear_layout(self._state_area)
        self._state_line = self._bar = self._form = self._folder_form = None
        if self.link.status is None:
            self._state_area.addWidget(label(translate("Sync", "Looking for your account"), "quiet"))
        elif self._recovery:
            shown = RecoveryKeyCard(self.session, self._recovery)
            shown.confirmed.connect(self._recovery_key_confirmed)
            self._state_area.addWidget(shown)
            shown.field.setFocus(Qt.FocusReason.OtherFocusReason)
        elif is_out:
            self._state_area.addWidget(self._introduction())
            self._state_area.addWidget(self._make_folder_form())
            self._state_area.addWidget(label(translate("Sync", "Or sync through a server"), "heading"))
            self._state_area.addWidget(self._make_sign_in_form())
        elif self.link.is_in_folder:
            for card in (self._folder_card(), self._decision_card(), self._conflicts_card()):
                if card is not None:
                    self._state_area.addWidget(card)
        else:
            cards = (
                self._state_card(),
                self._decision_card(),
                self._findings(),
                self._conflicts_card(),
                self._sign_ins(),
            )
            for card in cards:
                if card is not None:
                    self._state_area.addWidget(card)
        self._show_account_area()

    def _show_account_area(self) -> None:
        status = self.link.status
        folder = self.link.folder_status
        signed_in = status is not None and self.link.is_signed_in and not self._recovery
        wanted = f"{status.name} {status.server}" if status is not None and signed_in else ""
        if folder is not None and not self._recovery:
            wanted = f"folder {folder.folder}"
        if wanted and wanted == self._account_area_key:
            return
        clear_layout(self._account_area)
        self._secrets = None
        self._account_area_key = wanted
        if wanted and folder is not None:
            self._account_area.addWidget(FolderDevicesCard(self.session))
            self._account_area.addWidget(FolderAccountCard(self.session, self._show_recovery_key, self.invalidate))
        elif wanted:
            self._account_area.addWidget(DevicesCard(self.session))
            self._account_area.addWidget(self._account_card())

    # signing in

    def _make_folder_form(self) -> QWidget:
        made = self._folder_form = FolderForm(self.link)
        made.timetable_created.connect(self._show_recovery_key)
        made.joined.connect(self._signed_in)
        return made

    def _make_sign_in_form(self) -> QWidget:
        made = self._form = SignInForm(self.link)
        made.account_created.connect(self._show_recovery_key)
        made.signed_in.connect(self._signed_in)
        return made

    def _introduction(self) -> QWidget:
        text = translate(
            "Sync",
            "Everything works without sync. With it, your timetable is the same on all your machines. It is encrypted "
            "before it leaves this one.",
        )
        return label(text, "quiet", wrap=True)

    def _show_recovery_key(self, recovery: str) -> None:
        self._recovery = recovery
        self.invalidate()

    def _signed_in(self) -> None:
        self.invalidate()
        self._sync_button.setFocus(Qt.FocusReason.OtherFocusReason)  # the field that had the focus is gone

    def _recovery_key_confirmed(self) -> None:
        self._recovery = ""
        self._signed_in()

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
            label(who, "quiet", selectable=True),
            margin=GRID * 2,
            gap=GRID,
        )
        self._show_state()
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
            label(status.folder if status else "", "quiet", wrap=True, selectable=True),
            margin=GRID * 2,
            gap=GRID,
        )
        self._show_state()
        texts = folder_notices(status) if status is not None else []
        if texts:
            body.addWidget(notices_panel(texts))
        return panel(body, "card")

    def _send_again(self) -> None:
        self.link.run_on_account(
            lambda joint: joint.service.retry_refused(), lambda _count: self.invalidate(), owner=self
        )

    def _status_changed(self) -> None:
        status = self.link.folder_status or self.link.status
        trouble = type(status.error) if status else None
        refused = status.outcome.refused if status is not None and status.outcome is not None else 0
        folder = self.link.folder_status
        of_folder = (folder.folder, *folder_notices(folder)) if folder is not None else ()
        found = self.link.status.findings if self.link.status is not None else ()
        is_off = status is not None and status.state == "off"
        shown = (self.link.is_signed_in, trouble, is_off, refused, of_folder, found)
        if shown != self._shown:
            self._shown = shown
            self.invalidate()
        elif self._state_line is not None:
            self._show_state()

    def _show_state(self) -> None:
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
                self.session.notices.show_error(error)

        self.link.run_on_account(work, lambda _done: self.invalidate(), failed, self)

    def _decision_card(self) -> QWidget | None:
        status = self.link.folder_status or self.link.status
        if status is None or status.error is None:
            return None
        body = column(
            row(
                icon_label("warning", "warning"),
                label(translate_message(status.error.title), "strong", wrap=True),
                gap=GRID,
            ),
            label(translate_message(status.error.hint), wrap=True),
            margin=GRID * 2,
            gap=GRID,
        )
        from desktop.workflows.folder_sync import FolderIsEmpty  # noqa: PLC0415 - not before sync runs
        from desktop.workflows.sync import JoinNeedsDecision, MassDeleteNeedsDecision, needs_sign_in  # noqa: PLC0415 - as above

        if isinstance(status.error, JoinNeedsDecision):
            together = status.error.counts
            counts = translate("Sync", "{here} entries here, {there} there, {both} of them the same.").format(
                here=sum(together.here.values()), there=sum(together.there.values()), both=together.both
            )
            body.addWidget(label(counts, "quiet"))
            join = button(translate("Sync", "Merge them"), lambda: self._sync_now(agreed=True), role="primary")
            body.addLayout(row(join, 0))
        elif isinstance(status.error, MassDeleteNeedsDecision):
            keep = button(translate("Sync", "Bring them back"), lambda: self._sync_now(wipe="undo"), role="primary")
            drop = button(translate("Sync", "Delete them"), lambda: self._sync_now(wipe="accept"), role="danger")
            body.addLayout(row(keep, drop, 0, gap=GRID))
        elif isinstance(status.error, FolderIsEmpty):
            write = button(translate("Sync", "Write everything again"), lambda: self._sync_now(agreed=True))
            body.addLayout(row(write, 0))
        elif self.link.status is status and needs_sign_in(self.link.status):
            again = button(translate("Sync", "Sign in again"), self._sign_in_again, role="primary")
            body.addLayout(row(again, 0))
        return panel(body, "card")

    def _findings(self) -> QWidget | None:
        found = self.link.status.findings if self.link.status is not None else ()
        return FindingsCard(self.session, found) if found else None

    def _conflicts_card(self) -> QWidget | None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        view = self.session.state.view
        found = sync.lost_values(view.records) if view is not None else ()
        return MergeConflictsCard(self.session, found) if found else None

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
        secrets.password_change_requested.connect(self._change_password)
        secrets.recovery_key_requested.connect(self._new_recovery)
        leave = button(translate("Sync", "Sign out"), self._sign_out)
        name = self.link.status.name if self.link.status else ""
        sure = QLineEdit()
        sure.setPlaceholderText(translate("Sync", "Type “{name}” to be sure").format(name=name))
        sure.setAccessibleName(sure.placeholderText())
        sure.setFixedWidth(appearance().px(240))
        delete = button(translate("Sync", "Delete the account"), self._delete, role="danger")
        delete.setEnabled(False)
        sure.textChanged.connect(lambda text: delete.setEnabled(text.strip() == name))
        keeps = translate("Sync", "Your timetable stays on this machine when you sign out or delete the account.")
        body = column(
            label(translate("Sync", "Account"), "heading"),
            secrets,
            separator(),
            flow_layout(
                button(translate("Sync", "Export what the server has"), self._export),
                leave,
                button(translate("Sync", "Sign out and delete it here"), self._sign_out_and_delete),
            ),
            label(keeps, "quiet", wrap=True),
            separator(),
            flow_layout(sure, delete),
            margin=GRID * 2,
            gap=GRID + 4,
        )
        return panel(body, "card")

    def _change_password(self, secret: str, password: str) -> None:
        said = translate("Sync", "The password was changed; other devices sign in again")

        def changed(_nothing: None) -> None:
            if self._secrets is not None:
                self._secrets.clear()
            self.session.notices.show_success(said)

        self.link.run_on_account(
            lambda joint: joint.service.with_account(lambda account: account.change_password(secret, password)),
            changed,
            self._change_failed,
            self,
        )

    def _new_recovery(self, secret: str) -> None:
        self.link.run_on_account(
            lambda joint: joint.service.with_account(lambda account: account.new_recovery_key(secret)),
            self._show_recovery_key,
            self._change_failed,
            self,
        )

    def _change_failed(self, error: Exception) -> None:
        if self._secrets is not None:
            self._secrets.show_error(error_text(error))

    def _export(self) -> None:
        dialog = QFileDialog(self, translate("Sync", "Export what the server has"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("timetable-account.json")
        dialog.fileSelected.connect(self._write_export)
        dialog.open()

    def _write_export(self, name: str) -> None:
        def work(joint: Joint) -> None:
            from desktop.workflows import sync  # noqa: PLC0415 - as above

            sync.export_account(joint, Path(name))

        said = translate("Sync", "Everything the server has is in {file}, sealed as it is there").format(
            file=Path(name).name
        )
        self.link.run_on_account(work, lambda _nothing: self.session.notices.show_success(said), owner=self)

    def _sign_out(self) -> None:
        self.link.run_on_account(lambda joint: joint.service.sign_out(), lambda _nothing: self.invalidate(), owner=self)

    def _sign_in_again(self) -> None:
        """Shows the sign-in form, filled in with what is known."""
        status = self.link.status

        def left(_nothing: None) -> None:
            self.invalidate()
            if self._form is not None and status is not None:
                self._form.fill_in(status.server, status.name)

        self.link.run_on_account(lambda joint: joint.service.sign_out(), left, owner=self)

    def _sign_out_and_delete(self) -> None:
        """Signs out and deletes the data here, for a shared machine; nothing is deleted before the server has it."""
        from desktop.workflows import sync  # noqa: PLC0415 - as above

        app = self.session.app
        said = translate("Sync", "Signed out; the timetable is on the server and no longer here")

        def deleted(left: AppError | None) -> None:
            self.link.restart()
            if left is None:
                self.session.notices.show_success(said)
            else:
                self.session.notices.show_error(left)

        self.link.run_on_account(
            sync.sync_and_sign_out, lambda _left: self.session.run_change(app.delete_everything, deleted), owner=self
        )

    def _delete(self) -> None:
        def work(joint: Joint) -> None:
            joint.service.with_account(lambda account: account.delete())
            joint.service.sign_out()

        said = translate("Sync", "The account was deleted from the server")

        def done(_nothing: None) -> None:
            self.session.notices.show_success(said)
            self.invalidate()

        self.link.run_on_account(work, done, owner=self)
