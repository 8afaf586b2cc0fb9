"""A push plan line by line; ticking a line overwrites an event that was changed in the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem

from desktop.ui.texts.language import event_time_text, plural, translate
from desktop.ui.theme.style import GRID, appearance
from desktop.ui.widgets.controls import column, label
from desktop.ui.widgets.tooltips import set_tooltip

if TYPE_CHECKING:
    from desktop.workflows.push import PlannedPush, PushStep

MAX_VISIBLE_ROWS = 12  # most lines visible at once


class PushPlanPanel(QFrame):
    """The plan as a list. `overwrite_changed` when a line that was changed in the calendar is ticked or unticked."""

    overwrite_changed = Signal()

    def __init__(self, drawn: PlannedPush) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self.drawn = drawn
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHeaderLabels(
            [
                translate("Push", "What happens"),
                translate("Push", "What"),
                translate("Push", "When"),
                translate("Push", "Where"),
            ]
        )
        self.list.setAccessibleName(translate("Push", "What would be written"))
        order = sorted(drawn.plan.steps, key=lambda step: (not self._needs_decision(step), step.kind == "keep"))
        self._items = [self._item(step) for step in order]  # lines that need a decision first, unchanged ones last
        self.list.addTopLevelItems(self._items)
        header = self.list.header()
        for number, width in enumerate((150, 170, 300)):
            header.resizeSection(number, appearance().px(width))
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.list.setFixedHeight(appearance().px(28) * (min(MAX_VISIBLE_ROWS, max(1, len(self._items))) + 1))
        self.list.itemChanged.connect(lambda _item, _column: self.overwrite_changed.emit())
        body = column(label(counts_text(drawn), "heading", wrap=True), gap=GRID)
        if self._has_differences():
            hint = translate("Push", "Ticked lines become as they are here; the others stay as they are over there.")
            body.addWidget(label(hint, "quiet", wrap=True))
        if any(step.like is not None for step in drawn.plan.steps):
            hint = translate("Push", "What is there already is not from this program. Tick it to remove it there.")
            body.addWidget(label(hint, "quiet", wrap=True))
        body.addWidget(self.list)
        self.setLayout(body)

    def uids_to_overwrite(self) -> frozenset[str]:
        """The UIDs of the ticked lines."""
        return frozenset(
            str(each.data(0, Qt.ItemDataRole.UserRole))
            for each in self._items
            if each.checkState(0) == Qt.CheckState.Checked
        )

    def _has_differences(self) -> bool:
        return any(self._needs_decision(step) and step.like is None for step in self.drawn.plan.steps)

    def _needs_decision(self, step: PushStep) -> bool:
        return step.uid in self.drawn.overwrite or str(step.kind) in ("changed there", "removed there", "look-alike")

    def _item(self, step: PushStep) -> QTreeWidgetItem:
        event = step.event
        item = QTreeWidgetItem(
            [
                kind_text(str(step.kind)),
                step.title,
                event_time_text(event.start, event.end, list(event.starts())) if event is not None else "",
                event.location.replace("\n", ", ") if event is not None else "",
            ]
        )
        item.setData(0, Qt.ItemDataRole.UserRole, step.uid)
        for number in range(4):
            set_tooltip(item, item.text(number), number)
        if self._needs_decision(step):
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = step.uid in self.drawn.overwrite
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        return item


def kind_text(kind: str) -> str:
    """The action for one event, in a word or two."""
    return {
        "add": translate("Push", "Add"),
        "change": translate("Push", "Change"),
        "remove": translate("Push", "Remove"),
        "keep": translate("Push", "Stays"),
        "changed there": translate("Push", "Changed there"),
        "removed there": translate("Push", "Removed there"),
        "look-alike": translate("Push", "There already"),
    }.get(kind, kind)


def counts_text(drawn: PlannedPush) -> str:
    """`46 to add, 2 to change, 30 stay`."""
    counts = {str(kind): number for kind, number in drawn.plan.counts().items()}
    said = (
        ("add", translate("Push", "{n} to add"), translate("Push", "{n} to add")),
        ("change", translate("Push", "{n} to change"), translate("Push", "{n} to change")),
        ("remove", translate("Push", "{n} to remove"), translate("Push", "{n} to remove")),
        ("keep", translate("Push", "{n} stays"), translate("Push", "{n} stay")),
        ("changed there", translate("Push", "{n} was changed there"), translate("Push", "{n} were changed there")),
        ("look-alike", translate("Push", "{n} is there already"), translate("Push", "{n} are there already")),
        ("removed there", translate("Push", "{n} was removed there"), translate("Push", "{n} were removed there")),
    )
    parts = [plural(counts[kind], one, many) for kind, one, many in said if counts.get(kind)]
    return ", ".join(parts) or translate("Push", "There is nothing to write")
