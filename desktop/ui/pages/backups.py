"""Backing up to a file and restoring from one, with a check of whether the file was changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from desktop.domain.errors import AppError, NotAllowed
from desktop.ui.pages.sync.account_secrets import show_passwords_box, show_strength
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, label
from desktop.ui.widgets.flow import flow_layout

if TYPE_CHECKING:
    from desktop.workflows.profile import Archive, ArchiveContents, BackupTrust

WIDTH = 260


class BackupPanel(QWidget):
    """Two buttons, and below them the questions to answer before a backup or a restore goes on."""

    def __init__(self, session: Session, on_restored: Callable[[], None]) -> None:
        super().__init__()
        self.session = session
        self._restored = on_restored
        self._question = column(gap=GRID)
        back_up = button(translate("Settings", "Back up to a file"), self._start_backup, icon="export")
        restore = button(translate("Settings", "Restore from a backup"), self._choose_restore, icon="import")
        self.first_row_height = back_up.sizeHint().height()
        self.setLayout(column(flow_layout(back_up, restore), self._question, gap=GRID))

    # backing up

    def _start_backup(self) -> None:
        """Starts a backup: an account signs it; without an account, the student may set a passphrase."""
        from desktop.workflows import profile  # noqa: PLC0415 - not before a backup is made

        app = self.session.app

        def known(is_in_account: bool) -> None:
            if is_in_account:
                self._choose_backup("")
            else:
                self._ask_passphrase()

        self.session.jobs.run_on_store(
            lambda: profile.is_sealed_by_account(app.store, app.vault()),
            known,
            self.session.notices.show_error,
            owner=self,
        )

    def _ask_passphrase(self) -> None:
        clear_layout(self._question)
        first = _field(translate("Settings", "Passphrase"))
        again = _field(translate("Settings", "Passphrase again"))
        strength, wrong = label("", "small", wrap=True), label("", wrap=True, tone="danger")
        strength.hide()
        wrong.hide()
        first.textChanged.connect(lambda text: show_strength(strength, text))

        def go_on() -> None:
            if first.text() != again.text():
                wrong.setText(translate("Settings", "The two differ. Type the same one twice."))
                wrong.show()
                again.setFocus()
                return
            self._choose_backup(first.text())

        about = translate(
            "Settings",
            "With a passphrase, you can see later whether somebody changed the file. It hides nothing: whoever has the "
            "file can read it. Leave it empty to go without.",
        )
        self._question.addWidget(label(about, "quiet", wrap=True))
        self._question.addLayout(flow_layout(first, again, show_passwords_box((first, again))))
        self._question.addWidget(strength)
        self._question.addWidget(wrong)
        self._question.addLayout(
            flow_layout(
                button(translate("Settings", "Choose where"), go_on, role="primary"),
                button(translate("Settings", "Cancel"), lambda: clear_layout(self._question), role="quiet"),
            )
        )
        first.setFocus()

    def _choose_backup(self, passphrase: str) -> None:
        dialog = QFileDialog(self, translate("Settings", "Save a backup"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("upschedule")
        dialog.selectFile(f"timetable-{self.session.state.today.isoformat()}.upschedule")
        dialog.fileSelected.connect(lambda name: self.back_up(Path(name), passphrase))
        dialog.open()

    def back_up(self, path: Path, passphrase: str = "") -> None:
        """Writes the backup to `path`."""
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        app = self.session.app

        def work() -> ArchiveContents:
            now = datetime.now().astimezone()
            return profile.write_backup(app.store, path, now, app.settings_bytes(), app.vault(), passphrase)

        def done(_contents: ArchiveContents) -> None:
            clear_layout(self._question)
            self.session.notices.show_success(translate("Settings", "Backed up to {file}").format(file=path.name))

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    # restoring

    def _choose_restore(self) -> None:
        clear_layout(self._question)
        dialog = QFileDialog(self, translate("Settings", "Choose a backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([translate("Settings", "Backups (*.upschedule)"), translate("Settings", "All files (*)")])
        dialog.fileSelected.connect(lambda name: self.inspect(Path(name)))
        dialog.open()

    def inspect(self, path: Path) -> None:
        """Checks the file, and asks what has to be answered before it is restored."""
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        app = self.session.app

        def work() -> tuple[Archive, BackupTrust]:
            archive = profile.read_backup(path)
            return archive, profile.check_trust(app.store, app.vault(), archive)

        def done(both: tuple[Archive, BackupTrust]) -> None:
            archive, found = both
            if found is profile.BackupTrust.VERIFIED:
                self._restore(archive)
            elif found is profile.BackupTrust.UNDECIDED:
                self._ask_secret(archive)
            else:
                self._warn(archive)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    def _warn(self, archive: Archive) -> None:
        clear_layout(self._question)
        about = translate(
            "Settings",
            "Nothing shows whether somebody changed this backup. Restore it only if it never left your hands.",
        )
        self._question.addWidget(label(about, wrap=True))
        self._question.addLayout(
            flow_layout(
                button(translate("Settings", "Restore it"), lambda: self._restore(archive)),
                button(translate("Settings", "Cancel"), lambda: clear_layout(self._question), role="quiet"),
            )
        )

    def _ask_secret(self, archive: Archive) -> None:
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        clear_layout(self._question)
        about = translate(
            "Settings",
            "This backup is sealed. Type the password, the recovery key or the passphrase that it was made with, to "
            "see whether somebody changed it.",
        )
        secret = _field(translate("Settings", "Password, recovery key or passphrase"))
        wrong = label("", wrap=True, tone="danger")
        wrong.hide()

        def refused(error: Exception) -> None:
            if isinstance(error, AppError):
                wrong.setText(f"{translate_message(error.title)} {translate_message(error.hint)}")
                wrong.show()
                secret.setFocus()
                unchecked.setEnabled(isinstance(error, NotAllowed))  # a changed backup is not restored from here
                check.setEnabled(isinstance(error, NotAllowed))
            else:
                self.session.notices.show_error(error)

        def prove() -> None:
            typed = secret.text()
            self.session.jobs.run_on_store(
                lambda: profile.verify_with_secret(archive, typed),
                lambda _done: self._restore(archive),
                refused,
                owner=self,
            )

        check = button(translate("Settings", "Check and restore"), prove, role="primary")
        unchecked = button(translate("Settings", "Restore without checking"), lambda: self._warn(archive))
        secret.returnPressed.connect(prove)
        self._question.addWidget(label(about, wrap=True))
        self._question.addLayout(flow_layout(secret, show_passwords_box((secret,))))
        self._question.addWidget(wrong)
        cancel = button(translate("Settings", "Cancel"), lambda: clear_layout(self._question), role="quiet")
        self._question.addLayout(flow_layout(check, unchecked, cancel))
        secret.setFocus()

    def _restore(self, archive: Archive) -> None:
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        app = self.session.app
        clear_layout(self._question)

        def work() -> Path:
            copy = profile.restore_backup(app.store, archive)
            app.restore_settings(archive.settings)
            return copy

        def done(copy: Path) -> None:
            self._restored()
            said = translate("Settings", "Restored. What was here before is kept as {file}")
            self.session.notices.show_success(said.format(file=copy.name))

        self.session.run_change(work, done)


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setFixedWidth(appearance().px(WIDTH))
    return field
