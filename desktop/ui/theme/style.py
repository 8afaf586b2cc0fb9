"""The appearance of the program: themes, fonts, module colours, and the style sheet that applies them.

A widget that paints itself uses the tokens, sizes and colours of the object at the end of this module, and repaints on
its signal `changed`. All other widgets are styled by their `role` property (see `controls`). Sizes are in logical
pixels at a text scale of 100 %.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop.config import assets_folder
from desktop.ui.theme.style_sheet import make_style_sheet

if TYPE_CHECKING:
    from desktop.domain.timetable.modules import Colour

ASSETS = assets_folder()
FONT_FAMILY = "Inter"
SMALL, BODY, LARGE, TITLE, DISPLAY = 11, 13, 15, 20, 28  # text sizes, in logical pixels
TEXT_SIZES = {"small": SMALL, "body": BODY, "large": LARGE, "title": TITLE, "display": DISPLAY}
GRID = 8  # logical pixels; all distances are multiples of this, or of 4 inside blocks
ANIMATION_MS = 150  # duration of an animation in milliseconds; 0 if the system disables animations


class Tokens(NamedTuple):  # a frozen dataclass would cost the first frame two milliseconds
    """The colours of one theme. `text` on `surface` and all pairs named together reach WCAG AA (high contrast: AAA)."""

    dark: bool
    canvas: str  # the sidebar and the space around pages
    surface: str  # pages, the grid
    raised: str  # panes, cards, menus
    text: str
    muted: str
    line: str  # 8 % of the text colour; a clearly visible edge with high contrast
    field: str  # the border of input fields, check boxes and the like
    scroll: str
    hover: str
    pressed: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_tint: str
    danger: str
    warning: str
    good: str
    notice_action: str  # on `text`, which is the background of notices
    tint: float  # share of the module's colour in the fill of a block
    outlined: bool = False  # blocks have a border in the text colour


LIGHT = Tokens(
    dark=False,
    canvas="#f4f5f7",
    surface="#ffffff",
    raised="#fafbfc",
    text="#1b1d21",
    muted="#5d626b",
    line="#e7e8ea",
    field="#858a93",
    scroll="#c3c7cd",
    hover="#ebedf0",
    pressed="#dfe2e7",
    accent="#005baa",
    accent_hover="#004a8c",
    on_accent="#ffffff",
    accent_tint="#e3eef8",
    danger="#b3261e",
    warning="#8a5300",
    good="#1b6e3c",
    notice_action="#8cc2f6",
    tint=0.12,
)
DARK = Tokens(
    dark=True,
    canvas="#16181b",
    surface="#1c1e22",
    raised="#23262b",
    text="#eceef1",
    muted="#a2a8b2",
    line="#2e3136",
    field="#6b717b",
    scroll="#4a4f57",
    hover="#2a2d33",
    pressed="#34383f",
    accent="#6cb0f2",
    accent_hover="#8cc2f6",
    on_accent="#0b1a2a",
    accent_tint="#22364a",
    danger="#f48b82",
    warning="#f0b45c",
    good="#74cf9a",
    notice_action="#00509a",
    tint=0.28,
)
LIGHT_HIGH = Tokens(
    dark=False,
    canvas="#ffffff",
    surface="#ffffff",
    raised="#ffffff",
    text="#000000",
    muted="#2b2e33",
    line="#595e66",
    field="#000000",
    scroll="#595e66",
    hover="#dfe2e7",
    pressed="#cdd2d9",
    accent="#003a75",
    accent_hover="#002a55",
    on_accent="#ffffff",
    accent_tint="#dbe8f5",
    danger="#8c0a05",
    warning="#5c3700",
    good="#0b4a23",
    notice_action="#9fd0ff",
    tint=0.06,
    outlined=True,
)
DARK_HIGH = Tokens(
    dark=True,
    canvas="#000000",
    surface="#000000",
    raised="#000000",
    text="#ffffff",
    muted="#d8dbe0",
    line="#8d939c",
    field="#ffffff",
    scroll="#8d939c",
    hover="#2a2d33",
    pressed="#3a3e45",
    accent="#8fcbff",
    accent_hover="#b5dcff",
    on_accent="#000000",
    accent_tint="#0f2a42",
    danger="#ffaba4",
    warning="#ffc979",
    good="#8fe8b4",
    notice_action="#003a75",
    tint=0.16,
    outlined=True,
)
_TOKENS_BY_THEME = {(each.dark, each.outlined): each for each in (LIGHT, DARK, LIGHT_HIGH, DARK_HIGH)}

# Google Calendar's event colours by `Colour`; flamingo and tangerine are less red here, as they would look like errors.
EVENT_COLOURS = {
    "Tomato": "#d50000",
    "Flamingo": "#d6569a",
    "Tangerine": "#ef6c00",
    "Banana": "#f6bf26",
    "Sage": "#33b679",
    "Basil": "#0b8043",
    "Peacock": "#039be5",
    "Blueberry": "#3f51b5",
    "Lavender": "#7986cb",
    "Grape": "#8e24aa",
    "Graphite": "#616161",
}


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast_ratio(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blend(over: QColor, under: QColor, share: float) -> QColor:
    """`over` at an opacity of `share` (0 to 1) on `under`, as an opaque colour."""

    def mix(a: int, b: int) -> int:
        return round(a * share + b * (1 - share))

    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()), mix(over.blue(), under.blue()))


@cache
def full_colour(colour: Colour) -> QColor:
    """The full colour of a module."""
    return QColor(EVENT_COLOURS[colour])


@cache
def block_fill(colour: Colour, tokens: Tokens) -> QColor:
    """The fill of a block: a little of the module's colour over the surface, so that text on it reaches WCAG AA."""
    return blend(full_colour(colour), QColor(tokens.surface), tokens.tint)


