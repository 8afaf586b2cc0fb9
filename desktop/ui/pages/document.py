"""The page that shows where in its document a meeting or assessment was read, with the lines framed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.timetable import Item
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.review.document_picture import DocumentPicture
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate
from desktop.ui.widgets.controls import label

if TYPE_CHECKING:
    from desktop.workflows.imports import DocumentPlaces


class DocumentPage(Page[routes.DocumentRoute]):
    """Shows the place of an item in the PDF it was read from."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._item: Item | None = None
        self._name = label("", "quiet", wrap=True)
        self._picture = DocumentPicture(session)
        self._back = self.add_primary_button("", lambda: session.open_page(routes.WeekRoute()), "week")
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

    def open(self, route: routes.DocumentRoute) -> None:
        if route.item is None:
            return
        self._item = route.item
        self.invalidate()
        item_id, year = route.item.id, route.item.year

        def work() -> DocumentPlaces:
            from desktop.workflows import imports  # noqa: PLC0415 - with the store

            return imports.places_of(self.session.app.store, year, item_id)

        def done(found: DocumentPlaces) -> None:
            nowhere = translate("Document", "No document says where this comes from.")
            self._name.setText(found.name or nowhere)
            self._picture.show_places(found.pdf, found.sha256, found.places)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)
