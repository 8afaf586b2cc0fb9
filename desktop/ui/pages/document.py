"""In the document: the page a meeting or sitting was read from, with its lines framed."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.timetable import Item, OwnEvent
from desktop.ui.controls import label
from desktop.ui.language import translate
from desktop.ui.origin import origin_of
from desktop.ui.pages.page import Page
from desktop.ui.picture import DocumentPicture
from desktop.ui.session import Session


class DocumentPage(Page):
    """Where something stands in the PDF it came from."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._item: Item | None = None
        self._name = label("", "quiet", wrap=True)
        self._picture = DocumentPicture(session)
        self._back = self.primary("", lambda: session.open_page("week"), "week")
        self.body.addWidget(self._name)
        self.body.addWidget(self._picture, 1)
        self.retranslate()

    def title(self) -> str:
        if self._item is None or isinstance(self._item, OwnEvent):
            return translate("Document", "In the document")
        return translate("Document", "{what} in the document").format(what=self._item.label)

    def retranslate(self) -> None:
        self._back.setText(translate("Document", "Back to the week"))
        self._picture.retranslate()

    def open(self, what: object) -> None:
        """Looks up where an item stands, and shows it."""
        if not isinstance(what, Item):
            return
        self._item = what
        self.outdated()
        view = self.session.state.view
        found = origin_of(view.records, what) if view is not None else None
        if found is None:
            self._name.setText(translate("Document", "No document says where this comes from."))
            self._picture.show_places(None, "", ())
            return
        self._name.setText(found.name)
        store = self.session.app.store

        def done(pdf: Path | None) -> None:
            self._picture.show_places(pdf, found.sha256, found.places)

        self.session.jobs.store(
            lambda: store.documents.find(found.sha256), done, self.session.notices.handle, owner=self
        )
