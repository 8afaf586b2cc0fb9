"""External text cannot become markup: one module sets tooltips, and one function makes labels."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize
from PySide6.QtGui import QFont, Qt, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QMenu, QTabBar, QToolTip, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

import desktop.ui
from desktop.domain.records.records import Act
from desktop.ui.pages.week.block import _laid_out
from desktop.ui.pages.week.menu import _action
from desktop.ui.session.link_actions import LinkAction
from desktop.ui.session.session import Session
from desktop.ui.widgets.controls import ElidedLabel, button, label
from desktop.ui.widgets.plain_words import CheckBox, RadioButton, escape_mnemonics
from desktop.ui.widgets.tooltips import plain_tooltip, set_tooltip, show_tooltip

SOURCES = Path(desktop.ui.__file__).parent
# What shows a text that looks like HTML as HTML, and the modules that tell Qt not to.
GUESSING = {
    "setToolTip": {"widgets/tooltips.py"},
    "setTabToolTip": {"widgets/tooltips.py"},
    "setItemToolTip": set(),
    "setStatusTip": set(),
    "setWhatsThis": set(),
    "QToolTip": {"widgets/tooltips.py"},
    "QWhatsThis": set(),
    "QLabel()": {"widgets/controls.py"},
    "QPushButton()": {"widgets/plain_words.py"},  # these take & for a mnemonic
    "QCheckBox()": {"widgets/plain_words.py"},
    "QRadioButton()": {"widgets/plain_words.py"},
    "QStaticText()": {"pages/week/block.py"},
    "QMessageBox": set(),
    "QErrorMessage": set(),
    "QInputDialog": set(),
    "QProgressDialog": set(),
    # Its tooltip is set by the one module; what it shows as a message, it shows as plain text.
    "QSystemTrayIcon": {"widgets/tooltips.py", "tray/icon.py", "tray/notifications.py"},
    "QWizard": set(),
    "QStatusBar": set(),
    "QSplashScreen": set(),
    "QTextEdit": set(),
    "QTextBrowser": set(),
    "QTextDocument": set(),
    "QGraphicsItem": set(),
    "QGraphicsTextItem": set(),
    "QGraphicsScene": set(),
    "setHtml": set(),
    "insertHtml": set(),
    "appendHtml": set(),
    "RichText": set(),
    "AutoText": set(),
    "MarkdownText": set(),
}
HOSTILE = (
    "<img src=/dev/null>",
    "<b>bold</b>",
    "&lt;b&gt;",
    "  <i>late",
    "<!doctype html>",
    "a\n<b>b</b>",
    "R&D < 3 > 2",
)


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every name that is used, and with `()` behind it every one that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call):
            called = node.func
            yield f"{called.id if isinstance(called, ast.Name) else getattr(called, 'attr', '')}()"


def forbidden(text: str, name: str) -> list[str]:
    """The names in a source that only the modules for plain text may use."""
    tree = ast.parse(text)
    found = [f"{name}: {used}" for used in names_in(tree) if used in GUESSING and name not in GUESSING[used]]
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "ToolTipRole" in names_in(node.test):
            returned = [each.value for part in node.body for each in ast.walk(part) if isinstance(each, ast.Return)]
            if not returned or any("plain_tooltip()" not in names_in(each) for each in returned if each is not None):
                found.append(f"{name}: a ToolTipRole that is not plain")
    if "ToolTipRole" in names_in(tree) and "plain_tooltip()" not in names_in(tree):
        found.append(f"{name}: ToolTipRole")
    return found


def test_no_other_source_shows_what_may_be_markup() -> None:
    sources = sorted(SOURCES.rglob("*.py"))
    assert len(sources) > 50
    assert [
        found for path in sources for found in forbidden(path.read_text("utf-8"), path.relative_to(SOURCES).as_posix())
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "x.setToolTip(name)",
        "tip = item.setToolTip\n",
        "QToolTip.showText(point, name)",
        "made = QLabel(name)",
        "item.setData(0, Qt.ItemDataRole.ToolTipRole, name)",
        "def data(role):\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return name\n    plain_tooltip(name)",
        "QMessageBox.warning(self, title, name)",
    ],
)
def test_a_source_that_does_is_found(source: str) -> None:
    assert forbidden(source, "pages/new.py")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_shows_every_letter(text: str, qtbot: QtBot) -> None:
    shown = plain_tooltip(text)
    as_seen = QTextDocumentFragment.fromHtml(shown).toPlainText() if Qt.mightBeRichText(shown) else shown
    assert as_seen.split() == text.split()

    widget, item, tabs = QWidget(), QTreeWidgetItem(["", ""]), QTabBar()
    for each in (widget, tabs):
        qtbot.addWidget(each)
    tabs.addTab("")
    set_tooltip(widget, text)
    set_tooltip(item, text, 1)
    set_tooltip(tabs, text)
    assert widget.toolTip() == item.toolTip(1) == tabs.tabToolTip(0) == shown
    widget.show()
    show_tooltip(QPoint(5, 5), text, widget)
    assert QToolTip.text() == shown
    QToolTip.hideText()


def test_a_tooltip_of_plain_words_stays_as_it_is() -> None:
    """For screen readers, which read it out."""
    assert plain_tooltip("Tests & exams (Ctrl+4)\nUp to date") == "Tests & exams (Ctrl+4)\nUp to date"


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_and_blocks_take_no_text_for_markup(text: str, qtbot: QtBot) -> None:
    words, elided = label(text), ElidedLabel()
    for each in (words, elided):
        qtbot.addWidget(each)
        assert each.textFormat() is Qt.TextFormat.PlainText
    elided.set_full_text(text)
    elided.resize(QSize(1, 10))
    elided.changeEvent(QEvent(QEvent.Type.FontChange))
    assert elided.toolTip() == plain_tooltip(text)
    assert _laid_out(text, QFont()).textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize("text", ["R&D", "Lab 1 & 2", "&&", "Tests && exams", "plain"])
def test_an_ampersand_is_no_mnemonic(text: str, qtbot: QtBot) -> None:
    for made in (button(text), button(text, role="chip"), CheckBox(text), RadioButton(text)):
        qtbot.addWidget(made)
        for _ in range(2):
            assert made.text() == text
            assert QAbstractButton.text(made) == text.replace("&", "&&"), "what Qt draws a single & for"
            assert made.shortcut().isEmpty()
            made.setText(text)
    menu = QMenu()
    qtbot.addWidget(menu)
    assert menu.addAction(escape_mnemonics(text)).text() == text.replace("&", "&&")


def test_rooms_in_the_menu_of_a_class_are_as_the_document_has_them(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    for icon in ("", "place"):
        offer = LinkAction("Lab 1 & 2", icon, lambda: Act("", ()))
        session: Session = None  # type: ignore[assignment] - not before it is chosen
        assert _action(session, offer, menu).text() == "Lab 1 && 2"
