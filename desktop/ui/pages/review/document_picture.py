"""The picture of a place in a document, rendered in the background and kept while it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.domain.drafts.draft import PageRegion
from desktop.domain.errors import Cancelled
from desktop.ui.pages.review.picture_view import PictureView
from desktop.ui.session.jobs import HIGH_PRIORITY, CancelFlag, Job, Progress
from desktop.ui.texts.language import error_text, translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import column, icon_button, label, row, set_tooltip_and_name

if TYPE_CHECKING:
    from desktop.ui.session.session import Session

MAX_CACHED_PAGES = 2  # pages; one takes about 5 MB


class DocumentPicture(QWidget):
    """A page with a frame around the lines a row was read from; without a picture, the text of the row.

    `clicked` carries the page, and the vertical position of the click in points.
    """

    clicked = Signal(int, float)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._images: dict[tuple[str, int], tuple[QImage, float]] = {}
        self._wanted: tuple[str, int] | None = None
        self._places: tuple[PageRegion, ...] = ()
        self._shown: tuple[Path | None, str, tuple[PageRegion, ...]] | None = None
        self._job: Job[tuple[QImage, float]] | None = None
        self._drawing: tuple[str, int] | None = None  # the page that `_job` renders
        self._framed_document = ""  # the document whose picture is shown
        self._page = label("", "quiet")
        self._zoom_out_button = icon_button("minus", "", lambda: self._zoom(1 / 1.5))
        self._zoom_in_button = icon_button("plus", "", lambda: self._zoom(1.5))
        self.view = PictureView()
        self.view.clicked.connect(self._tell_click)
        whole = column(row(self._page, 0, self._zoom_out_button, self._zoom_in_button, gap=4), self.view, gap=4)
        whole.setContentsMargins(0, 0, GRID, 0)
        self.setLayout(whole)
        self.retranslate()

    def retranslate(self) -> None:
        set_tooltip_and_name(self._zoom_out_button, translate("Picture", "Smaller"))
        set_tooltip_and_name(self._zoom_in_button, translate("Picture", "Larger"))
        self.view.setAccessibleName(translate("Picture", "Picture of the document"))
        if self._shown is not None:
            self.show_places(*self._shown)

    def show_places(self, source: Path | None, sha256: str, places: tuple[PageRegion, ...]) -> None:
        """Shows the first page of `places` with them framed; `source` is the document on this machine."""
        self._places = places
        self._shown = (source, sha256, places)
        shown = [place for place in places if place.page > 0]
        if not shown:
            texts = dict.fromkeys(place.text for place in places if place.text)
            words = translate("Picture", "Choose a row to see where it stands in the document.")
            if texts:
                words = translate("Picture", "This table has no pages. It says there:") + "\n\n" + "\n".join(texts)
            self._page.setText("")
            self._show_text(words)
            return
        page = shown[0].page
        self._page.setText(translate("Picture", "Page {n}").format(n=page))
        if source is None:
            self._show_text(
                translate("Picture", "The document is not on this machine. It says there:") + "\n\n" + shown[0].text
            )
            return
        key = (sha256, page)
        self._wanted = key
        if not self.isVisible():
            return  # rendered once it is shown
        if key in self._images:
            self._show_framed(*self._images[key])
            return
        if (
            not self.view.has_picture or self._framed_document != sha256
        ):  # never one document beside the rows of another
            self.view.show_words(translate("Picture", "Drawing the page"))
        if self._job is not None and not self._job.is_over:
            if self._drawing == key:
                return  # when the page is ready, the places wanted by then are framed
            self._job.cancel()

        def work(flag: CancelFlag, _tell: Progress) -> tuple[QImage, float]:
            return self._session.render_page(source, page, flag)

        def done(drawn: tuple[QImage, float]) -> None:
            while len(self._images) >= MAX_CACHED_PAGES:
                del self._images[next(iter(self._images))]
            self._images[key] = drawn
            if self._wanted == key:
                self._show_framed(*drawn)

        def failed(error: Exception) -> None:
            if self._wanted == key and not isinstance(error, Cancelled):
                self._show_text(f"{error_text(error)}\n\n{shown[0].text}")

        self._drawing = key
        self._job = self._session.jobs.run_in_pool(work, done, failed, owner=self, priority=HIGH_PRIORITY)

    def hideEvent(self, event: QHideEvent) -> None:
        """Drops the pictures; they are rendered again when shown."""
        super().hideEvent(event)
        self._images.clear()
        self.view.show_words("")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._shown is not None and not self.view.has_picture:
            self.show_places(*self._shown)

    def _show_text(self, words: str) -> None:
        self._wanted = None
        self.view.show_words(words)

    def _show_framed(self, image: QImage, height: float) -> None:
        page = next((place.page for place in self._places if place.page), 0)
        self._framed_document = self._wanted[0] if self._wanted is not None else ""
        bands = tuple((place.top, place.bottom) for place in self._places if place.page == page)
        self.view.show_page(image, height, bands)

    def _tell_click(self, height: float) -> None:
        if self._wanted is not None:
            self.clicked.emit(self._wanted[1], height)

    def _zoom(self, factor: float) -> None:
        self.view.set_zoom(self.view.zoom * factor)
        self._zoom_out_button.setEnabled(self.view.zoom > 1.0)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
