"""The list of other calendars: colour, name, kind and state of each, and removal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame

from desktop.domain.timetable.events import LayerKind
from desktop.domain.timetable.modules import Colour
from desktop.ui.texts.code_names import colour_name
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID, full_colour
from desktop.ui.widgets.controls import button, column, icon_button, label, row, set_tone, set_tooltip_and_name
from desktop.ui.widgets.name_field import NameField
from desktop.ui.widgets.plain_words import CheckBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.workflows.layers import Layer


def kind_entries() -> list[tuple[object, str]]:
    """The kinds of layer with their names: what a calendar may contain."""
    return [
        (LayerKind.DEADLINE, translate("Layers", "Deadlines")),
        (LayerKind.CLASS, translate("Layers", "Classes")),
        (LayerKind.BUSY, translate("Layers", "Times I am busy")),
        (LayerKind.SHOWN, translate("Layers", "Only to look at")),
    ]


def colour_entries() -> list[tuple[object, str]]:
    return [(colour, colour_name(colour)) for colour in Colour]


def set_box_entries(box: QComboBox, entries: Iterable[tuple[object, str]]) -> None:
    """Sets the entries of a box again; the selection stays."""
    now = box.currentData()
    box.clear()
    for value, words in entries:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(now)))


class ShownLayer(NamedTuple):
    """A layer as shown in the list.

    `words` is its state, `is_problem` whether that is a problem, `needs_permission` whether its address needs the
    student's permission.
    """

    layer: Layer
    words: str
    is_problem: bool = False
    needs_permission: bool = False


class LayerList(QFrame):
    """The list of all layers.

    `changed` carries a layer with its new values; the other signals carry the key of a layer.
    """

    changed = Signal(object)
    removed = Signal(str)
    allowed = Signal(str)
    file_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._lines: dict[str, LayerRow] = {}
        self._body = column(gap=GRID * 2)
        self.setLayout(self._body)

    def show_layers(self, known: Sequence[ShownLayer]) -> None:
        """Shows exactly these, in this order."""
        for key in self._lines.keys() - {each.layer.key for each in known}:
            gone = self._lines.pop(key)
            gone.hide()
            gone.deleteLater()
        for number, each in enumerate(known):
            key = each.layer.key
            if key not in self._lines:
                made = self._lines[key] = LayerRow()
                made.changed.connect(self.changed)
                made.removed.connect(partial(self.removed.emit, key))
                made.allowed.connect(partial(self.allowed.emit, key))
                made.file_requested.connect(partial(self.file_requested.emit, key))
            self._body.insertWidget(number, self._lines[key])
            self._lines[key].show_layer(each)


class LayerRow(QFrame):
    """The row of one layer. `changed` carries it with a new name, kind, colour or export setting."""

    changed = Signal(object)
    removed = Signal()
    allowed = Signal()
    file_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._layer: Layer | None = None
        self._bar = QFrame()
        self._bar.setFixedWidth(4)
        self.name = NameField()
        self.name.setAcceptDrops(False)  # a file dropped here goes to the page
        self.name.name_entered.connect(lambda name: self._change(name=name))
        self._state = label("", "quiet", wrap=True)
        self.kind, self.colour = QComboBox(), QComboBox()
        self.kind.activated.connect(lambda *_: self._change(kind=LayerKind(self.kind.currentData())))
        self.colour.activated.connect(lambda *_: self._change(colour=Colour(self.colour.currentData())))
        self._exported = CheckBox()
        self._exported.clicked.connect(lambda on: self._change(exported=bool(on)))
        self._remove = icon_button("delete", "", self.removed.emit)
        self._allow, self._file = button("", self.allowed.emit), button("", self.file_requested.emit)
        words = column(
            row(self.name, self._remove, gap=GRID),
            self._state,
            row(self.kind, self.colour, self._allow, self._file, 0, gap=GRID),
            self._exported,
            gap=GRID,
        )
        laid = row(self._bar, words, gap=GRID, margin=GRID * 2)
        laid.setStretch(1, 1)
        self.setLayout(laid)

    def _change(self, **values: object) -> None:
        if self._layer is not None:
            wanted = replace(self._layer, **values)  # type: ignore[arg-type]  # fields of a layer, each of its type
            if wanted != self._layer:
                self.changed.emit(wanted)

    def show_layer(self, shown: ShownLayer) -> None:
        """Shows the current state. A name that is being typed stays."""
        layer = self._layer = shown.layer
        self._bar.setStyleSheet(f"background: {full_colour(layer.colour).name()}; border-radius: 2px;")
        self.name.show_name(layer.name, translate("Layers", "Name of {name}").format(name=layer.name))
        self._state.setText(shown.words)
        set_tone(self._state, "warning" if shown.is_problem else "")
        for box, entries, value, words in (
            (self.kind, kind_entries(), layer.kind, translate("Layers", "What {name} holds")),
            (self.colour, colour_entries(), layer.colour, translate("Layers", "Colour of {name}")),
        ):
            set_box_entries(box, entries)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.setAccessibleName(words.format(name=layer.name))
        self._exported.setText(translate("Layers", "Write it into exports, the phone’s file and published calendars"))
        self._exported.setChecked(layer.exported)
        self._allow.setText(translate("Layers", "Allow"))
        self._allow.setAccessibleName(translate("Layers", "Allow the address of {name}").format(name=layer.name))
        self._allow.setVisible(shown.needs_permission)
        self._file.setText(translate("Layers", "Choose the file again"))
        self._file.setAccessibleName(translate("Layers", "Choose the file of {name} again").format(name=layer.name))
        self._file.setVisible(not layer.address)
        set_tooltip_and_name(self._remove, translate("Layers", "Remove {name}").format(name=layer.name))
