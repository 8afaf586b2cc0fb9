"""The card of an accepted document, with its Undo, for every page that lists documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QPushButton

from desktop.ui.session.session import Session
from desktop.ui.texts.counts import problem_count_text
from desktop.ui.texts.language import clock_text, date_text, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_label, label, panel, row

if TYPE_CHECKING:
    from desktop.workflows.imports import Import


def import_card(session: Session, each: Import, on_finished: Callable[[], object]) -> QFrame:
    """A card with the contents of an import and when it was accepted.

    `ended` is called when its undo succeeded or failed.
    """
    title = translate("History", "{kind} of {year}").format(kind=translate_message(each.kind.title), year=each.year)
    said = [translate_message(each.kind.count_text(each.item_count))]
    if each.left_out:
        said.append(translate("History", "{n} left out").format(n=each.left_out))
    if each.by_hand:
        said.append(translate("History", "{n} by hand").format(n=each.by_hand))
    if each.problems:
        said.append(problem_count_text(each.problems))
    if each.at is not None:
        at = each.at.astimezone()
        said.append(
            translate("History", "accepted on {day} at {time}").format(day=date_text(at.date()), time=clock_text(at))
        )
    texts = column(label(title, "strong"), label(" · ".join([each.name, *said]), "quiet", wrap=True), gap=2)
    laid = row(icon_label("document" if each.accepted else "hide"), texts, gap=GRID + 4, margin=GRID * 2)
    laid.setStretch(1, 1)
    if each.accepted:
        back = button(translate("History", "Undo import"), role="quiet")
        back.clicked.connect(lambda *_: _withdraw(session, each, back, on_finished))
        back.setAccessibleName(f"{back.text()}: {each.name or title}")
        laid.addWidget(back)
    else:
        laid.addWidget(label(translate("History", "undone"), "quiet"))
    made = panel(laid, "card")
    made.setAccessibleName(title)
    return made


def _withdraw(session: Session, each: Import, pressed: QPushButton, ended: Callable[[], object]) -> None:
    from desktop.workflows import imports  # noqa: PLC0415 - not before a document was accepted

    pressed.setEnabled(False)  # the list is redrawn whatever the outcome
    store = session.app.store
    said = translate("History", "Undid the import of {name}").format(
        name=each.name or translate_message(each.kind.title)
    )
    session.run_change(
        lambda: imports.withdraw(store, each.key),
        lambda _applied: session.notices.show_success(said, session.undo),
        finally_=ended,
    )
