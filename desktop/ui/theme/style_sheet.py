"""The style sheet: a template with placeholders for the colours of the theme and the scaled sizes.

Widgets are selected by class and by their `role` property, never by object name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Template

from desktop.config import assets_folder

_ICONS = (assets_folder() / "icons").as_posix()

_TEMPLATE = Template("""
* { font-family: "Inter"; }
QWidget { color: $text; font-size: $body; }
QMainWindow, QDialog { background: $surface; }
QWidget[role="sidebar"] { background: $canvas; border-right: 1px solid $line; }
QWidget[role="page"], QScrollArea, QWidget[role="plain"] { background: transparent; border: none; }
QFrame[role="pane"] { background: $raised; border-left: 1px solid $line; }
QFrame[role="card"] { background: $raised; border: 1px solid $line; border-radius: 8px; }
QFrame[role="card"][tone="danger"] { border-color: $danger; }
QFrame[role="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="drop"] { background: $raised; border: 1px dashed $field; border-radius: 12px; }
QFrame[role="notice"] { background: $text; border-radius: 8px; }
QFrame[role="notice"] QLabel { color: $surface; }
QFrame[role="notice"] QPushButton { background: transparent; border: none; color: $notice_action; font-weight: 600;
  padding: $p4 $p8; }
QFrame[role="notice"] QPushButton:focus { border: 2px solid $notice_action; border-radius: 6px; }
QFrame[role="trouble"] { background: $raised; border: 1px solid $danger; border-radius: 8px; }

QLabel { background: transparent; }
QLabel[role="display"] { font-size: $display; font-weight: 600; }
QLabel[role="title"] { font-size: $title; font-weight: 600; }
QLabel[role="heading"] { font-size: $large; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="quiet"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: $small; }
QLabel[role="caps"] { color: $muted; font-size: $small; font-weight: 600; }
QLabel[tone="danger"] { color: $danger; }
QLabel[tone="warning"] { color: $warning; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="accent"] { color: $accent; }

QPushButton, QToolButton { background: $raised; border: 1px solid $line; border-radius: 6px; padding: $p6 $p12; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:disabled, QToolButton:disabled { color: $muted; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: $q6 $q12; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $pressed; border-color: $pressed; color: $muted; }
QPushButton[role="chip"] { border: 1px solid $field; border-radius: 10px; padding: $p4 $p10; background: transparent; }
QPushButton[role="chip"]:checked { background: $accent_tint; border-color: $accent; color: $accent; font-weight: 600; }
QPushButton[role="chip"]:hover { background: $hover; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: $q4 $q10; }
QPushButton[role="chip"]::menu-indicator { image: url($icons/control-down-$theme.svg); width: $p14; height: $p14;
  subcontrol-origin: padding; subcontrol-position: center right; right: $p4; }
QPushButton[role="quiet"], QToolButton[role="icon"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover, QToolButton[role="icon"]:hover { background: $hover; }
QPushButton[role="quiet"]:focus, QToolButton[role="icon"]:focus { border: 2px solid $accent; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: $p4 $p8;
  text-align: left; }
QPushButton[role="link"]:hover { background: $accent_tint; }
QPushButton[role="link"]:focus { border: 2px solid $accent; }
QPushButton[role="danger"] { color: $danger; }
QToolButton[role="icon"] { padding: $p6; }
QToolButton[role="icon"]:focus { padding: $q6; }
QToolButton[role="sidebar"] { background: transparent; border: 1px solid transparent; border-radius: 8px;
  padding: $p8 $p12; text-align: left; color: $text; }
QToolButton[role="sidebar"]:hover { background: $hover; }
QToolButton[role="sidebar"]:checked { background: $accent_tint; color: $accent; font-weight: 600; }
QToolButton[role="sidebar"]:focus { border: 2px solid $accent; padding: $q8 $q12; }
QToolButton[role="sidebar"][dense="true"] { padding: 1px $p12; }
QToolButton[role="sidebar"][dense="true"]:focus { padding: 0 $q12; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $surface; border: 1px solid $field;
  border-radius: 6px; padding: $p4 $p8; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid $accent; padding: $q4 $q8; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  background: $canvas; border-color: $line; color: $muted; }
QLineEdit:read-only { background: $canvas; border-color: $line; }
QCheckBox:disabled, QRadioButton:disabled { color: $muted; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $canvas; border-color: $line; }
QLineEdit[tone="danger"], QAbstractSpinBox[tone="danger"] { border-color: $danger; }
QAbstractItemView QLineEdit { border-radius: 0; padding: 0 2px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: $p24; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url($icons/control-down-$theme.svg); width: $p14; height: $p14; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none; }
QSpinBox::up-button, QSpinBox::down-button, QTimeEdit::up-button, QTimeEdit::down-button { width: 0; border: none; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 2px; border: 2px solid transparent;
  border-radius: 6px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; }
QCheckBox::indicator, QTreeView::indicator, QListView::indicator {
  width: $p16; height: $p16; border: 1px solid $field; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {
  background: $accent; border-color: $accent;
  image: url($icons/control-check-$theme.svg); }
QRadioButton::indicator { width: $ring; height: $ring; border: 2px solid $field; border-radius: $round;
  background: $surface; }
QRadioButton::indicator:checked { border: $chosen solid $accent; width: $dot; height: $dot; background: $surface; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none;
  border: none; width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QTableView, QTreeView, QListView { background: $surface; alternate-background-color: $raised; border: none;
  outline: none; gridline-color: $line; selection-background-color: $accent_tint; selection-color: $text; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 2px solid $accent; border-radius: 6px; }
QListView[role="rows"], QListView[role="rows"]:focus { background: transparent; border: none; border-radius: 0; }
QTreeView::item, QListView::item, QTableView::item { padding: $p4; border: none; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: $hover; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: $accent_tint;
  color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: $p4; font-size: $small; font-weight: 600; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; border: none; padding: $p8 $p12; color: $muted; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { background: $hover; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QMenu { background: $raised; border: 1px solid $line; border-radius: 8px; padding: 4px; }
QMenu::item { padding: $p6 $p24 $p6 $p12; border-radius: 6px; }
QMenu::icon, QMenu::indicator { margin-left: $p6; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 6px; }
QSplitter::handle { background: $line; width: 1px; margin: 0 2px; }
QCalendarWidget QWidget { background: $raised; alternate-background-color: $raised; }
QCalendarWidget QAbstractItemView { background: $raised; selection-background-color: $accent;
  selection-color: $on_accent; outline: none; }
QCalendarWidget QAbstractItemView:focus { border: none; }
QCalendarWidget QToolButton { background: transparent; border: 1px solid transparent; padding: $p4 $p8;
  font-weight: 600; }
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton:focus { border: 2px solid $accent; }
QCalendarWidget QSpinBox { background: $surface; }
""")


def make_style_sheet(
    colours: Mapping[str, object], texts: Mapping[str, int], px: Callable[[float], int], *, dark: bool
) -> str:
    """The style sheet for the `colours` of a theme and the text sizes `texts`, by name; `px` scales logical pixels."""
    values = dict(colours)
    values |= {name: f"{px(size)}px" for name, size in texts.items()}
    values |= {f"p{size}": f"{px(size)}px" for size in (4, 6, 8, 10, 12, 14, 16, 24)}
    # A focus ring is a pixel wider than the border it replaces; the padding is a pixel smaller, so nothing moves.
    values |= {f"q{size}": f"{px(size) - 1}px" for size in (4, 6, 8, 10, 12)}
    # A radio button has the same size checked and unchecked: a thick ring around a dot, or a thin empty ring.
    ring, chosen = 2 * px(7), px(5)
    values |= {"ring": f"{ring}px", "round": f"{ring // 2 + 2}px"}
    values |= {"chosen": f"{chosen}px", "dot": f"{ring + 4 - 2 * chosen}px"}
    return _TEMPLATE.substitute(
        values,
        icons=_ICONS,
        theme="dark" if dark else "light",
    )
