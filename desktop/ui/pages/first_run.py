"""The first run on one page: language, documents, dates, groups, phone. Any step can be left for later."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QVBoxLayout, QWidget

from desktop.domain.commands.calendar_commands import confirm_year
from desktop.domain.commands.choices import undecided_modules
from desktop.domain.messages import LANGUAGES
from desktop.domain.timetable.terms import OFFERED_CODES
from desktop.ui import routes
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.pages.portal import portal_instructions
from desktop.ui.pages.undecided_groups import UndecidedGroupsPrompt
from desktop.ui.session.first_run import (
    STEPS_IN_SETTINGS,
    Step,
    StepState,
    mark_step_done,
    postpone_step,
    reopen_step,
    step_state,
)
from desktop.ui.session.session import Session
from desktop.ui.texts.code_names import offered_name
from desktop.ui.texts.counts import join_with_and
from desktop.ui.texts.language import (
    current_language,
    date_range_text,
    plural,
    set_language,
    translate,
    translate_message,
)
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import button, clear_layout, column, icon_label, label, panel, row
from desktop.ui.widgets.flow import flow_layout

NARROW = 500  # logical pixels: in less width, the controls beside a heading go below it
SEMESTERS = ("S1", "S2")  # the terms whose dates are shown; quarters lie within them


class FirstRunPage(Page[routes.FirstRunRoute]):
    """The first-run steps as a page, once there is a timetable; without one, Today shows them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.steps = FirstRunSteps(session)
        whole = column(self.steps, 0)
        self.set_scrolled_content(whole, MAX_COLUMN_WIDTH)
        self._today = self.add_primary_button("", lambda: session.open_page(routes.TodayRoute()), "today")
        self.retranslate()

    def title(self) -> str:
        return translate("FirstRun", "First steps")

    def retranslate(self) -> None:
        self._today.setText(translate("FirstRun", "Go to today"))

    def refresh(self) -> None:
        self.steps.refresh()

    def open(self, route: routes.FirstRunRoute) -> None:  # noqa: ARG002 - it leads to the page as a whole
        self.invalidate()  # a step finished elsewhere is recorded in the settings, which send no signal


class _ShownStep(NamedTuple):
    """A step as it is drawn."""

    step: Step
    icon: str
    heading: str
    state: StepState
    summary: str  # the state of the step in short, shown beside its heading
    build: Callable[[bool], QWidget] | None  # makes the content; the argument says whether it is the next step to do


