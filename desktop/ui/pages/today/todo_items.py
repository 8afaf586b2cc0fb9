"""The Today page's list of what needs attention: one line of text each, with one action."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.domain.clashes import ClashKind, upcoming_clashes
from desktop.domain.timetable.choices import parse_choice_key
from desktop.domain.timetable.events import OwnEvent
from desktop.ui import routes
from desktop.ui.session.first_run import Step, StepState, step_state
from desktop.ui.session.session import Session
from desktop.ui.texts.language import plural, translate, translate_message

if TYPE_CHECKING:
    from desktop.workflows.timetable import TodoItem, View


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One line: the text, and where to act on it."""

    text: str
    action: str
    route: routes.Route
    icon: str = "info"
    tone: str = "muted"
    hint: str = ""


def todo_lines(session: Session) -> list[TodoLine]:
    """Returns all that needs attention now, the most urgent first."""
    view = session.state.view
    if view is None:
        return []
    if view.last_day is not None and session.state.today > view.last_day:
        return []  # the year is over
    lines = [line for need in view.needs if (line := _todo_line(need, view, session.state.today)) is not None]
    undecided = [parse_choice_key(need.about[0]) for need in view.needs if need.kind == "undecided"]
    if undecided:
        modules = Counter(key.module for key in undecided)
        if len(modules) == 1:
            text = translate("Needs", "Choose your group of {module}").format(module=next(iter(modules)))
        else:
            text = plural(
                len(modules),
                translate("Needs", "{n} module has groups to choose"),
                translate("Needs", "{n} modules have groups to choose"),
            )
        lines.insert(0, TodoLine(text, translate("Needs", "Choose"), routes.ModulesRoute(), "people", "accent"))
    today = session.state.today
    clashes = sum(
        1
        for clash in upcoming_clashes(view.clashes, today)
        if not clash.accepted and clash.kind is not ClashKind.TRAVEL
    )
    if clashes:
        text = plural(clashes, translate("Needs", "{n} clash ahead"), translate("Needs", "{n} clashes ahead"))
        lines.append(TodoLine(text, translate("Needs", "Look"), routes.ClashesRoute(), "clash", "danger"))
    status = session.sync_status
    if status is not None and status.state == "needs you":
        text = translate("Needs", "Sync cannot go on without you")
        lines.append(TodoLine(text, translate("Needs", "Look"), routes.SyncRoute(), "sync", "warning"))
    lines += _open_first_run_steps(session)
    lines += [
        TodoLine(
            translate_message(each.words),
            translate("Needs", "Import"),
            routes.ImportRoute(),
            hint=translate_message(each.hint),
        )
        for each in view.missing
    ]
    return lines


def _open_first_run_steps(session: Session) -> list[TodoLine]:
    """First-run steps that the timetable itself does not ask about."""
    choose, send = translate("Needs", "Choose"), translate("Needs", "Send")
    lines = {
        Step.LANGUAGE: (translate("Needs", "Choose the language of this window"), choose, "language"),
        Step.PHONE: (translate("Needs", "Your timetable is not on your phone yet"), send, "phone"),
    }
    return [
        TodoLine(text, action, routes.FirstRunRoute(), icon)
        for step, (text, action, icon) in lines.items()
        if step_state(session, step) is not StepState.DONE
    ]


def _todo_line(need: TodoItem, view: View, today: date) -> TodoLine | None:
    kind = str(need.kind)
    if kind == "confirm terms":
        text = translate("Needs", "The dates of {year} are only proposed").format(year=need.about[0])
        return TodoLine(text, translate("Needs", "Check"), routes.YearRoute(), "year", "warning")
    if kind == "lost choice":
        key = parse_choice_key(need.about[0])
        text = translate("Needs", "{group} of {module} is in no document any more").format(
            group=need.about[1], module=key.module
        )
        return TodoLine(text, translate("Needs", "Choose"), routes.ModulesRoute(key.module), "warning", "warning")
    if kind == "outdated edit":
        item = view.timetable.find(need.about[0])
        if item is None or isinstance(item, OwnEvent):
            return None
        text = translate("Needs", "A document changed under your edit of {what}").format(what=item.label)
        dated = [each for each in view.occurrences if each.item.id == item.id]
        where = next((each for each in dated if each.date >= today), dated[-1] if dated else None)
        return TodoLine(text, translate("Needs", "Look"), routes.WeekRoute(where), "changes", "warning")
    if kind == "unreadable":
        text = translate("Needs", "Some stored entries cannot be read by this version")
        return TodoLine(text, translate("Needs", "Look"), routes.HistoryRoute(), "warning", "warning")
    return None
