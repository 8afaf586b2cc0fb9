"""The Share groups page: own choices or a plan as a file, link or QR code, and what others shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.errors import InvalidInput
from desktop.domain.records.shared_choices import FILE_SUFFIX, SharedChoices, SharedKind
from desktop.domain.timetable.choices import ChoiceKey
from desktop.ui import routes
from desktop.ui.pages.friends import pictures
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.sync.sync_texts import qr_pixmap
from desktop.ui.session import sharing
from desktop.ui.session.jobs import CancelFlag, Progress
from desktop.ui.session.session import Session
from desktop.ui.texts.language import error_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    icon_button,
    icon_label,
    label,
    panel,
    row,
    separator,
    set_tooltip_and_name,
)

if TYPE_CHECKING:
    from desktop.workflows.timetable import View

QR = 232


class SharePage(Page[routes.ShareRoute]):
    """What can be given to a friend, fields to open what a friend shared, and a list of what was opened before."""

    narrow_below = 640

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._plan: Mapping[ChoiceKey, str] | None = None
        self._link = QLineEdit()
        self._link.returnPressed.connect(self.open_link)
        self._open_heading, self._open_words = label("", "heading"), label("", "quiet", wrap=True)
        self._open, self._choose = button("", self.open_link), button("", self.choose)
        self._paste = button("", self.paste)
        opening = column(
            self._open_heading,
            self._open_words,
            row(self._link, self._open, gap=GRID),
            row(self._choose, self._paste, 0, gap=GRID),
            margin=GRID * 2,
            gap=GRID,
        )
        self._mine: QVBoxLayout = column(gap=0)
        self._kept: QVBoxLayout = column(gap=0)
        self.set_scrolled_content(
            column(self._mine, panel(opening, "card"), self._kept, 0, gap=GRID * 2), MAX_COLUMN_WIDTH
        )
        self.retranslate()

    def title(self) -> str:
        return translate("Share", "Share groups") if self._plan is None else translate("Share", "Share a plan")

    def open(self, route: routes.ShareRoute) -> None:
        self._plan = route.plan
        self.invalidate()

    def retranslate(self) -> None:
        self._open_heading.setText(translate("Share", "Open what a friend shared"))
        self._open_words.setText(
            translate(
                "Share", "Paste their link, choose their file or a picture of their QR code, or drop one of them here."
            )
        )
        self._link.setPlaceholderText("upschedule:")
        self._link.setAccessibleName(translate("Share", "The friend’s link"))
        self._open.setText(translate("Share", "Open"))
        self._choose.setText(translate("Share", "Choose a file"))
        self._paste.setText(translate("Share", "Paste a picture"))

    def refresh(self) -> None:
        clear_layout(self._mine)
        clear_layout(self._kept)
        view = self.session.state.view
        if view is None:
            return
        self._mine.addWidget(self._own_groups_card(view))
        kept = self._received_card()
        if kept is not None:
            self._kept.addWidget(kept)

    # own choices

    def _own_groups_card(self, view: View) -> QWidget:
        from desktop.workflows import shared_choices  # noqa: PLC0415 - not before it is wanted

        is_plan = self._plan is not None
        heading = translate("Share", "This plan") if is_plan else translate("Share", "My groups")
        try:
            kind = SharedKind.PLAN if is_plan else SharedKind.GROUPS
            shared = shared_choices.choices_to_share(view, kind, self._plan)
        except InvalidInput as nothing:
            said = label(error_text(nothing), "quiet", wrap=True)
            return panel(column(label(heading, "heading"), said, margin=GRID * 2, gap=GRID), "card")
        one = translate("Share", "It holds your modules of {year} with one group, and nothing else of you.")
        many = translate("Share", "It holds your modules of {year} with {n} groups, and nothing else of you.")
        holds = (one if len(shared.groups) == 1 else many).format(n=len(shared.groups), year=shared.year)
        stays = translate("Share", "Whoever has it can read it. It does not follow what you choose later.")
        link = shared_choices.link_of(shared)
        field = QLineEdit(link)
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setAccessibleName(translate("Share", "The link"))
        copying = icon_button("copy", translate("Share", "Copy the link"), partial(self._copy, link))
        linked = row(field, copying, gap=GRID)
        linked.setStretch(0, 1)
        save = button(
            translate("Share", "Save as a file"), partial(self._choose_place, shared), role="primary", icon="export"
        )
        words = column(
            label(heading, "heading"),
            label(f"{holds} {stays}", "quiet", wrap=True),
            linked,
            row(save, 0, gap=GRID),
            0,
            gap=GRID,
        )
        picture = label()
        picture.setPixmap(qr_pixmap(link, appearance().px(QR)))
        picture.setAccessibleName(translate("Share", "The link as a QR picture"))
        if self.is_narrow:
            return panel(column(words, picture, margin=GRID * 2, gap=GRID * 2), "card")
        laid = row(words, picture, margin=GRID * 2, gap=GRID * 3)
        laid.setStretch(0, 1)
        return panel(laid, "card")

    def _copy(self, link: str) -> None:
        QApplication.clipboard().setText(link)
        self.session.notices.show_success(translate("Share", "Copied the link"))

    def _choose_place(self, shared: SharedChoices) -> None:
        dialog = QFileDialog(self, translate("Share", "Save as a file"), self.session.settings.export_folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(FILE_SUFFIX.lstrip("."))
        dialog.setNameFilter(translate("Share", "Shared groups ({endings})").format(endings=f"*{FILE_SUFFIX}"))
        name = translate("Share", "plan-{year}") if self._plan is not None else translate("Share", "groups-{year}")
        dialog.selectFile(name.format(year=shared.year) + FILE_SUFFIX)
        dialog.fileSelected.connect(lambda path: self.save(shared, Path(path)))
        dialog.open()

    def save(self, shared: SharedChoices, path: Path) -> None:
        """Writes the file."""
        from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

        def done(_nothing: None) -> None:
            self.session.change_settings(export_folder=str(path.parent))
            self.session.notices.show_success(translate("Share", "Saved {file}").format(file=path.name))

        self.session.jobs.run_on_store(
            lambda: shared_choices.write_file(shared, path), done, self.session.notices.show_error, owner=self
        )

    # opening what a friend shared

    def open_link(self) -> None:
        """Opens the link in the field."""
        text = self._link.text().strip()
        if text:
            self._link.clear()
            sharing.open_shared(self.session, text)

    def choose(self) -> None:
        """Asks for a friend's file, or an image of their QR code."""
        dialog = QFileDialog(self, translate("Share", "Choose a friend’s file or picture"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{ending}" for ending in (FILE_SUFFIX, *pictures.ENDINGS))
        dialog.setNameFilter(translate("Share", "Files and pictures ({endings})").format(endings=endings))
        dialog.fileSelected.connect(lambda name: self.drop([Path(name)]))
        dialog.open()

    def paste(self) -> None:
        """Reads the copied picture."""
        picture = pictures.picture_in_mime_data(QApplication.clipboard().mimeData())
        if picture is None:
            self.session.notices.show_error(
                InvalidInput(
                    translate("Friends", "No picture was copied."),
                    translate("Friends", "Copy the picture of the code first, then paste it here."),
                )
            )
        else:
            self._read_picture(partial(pictures.read_mime_picture, picture))

    def drop_hint(self, files: Sequence[Path]) -> str:
        wanted = len(files) == 1 and (sharing.is_shared(files[0]) or pictures.is_picture(files[0]))
        return translate("Share", "Drop to open what a friend shared") if wanted else ""

    def drop(self, paths: Sequence[Path]) -> None:
        if pictures.is_picture(paths[0]):
            self._read_picture(partial(pictures.read_file, paths[0]))
        else:
            sharing.open_shared(self.session, paths[0])

    def _read_picture(self, unpack: Callable[[], pictures.GreyImage]) -> None:
        from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

        def work(_flag: CancelFlag, _progress: Progress) -> SharedChoices:
            grey = unpack()
            return shared_choices.read_picture(grey.pixels, grey.width, grey.height)

        self.session.jobs.run_in_pool(
            work, partial(sharing.keep_shared, self.session), self.session.notices.show_error, owner=self
        )

    # what is kept

    def _received_card(self) -> QWidget | None:
        from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

        view = self.session.state.view
        if view is None:
            return None
        kinds = (SharedKind.PLAN, SharedKind.GROUPS)
        kept = [each for kind in kinds for each in shared_choices.shared_choices(view.records, view.year, kind)]
        if not kept:
            return None
        names = {friend.key: str(friend.get("name", "")) for friend in view.records.of_kind("friend")}
        body = column(label(translate("Share", "From friends"), "heading"), margin=GRID * 2, gap=GRID)
        for each in kept:
            body.addWidget(separator())
            is_plan = each.kind is SharedKind.PLAN
            name = translate("Share", "Shared plan") if is_plan else translate("Share", "A friend’s groups")
            if each.friend:
                name = translate("Share", "{name}’s groups").format(name=names[each.friend])
            counted = plural(len(each.groups), translate("Share", "{n} group"), translate("Share", "{n} groups"))
            texts = column(label(f"{name} · {counted}", "strong"), gap=2)
            for words in shared_choices.difference_texts(view.timetable, each):
                texts.addWidget(label(translate_message(words), "quiet", wrap=True))
            laid = row(icon_label("plan" if is_plan else "people"), texts, gap=GRID)
            laid.setStretch(1, 1)
            if each.friend:
                follows = translate("Share", "From their calendar, until they no longer share them.")
                texts.addWidget(label(follows, "quiet", wrap=True))
            else:
                away = icon_button("delete", "", partial(self._remove, each))
                set_tooltip_and_name(away, translate("Share", "Remove: {what}").format(what=f"{name} · {counted}"))
                laid.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
            body.addLayout(laid)
        return panel(body, "card")

    def _remove(self, shared: SharedChoices) -> None:
        from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

        store = self.session.app.store
        self.session.run_change(
            lambda: shared_choices.delete_choices(store, shared),
            lambda applied: self.session.notices.show_success(applied.title, self.session.undo),
        )
