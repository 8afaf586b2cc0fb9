"""The actions on one item of the timetable: skip a date, hide, choose a room, move, add a note, drop an edit.

Every act can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QLineEdit, QVBoxLayout

from desktop.domain.commands import edits
from desktop.domain.drafts.manual_entry import ROOM_SEPARATOR
from desktop.domain.records.records import Act
from desktop.domain.timetable.assessments import Assessment
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting, Slot
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item, Timetable
from desktop.ui import routes
from desktop.ui.session import link_actions
from desktop.ui.session.link_actions import LinkAction, edited_field_name
from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, weekday_name
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_label, label, panel, row, separator
from desktop.ui.widgets.fields import date_field, date_value, time_field, time_value


class ItemActions(QFrame):
    """The controls for one item; with `occurrence`, also those for that date."""

    def __init__(self, session: Session, timetable: Timetable, item: Item, occurrence: Occurrence | None) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.session = session
        self._timetable = timetable
        self._item = item
        body = column(gap=GRID)
        self.setLayout(body)
        for problem in self._outdated_edit_panels():
            body.addWidget(problem)
        days = link_actions.date_actions(timetable, item, occurrence)
        if days:
            body.addWidget(separator())
        self._add_links(body, days)
        if isinstance(item, LayerEvent):
            lead = partial(session.open_page, routes.LayersRoute())
            link = button(translate("Layers", "Other calendars"), lead, role="link", icon="layers")
            body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            return
        if isinstance(item, OwnEvent):
            self._add_own_event_links(body, item)
            return
        rooms = link_actions.room_actions(timetable, item)
        if rooms:
            body.addLayout(self._room_box(rooms))
        body.addLayout(self._note_field(item))
        body.addWidget(self._room_form(item))
        body.addWidget(self._time_form(item))
        self._add_links(body, link_actions.document_actions(timetable, item))

    def _perform(self, make: Callable[[], Act]) -> None:
        link_actions.perform_or_report(self.session, make)

    def _add_links(self, body: QVBoxLayout, offered: Iterable[LinkAction]) -> None:
        for offer in offered:
            link = button(offer.words, partial(self._perform, offer.make_act), role="link", icon=offer.icon)
            body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    # edits that a newer document disagrees with

    def _outdated_edit_panels(self) -> Iterable[QFrame]:
        item = self._item
        if isinstance(item, OwnEvent):
            return
        for name in sorted(item.outdated):
            text = translate("Actions", "The document now says something else than when you set the {what}.")
            words = label(text.format(what=edited_field_name(name)), wrap=True)
            keep = button(
                translate("Actions", "Keep mine"),
                partial(self._perform, partial(edits.keep_edit, self._timetable, item.id, name)),
            )
            drop = button(
                translate("Actions", "Use the document’s"),
                partial(self._perform, partial(edits.drop_edit, self._timetable, item.id, name)),
            )
            head = row(icon_label("warning", "warning"), words, gap=GRID)
            head.setStretch(1, 1)
            yield panel(column(head, row(keep, drop, 0, gap=GRID), gap=GRID))

    # rooms, note, time

    def _room_box(self, offered: list[LinkAction]) -> QVBoxLayout:
        box = QComboBox()
        for number, offer in enumerate(offered):
            box.addItem(offer.words)
            if offer.chosen:
                box.setCurrentIndex(number)
        box.setAccessibleName(translate("Actions", "My room"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        box.activated.connect(lambda index: None if offered[index].chosen else self._perform(offered[index].make_act))
        return column(label(translate("Actions", "My room"), "caps"), box, gap=2)

    def _note_field(self, item: Meeting | Assessment) -> QVBoxLayout:
        field = QLineEdit(item.note)
        field.setPlaceholderText(translate("Actions", "Add note"))
        field.setAccessibleName(translate("Actions", "Note"))

        def save() -> None:
            if field.text().strip() != item.note:
                self._perform(lambda: edits.set_note(self._timetable, item.id, field.text()))

        field.editingFinished.connect(save)
        return column(label(translate("Actions", "Note"), "caps"), field, gap=2)

    def _room_form(self, item: Meeting | Assessment) -> QFrame:
        """A collapsible form for the room, where the document has none or the wrong one."""
        field = QLineEdit(ROOM_SEPARATOR.join(item.venues))
        field.setPlaceholderText(translate("Actions", "Room"))
        field.setAccessibleName(translate("Actions", "Room"))

        def place() -> None:
            self._perform(
                lambda: edits.set_venues(self._timetable, item.id, tuple(field.text().split(ROOM_SEPARATOR.strip())))
            )

        field.returnPressed.connect(place)
        return _collapsible_form(
            translate("Actions", "Change room"),
            "place",
            column(field, row(button(translate("Actions", "Save room"), place, role="primary"), 0), gap=GRID),
        )

    def _time_form(self, item: Meeting | Assessment) -> QFrame:
        """A collapsible form for another day, start and end."""
        start, end = (item.slot.start, item.slot.end) if isinstance(item, Meeting) else (item.start, item.end)
        first, last = time_field(start), time_field(end)
        first.setAccessibleName(translate("Actions", "Start"))
        last.setAccessibleName(translate("Actions", "End"))
        weekday, day = QComboBox(), QDateEdit()
        if isinstance(item, Meeting):
            for number in range(7):
                weekday.addItem(weekday_name(number), number)
            weekday.setCurrentIndex(item.slot.weekday)
            weekday.setAccessibleName(translate("Actions", "Day"))
        else:
            day = date_field(item.date)
            day.setAccessibleName(translate("Actions", "Day"))

        def make() -> Act:
            if isinstance(item, Meeting):
                slot = Slot(int(weekday.currentData()), time_value(first), time_value(last))
                return edits.move_meeting(self._timetable, item.id, slot)
            return edits.move_assessment(self._timetable, item.id, date_value(day), time_value(first), time_value(last))

        return _collapsible_form(
            translate("Actions", "Move to another time"),
            "clock",
            column(
                weekday if isinstance(item, Meeting) else day,
                row(first, label("–"), last, 0, gap=4),
                row(button(translate("Actions", "Move"), lambda: self._perform(make), role="primary"), 0),
                gap=GRID,
            ),
        )

    # own events

    def _add_own_event_links(self, body: QVBoxLayout, item: OwnEvent) -> None:
        edit = button(
            translate("Actions", "Change"),
            lambda: self.session.open_page(routes.EventRoute(item)),
            role="link",
            icon="edit",
        )
        body.addWidget(edit, 0, Qt.AlignmentFlag.AlignLeft)

        self._add_links(body, link_actions.own_event_actions(self.session, item))


def _collapsible_form(words: str, icon: str, fields: QVBoxLayout) -> QFrame:
    """A form under a link that shows and hides it."""
    form = panel(fields)
    form.hide()
    opener = button(words, lambda: form.setVisible(form.isHidden()), role="link", icon=icon)
    return panel(column(row(opener, 0, gap=0), form, gap=4))
