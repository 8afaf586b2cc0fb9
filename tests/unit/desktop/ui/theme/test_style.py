"""Contrast of all text, in both themes and on all 11 colours."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.modules import Colour
from desktop.ui.theme.style import DARK, EVENT_COLOURS, LIGHT, Tokens, blend, contrast, full, look, on, tint

AA = 4.5
THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def test_every_colour_of_google_is_there() -> None:
    assert set(EVENT_COLOURS) == {str(colour) for colour in Colour}


@THEMES
@pytest.mark.parametrize("ground", ["canvas", "surface", "raised"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "danger", "warning", "good"])
def test_words_reach_aa(tokens: Tokens, ground: str, ink: str) -> None:
    assert contrast(QColor(getattr(tokens, ink)), QColor(getattr(tokens, ground))) >= AA


@THEMES
def test_words_on_the_accent_reach_aa(tokens: Tokens) -> None:
    assert contrast(QColor(tokens.on_accent), QColor(tokens.accent)) >= AA
    assert contrast(QColor(tokens.accent), QColor(tokens.accent_tint)) >= AA
    assert contrast(QColor(tokens.text), QColor(tokens.accent_tint)) >= AA


@THEMES
@pytest.mark.parametrize("colour", list(Colour))
def test_words_in_blocks_reach_aa(tokens: Tokens, colour: Colour) -> None:
    assert contrast(QColor(tokens.text), tint(colour, tokens)) >= AA
    faint = blend(tint(colour, tokens), QColor(tokens.surface), 0.5)
    assert contrast(QColor(tokens.muted), faint) >= AA
    assert contrast(on(colour), full(colour)) >= AA


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_a_look_that_is_worn_already_is_not_put_on_again(qapp: QApplication, qtbot: QtBot) -> None:
    look().apply(qapp, theme="light", scale=100)
    with qtbot.assertNotEmitted(look().changed):
        look().apply(qapp, theme="light", scale=100, moves=False)
    assert look().motion == 0, "what styles nothing counts all the same"
    for theme, scale in (("dark", 100), ("dark", 120), ("light", 100)):
        with qtbot.waitSignal(look().changed):
            look().apply(qapp, theme=theme, scale=scale)
