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
from desktop.ui.pages.layers.layer_list import LayerList, ShownLayer, colour_words, fill, kind_words
from desktop.ui.pages.page import COLUMN, Page
from desktop.ui.session.jobs import Flag, Progress
from desktop.ui.session.session import Session
from desktop.ui.session.state import UP_CLOCK
from desktop.ui.texts.language import clock_text, day_text, plural, translate, trouble_text
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_button, label, name_it, panel, row

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
        self._list.file_asked.connect(self._choose_again)
        self._renew = icon_button("retry", "", lambda: session.layer_link.look(forced=True))
        self.tools.addWidget(self._renew)
        self.fill(column(panel(form, "card"), self._list, 0, gap=GRID * 2), COLUMN)
        session.layer_link.changed.connect(self.outdated)
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
        fill(self.kind, kind_words())
        self.kind.setAccessibleName(translate("Layers", "What it holds"))
        fill(self.colour, colour_words())
        self.colour.setAccessibleName(translate("Layers", "Colour"))
        self._add.setText(translate("Layers", "Add"))
        self._choose.setText(translate("Layers", "Choose a file"))
        name_it(self._renew, translate("Layers", "Read all of them now"))

    def refresh(self) -> None:
        known = self._layers()
        self._list.show_layers([self._shown(layer) for layer in known])
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

    def _shown(self, layer: Layer) -> ShownLayer:
        link = self.session.layer_link
        trouble, state = link.troubles.get(layer.key), link.states.get(layer.key)
        if trouble is not None:
            return ShownLayer(layer, trouble_text(trouble), warns=True, asks=isinstance(trouble, NeedsDecision))
        if state is None or state.at is None:
            if layer.address or state is None:
                return ShownLayer(layer, translate("Layers", "not read yet"))
            missing = translate("Layers", "{file} is on another of your machines. Choose it here as well.")
            return ShownLayer(layer, missing.format(file=layer.file), warns=True)
        return ShownLayer(layer, self._words_of(layer, state, state.at))

    def _words_of(self, layer: Layer, state: LayerState, at: datetime) -> str:
        counted = plural(state.count, translate("Layers", "{n} entry"), translate("Layers", "{n} entries"))
        day, clock = day_text(at.date(), "d MMMM"), clock_text(at.astimezone(UP_CLOCK))
        as_of = translate("Layers", "as of {day}, {time}").format(day=day, time=clock)
        return " · ".join(part for part in (layer.file, counted, as_of) if part)

    # adding

    def add(self) -> None:
        """Adds the calendar that was typed, and reads it at once."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store, name, address = self.session.app.store, self.name.text(), self.address.text()
        kind, colour, loopback = self._wanted_kind(), self._wanted_colour(), self.session.layer_link.loopback
        self.session.change(lambda: layers.add(store, name, address, kind, colour, loopback=loopback), self._added)

    def _wanted_kind(self) -> LayerKind:
        return LayerKind(self.kind.currentData())

    def _wanted_colour(self) -> Colour:
        return Colour(self.colour.currentData())

    def _added(self, layer: Layer) -> None:
        self.name.clear()
        self.address.clear()
        self._offer_colour(self._layers())
        said = translate("Layers", "Added {name}").format(name=" ".join(layer.name.split()))
        self.session.notices.success(said, self.session.undo)

    def choose(self) -> None:
        """Asks for a calendar file."""
        self._ask_for_file(self._take)

    def _choose_again(self, key: str) -> None:
        self._ask_for_file(lambda path: self._take_again(key, path))

    def _ask_for_file(self, take: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, translate("Layers", "Choose a calendar file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(translate("Layers", "Calendars ({endings})").format(endings=f"*{ENDING}"))
        dialog.fileSelected.connect(lambda name: take(Path(name)))
        dialog.open()

    def drop_words(self, files: Sequence[Path]) -> str:
        wanted = len(files) == 1 and files[0].suffix.lower() == ENDING
        return translate("Layers", "Drop to add this calendar") if wanted else ""

    def drop(self, paths: Sequence[Path]) -> None:
        self._take(paths[0])

    def _take(self, path: Path) -> None:
        """Adds the file as a new layer, named as typed or else after the file."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store, kind, colour = self.session.app.store, self._wanted_kind(), self._wanted_colour()
        name = self.name.text().strip() or path.stem[:60]

        def came(found: ReadCalendar) -> None:
            self.session.change(lambda: layers.add_file(store, name, path, found, kind, colour), self._added)

        self._read_file(path, came)

    def _take_again(self, key: str, path: Path) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        layer, store = self._layer(key), self.session.app.store
        if layer is None:
            return

        def came(found: ReadCalendar) -> None:
            self.session.layer_link.forget(layer)
            said = translate("Layers", "Read {file}").format(file=path.name)
            self.session.change(
                lambda: layers.replace_file(store, layer, path, found),
                lambda _nothing: self.session.notices.success(said),
            )

        self._read_file(path, came)

    def _read_file(self, path: Path, came: Callable[[ReadCalendar], None]) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        now = self.session.state.now().replace(tzinfo=UP_CLOCK)

        def work(_flag: Flag, _progress: Progress) -> ReadCalendar:
            return layers.read_file(path, now)

        self.session.jobs.read(work, came, self.session.notices.handle, owner=self)

    # changing

    def _change(self, layer: Layer) -> None:
        """Stores a changed layer. An invalid name is reported and stays typed."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self.session.app.store
        self.session.change(
            lambda: layers.change(store, layer),
            lambda applied: self.session.notices.success(applied.title, self.session.undo),
        )

    def _remove(self, key: str) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        layer, store = self._layer(key), self.session.app.store
        if layer is None:
            return
        self.session.layer_link.forget(layer)
        self.session.change(
            lambda: layers.remove(store, layer),
            lambda applied: self.session.notices.success(applied.title, self.session.undo),
        )

    def _allow(self, key: str) -> None:
        layer = self._layer(key)
        if layer is not None:
            self.session.layer_link.allow(layer)
