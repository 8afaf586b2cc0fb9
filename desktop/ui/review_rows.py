"""The rows of one proposed document as a tree: problems first, then module by module, editable in place.

Hides how meetings of several lines in several rooms become one row, what each kind of document has for columns, and
what of a row is new beside what it was. A cell that was edited becomes edited rows of the draft; nothing is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from desktop.domain.changes import ChangeKind, RowChange, Scope
from desktop.domain.decisions import Decisions, decided
from desktop.domain.draft import WEEKDAYS, DocumentKind, Place, Problem, Row, row_from_entry
from desktop.domain.errors import InvalidInput
from desktop.domain.statements import Printed
from desktop.domain.timetable import Meeting
from desktop.ui.counting import counted, problems_counted
from desktop.ui.language import clock_text, day_text, say, translate, weekday_name
from desktop.ui.style import look

if TYPE_CHECKING:
    from desktop.workflows.imports import Proposal

Index = QModelIndex | QPersistentModelIndex
OLD = Qt.ItemDataRole.UserRole + 1  # what a cell said before, to be struck through
TONE = Qt.ItemDataRole.UserRole + 2  # the token a cell is written in
BETWEEN = " · "  # between the rooms of one meeting

WHAT, GROUP, DAY, TIME, WHERE, CAMPUS, STATE = range(7)


@dataclass(eq=False)
class Node:
    """One line of the tree: a heading, a problem, a meeting or sitting, or a part said to be complete."""

    number: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    place: int = 0  # among its siblings
    heading: str = ""
    change: RowChange | None = None
    problem: Problem | None = None
    scope: Scope | None = None


class ReviewRows(QAbstractItemModel):
    """The model of the tree. `rows_edited` carries new rows by index, `decided` new decisions, `refused` an error."""

    rows_edited = Signal(object)
    decided = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proposal: Proposal | None = None
        self._nodes: list[Node] = []
        self._root = Node(-1)

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Shows another proposal, or the same one after an edit."""
        self.beginResetModel()
        self._proposal = proposal
        self._nodes = []
        self._root = Node(-1)
        if proposal is not None:
            self._build(proposal)
        self.endResetModel()

    def _build(self, proposal: Proposal) -> None:
        problems = proposal.draft.problems
        if problems:
            heading = self._add(self._root, heading=problems_counted(len(problems)))
            for problem in problems:
                self._add(heading, problem=problem)
        changes = decided(proposal.comparison, proposal.decisions)
        by_module: dict[str, list[RowChange]] = {}
        for change in sorted(changes, key=_first_things):
            by_module.setdefault(change.item.module, []).append(change)
        scopes: dict[str, list[Scope]] = {}
        for scope in proposal.comparison.scopes:
            scopes.setdefault(scope.key.split("/")[0], []).append(scope)
        order = sorted(by_module, key=lambda module: (min(_rank(each) for each in by_module[module]), module))
        for module in order:
            found = by_module[module]
            number = sum(each.kind is not ChangeKind.GONE for each in found)
            heading = self._add(self._root, heading=f"{module}  ·  {counted(proposal.draft.kind, number)}")
            for change in found:
                self._add(heading, change=change)
            for scope in scopes.get(module, ()):
                self._add(heading, scope=scope)

    def _add(
        self,
        parent: Node,
        *,
        heading: str = "",
        change: RowChange | None = None,
        problem: Problem | None = None,
        scope: Scope | None = None,
    ) -> Node:
        node = Node(len(self._nodes), parent, [], len(parent.children), heading, change, problem, scope)
        parent.children.append(node)
        self._nodes.append(node)
        return node

    # what a page asks

    def node(self, index: Index) -> Node:
        return self._nodes[index.internalId()] if index.isValid() else self._root

    def places(self, index: Index) -> tuple[Place, ...]:
        """Where in the document a line of the tree comes from."""
        node, proposal = self.node(index), self._proposal
        if node.problem is not None:
            return (node.problem.place,)
        if node.change is not None and proposal is not None:
            return tuple(proposal.draft.rows[number].place for number in node.change.rows)
        return ()

    def first_row(self) -> QModelIndex:
        """The first line that is no heading."""
        for node in self._nodes:
            if node.change is not None or node.problem is not None:
                return self._index(node)
        return QModelIndex()

    def headings(self) -> list[QModelIndex]:
        return [self._index(node) for node in self._nodes if node.children]

    # what Qt asks

    def _index(self, node: Node, column: int = 0) -> QModelIndex:
        return self.createIndex(node.place, column, node.number)

    def index(self, line: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's form
        children = self.node(parent).children
        return self._index(children[line], column) if 0 <= line < len(children) else QModelIndex()

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 - Qt's form
        above = self.node(index).parent
        return QModelIndex() if above is None or above is self._root else self._index(above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's form
        return len(self.node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, ARG002 - Qt's form
        return STATE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        is_lectures = self._proposal is None or self._proposal.draft.kind is DocumentKind.LECTURES
        return (
            translate("Review", "Activity") if is_lectures else translate("Review", "What"),
            translate("Review", "Group") if is_lectures else translate("Review", "Paper"),
            translate("Review", "Day") if is_lectures else translate("Review", "Date"),
            translate("Review", "Time"),
            translate("Review", "Where"),
            translate("Review", "Campus"),
            "",
        )[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == WHAT and (node.change is not None or node.scope is not None):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if node.change is not None and node.change.rows and index.column() < STATE and self._field(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node, column = self.node(index), index.column()
        if role == Qt.ItemDataRole.FontRole:
            bold = bool(node.heading) or (column == STATE)
            return QFont(look().font(bold=True)) if bold else None
        if role == Qt.ItemDataRole.CheckStateRole and column == WHAT:
            return self._checked(node)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(node, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            old = self._old(node.change, column) if node.change is not None and node.change.after is not None else ""
            return f"{old} → {self._text(node, column)}" if old else self._text(node, column)
        if role == OLD and node.change is not None:
            return self._old(node.change, column)
        if role == TONE:
            return self._tone(node, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            old = self._old(node.change, column) if node.change is not None else ""
            was = translate("Review", "was {old}").format(old=old) if old else ""
            return f"{self._text(node, column)} {was}".strip()
        return None

    def _text(self, node: Node, column: int) -> str:
        if node.heading:
            return node.heading if column == WHAT else ""
        if node.problem is not None:
            return problem_words(node.problem) if column == WHAT else ""
        if node.scope is not None:
            return say(node.scope.words) if column == WHAT else ""
        if node.change is None:
            return ""
        return state_word(node.change) if column == STATE else cell(node.change.item, column)

    @staticmethod
    def _old(change: RowChange, column: int) -> str:
        if column == STATE or change.before is None:
            return ""
        if change.after is None:
            return cell(change.before, column)
        before, after = cell(change.before, column), cell(change.after, column)
        if column == WHERE and set(change.before.printed_venues) == set(change.after.printed_venues):
            return ""
        return before if before != after else ""

    def _tone(self, node: Node, column: int) -> str:
        if node.problem is not None:
            return "warning"
        if node.change is None:
            return ""
        if node.change.kind is ChangeKind.GONE:
            return "muted"
        if column != STATE:
            return "accent" if self._old(node.change, column) else ""
        return "warning" if node.change.kind is ChangeKind.UNCLEAR else "accent"

    def _checked(self, node: Node) -> Qt.CheckState | None:
        proposal = self._proposal
        if proposal is None:
            return None
        decisions: Decisions = proposal.decisions
        if node.scope is not None:
            return _state(node.scope.key in decisions.scopes)
        if node.change is None:
            return None
        kept = node.change.key not in decisions.left
        if node.change.kind is ChangeKind.GONE:
            return _state(not (kept and node.change.scope in decisions.scopes))
        return _state(kept)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node, proposal = self.node(index), self._proposal
        if proposal is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self._decide(node, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role != Qt.ItemDataRole.EditRole or node.change is None or str(value) == self._text(node, index.column()):
            return False
        rows = [proposal.draft.rows[number] for number in node.change.rows]
        try:
            edited = _edited(rows, self._field(index), str(value).strip())
        except InvalidInput as wrong:
            self.refused.emit(wrong)
            return False
        self.rows_edited.emit(dict(zip(node.change.rows, edited, strict=True)))
        return True

    def _decide(self, node: Node, checked: bool) -> None:
        if self._proposal is None:
            return
        decisions: Decisions = self._proposal.decisions
        if node.scope is not None:
            decisions = decisions.confirm(node.scope.key) if checked else decisions.unconfirm(node.scope.key)
        elif node.change is not None and node.change.kind is ChangeKind.GONE:
            # A check mark on what is not in the file says that it stays; taking it away says this part is complete.
            if checked:
                decisions = decisions.leave(node.change.key)
            else:
                decisions = decisions.take(node.change.key).confirm(node.change.scope)
        elif node.change is not None:
            decisions = decisions.take(node.change.key) if checked else decisions.leave(node.change.key)
        self.decided.emit(decisions)

    def _field(self, index: Index) -> str:
        if self._proposal is None:
            return ""
        return _FIELDS[self._proposal.draft.kind].get(index.column(), "")


_FIELDS: Mapping[DocumentKind, Mapping[int, str]] = {
    DocumentKind.LECTURES: {
        WHAT: "activity",
        GROUP: "group",
        DAY: "day",
        TIME: "time",
        WHERE: "venue",
        CAMPUS: "campus",
    },
    DocumentKind.TESTS: {WHAT: "test", DAY: "date", TIME: "time", WHERE: "venues", CAMPUS: "campus"},
    DocumentKind.EXAMS: {
        WHAT: "activity",
        GROUP: "paper",
        DAY: "date",
        TIME: "start",
        WHERE: "venue",
        CAMPUS: "exam_campus",
    },
}


def _state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked


def _rank(change: RowChange) -> int:
    if change.kind is ChangeKind.UNCLEAR:
        return 0
    if change.kind in (ChangeKind.MOVED, ChangeKind.ROOM_CHANGED, ChangeKind.FINALISED, ChangeKind.OTHER):
        return 1
    return 2


def _first_things(change: RowChange) -> tuple[Any, ...]:
    item = change.item
    if isinstance(item, Meeting):
        return _rank(change), item.module, item.offered, item.kind, item.group, item.activity, item.slot
    return _rank(change), item.module, item.date, item.start, item.name


def problem_words(problem: Problem) -> str:
    """A line that was not understood, in one sentence."""
    where = translate("Review", "Page {n}").format(n=problem.place.page)
    text = " ".join(problem.place.text.split())
    return f"{where}: “{text}” · " + translate("Review", "expected {expected}, found {found}").format(
        expected=say(problem.expected), found=say(problem.found)
    )


def state_word(change: RowChange) -> str:
    """What became of a row, in a word; nothing for what is as it was, or all of it new."""
    words = {
        ChangeKind.UNCLEAR: translate("Review", "which one?"),
        ChangeKind.ADDED: translate("Review", "new"),
        ChangeKind.MOVED: translate("Review", "time"),
        ChangeKind.FINALISED: translate("Review", "final"),
        ChangeKind.ROOM_CHANGED: translate("Review", "room"),
        ChangeKind.OTHER: translate("Review", "changed"),
        ChangeKind.UNCHANGED: "",
        ChangeKind.GONE: translate("Review", "not in this file"),
    }
    word = words[change.kind]
    touched = translate("Review", "your edit")
    return f"{word} · {touched}" if change.edits_touched and word else word


def cell(item: Printed, column: int) -> str:
    """What a meeting or a sitting says in one column."""
    if column == WHERE:
        return BETWEEN.join(item.venues)
    if column == CAMPUS:
        return item.campus
    if isinstance(item, Meeting):
        if column == WHAT:
            return item.activity
        if column == GROUP:
            return item.group
        if column == DAY:
            return weekday_name(item.slot.weekday)
        return f"{clock_text(item.slot.start)} – {clock_text(item.slot.end)}"
    if column == WHAT:
        return item.name
    if column == GROUP:
        return item.paper
    if column == DAY:
        return day_text(item.date, "ddd d MMM yyyy")
    return clock_text(item.start) if item.assumed_end else f"{clock_text(item.start)} – {clock_text(item.end)}"


def _edited(rows: list[Row], name: str, text: str) -> list[Row]:
    """The rows with one field as the person wrote it. Raises InvalidInput for what cannot be meant."""
    entries = [row.entry() for row in rows]
    if name == "time":
        start, end = _span(text)
        entries = [entry | {"start": start, "end": end} for entry in entries]
    elif name == "start":
        entries = [entry | {"start": _clock(text)} for entry in entries]
    elif name == "day":
        entries = [entry | {"day": _weekday(text)} for entry in entries]
    elif name == "date":
        entries = [entry | {"date": _date(text)} for entry in entries]
    elif name == "venues":
        venues = [part.strip() for part in text.split(BETWEEN.strip()) if part.strip()]
        entries = [entry | {"venues": venues if number == 0 else []} for number, entry in enumerate(entries)]
    elif name == "venue":
        venues = [part.strip() for part in text.split(BETWEEN.strip())]
        if len(venues) != len(entries):
            raise InvalidInput(
                translate("Review", "This meeting is in {n} rooms, and {m} are written here.").format(
                    n=len(entries), m=len(venues)
                ),
                translate("Review", "Write a room for each, with a middle dot between them."),
            )
        entries = [entry | {"venue": venue} for entry, venue in zip(entries, venues, strict=True)]
    else:
        entries = [entry | {name: text} for entry in entries]
    return [row_from_entry(row.document, entry, row.place) for row, entry in zip(rows, entries, strict=True)]


_CLOCK = re.compile(r"^\s*(\d{1,2})[:.h](\d{2})\s*$")


def _clock(text: str) -> str:
    match = _CLOCK.match(text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise InvalidInput(
            translate("Review", "“{text}” is not a time.").format(text=text),
            translate("Review", "Write it like 08:30."),
        )
    return f"{int(match[1]):02}:{match[2]}"


def _span(text: str) -> tuple[str, str]:
    parts = re.split(r"\s*(?:–|-|to|tot)\s*", text.strip())
    if len(parts) != 2:
        raise InvalidInput(
            translate("Review", "“{text}” is not a time from and to.").format(text=text),
            translate("Review", "Write it like 08:30 – 09:20."),
        )
    return _clock(parts[0]), _clock(parts[1])


def _weekday(text: str) -> str:
    wanted = text.strip().lower()
    for number, name in enumerate(WEEKDAYS):
        if wanted and (name.lower().startswith(wanted) or weekday_name(number).lower().startswith(wanted)):
            return name
    raise InvalidInput(
        translate("Review", "“{text}” is not a day of the week.").format(text=text),
        translate("Review", "Write it like Monday."),
    )


def _date(text: str) -> str:
    from datetime import date, datetime  # noqa: PLC0415 - only while something is edited

    cleaned = " ".join(text.replace(",", " ").split())
    try:
        return date.fromisoformat(cleaned).isoformat()
    except ValueError:
        pass
    for form in ("%d %b %Y", "%d %B %Y", "%a %d %b %Y", "%A %d %B %Y", "%d/%m/%Y", "%Y/%m/%d"):
        try:
            return datetime.strptime(cleaned, form).date().isoformat()  # noqa: DTZ007 - a date alone
        except ValueError:
            continue
    raise InvalidInput(
        translate("Review", "“{text}” is not a date.").format(text=text),
        translate("Review", "Write it like 2026-03-23 or 23 March 2026."),
    )
