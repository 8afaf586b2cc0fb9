"""The state that all pages show: the current view of the timetable, the week, and the time.

The view is replaced as a whole and never changed; pages draw from it and keep no parts of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from desktop.domain.timetable.modules import Colour
    from desktop.domain.timetable.occurrences import Occurrence
    from desktop.domain.timetable.timetable import Item
    from desktop.workflows.timetable import View

UP_TIMEZONE = timezone(timedelta(hours=2))  # Africa/Johannesburg, the same all year round


class ViewState(QObject):
    """The current view and the week that is shown."""

    changed = Signal()  # the view was replaced
    week_changed = Signal()  # another week is shown
    minute_started = Signal()  # a new minute has begun

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view: View | None = None
        self._clash_marks: frozenset[tuple[str, datetime]] | None = None
        self._colours: defaultdict[str, Colour] = defaultdict()
        self._monday: date | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.timeout.connect(self._tick)
        self._schedule_tick()

    @property
    def view(self) -> View | None:
        """None until the store has been read for the first time."""
        return self._view

    @property
    def is_empty(self) -> bool:
        return self._view is None or self._view.timetable.is_empty

    def set_view(self, view: View) -> None:
        other_year = self._view is None or self._view.year != view.year
        from desktop.domain.timetable.modules import Colour  # noqa: PLC0415 - not before the first frame

        self._view, self._clash_marks = view, None
        self._colours = defaultdict(
            lambda: Colour.GRAPHITE, {code: module.colour for code, module in view.timetable.modules.items()}
        )
        if other_year:
            self._monday = None
        self.changed.emit()

    def now(self) -> datetime:
        """The current time at UP (naive)."""
        return datetime.now(UP_TIMEZONE).replace(tzinfo=None)

    @property
    def today(self) -> date:
        return self.now().date()

    @property
    def shown_monday(self) -> date:
        """The Monday of the shown week: the chosen one, else this week or the nearest one that holds anything."""
        if self._monday is not None:
            return self._monday
        today, dated = self.today, self.occurrences()
        if self._view is None or today.year == self._view.year:
            if dated and today > dated[-1].date:
                return _monday_of(dated[-1].date)
            if dated and today < dated[0].date:
                return _monday_of(dated[0].date)
            return _monday_of(today)
        # Another year: its first week that holds anything, since a second semester alone leaves the first one empty.
        return _monday_of(dated[0].date if dated else self._view.calendar.first)

    def show_week(self, day: date) -> None:
        """Shows the week of that day."""
        self._monday = _monday_of(day)
        self.week_changed.emit()

    def occurrences(self) -> tuple[Occurrence, ...]:
        """The occurrences of the year that are not hidden, in order of time."""
        return self._view.occurrences if self._view is not None else ()

    def occurrences_between(self, first: date, last: date) -> tuple[Occurrence, ...]:
        """The occurrences from `first` to `last`, both included."""
        dated = self.occurrences()
        low = bisect_left(dated, first, key=lambda each: each.date)
        high = bisect_left(dated, last + timedelta(days=1), key=lambda each: each.date)
        return dated[low:high]

    @property
    def clashing_occurrences(self) -> frozenset[tuple[str, datetime]]:
        """The occurrences with a clash that is not accepted, as item id and start."""
        if self._clash_marks is None:
            from desktop.domain.week_view import clash_block_keys  # noqa: PLC0415 - not before the first frame

            self._clash_marks = clash_block_keys(self._view.clashes) if self._view is not None else frozenset()
        return self._clash_marks

    def colour_of(self, item: Item) -> Colour:
        """The colour of an own event, else of the item's module."""
        own: Colour | None = getattr(item, "colour", None)
        return own if own is not None else self._colours[getattr(item, "module", "")]

    def _tick(self) -> None:
        self.minute_started.emit()
        self._schedule_tick()

    def _schedule_tick(self) -> None:
        self._clock.start(60_000 - int(datetime.now(UP_TIMEZONE).timestamp() * 1000) % 60_000 + 20)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
