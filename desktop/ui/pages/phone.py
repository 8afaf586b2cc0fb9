"""The Send to my phone page: the timetable as one file that any phone opens, without a server or an account."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.ui import routes
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.portal import portal_empty_state
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.undecided_groups import UndecidedGroupsPrompt
from desktop.ui.session.first_run import Step, mark_step_done
from desktop.ui.session.session import Session
from desktop.ui.session.state import UP_TIMEZONE
from desktop.ui.texts.language import current_language, translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, icon_label, label, panel, row


class PhonePage(Page[routes.PhoneRoute]):
    """Explains what the file contains, how to get it to the phone, and the published calendar that follows changes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self.set_scrolled_content(self._content, MAX_COLUMN_WIDTH)
        self._save = self.add_primary_button("", self._choose_place, "export")
        self._saved: Path | None = None
        session.sync_link.changed.connect(self.invalidate)
        self.retranslate()

    def title(self) -> str:
        return translate("Phone", "Send to my phone")

    def retranslate(self) -> None:
        self._save.setText(translate("Phone", "Save the file"))

    def refresh(self) -> None:
        clear_layout(self._content)
        state = self.session.state
        self._save.setVisible(not state.is_empty)
        if state.view is None:
            return
        if state.is_empty:
            self._content.addWidget(portal_empty_state(self.session), 1)
            return
        undecided = UndecidedGroupsPrompt(self.session)
        self._content.addWidget(undecided)
        undecided.show_if_needed()
        self._content.addWidget(RecessNote(self.session, has_link=True))
        if self._saved is not None:
            self._content.addWidget(self._saved_card(self._saved))
        self._content.addWidget(self._file_card())
        self._content.addWidget(self._instructions_card())
        self._content.addWidget(self._calendar_card())
        self._content.addStretch(1)

    def _card(self, heading: str, *paragraphs: str) -> QVBoxLayout:
        body = column(label(heading, "heading"), margin=GRID * 2, gap=GRID)
        for text in paragraphs:
            body.addWidget(label(text, wrap=True))
        return body

    def _file_card(self) -> QWidget:
        body = self._card(
            translate("Phone", "One file with your timetable"),
            translate(
                "Phone",
                "Today, your weeks, and tests and exams, to the end of the year. It opens in the browser of any phone, "
                "without a connection or an account.",
            ),
            translate("Phone", "It does not change by itself: after a change, save it again and send it again."),
        )
        return panel(body, "card")

    def _saved_card(self, path: Path) -> QWidget:
        words = translate("Phone", "Saved {file}. Now send it to your phone.").format(file=path.name)
        show = button(
            translate("Phone", "Show the folder"),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))),
            icon="folder",
        )
        look_at = button(
            translate("Phone", "Look at it here"),
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))),
            icon="show",
        )
        said = row(icon_label("done", "good"), label(words, "strong", wrap=True), gap=GRID)
        said.setStretch(1, 1)
        return panel(column(said, row(show, look_at, 0, gap=GRID), margin=GRID * 2, gap=GRID), "card")

    def _instructions_card(self) -> QWidget:
        body = self._card(translate("Phone", "How to send it"))
        for name, words in (
            (
                translate("Phone", "By a chat or e-mail"),
                translate(
                    "Phone", "Send it to yourself as a document, in WhatsApp Web say, or attach it to an e-mail to you."
                ),
            ),
            (
                translate("Phone", "Through OneDrive or Google Drive"),
                translate("Phone", "Put it there on this computer, and open the app of it on your phone."),
            ),
            (
                translate("Phone", "iPhone"),
                translate("Phone", "From a Mac, AirDrop it. Choose “Save to Files” so that you find it again."),
            ),
            (
                translate("Phone", "Android"),
                translate(
                    "Phone", "Tap the file and open it with Chrome. Chrome’s menu can add it to the home screen."
                ),
            ),
        ):
            body.addWidget(label(name, "strong"))
            body.addWidget(label(words, "quiet", wrap=True))
        return panel(body, "card")

    def _calendar_card(self) -> QWidget:
        """The card about the published calendar, which needs a server the phone can reach."""
        heading = translate("Phone", "A calendar that follows changes")
        status = self.session.sync_status
        server: str = getattr(status, "server", "")  # a folder has no server
        if server:
            from desktop.workflows.feeds import is_this_machine  # noqa: PLC0415 - with sync, which is in use then

            if is_this_machine(server):
                words = translate(
                    "Phone",
                    "Your sync server is on this computer only ({server}), so a phone cannot reach a calendar that is "
                    "published there. Send the file instead.",
                ).format(server=server)
                said = row(icon_label("warning", "warning"), label(words, wrap=True), gap=GRID)
                said.setStretch(1, 1)
                return panel(column(label(heading, "heading"), said, margin=GRID * 2, gap=GRID), "card")
        body = self._card(
            heading,
            translate(
                "Phone",
                "With a sync server that your phone can reach, its own calendar can subscribe to your timetable, and "
                "shows every change.",
            ),
        )
        go = button(
            translate("Phone", "Subscribe from my phone"),
            lambda: self.session.open_page(routes.PublishRoute()),
            icon="share",
        )
        body.addLayout(row(go, 0, gap=GRID))
        return panel(body, "card")

    def _choose_place(self) -> None:
        view = self.session.state.view
        if view is None:
            return
        dialog = QFileDialog(self, translate("Phone", "Save the file"), self.session.settings.export_folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.setNameFilters([translate("Phone", "Web pages") + " (*.html)"])
        dialog.selectFile(translate("Phone", "timetable-{year}.html").format(year=view.year))
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Makes the file from the current timetable, and writes it."""
        view, language = self.session.state.view, current_language()
        now = self.session.state.now().replace(tzinfo=UP_TIMEZONE)
        if view is None:
            return

        def work() -> tuple[str, bool]:
            from desktop.workflows import phone  # noqa: PLC0415 - not before it is wanted

            document = phone.make_phone_file(view, language, now)
            phone.save_phone_file(document, path)
            return str(document.last_day or ""), document.is_cut

        def done(found: tuple[str, bool]) -> None:
            last, is_cut = found
            self._saved = path
            mark_step_done(self.session, Step.PHONE)
            self.session.change_settings(export_folder=str(path.parent))
            self.invalidate()
            if not last:
                said = translate("Phone", "Saved {file}, but nothing is left of this year").format(file=path.name)
            elif is_cut:
                said = translate("Phone", "Saved {file}. It ends on {day}, since more would be too large").format(
                    file=path.name, day=last
                )
            else:
                said = translate("Phone", "Saved {file}").format(file=path.name)
            self.session.notices.show_success(said)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)
