"""Creates an account in the window, as a person does, on a sync server running as a process on loopback."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.ui import routes
from desktop.ui.app.main_window import MainWindow
from desktop.ui.pages.sync.page import SyncPage
from desktop.ui.pages.sync.sign_in import SignInForm
from tests.gui.user_actions import control, press, shows_text, wait_until, wait_until_idle

PASSWORD = "a long enough sentence"


class Person:
    """A person's account name on the server, which all tests share: a different one in every test."""

    name = "ann"


def sync_page(window: MainWindow, qtbot: QtBot) -> SyncPage:
    window.open_page(routes.SyncRoute())
    page = window.page("sync")
    assert isinstance(page, SyncPage)
    wait_until(qtbot, lambda: window.session.sync_link.status is not None)
    wait_until_idle(qtbot, window)
    return page


def sign_in_form(page: SyncPage, qtbot: QtBot) -> SignInForm:
    wait_until(qtbot, lambda: any(each.isVisible() for each in page.findChildren(SignInForm)))
    return next(each for each in page.findChildren(SignInForm) if each.isVisible())


def make_account(window: MainWindow, server: str, qtbot: QtBot) -> SyncPage:
    """Creates an account, keeps the recovery key, and waits until it is in step."""
    page = sync_page(window, qtbot)
    form = sign_in_form(page, qtbot)
    press(qtbot, form, "Create an account")
    form._server.setText(server)
    form._name.setText(Person.name)
    form._password.setText(PASSWORD)
    form._again.setText(PASSWORD)
    press(qtbot, form, "Create the account")
    wait_until(qtbot, lambda: shows_text(page, "Your recovery key"))
    assert page.has_unsaved_input, "text of another size would make the page anew, and lose the key"
    last = page._recovery.replace("-", " ").split()[-1]
    field = next(each for each in page.findChildren(QLineEdit) if each.isVisible())
    assert window.focusWidget() is field, "the keyboard goes on to what is asked for next"
    qtbot.keyClicks(field, last)
    press(qtbot, page, "I have kept it")
    wait_until(qtbot, lambda: shows_text(page, "Up to date since"))
    wait_until_idle(qtbot, window)
    assert window.focusWidget() is control(page, "Sync now")
    return page


def submit_form(form: SignInForm, server: str, password: str = PASSWORD) -> None:
    """Fills in the form for server, name and password, and submits it."""
    form._server.setText(server)
    form._name.setText(Person.name)
    form._password.setText(password)
    form._go.click()
