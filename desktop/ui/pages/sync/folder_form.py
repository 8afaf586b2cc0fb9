"""The form to sync through a folder: choose it, then create a timetable in it or join the one that is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QFrame, QGridLayout, QLineEdit, QPushButton

from desktop.ui.pages.sync.account_secrets import show_passwords_box, show_strength
from desktop.ui.pages.sync.waiting_panel import WaitingPanel
from desktop.ui.session.sync_link import SyncLink
from desktop.ui.texts.language import error_text, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, panel, row, set_tone
from desktop.ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import CloudFolder, FolderCodeJoin

CREATE, PASSWORD, CODE, FORGOTTEN = "create", "password", "code", "forgotten"
LABEL_WIDTH = 160


class FolderForm(QFrame):
    """The form.

    `timetable_created` carries the recovery key of a timetable created in a folder; `joined` follows any other way of
    joining.
    """

    timetable_created = Signal(str)
    joined = Signal()

    def __init__(self, link: SyncLink) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._link = link
        self._path: Path | None = None
        self._method = ""
        self._arrival: FolderCodeJoin | None = None
        self._folders = FlowLayout()
        self._chosen = QButtonGroup(self)
        self._other = self._chip(translate("Folder", "Another folder"), self._browse)
        self._folders.addWidget(self._other)
        self._where = label("", "quiet", wrap=True, selectable=True)
        self._ways = FlowLayout()
        together = QButtonGroup(self)
        self._chips: dict[str, QPushButton] = {}
        for way, words in (
            (PASSWORD, translate("Folder", "I know the password")),
            (CODE, translate("Folder", "I have a code")),
            (FORGOTTEN, translate("Folder", "Forgotten password")),
        ):
            chip = button(words, role="chip")
            chip.setCheckable(True)
            together.addButton(chip)
            chip.clicked.connect(partial(self._show_method, way))
            self._ways.addWidget(chip)
            self._chips[way] = chip
        self._hint = label("", wrap=True)
        self._code, self._recovery, self._password, self._again = (QLineEdit() for _ in range(4))
        self._show = show_passwords_box((self._password, self._again))
        self._strength = label("", "small", wrap=True)
        self._password.textChanged.connect(self._update_strength)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(GRID + 4)
        self._fields = (self._code, self._recovery, self._password, self._again)
        self._labels = [label("", "strong") for _ in self._fields]
        for number, field in enumerate(self._fields):
            self._labels[number].setFixedWidth(appearance().px(LABEL_WIDTH))
            grid.addWidget(self._labels[number], number, 0)
            grid.addWidget(field, number, 1)
            field.returnPressed.connect(self._submit)
        self._wrong = label("", wrap=True, tone="danger")
        self._go = button("", self._submit, role="primary")
        self._waiting = WaitingPanel()
        self._waiting.cancelled.connect(self._cancel_joining)
        self._waiting.poll_due.connect(self._poll)
        self._typed = panel(
            column(
                panel(self._ways), self._hint, panel(grid), self._strength, self._show, row(self._go, 0), gap=GRID + 4
            )
        )
        explains = translate(
            "Folder",
            "The cloud you already have carries your timetable between your machines, as a folder of encrypted files "
            "that the cloud cannot read. A USB stick does as well. There is no account to make.",
        )
        self.setLayout(
            column(
                label(translate("Folder", "Sync through a folder"), "heading"),
                label(explains, "quiet", wrap=True),
                panel(self._folders),
                self._where,
                self._typed,
                self._waiting,
                self._wrong,
                margin=GRID * 2,
                gap=GRID + 4,
            )
        )
        for part in (self._where, self._typed, self._wrong):
            part.hide()
        self._find()

    @property
    def is_busy(self) -> bool:
        """Whether an answer is pending."""
        return not self.isEnabled() or self._arrival is not None

    def _chip(self, words: str, on_click: Callable[[], object]) -> QPushButton:
        chip = button(words, role="chip")
        chip.setCheckable(True)
        self._chosen.addButton(chip)
        chip.clicked.connect(lambda _checked: on_click())
        return chip

    # choosing the folder

    def _find(self) -> None:
        from desktop.workflows import folder_sync  # noqa: PLC0415 - nothing of sync is loaded before it is used

        self._link.run_on_account(
            lambda _joint: folder_sync.find_cloud_folders(), self._found, lambda _error: None, self
        )

    def _found(self, folders: tuple[CloudFolder, ...]) -> None:
        self._folders.removeWidget(self._other)
        names = [each.cloud for each in folders]
        for each in folders:
            words = each.cloud if names.count(each.cloud) == 1 else f"{each.cloud} ({each.path.parent.name})"
            self._folders.addWidget(self._chip(words, partial(self.choose, each.path)))
        self._folders.addWidget(self._other)

    def _browse(self) -> None:
        dialog = QFileDialog(self, translate("Folder", "Choose the folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.open()

    def choose(self, path: Path) -> None:
        """Takes a folder, and checks whether it contains a timetable."""
        from desktop.workflows import folder_sync  # noqa: PLC0415 - as above

        def looked(is_there: bool) -> None:
            self._path = path
            self._where.setText(str(path))
            self._where.show()
            self._show_methods(is_there)
            self._show_method(PASSWORD if is_there else CREATE)
            self._typed.show()
            self._password.setFocus()

        self._link.run_on_account(lambda _joint: folder_sync.has_timetable(path), looked, self._failed, self)

    # create or join

    def _show_methods(self, shown: bool) -> None:
        for chip in self._chips.values():
            chip.setVisible(shown)

    def _show_method(self, way: str, *_checked: object) -> None:
        self._method = way
        if way in self._chips:
            self._chips[way].setChecked(True)
        self._wrong.hide()
        is_new = way in (CREATE, FORGOTTEN)
        names = (
            translate("Folder", "Code"),
            translate("Folder", "Recovery key"),
            translate("Folder", "New password") if is_new else translate("Folder", "Password"),
            translate("Folder", "Password again"),
        )
        shown = (way == CODE, way == FORGOTTEN, way != CODE, is_new)
        for words, name, field, is_shown in zip(names, self._labels, self._fields, shown, strict=True):
            name.setText(words)
            field.setAccessibleName(words)
            name.setVisible(is_shown)
            field.setVisible(is_shown)
        self._show.setVisible(way != CODE)
        self._update_strength()
        self._hint.setText(
            {
                CREATE: translate(
                    "Folder",
                    "There is no timetable in this folder yet. Make up a password; your other machines ask for it. "
                    "Nobody can reset it: keep the recovery key that comes next.",
                ),
                PASSWORD: translate("Folder", "There is a timetable in this folder. Join it to have it here too."),
                CODE: translate("Folder", "On a device that is in, open Sync and choose Add a device."),
                FORGOTTEN: translate("Folder", "With your recovery key you can set a new password."),
            }[way]
        )
        self._go.setText(
            {
                CREATE: translate("Folder", "Sync through this folder"),
                PASSWORD: translate("Folder", "Join"),
                CODE: translate("Folder", "Join with the code"),
                FORGOTTEN: translate("Folder", "Set the password and join"),
            }[way]
        )

    def _update_strength(self) -> None:
        show_strength(self._strength, self._password.text() if self._method in (CREATE, FORGOTTEN) else "")

    def _submit(self) -> None:
        path, password = self._path, self._password.text()
        code, recovery = self._code.text(), self._recovery.text()
        if path is None:
            return
        if self._method in (CREATE, FORGOTTEN) and password != self._again.text():
            self._show_error(translate("Folder", "The two passwords differ. Type the same one twice."))
            return
        from desktop.workflows import folder_sync  # noqa: PLC0415 - as above

        self._set_busy(True)
        if self._method == CREATE:
            self._link.run_on_account(
                lambda joint: folder_sync.create_shared_folder(joint, path, password), self._made, self._failed, self
            )
        elif self._method == CODE:
            self._link.run_on_account(
                lambda joint: folder_sync.request_access(joint, path, code), self._arrival_received, self._failed, self
            )
        elif self._method == FORGOTTEN:
            self._link.run_on_account(
                lambda joint: folder_sync.join_by_recovery_key(joint, path, recovery, password),
                self._joined,
                self._failed,
                self,
            )
        else:
            self._link.run_on_account(
                lambda joint: folder_sync.join_by_password(joint, path, password), self._joined, self._failed, self
            )

    # joining with a code

    def _arrival_received(self, arrival: FolderCodeJoin) -> None:
        self._arrival = arrival
        self._set_busy(False)
        self._typed.hide()
        self._waiting.start(
            translate("Folder", "Waiting for the other device. A cloud may take a minute to carry the files."),
            polls=True,
        )

    def _poll(self) -> None:
        arrival, path = self._arrival, self._path
        if arrival is None or path is None:
            return
        from desktop.workflows import folder_sync  # noqa: PLC0415 - as above

        def seen(is_in: bool) -> None:
            if is_in:
                self._end_waiting()
                self._joined(None)
            elif arrival is self._arrival:
                self._waiting.finish_poll(arrival.digits)

        self._link.run_on_account(
            lambda joint: folder_sync.try_finish_arrival(joint, path, arrival), seen, self._poll_failed, self
        )

    def _poll_failed(self, error: Exception) -> None:
        self._waiting.finish_poll()
        if self._arrival is not None:
            self._cancel_joining()
            self._show_error(error_text(error))

    def _cancel_joining(self) -> None:
        arrival = self._arrival
        self._end_waiting()
        if arrival is not None:
            self._link.run_on_account(lambda _joint: arrival.cancel(), lambda _done: None, lambda _error: None, self)

    def _end_waiting(self) -> None:
        self._arrival = None
        self._waiting.stop()
        self._typed.show()

    def _made(self, recovery: str) -> None:
        self._clear_fields()
        self.timetable_created.emit(recovery)

    def _joined(self, _nothing: None) -> None:
        self._clear_fields()
        self.joined.emit()

    def _clear_fields(self) -> None:
        self._set_busy(False)
        for field in self._fields:
            field.clear()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._show_error(error_text(error))

    def _set_busy(self, busy: bool) -> None:
        self._wrong.hide()
        self.setEnabled(not busy)

    def _show_error(self, text: str) -> None:
        self._wrong.setText(text)
        set_tone(self._wrong, "danger")
        self._wrong.show()
