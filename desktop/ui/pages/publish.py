"""The Subscribe from my phone page: publishes a calendar under a secret address, shows it, and withdraws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop.ui import routes
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.sync.sync_texts import qr_pixmap
from desktop.ui.pages.sync.waiting_panel import WaitingPanel
from desktop.ui.pages.undecided_groups import UndecidedGroupsPrompt
from desktop.ui.session.first_run import Step, mark_step_done
from desktop.ui.session.jobs import CancelFlag, Job
from desktop.ui.session.session import Session
from desktop.ui.texts.language import current_language, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    empty_state,
    icon_button,
    icon_label,
    label,
    panel,
    row,
    scroll_area,
)
from desktop.ui.widgets.flow import MAX_WIDGET_SIZE
from desktop.ui.widgets.plain_words import CheckBox

if TYPE_CHECKING:
    from desktop.workflows.export import ExportOptions
    from desktop.workflows.feeds import Feed, FeedAddresses
    from desktop.workflows.sync import Joint

QR = 180


class PublishPage(Page[routes.PublishRoute]):
    """The published calendar of this student, or how to publish one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.link = session.sync_link
        self._feed: Feed | None = None
        self.addresses: FeedAddresses | None = None
        self._options: ExportOptions | None = None
        self._has_groups = False
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self._holder = QWidget()
        self._holder.setLayout(self._content)
        self._job: Job[Any] | None = None  # the request that is running
        self._waiting = WaitingPanel()
        self._waiting.cancelled.connect(self._cancel_request)
        self.body.addWidget(self._waiting)
        self.body.addWidget(scroll_area(self._holder), 1)
        self.publish_button = self.add_primary_button("", self._start, "share")
        self.boxes: dict[str, QCheckBox] = {}
        self.link.started.connect(self.invalidate)
        self._was_signed_in = False
        self.link.changed.connect(self._status_changed)

    def title(self) -> str:
        return translate("Publish", "Subscribe from my phone")

    def _status_changed(self) -> None:
        if self.link.is_signed_in != self._was_signed_in:
            self.invalidate()

    def refresh(self) -> None:
        self.link.start()
        self._was_signed_in = self.link.is_signed_in
        clear_layout(self._content)
        self.boxes.clear()
        view = self.session.state.view
        self.publish_button.hide()
        if view is None:
            return
        self._holder.setMaximumWidth(
            appearance().px(MAX_COLUMN_WIDTH) if self.link.is_signed_in else MAX_WIDGET_SIZE
        )  # empty: in the middle
        if not self.link.is_signed_in:
            self._content.addWidget(self._sign_in_prompt(), 1)
            return
        from desktop.workflows import export, feeds  # noqa: PLC0415 - nothing of sync is loaded before it is used

        found = feeds.feeds_of(view.records)
        feed = found[0] if found else None
        if feed is None or self._feed is None or feed.token != self._feed.token:
            self.addresses = None
        self._feed = feed
        self._options = feed.options if feed else self._options or export.options_of(view.records, current_language())
        if feed is not None:
            self._has_groups = feed.has_groups
        self.publish_button.setText(translate("Publish", "Publish it"))
        self.publish_button.setVisible(feed is None)
        undecided = UndecidedGroupsPrompt(self.session)
        self._content.addWidget(undecided)
        self.publish_button.setEnabled((feed is not None or not undecided.show_if_needed()) and self._job is None)
        self._content.addWidget(self._warning())
        self._content.addWidget(RecessNote(self.session, has_link=True))
        if feed is not None:
            self._content.addWidget(self._address_card(feed))
        self._content.addWidget(self._contents_card(self._options))
        self._content.addWidget(self._groups_card())
        if feed is not None:
            self._content.addWidget(self._instructions_card())
            self._content.addWidget(self._withdraw_card(feed))
        self._content.addStretch(1)

    def _sign_in_prompt(self) -> QWidget:
        go = button(translate("Publish", "Sign in"), lambda: self.session.open_page(routes.SyncRoute()), role="primary")
        return empty_state(
            "share",
            translate("Publish", "An account is needed"),
            [
                translate(
                    "Publish",
                    "Your sync server holds the published calendar, so that your phone finds it while this computer is "
                    "off. Sign in or make an account first.",
                )
            ],
            go,
        )

    def _warning(self) -> QWidget:
        words = translate(
            "Publish",
            "Whoever has the address can read the calendar. It is the one thing that leaves this computer unencrypted; "
            "give it only to those who may know where you are.",
        )
        laid = row(icon_label("warning", "warning"), label(words, wrap=True), gap=GRID)
        laid.setStretch(1, 1)
        return panel(laid, "plain")

    # the address

    def _address_card(self, feed: Feed) -> QWidget:
        if self.addresses is None:
            from desktop.workflows import feeds  # noqa: PLC0415 - as above

            self.link.run_on_account(lambda joint: feeds.addresses_of(joint, feed), self._show_addresses, owner=self)
            waiting = label(translate("Publish", "Asking for the address"), "quiet")
            return panel(column(waiting, margin=GRID * 2), "card")
        from desktop.workflows.feeds import is_this_machine  # noqa: PLC0415 - as above

        https = self._address(translate("Publish", "Address (https)"), self.addresses.https)
        webcal = self._address(translate("Publish", "Address (webcal)"), self.addresses.webcal)
        if is_this_machine(self.addresses.https):
            return self._unreachable_card((*https, *webcal))
        picture = label()
        picture.setPixmap(qr_pixmap(self.addresses.webcal, appearance().px(QR)))
        picture.setAccessibleName(translate("Publish", "The address as a QR picture"))
        hint = translate(
            "Publish", "Point the phone’s camera at the picture, and open what it finds with the calendar."
        )
        words = column(
            label(translate("Publish", "Published"), "heading"),
            *https,
            *webcal,
            label(hint, "quiet", wrap=True),
            0,
            gap=GRID,
        )
        laid = row(words, picture, margin=GRID * 2, gap=GRID * 3)
        laid.setStretch(0, 1)
        return panel(laid, "card")

    def _unreachable_card(self, addresses: tuple[QWidget, ...]) -> QWidget:
        """Says that a phone cannot reach the calendar; a QR code would only lead the phone to itself."""
        words = translate(
            "Publish",
            "This calendar is on this computer only, so a phone cannot reach it. Calendar programs on this "
            "computer can.",
        )
        said = row(icon_label("warning", "warning"), label(words, "strong", wrap=True), gap=GRID)
        said.setStretch(1, 1)
        send = button(
            translate("Publish", "Send a file to my phone"),
            lambda: self.session.open_page(routes.PhoneRoute()),
            icon="phone",
        )
        heading = label(translate("Publish", "Published"), "heading")
        body = column(heading, said, row(send, 0, gap=GRID), *addresses, margin=GRID * 2, gap=GRID)
        return panel(body, "card")

    def _show_addresses(self, addresses: FeedAddresses) -> None:
        self.addresses = addresses
        self.invalidate()

    def _address(self, name: str, address: str) -> tuple[QWidget, QWidget]:
        field = QLineEdit(address)
        field.setReadOnly(True)
        field.setAccessibleName(name)
        field.setCursorPosition(0)

        def copy() -> None:
            QApplication.clipboard().setText(address)
            self.session.notices.show_success(translate("Publish", "Copied the address"))

        word = translate("Publish", "Copy")
        made = icon_button("copy", f"{word}: {name}", copy)
        laid = row(field, made, gap=GRID)
        laid.setStretch(0, 1)
        return label(name, "caps"), panel(laid)

    # what is in it

    def _contents_card(self, options: ExportOptions) -> QWidget:
        kinds = {str(kind) for kind in options.kinds}
        entries = (
            ("lecture", translate("Publish", "Lectures and other classes"), "lecture" in kinds),
            ("test", translate("Publish", "Tests"), "test" in kinds),
            ("exam", translate("Publish", "Exams"), "exam" in kinds),
            ("own", translate("Publish", "Own events"), "own" in kinds),
            ("venues", translate("Publish", "Rooms"), options.venues),
            ("busy_only", translate("Publish", "Show as busy only: no names, rooms or notes"), options.busy_only),
        )
        body = column(label(translate("Publish", "What is in it"), "heading"), margin=GRID * 2, gap=4)
        for name, words, on in entries:
            body.addWidget(self._box(name, words, on))
        return panel(body, "card")

    def _groups_card(self) -> QWidget:
        words = translate(
            "Publish",
            "Whoever has the address then sees your modules and groups, even where the calendar shows you as busy "
            "only. A friend’s planner can look for the same groups. Switched off, nothing of it is sent.",
        )
        box = self._box("groups", translate("Publish", "Share which groups I chose"), self._has_groups)
        heading = label(translate("Publish", "For friends"), "heading")
        return panel(column(heading, box, label(words, "quiet", wrap=True), margin=GRID * 2, gap=4), "card")

    def _box(self, name: str, words: str, on: bool) -> QCheckBox:
        box = self.boxes[name] = CheckBox(words)
        box.setChecked(on)
        box.toggled.connect(lambda _on: self._changed())
        return box

    def _changed(self) -> None:
        from desktop.workflows import export, feeds  # noqa: PLC0415 - as above

        if self._options is None:
            return
        kinds = ("lecture", "test", "exam", "own")
        options = self._options = replace(
            self._options,
            language=current_language(),
            kinds=frozenset(export.EventKind(name) for name in kinds if self.boxes[name].isChecked()),
            venues=self.boxes["venues"].isChecked(),
            busy_only=self.boxes["busy_only"].isChecked(),
        )
        feed, has_groups = self._feed, self.boxes["groups"].isChecked()
        self._has_groups = has_groups
        if feed is not None:
            today = self.session.state.today

            def change(joint: Joint, _cancelled: CancelFlag) -> Feed:
                return feeds.change(joint, feed, options, today, datetime.now(UTC), has_groups=has_groups)

            said = translate("Publish", "The published calendar was changed")
            self._run_request(change, said)

    # starting, moving, stopping

    def _start(self) -> None:
        from desktop.workflows import feeds  # noqa: PLC0415 - as above

        options, today, has_groups = self._options, self.session.state.today, self._has_groups
        if options is not None:
            said = translate("Publish", "Published. It follows every change from now on.")

            def start(joint: Joint, cancelled: CancelFlag) -> None:
                feed = feeds.start(joint, options, today, datetime.now(UTC), has_groups=has_groups)
                if cancelled():
                    feeds.stop(joint, feed)

            self._run_request(start, said, lambda: mark_step_done(self.session, Step.PHONE))

    def _change_address(self, feed: Feed) -> None:
        from desktop.workflows import feeds  # noqa: PLC0415 - as above

        today, said = self.session.state.today, translate("Publish", "There is a new address; the old one is dead")
        self._run_request(lambda joint, _cancelled: feeds.move(joint, feed, today, datetime.now(UTC)), said)

    def _stop(self, feed: Feed) -> None:
        from desktop.workflows import feeds  # noqa: PLC0415 - as above

        self._run_request(lambda joint, _cancelled: feeds.stop(joint, feed), translate("Publish", "Stopped publishing"))

    def _run_request(
        self, request: Callable[[Joint, CancelFlag], object], said: str, then: Callable[[], object] | None = None
    ) -> None:
        """Runs `request` on the lane and shows the new state; also after an error, since it may have taken effect."""

        def done(_answer: object) -> None:
            self.session.notices.show_success(said)
            if then is not None:
                then()
            again()

        def failed(error: Exception) -> None:
            self.session.notices.show_error(error)
            again()

        def again() -> None:
            self._waiting.stop()
            self._job = None
            self._set_editable(True)
            self.session.reload_view()

        self._set_editable(False)
        self._waiting.start(translate("Publish", "Asking the server"))
        self._job = self.link.start_on_account(request, done, failed, self)

    def _set_editable(self, may: bool) -> None:
        self._holder.setEnabled(may)
        self.publish_button.setEnabled(may)

    def _cancel_request(self) -> None:
        if self._job is not None:
            self.link.cancel(self._job)

    def _withdraw_card(self, feed: Feed) -> QWidget:
        move = button(translate("Publish", "New address"), lambda: self._change_address(feed), icon="retry")
        stop = button(translate("Publish", "Stop publishing"), lambda: self._stop(feed), role="danger")
        words = translate(
            "Publish",
            "A new address makes the old one useless; phones have to subscribe to it again.",
        )
        body = column(label(words, "quiet", wrap=True), row(move, stop, 0, gap=GRID), margin=GRID * 2, gap=GRID + 4)
        return panel(body, "card")

    def _instructions_card(self) -> QWidget:
        body = column(label(translate("Publish", "How to add it"), "heading"), margin=GRID * 2, gap=GRID)
        for name, words in (
            (
                translate("Publish", "iPhone, iPad and Mac"),
                translate(
                    "Publish",
                    "Open the webcal address and choose Subscribe. It looks every hour to every week, as set under "
                    "Calendar accounts, Fetch.",
                ),
            ),
            (
                translate("Publish", "Google Calendar"),
                translate(
                    "Publish",
                    "On a computer: Other calendars, From URL, and paste the https address. Google looks every 12 to "
                    "24 hours.",
                ),
            ),
            (
                translate("Publish", "Outlook"),
                translate(
                    "Publish",
                    "Add calendar, Subscribe from web, and paste the https address. It looks about every 3 hours, "
                    "sometimes once a day.",
                ),
            ),
        ):
            body.addWidget(label(name, "strong"))
            body.addWidget(label(words, "quiet", wrap=True))
        return panel(body, "card")