@cache
def text_colour_on(colour: Colour) -> QColor:
    """The text colour on the full colour: black or white, whichever has more contrast (always at least 4.5)."""
    white, black = QColor("#ffffff"), QColor("#000000")
    return white if contrast_ratio(full_colour(colour), white) >= contrast_ratio(full_colour(colour), black) else black


class Appearance(QObject):
    """The current theme, contrast, text scale and use of animations."""

    changed = Signal()  # the application shows another theme or text scale
    rescaled = Signal()  # after `changed`, if the text scale is another one

    def __init__(self) -> None:
        super().__init__()
        self._tokens = LIGHT
        self._scale = 100
        self._theme_setting = self._contrast_setting = "system"
        self._has_animations = True
        self._applied: tuple[Tokens, int] | None = None  # the theme and text scale that the application shows

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def scale(self) -> int:
        return self._scale

    @property
    def animation_ms(self) -> int:
        """Duration of an animation in milliseconds; 0 if the system or the settings disable animations."""
        app = QApplication.instance()
        allowed = isinstance(app, QApplication) and app.isEffectEnabled(Qt.UIEffect.UI_General)
        return ANIMATION_MS if allowed and self._has_animations else 0

    def px(self, size: float) -> int:
        """A size in logical pixels, scaled by the current text scale."""
        return round(size * self._scale / 100)

    def font(self, size: int = BODY, *, bold: bool = False) -> QFont:
        """The font at `size`, in weight 400 or 600, with tabular figures."""
        return _font(self.px(size), bold)

    def colour(self, name: str) -> QColor:
        """The colour of a token, by its name."""
        return QColor(getattr(self._tokens, name))

    def apply(
        self,
        app: QApplication,
        *,
        theme: str = "system",
        contrast: str = "system",
        scale: int = 100,
        animations: bool = True,
    ) -> None:
        """Applies a theme (`system`, `light`, `dark`), a contrast (`system`, `high`) and a text scale (80 to 200 %)."""
        self._theme_setting, self._contrast_setting, self._has_animations = theme, contrast, animations
        hints = QGuiApplication.styleHints()
        dark = theme == "dark" or (theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
        high = contrast == "high" or hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        before, self._scale = self._scale, max(80, min(200, scale))
        self._tokens = _TOKENS_BY_THEME[dark, high]
        if self._applied == (self._tokens, self._scale):
            return  # setting the style sheet restyles every widget
        self._applied = self._tokens, self._scale
        app.setFont(self.font())
        app.setPalette(_palette(self._tokens))
        app.setStyleSheet(make_style_sheet(self._tokens._asdict(), TEXT_SIZES, self.px, dark=self._tokens.dark))
        self.changed.emit()
        if self._scale != before:
            self.rescaled.emit()

    def start(
        self,
        app: QApplication,
        *,
        theme: str = "system",
        contrast: str = "system",
        scale: int = 100,
        animations: bool = True,
    ) -> None:
        """Loads the fonts, applies the theme, and follows changes of the system's theme. Call it once per process."""
        for weight in ("Regular", "SemiBold"):
            QFontDatabase.addApplicationFont(str(ASSETS / "fonts" / f"Inter-{weight}.otf"))
        app.setStyle(QStyleFactory.create("Fusion"))
        self.apply(app, theme=theme, contrast=contrast, scale=scale, animations=animations)

        def follow(_preference: object) -> None:
            self.apply(
                app,
                theme=self._theme_setting,
                contrast=self._contrast_setting,
                scale=self._scale,
                animations=self._has_animations,
            )

        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(follow)
        hints.accessibility().contrastPreferenceChanged.connect(follow)


@cache
def appearance() -> Appearance:
    """The single instance of the process."""
    return Appearance()


@cache
def _font(pixels: int, bold: bool) -> QFont:
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    muted = QColor(tokens.muted)
    for each, value in (
        (role.Window, tokens.surface),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.raised),
        (role.Text, tokens.text),
        (role.Button, tokens.raised),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.danger),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Accent, tokens.accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.ToolTipBase, tokens.raised),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
    ):
        palette.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, blend(muted, QColor(tokens.surface), 0.6))
    return palette
