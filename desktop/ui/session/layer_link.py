"""Keeps the other calendars (layers) up to date: each is fetched at an interval while the program runs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.domain.errors import NeedsDecision
from desktop.ui.session.jobs import Flag
from desktop.ui.session.session_parts import SessionParts
from desktop.ui.session.state import UP_CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.workflows.layers import Layer, LayerState


class _Session(SessionParts, Protocol):
    def load(self, year: int | None = None, done: Callable[[], object] | None = None) -> None: ...


class LayerLink(QObject):
    """The states and errors of the layers, by the key of the layer."""

    changed = Signal()  # a state or an error
    loopback: ClassVar[bool] = False  # allows http to this machine; for tests and development

    def __init__(self, session: _Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: set[str] = set()
        self.states: dict[str, LayerState] = {}
        self.troubles: dict[str, Exception] = {}

    def start(self) -> None:
        """Fetches the layers that are due: now, every minute, and after every change."""
        self._session.state.ticked.connect(self.look)
        self._session.state.changed.connect(self.look)
        self.look()

    def look(self, *, forced: bool = False) -> None:
        """Fetches the layers that are due; all of them if `forced`."""
        view = self._session.state.view
        if view is None or not self._session.is_open:
            return
        if not forced and not any(True for _ in view.records.of("layer")):
            return
        from desktop.workflows import layers  # noqa: PLC0415 - networking is not imported before there is a layer

        now = self._now()
        for layer in layers.layers_of(view.records):
            state = self.states.get(layer.key)
            waits = isinstance(self.troubles.get(layer.key), NeedsDecision)
            if forced or (state is not None and not waits and layers.is_due(layer, state, now)):
                self._ask(layer, forced=forced)
            elif state is None and layer.key not in self._asked:
                self._asked.add(layer.key)
                self._look_up(layer, self.look)

    def allow(self, layer: Layer) -> None:
        """Records that the student allows fetching from the address, and fetches the layer."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self._session.app.store

        def allowed(_nothing: None) -> None:
            self.troubles.pop(layer.key, None)
            self._ask(layer, forced=True)

        self._session.jobs.store(lambda: layers.allow(store, layer), allowed, self._session.notices.handle, owner=self)

    def forget(self, layer: Layer) -> None:
        """Forgets the state of a layer that was removed or has another file."""
        for known in (self.states, self.troubles):
            known.pop(layer.key, None)

    def _ask(self, layer: Layer, *, forced: bool) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        if layer.key in self._asked:
            return
        self._asked.add(layer.key)
        store, now, loopback = self._session.app.store, self._now(), self.loopback

        def work(_flag: Flag) -> tuple[bool, LayerState]:
            is_other = layers.refresh(store, layer, now, forced=forced, loopback=loopback)
            return is_other, layers.state_of(store, layer)

        self._session.jobs.sync(work, partial(self._came, layer), partial(self._failed, layer), owner=self)

    def _came(self, layer: Layer, found: tuple[bool, LayerState]) -> None:
        is_other, state = found
        self._know(layer, state)
        self.troubles.pop(layer.key, None)
        self.changed.emit()
        if is_other:
            self._session.load()

    def _failed(self, layer: Layer, error: Exception) -> None:
        """Keeps the error, which is shown beside the calendar's name. Events read before are still shown."""
        self.troubles[layer.key] = error
        self._look_up(layer)

    def _look_up(self, layer: Layer, then: Callable[[], object] | None = None) -> None:
        """Loads the state of a layer from the store, without fetching it; then calls `then`."""
        if not self._session.is_open:
            return  # closed in the meantime
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self._session.app.store

        def known(state: LayerState) -> None:
            self._know(layer, state)
            self.changed.emit()
            if then is not None:
                then()

        self._session.jobs.store(lambda: layers.state_of(store, layer), known, self._session.notices.handle, owner=self)

    def _know(self, layer: Layer, state: LayerState) -> None:
        self._asked.discard(layer.key)
        self.states[layer.key] = state

    def _now(self) -> datetime:
        return self._session.state.now().replace(tzinfo=UP_CLOCK)
