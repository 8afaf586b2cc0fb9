"""Tree model of one proposal: problems first, then module by module, editable in place.

An edited cell emits the texts of its row; nothing is stored here. After an edit only the changed lines are redrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from desktop.domain.drafts.draft import PageRegion, Problem
from desktop.domain.drafts.manual_entry import open_problems
from desktop.domain.importing.changes import ChangeKind, RowChange, Scope
from desktop.domain.importing.decisions import Decisions, resolve_rows
from desktop.domain.timetable.meetings import Meeting
from desktop.ui.pages.review.field_texts import to_entry_text
from desktop.ui.pages.review.row_texts import (
    STATE,
    WHAT,
    WHERE,
    cell,
    old_cell,
    problem_words,
    state_word,
)
from desktop.ui.texts.counts import problem_count_text
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import appearance
from desktop.ui.widgets.tooltips import plain_tooltip

if TYPE_CHECKING:
    from desktop.workflows.imports import Proposal

Index = QModelIndex | QPersistentModelIndex
OLD = Qt.ItemDataRole.UserRole + 1  # the old text of a cell, to be struck through
TONE = Qt.ItemDataRole.UserRole + 2  # the colour token of a cell's text


@dataclass(eq=False)
class Node:
    """One line of the tree: a heading, a problem, a meeting or assessment, or a part that can be marked complete."""

    number: int
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    row: int = 0  # index among its siblings
    heading: str = ""
    change: RowChange | None = None
    problem: Problem | None = None
    scope: Scope | None = None
    checked: Qt.CheckState | None = None  # as drawn last

    @property
    def name(self) -> str:
        """An identifier of the line that does not change while it is edited."""
        if self.change is not None:
            return f"row {self.change.key}"
        if self.problem is not None:
            return f"problem {self.problem.place} {self.problem.expected} {self.problem.seen}"
        return f"scope {self.scope.key}" if self.scope is not None else f"heading {self.heading.split('  ')[0]}"


class _NodeTree:
    """The nodes of a proposal in their order."""

    def __init__(self, proposal: Proposal | None) -> None:
        self.root = Node(-1)
        self.nodes: list[Node] = []
        if proposal is not None:
            self._build(proposal)

    def _build(self, proposal: Proposal) -> None:
        waiting = open_problems(proposal.draft)
        if waiting:
            heading = self._add(self.root, heading=problem_count_text(len(waiting)))
            for problem in waiting:
                self._add(heading, problem=problem)
        changes = resolve_rows(proposal.comparison, proposal.decisions)
        by_module: dict[str, list[RowChange]] = {}
        for change in sorted(changes, key=_sort_key):
            by_module.setdefault(change.item.module, []).append(change)
        scopes: dict[str, list[Scope]] = {}
        for scope in proposal.comparison.scopes:
            scopes.setdefault(scope.key.split("/")[0], []).append(scope)
        order = sorted(by_module, key=lambda module: (min(_rank(each) for each in by_module[module]), module))
        for module in order:
            found = by_module[module]
            number = sum(each.kind is not ChangeKind.GONE for each in found)
            heading = self._add(
                self.root, heading=f"{module}  ·  {translate_message(proposal.draft.kind.count_text(number))}"
            )
            for change in found:
                self._add(heading, change=change)
            for scope in scopes.get(module, ()):
                self._add(heading, scope=scope)
        seen = [problem for problem in proposal.draft.problems if problem.seen]
        if seen:
            heading = self._add(self.root, heading=translate("Review", "Left out"))
            for problem in seen:
                self._add(heading, problem=problem)

    def _add(
        self,
        parent: Node,
        *,
        heading: str = "",
        change: RowChange | None = None,
        problem: Problem | None = None,
        scope: Scope | None = None,
    ) -> Node:
        node = Node(len(self.nodes), parent, [], len(parent.children), heading, change, problem, scope)
        parent.children.append(node)
        self.nodes.append(node)
        return node


class ReviewTreeModel(QAbstractItemModel):
    """The model of the tree. `row_edited` carries row indexes with their new texts, `decisions_changed` new
    decisions."""

    row_edited = Signal(object, object)
    decisions_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proposal: Proposal | None = None
        self._nodes: list[Node] = []
        self._root = Node(-1)

    def show_proposal(self, proposal: Proposal | None) -> bool:
        """Shows another proposal, or the same one after an edit.

        Returns whether the lines are different ones; if not, only their contents were updated.
        """
        before, nodes = self._proposal, self._nodes
        fresh = _NodeTree(proposal)
        same = before is not None and proposal is not None and before.draft.source == proposal.draft.source
        if same and [each.name for each in nodes] == [each.name for each in fresh.nodes]:
            self._proposal = proposal
            for old, new in zip(nodes, fresh.nodes, strict=True):
                self._renew(old, new)
            return False
        self.beginResetModel()
        self._proposal, self._nodes, self._root = proposal, fresh.nodes, fresh.root
        for node in self._nodes:
            node.checked = self._checked(node)
        self.endResetModel()
        return True

    def _renew(self, old: Node, new: Node) -> None:
        is_same = (old.heading, old.change, old.problem, old.scope) == (new.heading, new.change, new.problem, new.scope)
        old.heading, old.change, old.problem, old.scope = new.heading, new.change, new.problem, new.scope
        checked = self._checked(old)
        if not is_same or checked != old.checked:
            self.dataChanged.emit(self._index(old), self._index(old, STATE))
        old.checked = checked

    # queries for the page

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that is shown."""
        return self._proposal

    def node(self, index: Index) -> Node:
        return self._nodes[index.internalId()] if index.isValid() else self._root

    def places(self, index: Index) -> tuple[PageRegion, ...]:
        """The places in the document that a line of the tree was read from."""
        node, proposal = self.node(index), self._proposal
        if node.problem is not None:
            return (node.problem.place,)
        if node.change is not None and proposal is not None:
            return tuple(proposal.draft.rows[number].place for number in node.change.rows)
        return ()

    def index_of(self, *, place: PageRegion | None = None, key: str = "") -> QModelIndex:
        """Returns the index of a change by its key, or of the first line read from a place; invalid if none."""
        for node in self._nodes:
            index = self._index(node)
            if (key and node.change is not None and node.change.key == key) or (place in self.places(index)):
                return index
        return QModelIndex()

    def index_at(self, page: int, height: float) -> QModelIndex:
        """Returns the index of the line read at a height of a page, in points: the one whose band fits most closely."""
        found: list[tuple[float, QModelIndex]] = []
        for node in self._nodes:
            index = self._index(node)
            for place in self.places(index):
                bands = ((place.page, place.top, place.bottom), *place.more)
                found += [(low - top, index) for at, top, low in bands if at == page and top - 1 <= height <= low + 1]
        return min(found, key=lambda each: each[0])[1] if found else QModelIndex()

    def first_row(self) -> QModelIndex:
        """Returns the index of the first change or problem."""
        for node in self._nodes:
            if node.change is not None or node.problem is not None:
                return self._index(node)
        return QModelIndex()

    def headings(self) -> list[QModelIndex]:
        return [self._index(node) for node in self._nodes if node.children]

    # QAbstractItemModel

    def _index(self, node: Node, column: int = 0) -> QModelIndex:
        return self.createIndex(node.row, column, node.number)

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
        if self._proposal is None or section == STATE:
            return ""
        column = self._proposal.draft.kind.columns[section]
        return translate_message(column.heading) if column is not None else ""

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
            return QFont(appearance().font(bold=True)) if bold else None
        if role == Qt.ItemDataRole.CheckStateRole and column == WHAT:
            return self._checked(node)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(node, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            old = self._old(node.change, column) if node.change is not None and node.change.after is not None else ""
            return plain_tooltip(f"{old} → {self._text(node, column)}" if old else self._text(node, column))
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
            return translate_message(node.scope.words) if column == WHAT else ""
        if node.change is None:
            return ""
        if column == STATE:
            all_new = self._proposal is not None and self._proposal.comparison.is_first
            return state_word(node.change, all_new=all_new)
        return cell(node.change.item, column)

    @staticmethod
    def _old(change: RowChange, column: int) -> str:
        if column == STATE or change.before is None:
            return ""
        if change.after is None:
            return cell(change.before, column)
        if column == WHERE and set(change.before.printed_venues) == set(change.after.printed_venues):
            return ""
        return old_cell(change.before, change.after, column)

    def _tone(self, node: Node, column: int) -> str:
        if node.problem is not None:
            return "muted" if node.problem.seen else "warning"
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
            return _check_state(node.scope.key in decisions.scopes)
        if node.change is None:
            return None
        kept = node.change.key not in decisions.left
        if node.change.kind is ChangeKind.GONE:
            return _check_state(not (kept and node.change.scope in decisions.scopes))
        return _check_state(kept)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        node, proposal = self.node(index), self._proposal
        if proposal is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self._decide(node, Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role != Qt.ItemDataRole.EditRole or node.change is None or str(value) == self._text(node, index.column()):
            return False
        texts = proposal.draft.kind.form_texts([proposal.draft.rows[number] for number in node.change.rows])
        name = self._field(index)
        self.row_edited.emit(node.change.rows, texts | {name: to_entry_text(name, str(value))})
        return True

    def _decide(self, node: Node, checked: bool) -> None:
        if self._proposal is None:
            return
        decisions: Decisions = self._proposal.decisions
        if node.scope is not None:
            decisions = decisions.confirm(node.scope.key) if checked else decisions.unconfirm(node.scope.key)
        elif node.change is not None and node.change.kind is ChangeKind.GONE:
            # A ticked part is not in the file and stays; unticking it says that this part of the file is complete.
            if checked:
                decisions = decisions.leave_out(node.change.key)
            else:
                decisions = decisions.include(node.change.key).confirm(node.change.scope)
        elif node.change is not None:
            decisions = decisions.include(node.change.key) if checked else decisions.leave_out(node.change.key)
        self.decisions_changed.emit(decisions)

    def _field(self, index: Index) -> str:
        if self._proposal is None:
            return ""
        column = self._proposal.draft.kind.columns[index.column()]
        return column.field if column is not None else ""


def _check_state(checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked


def _rank(change: RowChange) -> int:
    if change.kind is ChangeKind.UNCLEAR:
        return 0
    if change.kind in (ChangeKind.MOVED, ChangeKind.ROOM_CHANGED, ChangeKind.FINALISED, ChangeKind.OTHER):
        return 1
    return 2


def _sort_key(change: RowChange) -> tuple[Any, ...]:
    item = change.item
    if isinstance(item, Meeting):
        return _rank(change), item.module, item.offered, item.kind, item.group, item.activity, item.slot
    return _rank(change), item.module, item.date, item.start, item.name
