"""The card of a question that only the student can answer, such as which of two groups moved where."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.domain.importing.item_matching import Question
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme import icons
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, label, panel


def question_card(question: Question, answer: int | None, choose: Callable[[int], object]) -> QWidget:
    """Makes a card with a button for each option.

    `answer` is the option chosen so far; `choose` is called with another.
    """
    body = column(label(translate_message(question.words), "strong", wrap=True), margin=GRID + 4, gap=4)
    for number, option in enumerate(question.options):
        chosen = button(translate_message(option.words), partial(choose, number), role="link")
        if answer == number:
            icons.set_icon(chosen, "check", "accent")
            chosen.setAccessibleDescription(translate("Review", "Chosen"))
        body.addWidget(chosen, 0, Qt.AlignmentFlag.AlignLeft)
    return panel(body, "card")
