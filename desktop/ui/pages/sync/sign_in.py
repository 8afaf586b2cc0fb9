"""The form to sign in: with a password, a new account, a forgotten password, or a code from another device.

Input stays if an attempt fails; a password is never stored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLineEdit

from desktop.domain.errors import AppError, NotReachable
from desktop.ui.pages.sync.account_secrets import show_passwords_box, show_strength
from desktop.ui.pages.sync.waiting_panel import WaitingPanel
from desktop.ui.session.jobs import CancelFlag, Job
from desktop.ui.session.sync_link import SyncLink
from desktop.ui.texts.language import error_text, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, column, label, panel, row, set_tone
from desktop.ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from desktop.workflows.sync import CodeSignIn, Joint

SIGN_IN, CREATE, FORGOTTEN, CODE = "sign in", "create", "forgotten", "code"
LABEL_WIDTH = 160


class SignInForm(QFrame):
    """The sign-in form.

    `account_created` carries the recovery key of a new account; `signed_in` follows any other way of signing in.
    """

    account_created = Signal(str)
    signed_in = Signal()

    def __init__(self, link: SyncLink) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._link = link
        self._method = SIGN_IN
        self._ways = FlowLayout()
        together = QButtonGroup(self)
        self._chips = {}
        for way in (SIGN_IN, CREATE, CODE, FORGOTTEN):
            chip = button("", role="chip")
            chip.setCheckable(True)
            together.addButton(chip)
            chip.clicked.connect(self._choose_action(way))
            self._ways.addWidget(chip)
            self._chips[way] = chip
        self._server, self._name, self._recovery, self._code = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self._password, self._again = QLineEdit(), QLineEdit()
        self._show = show_passwords_box((self._password, self._again))
        self._strength = label("", "small", wrap=True)
        self._password.textChanged.connect(self._update_strength)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 2)
        self._grid.setVerticalSpacing(GRID + 4)
        fields = (self._server, self._name, self._code, self._recovery, self._password, self._again)
        self._labels = [label("", "strong") for _ in fields]
        for number, field in enumerate(fields):
            self._labels[number].setFixedWidth(appearance().px(LABEL_WIDTH))
            self._grid.addWidget(self._labels[number], number, 0)
            self._grid.addWidget(field, number, 1)
        self._hint = label("", "quiet", wrap=True)
        self._wrong = label("", wrap=True, tone="danger")
        self._go = button("", self._submit, role="primary")
        self._chosen, self._fields = panel(self._ways), panel(self._grid)
        self._arrival: CodeSignIn | None = None
        self._job: Job[Any] | None = None  # the request that is running
        self._waiting = WaitingPanel()
        self._waiting.cancelled.connect(self._cancel_request)
        self._waiting.poll_due.connect(self._poll)
        for field in (self._server, self._name, self._code, self._recovery, self._password, self._again):
            field.returnPressed.connect(self._submit)
        self.setLayout(
            column(
                self._chosen,
                self._hint,
                self._fields,
                self._waiting,
                self._strength,
                self._show,
                self._wrong,
                row(self._go, 0),
                margin=GRID * 2,
                gap=GRID * 2,
            )
        )
        self.retranslate()

    def retranslate(self) -> None:
        """Sets all texts again after a language change."""
        self._chips[SIGN_IN].setText(translate("Entrance", "Sign in"))
        self._chips[CREATE].setText(translate("Entrance", "Create an account"))
        self._chips[CODE].setText(translate("Entrance", "I have a code"))
        self._chips[FORGOTTEN].setText(translate("Entrance", "Forgotten password"))
        self._server.setPlaceholderText(translate("Entrance", "Its address, https://"))
        self._show_method(self._method)

    def fill_in(self, server: str, name: str) -> None:
        """Fills in the server and name of the last account; the password is left to type."""
        self._server.setText(server)
        self._name.setText(name)
        self._password.setFocus()

    def fill_in_invitation(self, link: str) -> None:
        """Fills in the server and the code of a link from another device.

        Nothing is sent before the student has checked them.
        """
        from desktop.workflows import sync  # noqa: PLC0415 - nothing of sync is loaded before it is used

        self._show_method(CODE)
        try:
            server, code = sync.read_offer(link)
        except AppError:
            self._show_error(
                translate("Entrance", "This link cannot be used to sign in. Make a new code on the other device.")
            )
            return
        self._server.setText(server)
        self._code.setText(code)
        self._go.setFocus()

    @property
    def is_busy(self) -> bool:
        """Whether an answer of the server, or of another device, is pending."""
        return self._job is not None or self._arrival is not None

    def _choose_action(self, way: str) -> Callable[[], None]:
        return lambda *_: self._show_method(way)

    def _show_method(self, way: str) -> None:
        self._method = way
        self._chips[way].setChecked(True)
        self._wrong.hide()
        names = (
            translate("Entrance", "Server"),
            translate("Entrance", "Name"),
            translate("Entrance", "Code"),
            translate("Entrance", "Recovery key"),
            translate("Entrance", "New password") if way in (CREATE, FORGOTTEN) else translate("Entrance", "Password"),
            translate("Entrance", "Password again"),
        )
        shown = {
            SIGN_IN: (True, True, False, False, True, False),
            CREATE: (True, True, False, False, True, True),
            CODE: (True, False, True, False, False, False),
            FORGOTTEN: (True, True, False, True, True, True),
        }[way]
        fields = (self._server, self._name, self._code, self._recovery, self._password, self._again)
        for words, name, field, is_shown in zip(names, self._labels, fields, shown, strict=True):
            name.setText(words)
            field.setAccessibleName(words)
            name.setVisible(is_shown)
            field.setVisible(is_shown)
        self._show.setText(translate("Entrance", "Show passwords"))
        self._show.setVisible(way != CODE)
        self._update_strength()
        self._hint.setText(
            {
                SIGN_IN: translate("Entrance", "Sign in to have your timetable on this machine too."),
                CREATE: translate(
                    "Entrance",
                    "What is synced is encrypted on this machine; whoever runs the server cannot read it. "
                    "Nobody can reset your password: keep the recovery key that comes next.",
                ),
                CODE: translate("Entrance", "On a device that is signed in, open Sync and choose Add a device."),
                FORGOTTEN: translate("Entrance", "With your recovery key you can set a new password."),
            }[way]
        )
        self._go.setText(
            {
                SIGN_IN: translate("Entrance", "Sign in"),
                CREATE: translate("Entrance", "Create the account"),
                CODE: translate("Entrance", "Sign in with the code"),
                FORGOTTEN: translate("Entrance", "Set the password and sign in"),
            }[way]
        )

    def _update_strength(self) -> None:
        """Shows the strength of a password that is being made; that of an existing one is not shown on a screen."""
        show_strength(self._strength, self._password.text() if self._method in (CREATE, FORGOTTEN) else "")

    def _submit(self) -> None:
        server, name, password = self._server.text().strip(), self._name.text(), self._password.text()
        code, recovery = self._code.text(), self._recovery.text()
        if self._method in (CREATE, FORGOTTEN) and password != self._again.text():
            self._show_error(translate("Entrance", "The two passwords differ. Type the same one twice."))
            return
        from desktop.workflows import sync  # noqa: PLC0415 - nothing of sync is loaded before it is used

        verbs: dict[str, tuple[Callable[[Joint, CancelFlag], Any], Callable[[Any], object]]] = {
            CREATE: (
                lambda joint, stop: sync.create_account(joint, server, name, password, None, stop),
                self._account_created,
            ),
            CODE: (lambda joint, stop: sync.request_access(joint, server, code, stop), self._arrival_received),
            FORGOTTEN: (
                lambda joint, stop: sync.sign_in_with_recovery_key(joint, server, name, recovery, password, stop),
                self._signed_in,
            ),
            SIGN_IN: (lambda joint, stop: sync.sign_in(joint, server, name, password, stop), self._signed_in),
        }
        verb, done = verbs[self._method]
        self._show_form(False)
        self._waiting.start(translate("Entrance", "Asking the server"))
        self._job = self._link.start_on_account(verb, done, self._failed, self)

    # joining with a code

    def _arrival_received(self, arrival: CodeSignIn) -> None:
        self._job, self._arrival = None, arrival
        self._waiting.start(translate("Entrance", "Waiting for the other device"), polls=True)

    def _poll(self) -> None:
        arrival = self._arrival
        if arrival is None:
            return
        from desktop.workflows import sync  # noqa: PLC0415 - as above

        def seen(is_in: bool) -> None:
            if is_in:
                self._signed_in(None)
            elif arrival is self._arrival:
                self._waiting.finish_poll(arrival.digits)

        self._link.run_on_account(lambda joint: sync.try_finish_arrival(joint, arrival), seen, self._poll_failed, self)

    def _poll_failed(self, error: Exception) -> None:
        self._waiting.finish_poll()
        if self._arrival is not None and not isinstance(error, NotReachable):
            self._cancel_request()
            self._show_error(error_text(error))

    def _cancel_request(self) -> None:
        job, arrival = self._job, self._arrival
        self._end_waiting()
        if job is not None:
            self._link.cancel(job)
        if arrival is not None:
            arrival.cancel()

    def _end_waiting(self) -> None:
        self._job = self._arrival = None
        self._waiting.stop()
        self._show_form(True)

    def _show_form(self, shown: bool) -> None:
        """Shows either the fields or the waiting panel."""
        for part in (self._chosen, self._hint, self._fields, self._go):
            part.setVisible(shown)
        self._wrong.hide()
        if shown:
            self._show_method(self._method)
        else:
            self._strength.hide()
            self._show.hide()

    def _account_created(self, recovery: str) -> None:
        self._clear_secrets()
        self.account_created.emit(recovery)

    def _signed_in(self, _nothing: None) -> None:
        self._clear_secrets()
        self.signed_in.emit()

    def _clear_secrets(self) -> None:
        self._end_waiting()
        for field in (self._password, self._again, self._recovery, self._code):
            field.clear()

    def _failed(self, error: Exception) -> None:
        if self._job is None:
            return  # cancelled
        self._end_waiting()
        self._show_error(error_text(error))

    def _show_error(self, text: str) -> None:
        self._wrong.setText(text)
        set_tone(self._wrong, "danger")
        self._wrong.show()
