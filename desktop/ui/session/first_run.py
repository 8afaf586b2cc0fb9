"""The progress of the first run: which steps are done, and which were postponed.

Most steps can be derived from the timetable. The others (the language, a calendar on the phone) are kept in the
settings, and only for a profile that began with a first run: other students are not asked.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.domain.commands.choices import is_undecided_included, undecided_modules

if TYPE_CHECKING:
    from desktop.ui.session.session import Session


class Step(StrEnum):
    """The steps, in their order."""

    LANGUAGE = "language"
    DOCUMENTS = "documents"
    DATES = "dates"
    GROUPS = "groups"
    PHONE = "phone"


class StepState(StrEnum):
    """The state of a step; the values are those in the settings."""

    OPEN = "open"
    LATER = "later"
    DONE = "done"


STEPS_IN_SETTINGS = (Step.LANGUAGE, Step.PHONE)  # cannot be derived from the timetable


def step_state(session: Session, step: Step) -> StepState:
    if _is_done(session, step):
        return StepState.DONE
    kept = session.settings.first_run.get(step)
    if kept is not None:
        return StepState(kept)
    is_remembered = step in STEPS_IN_SETTINGS and not session.state.is_empty
    return StepState.DONE if is_remembered else StepState.OPEN


def _is_done(session: Session, step: Step) -> bool:
    view, is_empty = session.state.view, session.state.is_empty
    if step is Step.LANGUAGE:
        return session.settings.language != "system"
    if view is None:
        return False
    match step:
        case Step.DOCUMENTS:
            return not is_empty
        case Step.DATES:
            return view.calendar.confirmed
        case Step.GROUPS:
            is_answered = not undecided_modules(view.timetable) or is_undecided_included(view.records, view.year)
            return is_answered and not is_empty
    return False


def start_first_run(session: Session) -> None:
    """Called with the first documents: the steps kept in the settings stay open until they are done."""
    kept = dict(session.settings.first_run)
    for step in STEPS_IN_SETTINGS:
        if not _is_done(session, step):
            kept.setdefault(step, StepState.OPEN)
    session.change_settings(first_run=kept)


def postpone_step(session: Session, step: Step) -> None:
    """Postpones a step."""
    _set_step_state(session, step, StepState.LATER)


def reopen_step(session: Session, step: Step) -> None:
    """Reopens a postponed step."""
    _set_step_state(session, step, StepState.OPEN)


def mark_step_done(session: Session, step: Step) -> None:
    """Marks a step as done or not needed. Without a first run that asks for it, nothing is stored."""
    if step in session.settings.first_run or session.state.is_empty:
        _set_step_state(session, step, StepState.DONE)


def _set_step_state(session: Session, step: Step, state: StepState) -> None:
    session.change_settings(first_run={**session.settings.first_run, step.value: state.value})
