"""The detail pane on the right: all fields of the selected item, and its actions. Esc closes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QWidget

from desktop.domain.commands import choices
from desktop.domain.timetable.assessments import Assessment, AssessmentKind
from desktop.domain.timetable.events import LayerEvent, OwnEvent
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.occurrences import Occurrence
from desktop.domain.timetable.timetable import Item
from desktop.ui import routes
from desktop.ui.pages.week.block import kind_word
from desktop.ui.session import link_actions, maps
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import kind_name, offered_name
from desktop.ui.texts.key_names import text_with_shortcut
from desktop.ui.texts.language import clock_text, date_range_text, date_text, duration_text, translate, weekday_name
from desktop.ui.theme.style import GRID, appearance, full_colour
from desktop.ui.widgets.controls import button, clear_layout, column, icon_button, label, row, scroll_area, separator
from desktop.ui.widgets.focus import preserve_focus
from desktop.ui.widgets.tooltips import set_tooltip

WIDTH = 304
Field = tuple[str, str]


class DetailPane(QFrame):
    """Shows one occurrence or one item of the timetable."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._shown: Occurrence | Item | None = None
        self.setProperty("role", "pane")
        self._close = icon_button("close", "", lambda: session.select(None))
        self._heading = label("", "title", wrap=True)
        self._fields = column(gap=GRID + 4)
        holder = QWidget()
        holder.setLayout(self._fields)
        top = row(self._heading, self._close, gap=GRID)
        top.setStretch(0, 1)
        top.setAlignment(self._close, Qt.AlignmentFlag.AlignTop)
        whole = column(top, scroll_area(holder), gap=GRID * 2)
        whole.setContentsMargins(GRID * 2, GRID * 2, GRID, GRID * 2)
        self.setLayout(whole)
        session.state.changed.connect(self._refresh)
        session.detail_focus_requested.connect(self._focus_close_button)

    @property
    def natural_width(self) -> int:
        """The preferred width, in pixels at the current text scale."""
        return appearance().px(WIDTH)

    def show_item(self, what: object) -> None:
        """Shows an Occurrence or an Item; ignores anything else."""
        if not isinstance(what, Occurrence | Item):
            return
        self._shown = what
        with preserve_focus(self):
            self._draw()
        self.show()

    def _refresh(self) -> None:
        """Shows the same item as it is in the new view, or closes the pane if the item no longer exists."""
        view = self.session.state.view
        if self._shown is None or view is None or self.isHidden():
            return
        item = self._shown.item if isinstance(self._shown, Occurrence) else self._shown
        now = view.timetable.find(item.id)
        if now is None:
            self.session.select(None)
        elif isinstance(self._shown, Occurrence):
            start = self._shown.start
            same = [each for each in view.occurrences if each.item.id == item.id and each.start == start]
            self.show_item(same[0] if same else now)
        else:
            self.show_item(now)

    def _draw(self) -> None:
        clear_layout(self._fields)
        set_tooltip(self._close, text_with_shortcut(translate("Detail", "Close"), "Esc"))
        self._close.setAccessibleName(translate("Detail", "Close"))
        what = self._shown
        if what is None:
            return
        occurrence = what if isinstance(what, Occurrence) else None
        item = what.item if isinstance(what, Occurrence) else what
        self._heading.setText(item.label)
        self.setAccessibleName(self._heading.text())
        swatch = QFrame()
        swatch.setFixedHeight(4)
        swatch.setStyleSheet(
            f"background: {full_colour(self.session.state.colour_of(item)).name()}; border-radius: 2px;"
        )
        self._fields.addWidget(swatch)
        for name, value in fields_of(item, occurrence, self._term_text(item)):
            self._fields.addLayout(column(label(name, "caps"), label(value, wrap=True, selectable=True), gap=2))
        self._add_regroup_action(item, occurrence)
        for add in (self._add_document_actions, self._add_map_action, self._add_undecided_note):
            add(item)
        view = self.session.state.view
        if view is not None and self.session.is_open:
            from desktop.ui.app.item_actions import ItemActions  # noqa: PLC0415 - loaded once something is selected

            self._fields.addWidget(ItemActions(self.session, view.timetable, item, occurrence))
        self._fields.addStretch(1)

    def _term_text(self, item: Item) -> str:
        view = self.session.state.view
        if view is None or not isinstance(item, Meeting):
            return ""
        term = view.calendar.terms.get(item.offered)
        return date_range_text(term.start, term.end) if term else translate("Detail", "no dates known")

    def _add_undecided_note(self, item: Item) -> None:
        view = self.session.state.view
        if view is None or not isinstance(item, Meeting) or not view.timetable.is_undecided(item):
            return
        self._fields.addWidget(separator())
        text = translate("Detail", "You have not chosen a group yet. This is one of them.")
        self._fields.addWidget(label(text, "quiet", wrap=True))
        attend = translate("Detail", "Attend {group}").format(group=item.group)
        self._fields.addWidget(button(attend, self._choose_action(item), role="primary"))

    def _choose_action(self, item: Meeting) -> Callable[[], None]:
        def choose() -> None:
            view = self.session.state.view
            if view is not None:
                self.session.perform(choices.choose_group(view.timetable, item.choice_key, item.group))

        return choose

    def _add_regroup_action(self, item: Item, occurrence: Occurrence | None) -> None:
        view = self.session.state.view
        choice = link_actions.choice_to_change(view.timetable, item) if view is not None else None
        if choice is None:
            return

        def choose() -> None:
            self.session.select(None)  # otherwise this pane would cover the week grid
            if occurrence is not None:
                self.session.state.show_week(occurrence.date)
            self.session.open_page(routes.WeekRoute(choose=choice))

        again = button(translate("Choosing", "Choose another group"), choose, role="link", icon="people")
        self._fields.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_document_actions(self, item: Item) -> None:
        if isinstance(item, OwnEvent) or not item.sources:
            return
        show = button(
            translate("Detail", "Show in the PDF"), lambda: self.session.show_in_pdf(item), role="link", icon="document"
        )
        self._fields.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_map_action(self, item: Item) -> None:
        places = maps.search_texts(item)
        if places:
            words = translate("Actions", "Show on a map in the browser")
            show = button(words, lambda: maps.show_on_map(self.session, places[0]), role="link", icon="place")
            self._fields.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)

    def _focus_close_button(self) -> None:
        if self.isVisible():
            self._close.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self.isVisible():
            self._draw()
        super().changeEvent(event)


