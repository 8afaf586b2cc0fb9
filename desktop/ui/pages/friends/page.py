"""The With friends page: friends' published calendars beside the student's week, and the hours when all are free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.errors import Cancelled, InvalidInput, NeedsDecision
from desktop.domain.records.shared_choices import SharedKind, shared_choices
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.modules import Colour
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.domain.week_view import Block, week_view
from desktop.ui import routes
from desktop.ui.pages.friends.friend_list import FriendList, ShownFriend
from desktop.ui.pages.page import Page
from desktop.ui.pages.week.grid import WeekGrid
from desktop.ui.session.jobs import CancelFlag, Job, Progress
from desktop.ui.session.session import Session
from desktop.ui.session.state import UP_TIMEZONE
from desktop.ui.texts.language import clock_text, date_range_text, duration_text, error_text, translate, weekday_name
from desktop.ui.theme.style import GRID, full_colour
from desktop.ui.widgets.controls import (
    button,
    clear_layout,
    column,
    icon_button,
    label,
    row,
    scroll_area,
    separator,
    set_tooltip_and_name,
)
from desktop.ui.widgets.flow import SidePanelLayout, flow_layout

if TYPE_CHECKING:
    from desktop.ui.pages.friends.pictures import GreyImage
    from desktop.workflows.friends import Friend, FriendSchedule

SIDE = 264
COLOURS = (Colour.GRAPE, Colour.TANGERINE, Colour.BASIL, Colour.FLAMINGO, Colour.BLUEBERRY, Colour.BANANA)
FRIEND_ID_PREFIX = "friend/"  # prefix of the ids of a friend's blocks


class FriendsPage(Page[routes.FriendsRoute]):
    """Friends and free hours on the left, everybody's week on the right."""

    narrow_below = 640
    loopback = False  # whether plain http to this machine is allowed; for development and tests

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.grid = WeekGrid()
        self.grid.weeks_requested.connect(self._go_weeks)
        self.grid.block_selected.connect(self._select)
        self._seen: dict[str, FriendSchedule] = {}
        self._errors: dict[str, Exception] = {}
        self._requested: set[str] = set()
        self.name, self.address = QLineEdit(), QLineEdit()
        self.address.returnPressed.connect(self.add)
        for field in (self.name, self.address):
            field.setAcceptDrops(False)  # a file dropped here goes to the page
            field.installEventFilter(self)
        self.setAcceptDrops(True)
        self._add = button("", self.add, icon="plus")
        self._picture_words = label("", "quiet", wrap=True)
        self._choose, self._paste = button("", self.choose), button("", self.paste)
        self._list = FriendList()
        self._list.renamed.connect(self._rename)
        self._list.removed.connect(self._remove)
        self._list.allowed.connect(self._allow)
        self._free: QVBoxLayout = column(gap=4)
        self._free_word = label("", "heading")
        side = QWidget()
        by_picture = column(self._picture_words, flow_layout(self._choose, self._paste), gap=GRID)
        adding = column(self.name, self.address, row(self._add, 0), by_picture, gap=GRID)
        laid = column(self._list, separator(), adding, separator(), self._free_word, self._free, 0, gap=GRID * 2)
        laid.setContentsMargins(0, 0, GRID * 2, 0)  # room for the scroll bar
        side.setLayout(laid)
        self._previous = icon_button("previous", "", lambda: self._go_weeks(-1))
        self._next = icon_button("next", "", lambda: self._go_weeks(1))
        self._refresh_button = icon_button("retry", "", lambda: self._fetch(forced=True))
        self._share = icon_button("share", "", lambda: session.open_page(routes.ShareRoute()))
        self._stop = button("", self._cancel_fetching)
        self._stop.hide()
        self._fetching: dict[str, Job[FriendSchedule]] = {}  # by the friend's key
        for tool in (self._previous, self._next, self._stop, self._refresh_button, self._share):
            self.tools.addWidget(tool)
        self._both = SidePanelLayout(scroll_area(side), self.grid, SIDE)
        self.body.addLayout(self._both, 1)
        session.state.week_changed.connect(self.invalidate)
        self.retranslate()

    def title(self) -> str:
        monday = self.session.state.shown_monday
        words = translate("Friends", "With friends")
        return f"{words} · {date_range_text(monday, monday + timedelta(days=6))}"

    def shorter_titles(self) -> tuple[str, ...]:
        return (translate("Friends", "With friends"),)

    def retranslate(self) -> None:
        self.name.setPlaceholderText(translate("Friends", "Their name"))
        self.name.setAccessibleName(translate("Friends", "The friend’s name"))
        self.address.setPlaceholderText(translate("Friends", "Their address, webcal:// or https://"))
        self.address.setAccessibleName(translate("Friends", "The address of the friend’s calendar"))
        self._add.setText(translate("Friends", "Add a friend"))
        self._choose.setText(translate("Friends", "Choose a picture"))
        self._paste.setText(translate("Friends", "Paste"))
        self._paste.setAccessibleName(translate("Friends", "Paste a picture"))
        self._show_picture_hint(busy=False)
        self._list.retranslate()
        self._free_word.setText(translate("Friends", "Everybody is free"))
        set_tooltip_and_name(self._previous, translate("Friends", "Previous week"))
        set_tooltip_and_name(self._next, translate("Friends", "Next week"))
        self._stop.setText(translate("Friends", "Cancel"))
        self._stop.setAccessibleName(translate("Friends", "Stop fetching their calendars"))
        set_tooltip_and_name(self._share, translate("Share", "Share groups"))
        set_tooltip_and_name(self._refresh_button, translate("Friends", "Fetch their calendars now"))

    def refresh(self) -> None:
        view = self.session.state.view
        if view is None:
            return
        self._both.set_narrow(narrow=self.is_narrow)
        known = self._friends()
        self._list.show_friends([self._shown_friend(friend) for friend in known])
        self._refresh_button.setEnabled(bool(known))
        self._show_week(known)
        if {friend.key for friend in known} - self._requested:
            self._fetch()

    def _friends(self) -> tuple[Friend, ...]:
        from desktop.workflows import friends  # noqa: PLC0415 - nothing of networks is loaded before it is wanted

        view = self.session.state.view
        return friends.friends_of(view.records) if view is not None else ()

    def _shown_friend(self, friend: Friend) -> ShownFriend:
        trouble, seen = self._errors.get(friend.key), self._seen.get(friend.key)
        if trouble is not None:
            words = error_text(trouble)
        elif seen is None or seen.at is None:
            words = translate("Friends", "not fetched yet")
        else:
            words = translate("Friends", "as of {time}").format(time=clock_text(seen.at.astimezone()))
            if self._shares_groups(friend):
                words = f"{words} · {translate('Friends', 'shares groups')}"
        asks = isinstance(trouble, NeedsDecision)
        return ShownFriend(friend, full_colour(_colour(friend)), words, trouble is not None, asks)

    def _shares_groups(self, friend: Friend) -> bool:
        view = self.session.state.view
        every = shared_choices(view.records, view.year, SharedKind.GROUPS) if view is not None else ()
        return any(each.friend == friend.key for each in every)

    # the week

    def _show_week(self, known: tuple[Friend, ...]) -> None:
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        state = self.session.state
        if state.view is None:
            return
        monday = state.shown_monday
        mine = state.occurrences_between(monday, monday + timedelta(days=6))
        theirs = [each for friend in known for each in self._blocks(friend, monday)]
        together = sorted((*mine, *theirs), key=lambda each: (each.start, each.end))
        week = week_view(together, state.view.calendar, monday, (), state.now())
        self.grid.set_week(week, self._colour_of)
        clear_layout(self._free)
        seen = [self._seen[friend.key] for friend in known if friend.key in self._seen]
        day: date | None = None
        for free in friends.common_free_times(mine, seen, monday):
            if free.start.date() != day:
                day = free.start.date()
                self._free.addSpacing(GRID // 2 if self._free.count() else 0)
                self._free.addWidget(label(weekday_name(day.weekday()), "caps"))
            words = f"{clock_text(free.start)} – {clock_text(free.end)}  ·  {duration_text(free.minutes)}"
            self._free.addWidget(label(words))
        if day is None:
            self._free.addWidget(label(translate("Friends", "At no time in this week"), "quiet", wrap=True))

    def _blocks(self, friend: Friend, monday: date) -> list[Occurrence]:
        """Returns a friend's busy times of a week as blocks of the grid, each within one day."""
        seen, made, busy = self._seen.get(friend.key), [], translate("Friends", "busy")
        for number, taken in enumerate(seen.week(monday) if seen is not None else ()):
            end = taken.end if taken.end.date() == taken.start.date() else datetime.combine(taken.start, time(23, 59))
            if end <= taken.start:
                continue
            title = f"{friend.name} · {taken.title or busy}"
            item = OwnEvent(
                f"{FRIEND_ID_PREFIX}{friend.key}/{number}",
                monday.year,
                title,
                taken.start.time(),
                end.time(),
                on=taken.start.date(),
                venue=taken.place,
                colour=_colour(friend),
            )
            made.append(Occurrence(taken.start, end, item))
        return made

    def _colour_of(self, item: Item) -> Colour:
        return self.session.state.colour_of(item)

    def _select(self, block: Block | None) -> None:
        is_mine = block is not None and not block.occurrence.item.id.startswith(FRIEND_ID_PREFIX)
        self.session.select(block.occurrence if block is not None and is_mine else None)

    def _go_weeks(self, weeks: int) -> None:
        self.session.state.show_week(self.session.state.shown_monday + timedelta(weeks=weeks))

    # friends

    def add(self) -> None:
        """Adds the friend that was typed, and fetches their calendar."""
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        store, name, address = self.session.app.store, self.name.text(), self.address.text()
        colour, loopback = COLOURS[len(self._friends()) % len(COLOURS)], self.loopback

        def done(friend: Friend) -> None:
            self.name.clear()
            self.address.clear()
            said = translate("Friends", "Added {name}").format(name=friend.name)
            self.session.notices.show_success(said, self.session.undo)

        self.session.run_change(lambda: friends.add(store, name, address, colour, loopback=loopback), done)

    # their address from a picture

    def choose(self) -> None:
        """Asks for an image file with the QR code of an address."""
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - not before somebody has a picture

        dialog = QFileDialog(self, translate("Friends", "Choose a picture of the code"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{ending}" for ending in pictures.ENDINGS)
        dialog.setNameFilter(translate("Friends", "Pictures ({endings})").format(endings=endings))
        dialog.fileSelected.connect(lambda name: self.drop([Path(name)]))
        dialog.open()

    def paste(self) -> None:
        """Reads the picture on the clipboard, or the image file that was copied."""
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - as above

        data = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        picture = pictures.picture_in_mime_data(data)
        if picture is not None:
            self._take_picture(picture)
        elif files and pictures.is_picture(files[0]):
            self.drop(files)
        else:
            hint = translate("Friends", "Copy the picture of the code first, then paste it here.")
            self.session.notices.show_error(InvalidInput(translate("Friends", "No picture was copied."), hint))

    def drop_hint(self, files: Sequence[Path]) -> str:
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - as above

        wanted = len(files) == 1 and pictures.is_picture(files[0])
        return translate("Friends", "Drop to read the code of a friend’s address") if wanted else ""

    def drop(self, paths: Sequence[Path]) -> None:
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - as above

        self._read_code(partial(pictures.read_file, paths[0]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accepts an image dragged from another program without a file; files are handled by the window."""
        if event.mimeData().hasImage() and not event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - as above

        picture = pictures.picture_in_mime_data(event.mimeData())
        event.accept()
        if picture is not None:
            self._take_picture(picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pastes a picture even when a text field has the focus, which would paste nothing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._pastes_picture(event):
            self.paste()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._pastes_picture(event):
            self.paste()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _pastes_picture(event: QKeyEvent) -> bool:
        data = QGuiApplication.clipboard().mimeData()
        return event.matches(QKeySequence.StandardKey.Paste) and data.hasImage() and not data.hasText()

    def _take_picture(self, picture: bytes | QImage) -> None:
        from desktop.ui.pages.friends import pictures  # noqa: PLC0415 - as above

        self._read_code(partial(pictures.read_mime_picture, picture))

    def _read_code(self, unpack: Callable[[], GreyImage]) -> None:
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        loopback = self.loopback

        def work(_flag: CancelFlag, _progress: Progress) -> str:
            grey = unpack()
            return friends.address_in_picture(grey.pixels, grey.width, grey.height, loopback=loopback)

        self._show_picture_hint(busy=True)
        self.session.jobs.run_in_pool(work, self._address_found, self._no_address, owner=self)

    def _show_picture_hint(self, *, busy: bool) -> None:
        looking = translate("Friends", "Looking for the code in the picture")
        words = translate("Friends", "Or drop a picture of its QR code here, choose one, or paste one you copied.")
        self._picture_words.setText(looking if busy else words)
        for each in (self._choose, self._paste):
            each.setEnabled(not busy)

    def _address_found(self, address: str) -> None:
        self._show_picture_hint(busy=False)
        self.address.setText(address)
        (self._add if self.name.text().strip() else self.name).setFocus(Qt.FocusReason.OtherFocusReason)
        self.session.notices.show_success(translate("Friends", "Took the address from the picture"))

    def _no_address(self, error: Exception) -> None:
        self._show_picture_hint(busy=False)
        self.session.notices.show_error(error)

    def _friend(self, key: str) -> Friend | None:
        return next((friend for friend in self._friends() if friend.key == key), None)

    def _rename(self, key: str, name: str) -> None:
        """Renames a friend. An invalid name is reported and stays typed."""
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        friend, store = self._friend(key), self.session.app.store
        if friend is None:
            return

        self.session.run_change(
            lambda: friends.rename(store, friend, name),
            lambda applied: self.session.notices.show_success(applied.title, self.session.undo),
        )

    def _remove(self, key: str) -> None:
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        friend, store = self._friend(key), self.session.app.store
        if friend is None:
            return
        for known in (self._seen, self._errors):
            known.pop(friend.key, None)
        self._requested.discard(friend.key)
        said = translate("Friends", "Removed {name}").format(name=friend.name)
        self.session.run_change(
            lambda: friends.remove(store, friend), lambda _a: self.session.notices.show_success(said, self.session.undo)
        )

    def _allow(self, key: str) -> None:
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        friend, store = self._friend(key), self.session.app.store
        if friend is None:
            return

        def allowed(_nothing: None) -> None:
            self._requested.discard(friend.key)
            self._errors.pop(friend.key, None)
            self._fetch()

        self.session.jobs.run_on_store(
            lambda: friends.confirm(store, friend), allowed, self.session.notices.show_error, owner=self
        )

    def _fetch(self, *, forced: bool = False) -> None:
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        store, loopback = self.session.app.store, self.loopback
        now = self.session.state.now().replace(tzinfo=UP_TIMEZONE)
        for friend in self._friends():
            if friend.key in self._requested and not forced:
                continue
            self._requested.add(friend.key)

            def work(_flag: CancelFlag, friend: Friend = friend) -> FriendSchedule:
                return friends.refresh(store, friend, now, forced=forced, loopback=loopback)

            self._fetching[friend.key] = self.session.jobs.run_on_servers(
                work, partial(self._calendar_fetched, friend), partial(self._failed, friend), owner=self
            )
        self._show_fetching()

    def _cancel_fetching(self) -> None:
        for job in list(self._fetching.values()):
            self.session.jobs.abandon(job)

    def _show_fetching(self) -> None:
        self._stop.setVisible(bool(self._fetching))
        self._refresh_button.setVisible(not self._fetching)

    def _calendar_fetched(self, friend: Friend, seen: FriendSchedule) -> None:
        self._fetching.pop(friend.key, None)
        self._show_fetching()
        self._seen[friend.key] = seen
        self._errors.pop(friend.key, None)
        self.invalidate()
        if seen.changed_records:
            self.session.reload_view()

    def _failed(self, friend: Friend, error: Exception) -> None:
        """Shows the error beside the friend's name; what was fetched before stays visible."""
        from desktop.workflows import friends  # noqa: PLC0415 - as above

        self._fetching.pop(friend.key, None)
        self._show_fetching()
        if not isinstance(error, Cancelled):
            self._errors[friend.key] = error
        store = self.session.app.store

        def known(seen: FriendSchedule) -> None:
            if seen.at is not None:
                self._seen[friend.key] = seen
            self.invalidate()
            if self._shares_groups(friend):
                self.session.reload_view()  # it may have ended

        self.session.jobs.run_on_store(
            lambda: friends.last_fetched(store, friend), known, self.session.notices.show_error, owner=self
        )


def _colour(friend: Friend) -> Colour:
    return Colour(friend.colour) if friend.colour in set(Colour) else Colour.GRAPE
