"""Modules: which group is attended in each, what they are called and which colour they have, what is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.commands import calendar_commands, choices, edits
from desktop.domain.timetable.model import Choice, ChoiceKey, Colour, Meeting, Module, Timetable
from desktop.domain.timetable.terms import AcademicCalendar
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import portal_state
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import colour_name, kinds_name, semester_name
from desktop.ui.texts.language import clock_text, plural, translate, weekday_name
from desktop.ui.theme.style import GRID, full, look
from desktop.ui.widgets.controls import button, clear, column, icon_button, label, line, panel, row
from desktop.ui.widgets.flow import flowing
from desktop.ui.widgets.plain_words import RadioButton

GROUP_WIDTH = 76


class ModulesPage(Page[routes.ModulesRoute]):
    """All modules of the year, the undecided first."""

    narrow_below = 600

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._content: QVBoxLayout = column(gap=GRID * 2)
        self._area = self.fill(self._content)
        self._cards: dict[str, QWidget] = {}
        self._plan = self.primary("", lambda: session.open_page(routes.PlanRoute()), "plan")
        self.retranslate()

    def title(self) -> str:
        return translate("Modules", "Modules")

    def retranslate(self) -> None:
        self._plan.setText(translate("Modules", "Plan for me"))

    def open(self, route: routes.ModulesRoute) -> None:
        card = self._cards.get(route.module)
        if card is not None:
            self._area.ensureWidgetVisible(card, 0, GRID * 4)

    def refresh(self) -> None:
        at = self._area.verticalScrollBar().value()
        clear(self._content)
        self._cards.clear()
        view = self.session.state.view
        if view is None:
            return
        timetable = view.timetable
        self._plan.setVisible(any(len(choice.groups) > 1 for choice in timetable.choices.values()))
        if self.session.state.is_empty:
            self._content.addWidget(portal_state(self.session), 1)
            return
        for module in sorted(timetable.modules.values(), key=lambda each: (each.hidden, each.code)):
            card = self._card(timetable, module)
            self._cards[module.code] = card
            self._content.addWidget(card)
        self._content.addStretch(1)
        self._area.verticalScrollBar().setValue(at)

    def _card(self, timetable: Timetable, module: Module) -> QWidget:
        body = column(self._head(timetable, module), margin=GRID * 2, gap=GRID)
        if module.hidden:
            body.addWidget(label(translate("Modules", "Hidden everywhere, and in no export."), "quiet"))
            return panel(body, "card")
        own = [choice for key, choice in sorted(timetable.choices.items()) if key.module == module.code]
        for choice in own:
            body.addWidget(line())
            body.addLayout(self._choice(timetable, choice))
        view = self.session.state.view
        if own and view is not None and view.calendar.test_weeks:
            body.addWidget(line())
            body.addLayout(self._test_weeks(view.calendar, module))
        if not own:
            body.addWidget(label(translate("Modules", "No lectures are known; only tests or exams."), "quiet"))
        return panel(body, "card")

    def _test_weeks(self, calendar: AcademicCalendar, module: Module) -> QLayout:
        """Whether this module has lectures in test weeks, where it is not as the semester dates say."""
        word, box = label(translate("Modules", "Lectures in test weeks"), "strong"), QComboBox()
        box.setAccessibleName(f"{word.text()}: {module.code}")
        as_year = (
            translate("Modules", "Like other modules (no)")
            if calendar.lectures_in_test_weeks is False
            else translate("Modules", "Like other modules (yes)")
        )
        answers = ((None, as_year), (True, translate("Modules", "Yes")), (False, translate("Modules", "No")))
        for held, answer in answers:
            box.addItem(answer, held)
        said_so = calendar.modules_in_test_weeks.get(module.code)
        box.setCurrentIndex([held for held, _ in answers].index(said_so))

        def choose(_index: int) -> None:
            act = calendar_commands.hold_module_in_test_weeks(module.year, module.code, box.currentData())
            self.session.perform(act)

        box.activated.connect(choose)
        return flowing(word, box)

    def _head(self, timetable: Timetable, module: Module) -> QVBoxLayout:
        name = QLineEdit(module.name)
        name.setPlaceholderText(translate("Modules", "Name it, for example Physics"))
        name.setAccessibleName(translate("Modules", "Name of {module}").format(module=module.code))
        name.setFrame(False)
        name.setMinimumWidth(look().px(100))
        name.setMaximumWidth(look().px(240))
        name.editingFinished.connect(partial(self._rename, timetable, module, name))
        code = label(module.code, "title")
        assessments = sum(1 for each in timetable.assessments if each.module == module.code)
        counted = plural(
            assessments, translate("Modules", "{n} test or exam"), translate("Modules", "{n} tests and exams")
        )
        hide = button(
            translate("Modules", "Show") if module.hidden else translate("Modules", "Hide"),
            lambda: self.session.perform(
                choices.show_module(timetable, module.code)
                if module.hidden
                else choices.hide_module(timetable, module.code)
            ),
            role="quiet",
            icon="show" if module.hidden else "hide",
        )
        hide.setAccessibleName(f"{hide.text()}: {module.code}")
        top = row(self._colour(timetable, module), code, name, 0, gap=GRID + 4)
        top.setStretch(2, 4)
        top.addWidget(hide)
        whole = column(top, gap=0)
        if assessments:
            tests = button(counted, lambda: self.session.open_page(routes.AssessmentsRoute(module.code)), role="link")
            if self.is_narrow:
                whole.addWidget(tests, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                top.insertWidget(top.count() - 1, tests)
        return whole

    def _colour(self, timetable: Timetable, module: Module) -> QToolButton:
        made = icon_button(_dot(module.colour), translate("Modules", "Colour of {module}").format(module=module.code))
        menu = QMenu(made)
        for colour in Colour:
            action = QAction(_dot(colour), colour_name(colour), menu)
            action.setCheckable(True)
            action.setChecked(colour is module.colour)
            action.triggered.connect(partial(self._recolour, timetable, module.code, colour))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(translate("Modules", "Automatic"), partial(self._recolour, timetable, module.code, None))
        made.setMenu(menu)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    def _recolour(self, timetable: Timetable, code: str, colour: Colour | None, *_: object) -> None:
        self.session.perform(edits.recolour_module(timetable, code, colour))

    def _rename(self, timetable: Timetable, module: Module, field: QLineEdit) -> None:
        if field.text().strip() != module.name:
            self.session.perform(edits.rename_module(timetable, module.code, field.text()))

    def _choice(self, timetable: Timetable, choice: Choice) -> QVBoxLayout:
        key = choice.key
        title = f"{_what(key)} · {semester_name(key.offered)}"
        head = row(label(title, "strong"), gap=GRID)
        if not choice.is_decided:
            text = (
                translate("Modules", "{group} is in no document any more: choose again").format(group=choice.lost)
                if choice.lost
                else translate("Modules", "Choose your group")
            )
            head.addWidget(label(text, tone="accent"))
        head.addStretch(1)
        if choice.is_decided and not choice.automatic:
            head.addWidget(self._pin(timetable, choice))
            drop = button(
                translate("Modules", "Clear choice"),
                lambda: self.session.perform(choices.unchoose(timetable, key)),
                role="quiet",
            )
            head.addWidget(drop)
        body = column(head, gap=2)
        together = QButtonGroup(self)
        for group in choice.groups:
            body.addWidget(self._group(timetable, choice, group, together))
        return body

    def _pin(self, timetable: Timetable, choice: Choice) -> QToolButton:
        name = (
            translate("Modules", "{group} stays in every plan: let plans change it")
            if choice.pinned
            else translate("Modules", "Keep {group} in every plan")
        ).format(group=choice.group)
        return icon_button(
            "lock" if choice.pinned else "unlock",
            name,
            lambda: self.session.perform(
                choices.unpin(timetable, choice.key) if choice.pinned else choices.pin(timetable, choice.key)
            ),
        )

    def _group(self, timetable: Timetable, choice: Choice, group: str, together: QButtonGroup) -> QFrame:
        meetings = [each for each in timetable.meetings if each.choice == choice.key and each.group == group]
        words = label(times_text(meetings), "" if choice.group in (group, None) else "quiet", wrap=True)
        if len(choice.groups) == 1:
            name = label(group)
            name.setFixedWidth(look().px(GROUP_WIDTH))
            laid = row(name, words, gap=GRID)
        else:
            radio = RadioButton(group)
            radio.setFixedWidth(look().px(GROUP_WIDTH))
            radio.setChecked(choice.group == group)
            radio.setAccessibleName(f"{choice.key.module} {_what(choice.key)} {group}: {words.text()}")
            together.addButton(radio)
            radio.clicked.connect(self._chooser(timetable, choice.key, group))
            laid = row(radio, words, gap=GRID)
        laid.setContentsMargins(0, 2, 0, 2)
        laid.setStretch(1, 1)
        laid.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
        return panel(laid)

    def _chooser(self, timetable: Timetable, key: ChoiceKey, group: str) -> Callable[[], None]:
        return lambda: self.session.perform(choices.choose(timetable, key, group))


def _what(key: ChoiceKey) -> str:
    """`Lectures`, or `L2` where every lecture has a choice of its own."""
    return key.activity or kinds_name(key.kind)


def times_text(meetings: Iterable[Meeting]) -> str:
    """When and where a group meets: `L1 Mon 07:30, L2 Tue 10:30 · IT 4-4`."""
    found = sorted(meetings, key=lambda each: each.slot)
    times = ", ".join(
        f"{each.activity} {weekday_name(each.slot.weekday, short=True)} "
        f"{clock_text(each.slot.start)}–{clock_text(each.slot.end)}"
        for each in found
    )
    venues = list(dict.fromkeys(each.venues[0] for each in found if each.venues))
    more = " …" if len(venues) > 2 or any(len(each.venues) > 1 for each in found) else ""
    return f"{times} · {', '.join(venues[:2])}{more}" if venues else times


def _dot(colour: Colour) -> QIcon:
    size = look().px(20)
    pixmap = QPixmap(size * 2, size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(full(colour))
    painter.drawEllipse(2, 2, size - 4, size - 4)
    painter.end()
    return QIcon(pixmap)
