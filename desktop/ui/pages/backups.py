"""Backing up to a file and restoring from one, with a check of whether the file was changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from desktop.domain.errors import AppError, NotAllowed
from desktop.ui.pages.sync.secrets import show_box, tell_strength
from desktop.ui.session.session import Session
from desktop.ui.texts.language import say, translate
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, clear, column, label
from desktop.ui.widgets.flow import flowing

if TYPE_CHECKING:
    from desktop.workflows.profile import Archive, ArchiveContents, Vouched

WIDTH = 260


class Backups(QWidget):
    """Two buttons, and below them the questions to answer before a backup or a restore goes on."""

    def __init__(self, session: Session, restored: Callable[[], None]) -> None:
        super().__init__()
        self.session = session
        self._restored = restored
        self._question = column(gap=GRID)
        back_up = button(translate("Settings", "Back up to a file"), self._begin, icon="export")
        restore = button(translate("Settings", "Restore from a backup"), self._choose_restore, icon="import")
        self.first_line = back_up.sizeHint().height()
        self.setLayout(column(flowing(back_up, restore), self._question, gap=GRID))

    # backing up

    def _begin(self) -> None:
        """Starts a backup: an account signs it; without an account, the student may set a passphrase."""
        from desktop.workflows import profile  # noqa: PLC0415 - not before a backup is made

        app = self.session.app

        def known(is_in_account: bool) -> None:
            if is_in_account:
                self._choose_backup("")
            else:
                self._ask_passphrase()

        self.session.jobs.store(
            lambda: profile.is_in_account(app.store, app.vault()), known, self.session.notices.handle, owner=self
        )

    def _ask_passphrase(self) -> None:
        clear(self._question)
        first = _field(translate("Settings", "Passphrase"))
        again = _field(translate("Settings", "Passphrase again"))
        strength, wrong = label("", "small", wrap=True), label("", wrap=True, tone="danger")
        strength.hide()
        wrong.hide()
        first.textChanged.connect(lambda text: tell_strength(strength, text))

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
        self._question.addLayout(flowing(first, again, show_box((first, again))))
        self._question.addWidget(strength)
        self._question.addWidget(wrong)
        self._question.addLayout(
            flowing(
                button(translate("Settings", "Choose where"), go_on, role="primary"),
                button(translate("Settings", "Cancel"), lambda: clear(self._question), role="quiet"),
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
            return profile.backup_to(app.store, path, now, app.settings_bytes(), app.vault(), passphrase)

        def done(_contents: ArchiveContents) -> None:
            clear(self._question)
            self.session.notices.success(translate("Settings", "Backed up to {file}").format(file=path.name))

        self.session.jobs.store(work, done, self.session.notices.handle, owner=self)

    # restoring

    def _choose_restore(self) -> None:
        clear(self._question)
        dialog = QFileDialog(self, translate("Settings", "Choose a backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([translate("Settings", "Backups (*.upschedule)"), translate("Settings", "All files (*)")])
        dialog.fileSelected.connect(lambda name: self.look_into(Path(name)))
        dialog.open()

    def look_into(self, path: Path) -> None:
        """Checks the file, and asks what has to be answered before it is restored."""
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        app = self.session.app

        def work() -> tuple[Archive, Vouched]:
            archive = profile.look_into(path)
            return archive, profile.vouched(app.store, app.vault(), archive)

        def done(both: tuple[Archive, Vouched]) -> None:
            archive, found = both
            if found is profile.Vouched.THIS_PROFILE:
                self._restore(archive)
            elif found is profile.Vouched.WHO_KNOWS:
                self._ask_secret(archive)
            else:
                self._warn(archive)

        self.session.jobs.store(work, done, self.session.notices.handle, owner=self)

    def _warn(self, archive: Archive) -> None:
        clear(self._question)
        about = translate(
            "Settings",
            "Nothing shows whether somebody changed this backup. Restore it only if it never left your hands.",
        )
        self._question.addWidget(label(about, wrap=True))
        self._question.addLayout(
            flowing(
                button(translate("Settings", "Restore it"), lambda: self._restore(archive)),
                button(translate("Settings", "Cancel"), lambda: clear(self._question), role="quiet"),
            )
        )

    def _ask_secret(self, archive: Archive) -> None:
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        clear(self._question)
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
                wrong.setText(f"{say(error.title)} {say(error.hint)}")
                wrong.show()
                secret.setFocus()
                unchecked.setEnabled(isinstance(error, NotAllowed))  # a changed backup is not restored from here
                check.setEnabled(isinstance(error, NotAllowed))
            else:
                self.session.notices.handle(error)

        def prove() -> None:
            typed = secret.text()
            self.session.jobs.store(
                lambda: profile.prove(archive, typed), lambda _done: self._restore(archive), refused, owner=self
            )

        check = button(translate("Settings", "Check and restore"), prove, role="primary")
        unchecked = button(translate("Settings", "Restore without checking"), lambda: self._warn(archive))
        secret.returnPressed.connect(prove)
        self._question.addWidget(label(about, wrap=True))
        self._question.addLayout(flowing(secret, show_box((secret,))))
        self._question.addWidget(wrong)
        cancel = button(translate("Settings", "Cancel"), lambda: clear(self._question), role="quiet")
        self._question.addLayout(flowing(check, unchecked, cancel))
        secret.setFocus()

    def _restore(self, archive: Archive) -> None:
        from desktop.workflows import profile  # noqa: PLC0415 - as above

        app = self.session.app
        clear(self._question)

        def work() -> Path:
            copy = profile.restore_from(app.store, archive)
            app.restore_settings(archive.settings)
            return copy

        def done(copy: Path) -> None:
            self._restored()
            said = translate("Settings", "Restored. What was here before is kept as {file}")
            self.session.notices.success(said.format(file=copy.name))

        self.session.change(work, done)


def _field(words: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setFixedWidth(look().px(WIDTH))
    return field
