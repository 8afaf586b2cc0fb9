"""The panel of one module: name, colour, groups of its classes, and its settings for plans and test weeks.

Existing controls are updated in place, so keyboard focus is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from desktop.domain.commands import calendar_commands, choices, edits
from desktop.domain.timetable.activities import LECTURE
from desktop.domain.timetable.choices import Choice, ChoiceKey
from desktop.domain.timetable.meetings import Meeting
from desktop.domain.timetable.modules import Colour, Module
from desktop.domain.timetable.timetable import Timetable
from desktop.ui import routes
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import colour_name, kind_plural_name, offered_name
from desktop.ui.texts.language import clock_text, current_language, plural, translate, weekday_name
from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID, appearance, full_colour
from desktop.ui.widgets.controls import button, column, icon_button, label, panel, row, separator, set_tooltip_and_name
from desktop.ui.widgets.flow import flow_layout
from desktop.ui.widgets.plain_words import CheckBox, RadioButton
from desktop.ui.widgets.row_list import ListRow, RowList
from desktop.workflows.timetable import View

GROUP_WIDTH = 76
_ChoiceBoxKey = tuple[ChoiceKey, tuple[str, ...], bool]  # of a choice, and whether there is a line above it


class ModulePanel(QFrame):
    """Shows one module, and changes it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "plain")
        self._view: View | None = None
        self._module = Module(0, "")
        self._boxes: dict[_ChoiceBoxKey, ChoiceBox] = {}
        self._menu_shows: tuple[Colour, str] | None = None  # the colour and language its menu was made for
        self._colour = icon_button(QIcon())
        self._colour.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._code = label("", "title")
        self._hide = button("", self._hide_or_show, role="quiet")
        self._tests = button("", self._show_tests, role="link")
        self._name = QLineEdit()
        self._name.setMaximumWidth(appearance().px(320))
        self._name.editingFinished.connect(self._rename)
        self._hidden = label("", "quiet", wrap=True)
        self._only_tests = label("", "quiet", wrap=True)
        self._choices = RowList(gap=GRID * 2)
        self._mixed = CheckBox()
        self._mixed.clicked.connect(self._set_mixed)
        self._mixed_hint = label("", "quiet", wrap=True)
        self._mixing = panel(column(separator(), self._mixed, row(appearance().px(28), self._mixed_hint, gap=0), gap=2))
        self._weeks_label, self._weeks = label("", "strong"), QComboBox()
        self._weeks.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._weeks.activated.connect(self._hold_in_test_weeks)
        self._test_weeks = panel(column(separator(), flow_layout(self._weeks_label, self._weeks), gap=GRID))
        named = row(self._name, self._tests, 0, gap=GRID)
        named.setStretch(0, 1)
        head = column(row(self._code, 0, self._colour, self._hide, gap=GRID), named, gap=GRID)
        more = column(self._hidden, self._only_tests, self._choices, self._mixing, self._test_weeks, gap=GRID * 2)
        body = column(head, more, gap=GRID * 2)
        body.addStretch(1)
        self.setLayout(body)

    def show_module(self, view: View, module: Module) -> None:
        """Shows a module as it is in the view, in the current language."""
        is_another = module.code != self._module.code
        self._view, self._module = view, module
        timetable = view.timetable
        self._show_head(timetable, module, is_another=is_another)
        own = [choice for key, choice in sorted(timetable.choices.items()) if key.module == module.code]
        self._hidden.setText(translate("Modules", "Hidden everywhere, and in no export."))
        self._hidden.setVisible(module.hidden)
        self._only_tests.setText(translate("Modules", "No lectures are known; only tests or exams."))
        self._only_tests.setVisible(not own and not module.hidden)
        self._show_choices(timetable, () if module.hidden else own)
        self._show_mixing(timetable, module)
        self._test_weeks.setVisible(bool(own) and not module.hidden and bool(view.calendar.test_weeks))
        self._show_test_weeks(view, module)

    def _show_head(self, timetable: Timetable, module: Module, *, is_another: bool) -> None:
        self._code.setText(module.code)
        self._name.setPlaceholderText(translate("Modules", "Name it, for example Physics"))
        self._name.setAccessibleName(translate("Modules", "Name of {module}").format(module=module.code))
        if is_another or not self._name.isModified():
            self._name.setText(module.name)
        self._hide.setText(translate("Modules", "Show") if module.hidden else translate("Modules", "Hide"))
        self._hide.setAccessibleName(f"{self._hide.text()}: {module.code}")
        icons.set_icon(self._hide, "show" if module.hidden else "hide")
        assessments = sum(1 for each in timetable.assessments if each.module == module.code)
        self._tests.setText(
            plural(assessments, translate("Modules", "{n} test or exam"), translate("Modules", "{n} tests and exams"))
        )
        self._tests.setVisible(assessments > 0)
        self._colour.setIcon(_dot(module.colour, appearance().px(20)))
        set_tooltip_and_name(self._colour, translate("Modules", "Colour of {module}").format(module=module.code))
        self._offer_colours(module.colour)

    def _offer_colours(self, now: Colour) -> None:
        if self._menu_shows == (now, current_language()):
            return
        self._menu_shows = now, current_language()
        before, menu = self._colour.menu(), QMenu(self._colour)
        for colour in Colour:
            action = QAction(_dot(colour, appearance().px(20)), colour_name(colour), menu)
            action.setCheckable(True)
            action.setChecked(colour is now)
            action.triggered.connect(lambda *_, chosen=colour: self._recolour(chosen))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(translate("Modules", "Automatic"), lambda: self._recolour(None))
        self._colour.setMenu(menu)
        if before is not None:
            before.deleteLater()

    def _show_choices(self, timetable: Timetable, own: Iterable[Choice]) -> None:
        before, self._boxes = self._boxes, {}
        for choice in own:
            ruled = bool(self._boxes)
            content = choice.key, choice.groups, ruled
            self._boxes[content] = before.get(content) or ChoiceBox(self.session, choice, ruled=ruled)
            self._boxes[content].show_choice(timetable, choice)
        self._choices.show_rows(ListRow(content, partial(self._boxes.__getitem__, content)) for content in self._boxes)

    def _show_mixing(self, timetable: Timetable, module: Module) -> None:
        lectures = [each for each in timetable.meetings if (each.module, each.kind) == (module.code, LECTURE)]
        activities = sorted({each.activity for each in lectures})
        groups = sorted({each.group for each in lectures})
        can_mix = len(activities) > 1 and len(groups) > 1
        self._mixing.setVisible((can_mix or module.mixed) and not module.hidden)
        self._mixed.setText(translate("Modules", "Choose a group for each lecture"))
        self._mixed.setAccessibleName(f"{self._mixed.text()}: {module.code}")
        self._mixed.setChecked(module.mixed)
        if can_mix:
            hint = translate(
                "Modules", "You can attend {first} with {group} and {second} with {other}. Plans can do the same."
            )
            names = {"first": activities[0], "group": groups[0], "second": activities[1], "other": groups[-1]}
            self._mixed_hint.setText(hint.format(**names))
        self._mixed_hint.setVisible(can_mix)

    def _show_test_weeks(self, view: View, module: Module) -> None:
        """Shows whether this module has lectures in test weeks, where that differs from the semester dates."""
        self._weeks_label.setText(translate("Modules", "Lectures in test weeks"))
        self._weeks.setAccessibleName(f"{self._weeks_label.text()}: {module.code}")
        as_year = (
            translate("Modules", "Like other modules (no)")
            if view.calendar.lectures_in_test_weeks is False
            else translate("Modules", "Like other modules (yes)")
        )
        answers = ((None, as_year), (True, translate("Modules", "Yes")), (False, translate("Modules", "No")))
        self._weeks.clear()
        for held, answer in answers:
            self._weeks.addItem(answer, held)
        said_so = view.calendar.modules_in_test_weeks.get(module.code)
        self._weeks.setCurrentIndex([held for held, _ in answers].index(said_so))

    # actions

    def _hide_or_show(self) -> None:
        if self._view is not None:
            act = choices.show_module if self._module.hidden else choices.hide_module
            self.session.perform(act(self._view.timetable, self._module.code))

    def _show_tests(self) -> None:
        self.session.open_page(routes.AssessmentsRoute(self._module.code))

    def _rename(self) -> None:
        self._name.setModified(False)
        if self._view is not None and self._name.text().strip() != self._module.name:
            self.session.perform(edits.rename_module(self._view.timetable, self._module.code, self._name.text()))

    def _recolour(self, colour: Colour | None) -> None:
        if self._view is not None:
            self.session.perform(edits.recolour_module(self._view.timetable, self._module.code, colour))

    def _set_mixed(self) -> None:
        if self._view is not None:
            act = choices.mix_groups if self._mixed.isChecked() else choices.unmix_groups
            self.session.perform(act(self._view.timetable, self._module.code))

    def _hold_in_test_weeks(self, _index: int) -> None:
        module = self._module
        act = calendar_commands.set_module_in_test_weeks(module.year, module.code, self._weeks.currentData())
        self.session.perform(act)


