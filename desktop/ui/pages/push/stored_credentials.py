"""Loads, keeps and deletes the credentials that open calendars, as stored on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.domain.errors import AppError
from desktop.ui.pages.push.target_form import TargetForm
from desktop.ui.session.jobs import CancelFlag
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.workflows.push import CalDavCredentials


class StoredCredentials(QObject):
    """The stored credentials for one form, which it fills in."""

    def __init__(self, session: Session, form: TargetForm) -> None:
        super().__init__(form)
        self._session = session
        self._form = form
        self._is_known = False
        form.forget_requested.connect(self._forget)

    def load(self, *, force: bool = False) -> None:
        """Loads the stored credentials and whether Google is signed in; only the first time unless `force`."""
        if self._is_known and not force:
            return
        self._is_known = True
        app, words = self._session.app, self._form.client_credentials

        def work(_flag: CancelFlag) -> tuple[dict[str, CalDavCredentials], str, bool]:
            from desktop.workflows import push  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            try:
                client = push.GoogleClient(*words)
            except AppError:
                client = None  # without a client id nobody is signed in
            secrets = app.vault()
            kept = push.kept_access(app.store, secrets)
            signed_in = client is not None and push.google_sign_in(app.store, secrets, client).is_signed_in
            return kept.load(), kept.client_secret, signed_in

        def told(found: tuple[dict[str, CalDavCredentials], str, bool]) -> None:
            access, client_secret, signed_in = found
            self._form.set_stored_credentials(access, client_secret)
            self._form.set_signed_in(signed_in)

        self._session.jobs.run_on_servers(work, told, self._session.notices.show_error, owner=self)

    def keep(self, service: str, access: CalDavCredentials) -> None:
        """Stores the password of a service until it is removed."""
        app = self._session.app

        def work(_flag: CancelFlag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            push.kept_access(app.store, app.vault()).save(service, access)

        def done(_nothing: None) -> None:
            self._form.note_stored(service, access)

        self._session.jobs.run_on_servers(work, done, self._session.notices.show_error, owner=self)

    def _forget(self, service: str) -> None:
        app = self._session.app

        def work(_flag: CancelFlag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            push.kept_access(app.store, app.vault()).remove(service)

        def done(_nothing: None) -> None:
            self._form.note_stored(service, None)
            self._session.notices.show_success(translate("Push", "The password is no longer kept on this machine"))

        self._session.jobs.run_on_servers(work, done, self._session.notices.show_error, owner=self)