class FirstRunSteps(QWidget):
    """The five steps below one another, redrawn only when one of them changed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._drawn: Hashable = None
        self._is_narrow = False
        self._cards: QVBoxLayout = column(gap=GRID + 4)
        self.setLayout(self._cards)

    def refresh(self) -> None:
        """Shows the current state of the steps."""
        view = self._session.state.view
        if view is None:
            return
        waiting = len(self._session.import_queue.proposals) if self._session.is_open else 0
        steps = self._steps()
        drawn = (current_language(), self._is_narrow, waiting, view.calendar, [each[:-1] for each in steps])
        if drawn == self._drawn:
            return
        self._drawn = drawn
        clear_layout(self._cards)
        # The language needs no decision where it is right already.
        asked = (each for each in steps if each.state is StepState.OPEN and each.step is not Step.LANGUAGE)
        following = next((each.step for each in asked), None)
        for each in steps:
            self._cards.addWidget(self._card(each, is_next=each.step is following))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (self.width() < appearance().px(NARROW)) != self._is_narrow:
            self._is_narrow = not self._is_narrow
            QTimer.singleShot(0, self, self.refresh)  # after the layout that is in progress

    def _steps(self) -> tuple[_ShownStep, ...]:
        made: tuple[tuple[Step, str, str, Callable[[bool], QWidget] | None], ...] = (
            (Step.LANGUAGE, "language", translate("FirstRun", "Language"), None),
            (Step.DOCUMENTS, "import", translate("FirstRun", "Your timetable"), self._documents),
            (Step.DATES, "year", translate("FirstRun", "Semester dates"), self._dates),
            (Step.GROUPS, "people", translate("FirstRun", "Groups"), self._groups),
            (Step.PHONE, "phone", translate("FirstRun", "On your phone"), self._phone),
        )
        found = []
        for step, icon, heading, build in made:
            state = step_state(self._session, step)
            found.append(_ShownStep(step, icon, heading, state, self._summary(step, state), build))
        return tuple(found)

    def _card(self, shown: _ShownStep, *, is_next: bool) -> QWidget:
        is_done, is_later = shown.state is StepState.DONE, shown.state is StepState.LATER
        mark = icon_label("done" if is_done else shown.icon, "good" if is_done else "accent" if is_next else "muted")
        summary = label(shown.summary if not is_later else "", "quiet", wrap=True)
        beside = self._heading_controls(shown, is_next=is_next)
        has_room = not self._is_narrow
        head = row(mark, label(shown.heading, "heading"), *((summary, *beside) if has_room else (0,)), gap=GRID)
        whole = column(head, margin=GRID + 4, gap=GRID)
        if has_room:
            head.setStretch(2, 1)
        else:
            summary.setVisible(bool(summary.text()))
            whole.addWidget(summary)
            whole.addLayout(flow_layout(*beside))
        is_open = shown.state is StepState.OPEN and not shown.summary
        if is_open and shown.build is not None:
            whole.addWidget(shown.build(is_next))
        made = panel(whole, "drop" if shown.step is Step.DOCUMENTS and is_open else "card")
        made.setAccessibleName(shown.heading)
        return made

    def _heading_controls(self, shown: _ShownStep, *, is_next: bool) -> list[QWidget]:
        """Returns the widgets beside a heading: the state of the step, and the actions on it as a whole."""
        is_done, is_later = shown.state is StepState.DONE, shown.state is StepState.LATER
        found: list[QWidget] = []
        if shown.step is Step.LANGUAGE and not is_later:
            found.append(self._language())
        if is_done or is_later:
            words = translate("FirstRun", "Done") if is_done else translate("FirstRun", "Left for later")
            found.append(label(words, "small", tone="good" if is_done else ""))
        elif not shown.summary:
            if is_next:
                found.append(label(translate("FirstRun", "Next"), "small", tone="accent"))
            found.append(self._button(shown, translate("FirstRun", "Later"), postpone_step, "quiet"))
        if is_later:
            found.append(self._button(shown, translate("FirstRun", "Do it now"), reopen_step, "link"))
            if shown.step in STEPS_IN_SETTINGS:
                found.append(self._button(shown, translate("FirstRun", "Not needed"), mark_step_done, "link"))
        return found

    def _button(self, shown: _ShownStep, words: str, act: Callable[[Session, Step], object], role: str) -> QWidget:
        def do() -> None:
            act(self._session, shown.step)
            self.refresh()

        made = button(words, do, role=role)
        made.setAccessibleName(f"{words}: {shown.heading}")
        return made

    def _page_button(self, words: str, route: routes.Route, *, icon: str = "", is_next: bool = False) -> QWidget:
        role = "primary" if is_next else ""
        return button(words, lambda: self._session.open_page(route), role=role, icon=icon)

    def _summary(self, step: Step, state: StepState) -> str:
        view = self._session.state.view
        if view is None:
            return ""
        if state is not StepState.DONE:
            if not self._session.state.is_empty:
                return ""
            return {
                Step.GROUPS: translate("FirstRun", "Once your timetable is here, you choose your groups."),
                Step.PHONE: translate("FirstRun", "Once your timetable is here, you take it with you."),
            }.get(step, "")
        match step:
            case Step.DOCUMENTS:
                return plural(
                    len(view.timetable.modules),
                    translate("FirstRun", "{n} module is here"),
                    translate("FirstRun", "{n} modules are here"),
                )
            case Step.DATES:
                return "\n".join(self._term_lines())
            case Step.GROUPS:
                if undecided_modules(view.timetable):
                    return translate("FirstRun", "All are in your calendar as tentative until you choose")
                return translate("FirstRun", "Every module has its group")
        return ""

    # the content of each step

    def _language(self) -> QWidget:
        together = QButtonGroup(self)
        chips = []
        for code, name in LANGUAGES.items():
            chip = button(name, self._language_setter(code), role="chip")
            chip.setCheckable(True)
            chip.setChecked(code == current_language())
            together.addButton(chip)
            chips.append(chip)
        return panel(row(*chips, gap=GRID))

    def _language_setter(self, code: str) -> Callable[[], object]:
        def speak() -> None:
            self._session.change_settings(language=code)
            app = QApplication.instance()
            if isinstance(app, QApplication):
                set_language(app, code)
            self.refresh()

        return speak

    def _documents(self, is_next: bool) -> QWidget:
        body = column(gap=4)
        body.addWidget(label(translate("FirstRun", "Drop your timetable PDFs anywhere in this window."), "strong"))
        for number, text in enumerate(portal_instructions(), 1):
            body.addWidget(label(f"{number}.  {text}", "quiet", wrap=True))
        choose = routes.ImportRoute(choose=True)
        ways = [self._page_button(translate("Portal", "Choose PDFs"), choose, icon="folder", is_next=is_next)]
        waiting = len(self._session.import_queue.proposals)
        if waiting:
            words = plural(
                waiting, translate("Import", "Review {n} document"), translate("Import", "Review {n} documents")
            )
            ways.insert(0, self._page_button(words, routes.ReviewRoute(), icon="document"))
        body.addSpacing(4)
        body.addLayout(flow_layout(*ways))
        return panel(body)

    def _term_lines(self) -> list[str]:
        view = self._session.state.view
        if view is None:
            return []
        terms = view.calendar.terms
        known = [code for code in SEMESTERS if code in terms] or [code for code in OFFERED_CODES if code in terms]
        return [f"{offered_name(code)}: {date_range_text(terms[code].start, terms[code].end)}" for code in known]

    def _dates(self, is_next: bool) -> QWidget:
        view = self._session.state.view
        body = column(gap=4)
        if view is None:
            return panel(body)
        calendar = view.calendar
        spans = [date_range_text(each.start, each.end, year=False) for each in calendar.recesses]
        recess = [f"{translate('Terms', 'Recess')}: {join_with_and(spans)}"] if spans else []
        for text in (*self._term_lines(), *recess):
            body.addWidget(label(text, wrap=True))
        note = calendar.recess_note
        doubts = " ".join(translate_message(each) for each in (calendar.source, note) if each)
        body.addWidget(label(doubts, "quiet", wrap=True))
        year = view.year
        use = button(
            translate("FirstRun", "Use these dates"),
            lambda: self._session.perform(confirm_year(year)),
            role="primary" if is_next else "",
            icon="check",
        )
        change = self._page_button(translate("FirstRun", "Change dates"), routes.YearRoute(), icon="edit")
        body.addSpacing(4)
        body.addLayout(flow_layout(use, change))
        return panel(body)

    def _groups(self, _is_next: bool) -> QWidget:
        asked = UndecidedGroupsPrompt(self._session, framed=False)
        asked.show_if_needed()
        return asked

    def _phone(self, is_next: bool) -> QWidget:
        ways = flow_layout(
            self._page_button(
                translate("Phone", "Send to my phone"), routes.PhoneRoute(), icon="phone", is_next=is_next
            ),
            self._page_button(
                translate("FirstRun", "Save a calendar file"), routes.ExportRoute(save=True), icon="export"
            ),
            self._page_button(translate("FirstRun", "Add to calendar"), routes.PushRoute(), icon="calendar"),
        )
        return panel(ways)