class ChoiceBox(QFrame):
    """The groups of one choice. Which groups there are does not change during its lifetime."""

    def __init__(self, session: Session, choice: Choice, *, ruled: bool) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "plain")
        self._timetable = Timetable(choice.key.year)
        self._choice = choice
        self._title, self._todo = label("", "strong"), label("", tone="accent", wrap=True)
        self._pin = icon_button("unlock", "", self._pin_or_unpin)
        self._drop = button("", self._unchoose, role="quiet")
        head = row(self._title, self._todo, self._pin, self._drop, gap=GRID)
        head.setStretch(1, 1)
        body = column(separator(), head, gap=GRID) if ruled else column(head, gap=GRID)
        self._together = QButtonGroup(self)
        self._groups: dict[str, tuple[QWidget, QLabel]] = {}
        is_only = len(choice.groups) == 1
        for group in choice.groups:
            words = label("", wrap=True)
            mark: QWidget = label(group) if is_only else self._radio(group)
            mark.setFixedWidth(appearance().px(GROUP_WIDTH))
            self._groups[group] = mark, words
            laid = row(mark, words, gap=GRID)
            laid.setStretch(1, 1)
            laid.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
            body.addLayout(laid)
        self.setLayout(body)

    def _radio(self, group: str) -> RadioButton:
        made = RadioButton(group)
        self._together.addButton(made)
        made.clicked.connect(lambda *_: self._choose(group))
        return made

    def show_choice(self, timetable: Timetable, choice: Choice) -> None:
        """Shows the group that is chosen now, in the current language."""
        self._timetable, self._choice = timetable, choice
        self._title.setText(f"{choice_name(choice.key)} · {offered_name(choice.key.offered)}")
        lost = translate("Modules", "{group} is in no document any more: choose again")
        todo = lost.format(group=choice.lost) if choice.lost else translate("Modules", "Choose your group")
        self._todo.setText("" if choice.is_decided else todo)
        is_chosen = choice.is_decided and not choice.automatic
        self._pin.setVisible(is_chosen)
        pinned = translate("Modules", "{group} stays in every plan: let plans change it")
        name = pinned if choice.pinned else translate("Modules", "Keep {group} in every plan")
        set_tooltip_and_name(self._pin, name.format(group=choice.group))
        icons.set_icon(self._pin, "lock" if choice.pinned else "unlock")
        self._drop.setText(translate("Modules", "Clear choice"))
        self._drop.setVisible(is_chosen)
        self._together.setExclusive(choice.is_decided)  # else Qt keeps one of them checked
        for group, (mark, words) in self._groups.items():
            meetings = [each for each in timetable.meetings if each.choice_key == choice.key and each.group == group]
            words.setText(times_text(meetings))
            is_quiet = choice.group not in (group, None)
            if (words.property("role") == "quiet") is not is_quiet:
                words.setProperty("role", "quiet" if is_quiet else "")
                words.style().polish(words)
            if isinstance(mark, RadioButton):
                mark.setChecked(choice.group == group)
                mark.setAccessibleName(f"{choice.key.module} {choice_name(choice.key)} {group}: {words.text()}")

    def _choose(self, group: str) -> None:
        self.session.perform(choices.choose_group(self._timetable, self._choice.key, group))

    def _unchoose(self) -> None:
        self.session.perform(choices.clear_choice(self._timetable, self._choice.key))

    def _pin_or_unpin(self) -> None:
        act = choices.unpin_group if self._choice.pinned else choices.pin_group
        self.session.perform(act(self._timetable, self._choice.key))


def choice_name(key: ChoiceKey) -> str:
    """The name of what is chosen: `Lectures`, or `L2` where every lecture has a choice of its own."""
    return key.activity or kind_plural_name(key.kind)


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


@cache
def _dot(colour: Colour, size: int) -> QIcon:
    pixmap = QPixmap(size * 2, size * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(full_colour(colour))
    painter.drawEllipse(2, 2, size - 4, size - 4)
    painter.end()
    return QIcon(pixmap)
