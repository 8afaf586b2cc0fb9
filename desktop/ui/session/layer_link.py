"""Keeps the other calendars (layers) up to date: each is fetched at an interval while the program runs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import QObject, Signal

from desktop.domain.errors import NeedsDecision
from desktop.ui.session.jobs import CancelFlag
from desktop.ui.session.session_parts import SessionParts
from desktop.ui.session.state import UP_TIMEZONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.workflows.layers import Layer, LayerState


class _Session(SessionParts, Protocol):
    def reload_view(self, year: int | None = None, done: Callable[[], object] | None = None) -> None: ...


class LayerLink(QObject):
    """The states and errors of the layers, by the key of the layer."""

    changed = Signal()  # a state or an error
    loopback: ClassVar[bool] = False  # allows http to this machine; for tests and development

    def __init__(self, session: _Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pending_keys: set[str] = set()
        self.states: dict[str, LayerState] = {}
        self.errors: dict[str, Exception] = {}

    def start(self) -> None:
        """Fetches the layers that are due: now, every minute, and after every change."""
        self._session.state.minute_started.connect(self.refresh_due)
        self._session.state.changed.connect(self.refresh_due)
        self.refresh_due()

    def refresh_due(self, *, forced: bool = False) -> None:
        """Fetches the layers that are due; all of them if `forced`."""
        view = self._session.state.view
        if view is None or not self._session.is_open:
            return
        if not forced and not any(True for _ in view.records.of_kind("layer")):
            return
        from desktop.workflows import layers  # noqa: PLC0415 - networking is not imported before there is a layer

        now = self._now()
        for layer in layers.layers_of(view.records):
            state = self.states.get(layer.key)
            waits = isinstance(self.errors.get(layer.key), NeedsDecision)
            if forced or (state is not None and not waits and layers.is_due(layer, state, now)):
                self._fetch(layer, forced=forced)
            elif state is None and layer.key not in self._pending_keys:
                self._pending_keys.add(layer.key)
                self._load_state(layer, self.refresh_due)

    def allow_fetching(self, layer: Layer) -> None:
        """Records that the student allows fetching from the address, and fetches the layer."""
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self._session.app.store

        def allowed(_nothing: None) -> None:
            self.errors.pop(layer.key, None)
            self._fetch(layer, forced=True)

        self._session.jobs.run_on_store(
            lambda: layers.confirm(store, layer), allowed, self._session.notices.show_error, owner=self
        )

    def forget_state(self, layer: Layer) -> None:
        """Forgets the state of a layer that was removed or has another file."""
        for known in (self.states, self.errors):
            known.pop(layer.key, None)

    def _fetch(self, layer: Layer, *, forced: bool) -> None:
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        if layer.key in self._pending_keys:
            return
        self._pending_keys.add(layer.key)
        store, now, loopback = self._session.app.store, self._now(), self.loopback

        def work(_flag: CancelFlag) -> tuple[bool, LayerState]:
            is_other = layers.refresh(store, layer, now, forced=forced, loopback=loopback)
            return is_other, layers.state_of(store, layer)

        self._session.jobs.run_on_servers(
            work, partial(self._fetched, layer), partial(self._fetch_failed, layer), owner=self
        )

    def _fetched(self, layer: Layer, found: tuple[bool, LayerState]) -> None:
        is_other, state = found
        self._set_state(layer, state)
        self.errors.pop(layer.key, None)
        self.changed.emit()
        if is_other:
            self._session.reload_view()

    def _fetch_failed(self, layer: Layer, error: Exception) -> None:
        """Keeps the error, which is shown beside the calendar's name. Events read before are still shown."""
        self.errors[layer.key] = error
        self._load_state(layer)

    def _load_state(self, layer: Layer, then: Callable[[], object] | None = None) -> None:
        """Loads the state of a layer from the store, without fetching it; then calls `then`."""
        if not self._session.is_open:
            return  # closed in the meantime
        from desktop.workflows import layers  # noqa: PLC0415 - as above

        store = self._session.app.store

        def known(state: LayerState) -> None:
            self._set_state(layer, state)
            self.changed.emit()
            if then is not None:
                then()

        self._session.jobs.run_on_store(
            lambda: layers.state_of(store, layer), known, self._session.notices.show_error, owner=self
        )

    def _set_state(self, layer: Layer, state: LayerState) -> None:
        self._pending_keys.discard(layer.key)
        self.states[layer.key] = state

    def _now(self) -> datetime:
        return self._session.state.now().replace(tzinfo=UP_TIMEZONE)
