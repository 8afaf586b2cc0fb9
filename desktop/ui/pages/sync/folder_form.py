"""The form to sync through a folder: choose it, then create a timetable in it or join the one that is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QFrame, QGridLayout, QLineEdit, QPushButton

from desktop.ui.pages.sync.secrets import show_box, tell_strength
from desktop.ui.pages.sync.waiting_panel import WaitingPanel
from desktop.ui.session.sync_link import SyncLink
from desktop.ui.texts.language import translate, trouble_text
from desktop.ui.theme.style import GRID, look
from desktop.ui.widgets.controls import button, column, label, panel, row, set_tone
from desktop.ui.widgets.flow import Flow

if TYPE_CHECKING:
    from desktop.workflows.folder_sync import CloudFolder, FolderArrival

CREATE, PASSWORD, CODE, FORGOTTEN = "create", "password", "code", "forgotten"
NAMES = 160


class FolderForm(QFrame):
    """The form.

    `made` carries the recovery key of a timetable created in a folder; `entered` follows any other way of joining.
    """

    made = Signal(str)
    entered = Signal()

    def __init__(self, link: SyncLink) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._link = link
        self._path: Path | None = None
        self._way = ""
        self._arrival: FolderArrival | None = None
        self._folders = Flow()
        self._chosen = QButtonGroup(self)
        self._other = self._chip(translate("Folder", "Another folder"), self._browse)
        self._folders.addWidget(self._other)
        self._where = label("", "quiet", wrap=True, select=True)
        self._ways = Flow()
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
            chip.clicked.connect(partial(self._take, way))
            self._ways.addWidget(chip)
            self._chips[way] = chip
        self._hint = label("", wrap=True)
        self._code, self._recovery, self._password, self._again = (QLineEdit() for _ in range(4))
        self._show = show_box((self._password, self._again))
        self._strength = label("", "small", wrap=True)
        self._password.textChanged.connect(self._tell_strength)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(GRID + 4)
        self._fields = (self._code, self._recovery, self._password, self._again)
        self._labels = [label("", "strong") for _ in self._fields]
        for number, field in enumerate(self._fields):
            self._labels[number].setFixedWidth(look().px(NAMES))
            grid.addWidget(self._labels[number], number, 0)
            grid.addWidget(field, number, 1)
            field.returnPressed.connect(self._enter)
        self._wrong = label("", wrap=True, tone="danger")
        self._go = button("", self._enter, role="primary")
        self._waiting = WaitingPanel()
        self._waiting.cancelled.connect(self._give_up)
        self._waiting.looked.connect(self._look)
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

        self._link.run(lambda _joint: folder_sync.found_folders(), self._found, lambda _error: None, self)

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
            self._ways_shown(is_there)
            self._take(PASSWORD if is_there else CREATE)
            self._typed.show()
            self._password.setFocus()

        self._link.run(lambda _joint: folder_sync.has_timetable(path), looked, self._failed, self)

    # create or join

    def _ways_shown(self, shown: bool) -> None:
        for chip in self._chips.values():
            chip.setVisible(shown)

    def _take(self, way: str, *_checked: object) -> None:
        self._way = way
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
        self._tell_strength()
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

    def _tell_strength(self) -> None:
        tell_strength(self._strength, self._password.text() if self._way in (CREATE, FORGOTTEN) else "")

    def _enter(self) -> None:
        path, password = self._path, self._password.text()
        code, recovery = self._code.text(), self._recovery.text()
        if path is None:
            return
        if self._way in (CREATE, FORGOTTEN) and password != self._again.text():
            self._say(translate("Folder", "The two passwords differ. Type the same one twice."))
            return
        from desktop.workflows import folder_sync  # noqa: PLC0415 - as above

        self._busy(True)
        if self._way == CREATE:
            self._link.run(lambda joint: folder_sync.create(joint, path, password), self._made, self._failed, self)
        elif self._way == CODE:
            self._link.run(lambda joint: folder_sync.ask_by_code(joint, path, code), self._asked, self._failed, self)
        elif self._way == FORGOTTEN:
            self._link.run(
                lambda joint: folder_sync.join_by_recovery_key(joint, path, recovery, password),
                self._in,
                self._failed,
                self,
            )
        else:
            self._link.run(
                lambda joint: folder_sync.join_by_password(joint, path, password), self._in, self._failed, self
            )

    # joining with a code

    def _asked(self, arrival: FolderArrival) -> None:
        self._arrival = arrival
        self._busy(False)
        self._typed.hide()
        self._waiting.begin(
            translate("Folder", "Waiting for the other device. A cloud may take a minute to carry the files."),
            looks=True,
        )

    def _look(self) -> None:
        arrival, path = self._arrival, self._path
        if arrival is None or path is None:
            return
        from desktop.workflows import folder_sync  # noqa: PLC0415 - as above

        def seen(is_in: bool) -> None:
            if is_in:
                self._end_waiting()
                self._in(None)
            elif arrival is self._arrival:
                self._waiting.answered(arrival.digits)

        self._link.run(lambda joint: folder_sync.arrive(joint, path, arrival), seen, self._not_let_in, self)

    def _not_let_in(self, error: Exception) -> None:
        self._waiting.answered()
        if self._arrival is not None:
            self._give_up()
            self._say(trouble_text(error))

    def _give_up(self) -> None:
        arrival = self._arrival
        self._end_waiting()
        if arrival is not None:
            self._link.run(lambda _joint: arrival.give_up(), lambda _done: None, lambda _error: None, self)

    def _end_waiting(self) -> None:
        self._arrival = None
        self._waiting.end()
        self._typed.show()

    def _made(self, recovery: str) -> None:
        self._forget()
        self.made.emit(recovery)

    def _in(self, _nothing: None) -> None:
        self._forget()
        self.entered.emit()

    def _forget(self) -> None:
        self._busy(False)
        for field in self._fields:
            field.clear()

    def _failed(self, error: Exception) -> None:
        self._busy(False)
        self._say(trouble_text(error))

    def _busy(self, busy: bool) -> None:
        self._wrong.hide()
        self.setEnabled(not busy)

    def _say(self, text: str) -> None:
        self._wrong.setText(text)
        set_tone(self._wrong, "danger")
        self._wrong.show()
