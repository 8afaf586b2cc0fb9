"""The page for other calendars (deadlines, a club, work) shown in the week beside the timetable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from desktop.domain.errors import NeedsDecision
from desktop.domain.timetable.events import LayerKind
from desktop.domain.timetable.modules import Colour
from desktop.ui import routes
from desktop.ui.pages.layers.layer_list import LayerList, ShownLayer, colour_entries, kind_entries, set_box_entries
from desktop.ui.pages.page import MAX_COLUMN_WIDTH, Page
from desktop.ui.session.jobs import CancelFlag, Progress
from desktop.ui.session.session import Session
from desktop.ui.session.state import UP_TIMEZONE
from desktop.ui.texts.language import clock_text, date_text, error_text, plural, translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_button, label, panel, row, set_tooltip_and_name

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.workflows.layers import Layer, LayerState, ReadCalendar

COLOURS = (Colour.LAVENDER, Colour.SAGE, Colour.FLAMINGO, Colour.BLUEBERRY, Colour.BANANA, Colour.GRAPHITE)
ENDING = ".ics"


class LayersPage(Page[routes.LayersRoute]):
    """A form for another calendar, and below it the ones already added."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.name, self.address = QLineEdit(), QLineEdit()
        self.address.returnPressed.connect(self.add)
        for field in (self.name, self.address):
            field.setAcceptDrops(False)  # a file dropped here goes to the page
        self.kind, self.colour = QComboBox(), QComboBox()
        self._heading, self._words = label("", "heading"), label("", "quiet", wrap=True)
        self._add = button("", self.add, role="primary", icon="plus")
        self._choose = button("", self.choose, icon="folder")
        form = column(
            self._heading,
            self._words,
            self.name,
            self.address,
            row(self.kind, self.colour, 0, gap=GRID),
            row(self._add, self._choose, 0, gap=GRID),
            margin=GRID * 2,
            gap=GRID,
        )
        self._list = LayerList()
        self._list.changed.connect(self._change)
        self._list.removed.connect(self._remove)
        self._list.allowed.connect(self._allow)
        self._list.file_requested.connect(self._choose_again)
        self._renew = icon_button("retry", "", lambda: session.layer_link.refresh_due(forced=True))
        self.tools.addWidget(self._renew)
        self.set_scrolled_content(column(panel(form, "card"), self._list, 0, gap=GRID * 2), MAX_COLUMN_WIDTH)
        session.layer_link.changed.connect(self.invalidate)
        self.retranslate()

    def title(self) -> str:
        return translate("Layers", "Other calendars")

    def take_focus(self) -> None:
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self._heading.setText(translate("Layers", "Add a calendar"))
        self._words.setText(
            translate(
                "Layers",
                "Deadlines from ClickUP, a club, work: any calendar that has an address or is a file. It is shown in "
                "your week and stays between you and your machines.",
            )
        )
        self.name.setPlaceholderText(translate("Layers", "Its name"))
        self.name.setAccessibleName(translate("Layers", "The name of the calendar"))
        self.address.setPlaceholderText(translate("Layers", "Its address, webcal:// or https://"))
        self.address.setAccessibleName(translate("Layers", "The address of the calendar"))
        set_box_entries(self.kind, kind_entries())
        self.kind.setAccessibleName(translate("Layers", "What it holds"))
        set_box_entries(self.colour, colour_entries())
        self.colour.setAccessibleName(translate("Layers", "Colour"))
        self._add.setText(translate("Layers", "Add"))
        self._choose.setText(translate("Layers", "Choose a file"))
        set_tooltip_and_name(self._renew, translate("Layers", "Read all of them now"))

    def refresh(self) -> None:
        known = self._layers()
        self._list.show_layers([self._shown_layer(layer) for layer in known])
        self._renew.setEnabled(bool(known))
        if not (self.name.isModified() or self.address.isModified()):
            self._offer_colour(known)

    def _offer_colour(self, known: Sequence[Layer]) -> None:
        taken = {layer.colour for layer in known}
        free = next((colour for colour in COLOURS if colour not in taken), COLOURS[len(known) % len(COLOURS)])
        self.colour.setCurrentIndex(max(0, self.colour.findData(free)))

    def _layers(self) -> tuple[Layer, ...]:
        from desktop.workflows import layers  # noqa: PLC0415 - nothing of networks is loaded before it is wanted

        view = self.session.state.view
        return layers.layers_of(view.records) if view is not None else ()

    def _layer(self, key: str) -> Layer | None:
        return next((layer for layer in self._layers() if layer.key == key), None)

    def _shown_layer(self, layer: Layer) -> ShownLayer:
        link = self.session.layer_link
        trouble, state = link.errors.get(layer.key), link.states.get(layer.key)
        if trouble is not None:
            return ShownLayer(
                layer, error_text(trouble), is_problem=True, needs_permission=isinstance(trouble, NeedsDecision)
            )
        if state is None or state.at is None:
            if layer.address or state is None:
                return ShownLayer(layer, translate("Layers", "not read yet"))
            missing = translate("Layers", "{file} is on another of your machines. Choose it here as well.")
            return ShownLayer(layer, missing.format(file=layer.file), is_problem=True)
        return ShownLayer(layer, self._state_text(layer, state, state.at))

    def _state_text(self, layer: Layer, state: LayerState, at: datetime) -> str:
        counted = plural(state.count, translate("Layers", "{n} entry"), translate("Layers", "{n} entries"))
        day, clock = date_text(at.date(), "d MMMM"), clock_text(at.astimezone(UP_TIMEZONE))
        as_of = translate("Layers", "as of {day}, {time}").format(day=day, time=clock)
        return " · ".join(part for part in (layer.file, counted, as_of) if part)

    # adding

    def add(self) -> None:
        """Adds the calendar that was typed, and reads it at once."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store, name, address = self.session.app.store, self.name.text(), self.address.text()
        kind, colour, loopback = self._wanted_kind(), self._wanted_colour(), self.session.layer_link.loopback
        self.session.run_change(lambda: layers.add(store, name, address, kind, colour, loopback=loopback), self._added)

    def _wanted_kind(self) -> LayerKind:
        return LayerKind(self.kind.currentData())

    def _wanted_colour(self) -> Colour:
        return Colour(self.colour.currentData())

    def _added(self, layer: Layer) -> None:
        self.name.clear()
        self.address.clear()
        self._offer_colour(self._layers())
        said = translate("Layers", "Added {name}").format(name=" ".join(layer.name.split()))
        self.session.notices.show_success(said, self.session.undo)

    def choose(self) -> None:
        """Asks for a calendar file."""
        self._ask_for_file(self._add_file)

    def _choose_again(self, key: str) -> None:
        self._ask_for_file(lambda path: self._replace_file(key, path))

    def _ask_for_file(self, take: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, translate("Layers", "Choose a calendar file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Layers", "Calendars ({endings})").format(endings=f"*{ENDING}"))
        dialog.fileSelected.connect(lambda name: take(Path(name)))
        dialog.open()

    def drop_hint(self, files: Sequence[Path]) -> str:
        wanted = len(files) == 1 and files[0].suffix.lower() == ENDING
        return translate("Layers", "Drop to add this calendar") if wanted else ""

    def drop(self, paths: Sequence[Path]) -> None:
        self._add_file(paths[0])

    def _add_file(self, path: Path) -> None:
        """Adds the file as a new layer, named as typed or else after the file."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store, kind, colour = self.session.app.store, self._wanted_kind(), self._wanted_colour()
        name = self.name.text().strip() or path.stem[:60]

        def came(found: ReadCalendar) -> None:
            self.session.run_change(lambda: layers.add_file(store, name, path, found, kind, colour), self._added)

        self._read_file(path, came)

    def _replace_file(self, key: str, path: Path) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        layer, store = self._layer(key), self.session.app.store
        if layer is None:
            return

        def came(found: ReadCalendar) -> None:
            self.session.layer_link.forget_state(layer)
            said = translate("Layers", "Read {file}").format(file=path.name)
            self.session.run_change(
                lambda: layers.replace_file(store, layer, path, found),
                lambda _nothing: self.session.notices.show_success(said),
            )

        self._read_file(path, came)

    def _read_file(self, path: Path, came: Callable[[ReadCalendar], None]) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        now = self.session.state.now().replace(tzinfo=UP_TIMEZONE)

        def work(_flag: CancelFlag, _progress: Progress) -> ReadCalendar:
            return layers.read_file(path, now)

        self.session.jobs.run_in_pool(work, came, self.session.notices.show_error, owner=self)

    # changing

    def _change(self, layer: Layer) -> None:
        """Stores a changed layer. An invalid name is reported and stays typed."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self.session.app.store
        self.session.run_change(
            lambda: layers.change(store, layer),
            lambda applied: self.session.notices.show_success(applied.title, self.session.undo),
        )

    def _remove(self, key: str) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        layer, store = self._layer(key), self.session.app.store
        if layer is None:
            return
        self.session.layer_link.forget_state(layer)
        self.session.run_change(
            lambda: layers.remove(store, layer),
            lambda applied: self.session.notices.show_success(applied.title, self.session.undo),
        )

    def _allow(self, key: str) -> None:
        layer = self._layer(key)
        if layer is not None:
            self.session.layer_link.allow_fetching(layer)
