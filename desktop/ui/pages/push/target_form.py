"""The calendars a timetable can be written to, each with the few fields it needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLineEdit

from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, panel, row
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.plain_words import CheckBox
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.config import Settings
    from desktop.workflows.push import CalDavCredentials, GoogleClient, Target
    from desktop.workflows.timetable import View

ICLOUD, NEXTCLOUD, FASTMAIL, OTHER, GOOGLE, FILE = "iCloud", "Nextcloud", "Fastmail", "other", "Google", "file"
TARGETS = (FILE, GOOGLE, ICLOUD, FASTMAIL, NEXTCLOUD, OTHER)
CLIENT_ID, CLIENT_SECRET = "UPSCHEDULE_GOOGLE_CLIENT_ID", "UPSCHEDULE_GOOGLE_CLIENT_SECRET"

LABEL_WIDTH = 150
Opener = Callable[["View"], AbstractContextManager["Target"]]


class TargetForm(QFrame):
    """The form to choose a target.

    `target_changed` when another target is chosen, `plan_requested` to show its plan, `file_requested` to write a file;
    `forget_requested` carries the service whose password is to be removed, `sign_in_requested` and `sign_out_requested`
    are for Google.
    """

    target_changed = Signal()
    plan_requested = Signal()
    sign_in_requested = Signal()
    file_requested = Signal()
    forget_requested = Signal(str)
    sign_out_requested = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        self.target = first_target(session.settings)
        self.is_signed_in = False  # to Google; set after the lookup
        self._stored: dict[str, CalDavCredentials] = {}
        self._chips = {}
        chips, together = FlowLayout(), QButtonGroup(self)
        for way in TARGETS:
            chip = button("", role="chip")
            chip.setCheckable(True)
            together.addButton(chip)
            chip.clicked.connect(self._choose_action(way))
            chips.addWidget(chip)
            self._chips[way] = chip
        self._hint = label("", "quiet", wrap=True)
        self.server, self.user, self.password = QLineEdit(), QLineEdit(), QLineEdit()
        self.client_id, self.client_secret = QLineEdit(), QLineEdit()
        for secret in (self.password, self.client_secret):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.client_id.setText(session.settings.google_client_id)
        self._fields = (self.server, self.user, self.password, self.client_id, self.client_secret)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 2)
        grid.setVerticalSpacing(GRID + 4)
        self._names = [label("", "strong") for _ in self._fields]
        for number, field in enumerate(self._fields):
            self._names[number].setFixedWidth(appearance().px(LABEL_WIDTH))
            grid.addWidget(self._names[number], number, 0)
            grid.addWidget(field, number, 1)
            field.textEdited.connect(lambda _text: self.target_changed.emit())
            field.returnPressed.connect(self._submit)
        self.keep_box = CheckBox()
        self.keep_box.clicked.connect(self._keep_clicked)
        grid.addWidget(self.keep_box, len(self._fields), 1)
        self.go_button = button("", self._submit, role="primary")
        self.sign_out = button("", self.sign_out_requested.emit)
        buttons = row(self.go_button, self.sign_out, 0, gap=GRID)
        self.setLayout(column(panel(chips), self._hint, grid, buttons, margin=GRID * 2, gap=GRID * 2))
        self.retranslate()

    def retranslate(self) -> None:
        """Sets all texts again after a language change."""
        words = {
            GOOGLE: translate("Push", "Google"),
            ICLOUD: translate("Push", "iCloud (Apple)"),
            FASTMAIL: translate("Push", "Fastmail"),
            NEXTCLOUD: translate("Push", "Nextcloud"),
            OTHER: translate("Push", "Another server"),
            FILE: translate("Push", "This computer, Outlook"),
        }
        for way, chip in self._chips.items():
            chip.setText(words[way])
        names = (
            translate("Push", "Address"),
            translate("Push", "User name"),
            translate("Push", "App password"),
            translate("Push", "Client id"),
            translate("Push", "Client secret"),
        )
        for name, words_of, field in zip(self._names, names, self._fields, strict=True):
            name.setText(words_of)
            field.setAccessibleName(words_of)
        self.keep_box.setText(translate("Push", "Keep this password on this machine"))
        set_tooltip(
            self.keep_box,
            translate("Push", "In the system’s keyring; where there is none, in an encrypted file of this profile."),
        )
        self.sign_out.setText(translate("Push", "Sign out of Google"))
        self.show_target(self.target)

    def _choose_action(self, way: str) -> Callable[[], None]:
        return lambda *_: self._choose_target(way)

    def _choose_target(self, way: str) -> None:
        if way != self.target:
            self.password.clear()
            self._fill_in_stored(way)
        self._session.change_settings(calendar_way=way)
        self.show_target(way)
        self.target_changed.emit()

    # what is kept

    def set_stored_credentials(self, kept: Mapping[str, CalDavCredentials], client_secret: str) -> None:
        """Takes the credentials stored on this machine, by service, and fills them in where nothing was typed yet."""
        self._stored = dict(kept)
        if not self.client_secret.text():
            self.client_secret.setText(client_secret)
        if not self.password.text():
            self._fill_in_stored(self.target)

    def credentials_to_store(self) -> tuple[str, CalDavCredentials] | None:
        """The credentials to store that are not stored yet, with their service; None if there are none."""
        access = self._access()
        if access is None or not self.keep_box.isChecked() or self._stored.get(self.target) == access:
            return None
        return self.target, access

    def note_stored(self, service: str, access: CalDavCredentials | None) -> None:
        """Records that the credentials of a service are now stored, or with None that they no longer are."""
        if access is not None:
            self._stored[service] = access
        else:
            self._stored.pop(service, None)

    def _access(self) -> CalDavCredentials | None:
        from desktop.workflows import push  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

        if self.target not in push.SERVICES:
            return None
        return push.CalDavCredentials(self.server.text().strip(), self.user.text().strip(), self.password.text())

    def _fill_in_stored(self, way: str) -> None:
        access = self._stored.get(way)
        self.keep_box.setChecked(access is not None)
        if access is not None:
            self.server.setText(access.server)
            self.user.setText(access.user)
            self.password.setText(access.password)

    def _keep_clicked(self, wanted: bool) -> None:
        if not wanted and self.target in self._stored:
            self.forget_requested.emit(self.target)

    def show_target(self, way: str) -> None:
        """Shows the fields that one of the targets needs."""
        self.target = way
        self._chips[way].setChecked(True)
        has_client = bool(os.environ.get(CLIENT_ID))
        dav = way in (ICLOUD, NEXTCLOUD, FASTMAIL, OTHER)
        own = way == GOOGLE and not has_client
        shown = (way in (NEXTCLOUD, OTHER), dav, dav, own, own)
        for name, field, is_shown in zip(self._names, self._fields, shown, strict=True):
            name.setVisible(is_shown)
            field.setVisible(is_shown)
        self.keep_box.setVisible(dav)
        self.sign_out.setVisible(way == GOOGLE and self.is_signed_in)
        self.server.setPlaceholderText("cloud.example.org" if way == NEXTCLOUD else "https://calendar.example.org/")
        self._hint.setText(_hint(way, has_client=has_client))
        if way == FILE:
            self.go_button.setText(translate("Push", "Open with this computer’s calendar"))
        elif way == GOOGLE and not self.is_signed_in:
            self.go_button.setText(translate("Push", "Sign in with the browser"))
        else:
            self.go_button.setText(translate("Push", "Show what would be written"))

    def set_signed_in(self, signed_in: bool) -> None:
        """Sets whether this profile is signed in to Google."""
        self.is_signed_in = signed_in
        self.show_target(self.target)

    def _submit(self) -> None:
        if self.target == FILE:
            self.file_requested.emit()
        elif self.target == GOOGLE and not self.is_signed_in:
            self._session.change_settings(google_client_id=self.client_id.text().strip())
            self.sign_in_requested.emit()
        else:
            self.plan_requested.emit()

    @property
    def kind(self) -> str:
        """The kind of target, under which the push state is stored; empty for a file."""
        return "" if self.target == FILE else "google" if self.target == GOOGLE else "caldav"

    @property
    def title(self) -> str:
        """The name of the target for use in a text."""
        return self._chips[self.target].text()

    def client(self) -> GoogleClient:
        """The OAuth client of this program at Google. Raises InvalidInput if no client id is set."""
        from desktop.workflows import push  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

        return push.GoogleClient(*self.client_credentials)

    @property
    def client_credentials(self) -> tuple[str, str]:
        """The id and the secret of the Google client as currently set."""
        return (
            os.environ.get(CLIENT_ID, "") or self.client_id.text().strip(),
            os.environ.get(CLIENT_SECRET, "") or self.typed_secret,
        )

    @property
    def typed_secret(self) -> str:
        """The secret of the Google client, as typed in its field."""
        return self.client_secret.text().strip()

    def opener(self) -> Opener:
        """Returns a function that opens the chosen target, on the lane for servers, with the current input.

        What it opens raises InvalidInput for an invalid address, NotReachable and NotAllowed.
        """
        from desktop.workflows import push  # noqa: PLC0415 - as above

        store = self._session.app.store
        if self.target == GOOGLE:
            client, app = self.client(), self._session.app

            @contextmanager
            def google(view: View) -> Iterator[Target]:
                yield push.google_target(store, view, push.google_sign_in(store, app.vault(), client))

            return google
        service, typed = self.target, self.server.text().strip()
        user, password = self.user.text().strip(), self.password.text()

        @contextmanager
        def dav(view: View) -> Iterator[Target]:
            with closing(push.connect_caldav(typed, user, password, service)) as connection:
                yield push.caldav_target(store, view, connection)

        return dav


def _hint(way: str, *, has_client: bool) -> str:
    if way == ICLOUD:
        return translate(
            "Push",
            "Your Apple Account’s e-mail address, and an app-specific password: make one at account.apple.com under "
            "Sign-In and Security.",
        )
    if way == FASTMAIL:
        return translate(
            "Push",
            "Your Fastmail address, and an app password with access to calendars: make one in Settings under "
            "Privacy & Security.",
        )
    if way == NEXTCLOUD:
        return translate(
            "Push",
            "The server’s name, your user name there, and an app password: make one in Settings under Security, "
            "Devices & sessions.",
        )
    if way == OTHER:
        return translate(
            "Push",
            "Any calendar server that speaks CalDAV. With two-step sign-in, make an app password in the account’s "
            "security settings.",
        )
    if way == FILE:
        return translate(
            "Push",
            "The calendar file is saved and opened with the calendar of this computer, which asks where to put it. "
            "In Outlook: File, Open & Export, Import/Export, Import an iCalendar file; in Outlook on the web: Add "
            "calendar, Upload from file.",
        )
    if has_client:
        return translate(
            "Push",
            "A calendar of its own is made in your Google account. This program can see and change that one only.",
        )
    return translate(
        "Push",
        "A calendar of its own is made in your Google account. This copy of the program came without a client id for "
        "Google: at console.cloud.google.com make a project, switch on the Google Calendar API, and make an OAuth "
        "client of the type Desktop app; its id and secret go here.",
    )


def first_target(settings: Settings) -> str:
    """Returns the initial target: the one used last, else the one that needs the least setup."""
    if settings.calendar_way in TARGETS:
        return settings.calendar_way
    return GOOGLE if os.environ.get(CLIENT_ID) or settings.google_client_id else FILE