def language_name(letter: str) -> str:
    """The teaching language of a group, from its letter; an unknown letter is returned as it is."""
    names = {
        "E": translate("Detail", "English"),
        "A": translate("Detail", "Afrikaans"),
        "B": translate("Detail", "English and Afrikaans"),
    }
    return names.get(letter, letter)


def fields_of(item: Item, occurrence: Occurrence | None, term: str) -> list[Field]:
    """The non-empty fields of an item, as pairs of name and value."""
    found: list[Field] = []
    if occurrence is not None:
        day = date_text(occurrence.date, "dddd d MMMM yyyy")
        if occurrence.moved_from is not None:
            follows = translate("Detail", "{day} (the timetable of a {weekday})")
            day = follows.format(day=day, weekday=weekday_name(occurrence.moved_from))
        found.append((translate("Detail", "Date"), day))
    start, end = (occurrence.start.time(), occurrence.end.time()) if occurrence is not None else _time_span(item)
    length = occurrence.minutes if occurrence is not None else _duration_minutes(item)
    when = f"{clock_text(start)} – {clock_text(end)} ({duration_text(length)})" if length else clock_text(start)
    found.append((translate("Detail", "Time"), when))
    if isinstance(item, Meeting):
        found += _meeting_fields(item, term)
    elif isinstance(item, Assessment):
        found += _assessment_fields(item)
    else:
        if isinstance(item, LayerEvent):
            found += [
                (translate("Detail", "Kind"), kind_word(item)),
                (translate("Detail", "Calendar"), item.layer_name),
            ]
        found += [(translate("Detail", "Where"), item.venue), (translate("Detail", "Note"), item.note)]
    return [(name, value) for name, value in found if value]


def _time_span(item: Item) -> tuple[time, time]:
    if isinstance(item, Meeting):
        return item.slot.start, item.slot.end
    return item.start, item.end


def _duration_minutes(item: Item) -> int:
    start, end = (item.slot.start, item.slot.end) if isinstance(item, Meeting) else (item.start, item.end)
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _meeting_fields(item: Meeting, term: str) -> list[Field]:
    return [
        (translate("Detail", "Every week"), weekday_name(item.slot.weekday)),
        (translate("Detail", "Where"), "\n".join(item.venues)),
        (translate("Detail", "Campus"), item.campus.title()),
        (translate("Detail", "Kind"), kind_name(item.kind)),
        (translate("Detail", "Group"), item.group),
        (translate("Detail", "Language"), language_name(item.lang)),
        (translate("Detail", "Offered"), f"{offered_name(item.offered)} · {term}" if term else ""),
        (translate("Detail", "Study programme"), ", ".join(item.study_prog)),
        (translate("Detail", "Note"), item.note),
    ]


def _assessment_fields(item: Assessment) -> list[Field]:
    is_exam = item.kind is AssessmentKind.EXAM
    assumed = translate("Detail", "The paper’s length is not printed; three hours are assumed.")
    return [
        (translate("Detail", "Kind"), kind_word(item)),
        (translate("Detail", "Where"), "\n".join(item.venues)),
        (translate("Detail", "Campus"), item.campus.title()),
        (translate("Detail", "Paper"), item.paper if is_exam else ""),
        (translate("Detail", "Status"), item.status.capitalize()),
        (translate("Detail", "Comments"), item.comments),
        (translate("Detail", "Assumed"), assumed if item.assumed_end else ""),
        (translate("Detail", "Note"), item.note),
    ]
