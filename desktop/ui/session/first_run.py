"""How far the first run is: what is set up, what was left for later.

Most of it shows in the timetable itself. What does not (a language, a calendar on the phone) stands in the settings,
and only of a profile that began with a first run: nobody else is asked.
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
    """How one stands; the values are those of the settings."""

    OPEN = "open"
    LATER = "later"
    DONE = "done"


REMEMBERED = (Step.LANGUAGE, Step.PHONE)  # what the timetable does not show


def state_of(session: Session, step: Step) -> StepState:
    """How a step stands now."""
    if _is_done(session, step):
        return StepState.DONE
    kept = session.settings.first_run.get(step)
    if kept is not None:
        return StepState(kept)
    is_remembered = step in REMEMBERED and not session.state.is_empty
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


def begin(session: Session) -> None:
    """The first documents are there: what was not done before is asked about until it is."""
    kept = dict(session.settings.first_run)
    for step in REMEMBERED:
        if not _is_done(session, step):
            kept.setdefault(step, StepState.OPEN)
    session.remember(first_run=kept)


def put_off(session: Session, step: Step) -> None:
    _keep(session, step, StepState.LATER)


def take_up(session: Session, step: Step) -> None:
    """What was left for later is to be done now."""
    _keep(session, step, StepState.OPEN)


def settle(session: Session, step: Step) -> None:
    """It was done, or is not needed. Where no first run asks about it, nothing is to be kept."""
    if step in session.settings.first_run or session.state.is_empty:
        _keep(session, step, StepState.DONE)


def _keep(session: Session, step: Step, state: StepState) -> None:
    session.remember(first_run={**session.settings.first_run, step.value: state.value})
