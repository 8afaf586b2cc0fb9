"""Loads, keeps and deletes the credentials that open calendars, as stored on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.domain.errors import AppError
from desktop.ui.pages.push.targets import PushTargets
from desktop.ui.session.jobs import Flag
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.workflows.push import Access


class StoredKeys(QObject):
    """The stored credentials for one form, which it fills in."""

    def __init__(self, session: Session, ways: PushTargets) -> None:
        super().__init__(ways)
        self._session = session
        self._ways = ways
        self._is_known = False
        ways.forget_asked.connect(self._forget)

    def look_up(self, *, again: bool = False) -> None:
        """Loads the stored credentials and whether Google is signed in; only the first time unless `again`."""
        if self._is_known and not again:
            return
        self._is_known = True
        app, words = self._session.app, self._ways.client_words

        def work(_flag: Flag) -> tuple[dict[str, Access], str, bool]:
            from desktop.workflows import push  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            try:
                client = push.GoogleClient(*words)
            except AppError:
                client = None  # without a client id nobody is signed in
            secrets = app.vault()
            kept = push.kept_access(app.store, secrets)
            signed_in = client is not None and push.google_sign_in(app.store, secrets, client).is_signed_in
            return kept.load(), kept.client_secret, signed_in

        def told(found: tuple[dict[str, Access], str, bool]) -> None:
            access, client_secret, signed_in = found
            self._ways.set_kept(access, client_secret)
            self._ways.set_signed_in(signed_in)

        self._session.jobs.sync(work, told, self._session.notices.handle, owner=self)

    def keep(self, service: str, access: Access) -> None:
        """Stores the password of a service until it is removed."""
        app = self._session.app

        def work(_flag: Flag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            push.kept_access(app.store, app.vault()).keep(service, access)

        def done(_nothing: None) -> None:
            self._ways.note_kept(service, access)

        self._session.jobs.sync(work, done, self._session.notices.handle, owner=self)

    def _forget(self, service: str) -> None:
        app = self._session.app

        def work(_flag: Flag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            push.kept_access(app.store, app.vault()).forget(service)

        def done(_nothing: None) -> None:
            self._ways.note_kept(service, None)
            self._session.notices.success(translate("Push", "The password is no longer kept on this machine"))

        self._session.jobs.sync(work, done, self._session.notices.handle, owner=self)
