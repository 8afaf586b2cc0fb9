"""Collects all texts of a window (visible, tooltips, accessible names), and finds which of them are English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabBar,
    QTreeView,
    QWidget,
)

# Words that do not occur in Afrikaans. Was, is, in, of, as, by, my, week, plan and test are words of both languages.
_ENGLISH_WORDS = re.compile(
    r"\b(the|and|with|without|cannot|this|that|your|you|from|not|no|has|have|are|been|will|would|for|it|its|on|at|to|an|"
    r"be|we|they|their|there|which|what|when|where|after|before|until|than|then|only|again|already|other|every|each|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|may|june|july|august|october|"
    r"december|mon|tue|wed|thu|fri|sat|mar|oct|dec|day|days|today|time|times|minutes|hour|hours|group|groups|room|"
    r"rooms|file|page|change|changed|chose|choose|added|hid|moved|skipped|put|undone|accepted|removed|kept|"
    r"lecture|lectures|practicals|tutorials|exam|exams|tests|holiday|recess|timetable|calendar|server|nothing|busy)\b",
    re.IGNORECASE,
)
# Names that are not translated: texts in quotation marks (the portal's words, a document's text), files and addresses,
# the portal's names of assessments, and the menus of other programs, which are in their own language.
_UNTRANSLATED_NAMES = re.compile(
    r"“[^”]*”|Room \d|\(Page (?:Up|Down)\)|\S*[/\\]\S*|\S+\.(?:pdf|ics|json|sqlite3|com)\b|Exam Written|English|"
    r"UP Schedule Generator|"
    r"Calendar accounts, Fetch|Other calendars, From URL|Add calendar, \w+ from (?:web|file)|"
    r"File, Open & Export, Import/Export, Import an iCalendar file|Settings onder [\w &,]+|"
    r"Sign-In and Security|Google Calendar API|Desktop app|Downloads|On the device"
)


def all_texts(widget: QWidget) -> Iterator[str]:
    """Every text of the visible widgets on it, those of lists row by row."""
    for each in (widget, *widget.findChildren(QWidget)):
        if not each.isVisible() or each.objectName().startswith("qt_calendar"):
            continue
        yield from (each.toolTip(), each.accessibleName(), each.accessibleDescription())
        match each:
            case QLabel() | QAbstractButton():
                yield each.text()
            case QComboBox():
                yield from (each.itemText(index) for index in range(each.count()))
            case QLineEdit():
                yield each.placeholderText()
                if isinstance(each.parent(), QAbstractSpinBox):
                    yield each.text()
            case QSpinBox():
                yield each.suffix()
            case QTabBar():
                yield from (each.tabText(index) for index in range(each.count()))
            case QAbstractItemView():
                yield from _rows(each)


def _rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is None:
        return
    if isinstance(view, QTreeView):
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
    yield from _cells(model, QModelIndex())


def _cells(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for line in range(model.rowCount(parent)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(line, column, parent)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(model.data(index, role) or "")
        yield from _cells(model, model.index(line, 0, parent))


def english_texts(widget: QWidget) -> list[str]:
    """The texts on it that contain an English word, except for names given by others."""
    return sorted({text for text in all_texts(widget) if _ENGLISH_WORDS.search(_UNTRANSLATED_NAMES.sub("", text))})
