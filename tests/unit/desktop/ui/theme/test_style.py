"""Contrast of all text, in every theme and on all 11 colours."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.timetable.modules import Colour
from desktop.ui.theme.style import (
    DARK,
    DARK_HIGH,
    EVENT_COLOURS,
    LIGHT,
    LIGHT_HIGH,
    Appearance,
    Tokens,
    appearance,
    blend,
    block_fill,
    contrast_ratio,
    full_colour,
    text_colour_on,
)

AA, AAA = 4.5, 7.0
EDGE = 3.0  # of what is no text (WCAG 2.2, 1.4.11)
THEMES = pytest.mark.parametrize(
    "tokens", [LIGHT, DARK, LIGHT_HIGH, DARK_HIGH], ids=["light", "dark", "light-high", "dark-high"]
)
HIGH = pytest.mark.parametrize("tokens", [LIGHT_HIGH, DARK_HIGH], ids=["light", "dark"])


def test_every_colour_of_google_is_there() -> None:
    assert set(EVENT_COLOURS) == {str(colour) for colour in Colour}


@THEMES
@pytest.mark.parametrize("ground", ["canvas", "surface", "raised"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "danger", "warning", "good"])
def test_words_reach_aa(tokens: Tokens, ground: str, ink: str) -> None:
    assert contrast_ratio(QColor(getattr(tokens, ink)), QColor(getattr(tokens, ground))) >= AA


@HIGH
def test_with_high_contrast_words_reach_aaa_and_edges_are_seen(tokens: Tokens) -> None:
    for ground in ("canvas", "surface", "raised", "hover", "accent_tint"):
        for ink in ("text", "muted", "accent", "danger", "warning", "good"):
            assert contrast_ratio(QColor(getattr(tokens, ink)), QColor(getattr(tokens, ground))) >= AAA, (ink, ground)
    for colour in Colour:
        assert contrast_ratio(QColor(tokens.text), block_fill(colour, tokens)) >= AAA
        assert contrast_ratio(QColor(tokens.muted), block_fill(colour, tokens)) >= AAA
    assert contrast_ratio(QColor(tokens.on_accent), QColor(tokens.accent)) >= AAA
    for edge in ("line", "field", "scroll"):
        assert contrast_ratio(QColor(getattr(tokens, edge)), QColor(tokens.surface)) >= EDGE


@THEMES
def test_words_on_the_accent_reach_aa(tokens: Tokens) -> None:
    assert contrast_ratio(QColor(tokens.on_accent), QColor(tokens.accent)) >= AA
    assert contrast_ratio(QColor(tokens.accent), QColor(tokens.accent_tint)) >= AA
    assert contrast_ratio(QColor(tokens.text), QColor(tokens.accent_tint)) >= AA
    assert contrast_ratio(QColor(tokens.notice_action), QColor(tokens.text)) >= AA


@THEMES
@pytest.mark.parametrize("colour", list(Colour))
def test_words_in_blocks_reach_aa(tokens: Tokens, colour: Colour) -> None:
    assert contrast_ratio(QColor(tokens.text), block_fill(colour, tokens)) >= AA
    faint = blend(block_fill(colour, tokens), QColor(tokens.surface), 0.5)
    assert contrast_ratio(QColor(tokens.muted), faint) >= AA
    assert contrast_ratio(text_colour_on(colour), full_colour(colour)) >= AA


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_ratio(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21.0)
    assert contrast_ratio(QColor("#777777"), QColor("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_a_look_that_is_worn_already_is_not_put_on_again(qapp: QApplication, qtbot: QtBot) -> None:
    appearance().apply(qapp, theme="light", scale=100)
    with qtbot.assertNotEmitted(appearance().changed):
        appearance().apply(qapp, theme="light", scale=100, animations=False)
    assert appearance().animation_ms == 0, "what styles nothing counts all the same"
    for theme, scale in (("dark", 100), ("dark", 120), ("light", 100)):
        with qtbot.waitSignal(appearance().changed):
            appearance().apply(qapp, theme=theme, scale=scale)


class Hints(QObject):
    """The system's wishes, as Qt passes them on; offscreen there are none to change."""

    contrastPreferenceChanged = Signal(Qt.ContrastPreference)  # noqa: N815 - Qt's name
    colorSchemeChanged = Signal(Qt.ColorScheme)  # noqa: N815 - Qt's name

    def __init__(self) -> None:
        super().__init__()
        self.wanted = Qt.ContrastPreference.NoPreference

    def accessibility(self) -> Hints:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:
        return self.wanted

    def colorScheme(self) -> Qt.ColorScheme:
        return Qt.ColorScheme.Light

    def wish(self, wanted: Qt.ContrastPreference) -> None:
        self.wanted = wanted
        self.contrastPreferenceChanged.emit(wanted)


def test_the_stand_in_has_what_qt_has(qapp: QApplication) -> None:
    real = QGuiApplication.styleHints()
    assert isinstance(real.accessibility().contrastPreference(), Qt.ContrastPreference)
    assert isinstance(real.colorScheme(), Qt.ColorScheme)
    real.accessibility().contrastPreferenceChanged.connect(lambda _: None)
    real.colorSchemeChanged.connect(lambda _: None)


def test_high_contrast_follows_the_system_or_is_chosen(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    hints, own = Hints(), Appearance()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    try:
        own.start(qapp)
        assert own.tokens == LIGHT
        hints.wish(Qt.ContrastPreference.HighContrast)
        assert own.tokens == LIGHT_HIGH
        own.apply(qapp, theme="dark")
        assert own.tokens == DARK_HIGH
        hints.wish(Qt.ContrastPreference.NoPreference)
        assert own.tokens == DARK, "the theme that was chosen is kept"
        own.apply(qapp, theme="dark", contrast="high")
        hints.wish(Qt.ContrastPreference.NoPreference)
        assert own.tokens == DARK_HIGH, "chosen here, whatever the system wants"
    finally:
        monkeypatch.undo()
        appearance()._applied = None
        appearance().apply(qapp, theme="light", scale=100)
