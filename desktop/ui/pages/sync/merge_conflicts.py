"""Values set differently on two machines: the one in force, and the one that lost, to be used instead."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from desktop.ui.session.session import Session
from desktop.ui.texts.language import translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, label, row, separator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.workflows.sync import LostValue

MAX_SHOWN = 50  # shown at once


class MergeConflictsCard(QFrame):
    """A card with the values that lost a merge, each with the two ways to settle it."""

    def __init__(self, session: Session, found: Sequence[LostValue]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        body = column(label(translate("Sync", "Set differently on two machines"), "heading"), margin=GRID * 2, gap=GRID)
        for lost in found[:MAX_SHOWN]:
            body.addWidget(separator())
            what = f"{lost.record.key} · {translate_message(lost.field)}"
            stands = translate("Sync", "current: {value}").format(value=_short(lost.winning_value))
            other = translate("Sync", "other: {value}").format(value=_short(lost.value))
            texts = column(label(what, "strong", wrap=True), label(f"{stands} · {other}", "quiet", wrap=True), gap=2)
            use = button(translate("Sync", "Use the other value"), partial(self._settle, lost, use=True))
            keep = button(translate("Sync", "Keep"), partial(self._settle, lost, use=False), role="quiet")
            laid = row(texts, use, keep, gap=GRID)
            laid.setStretch(0, 1)
            body.addLayout(laid)
        self.setLayout(body)

    def _settle(self, lost: LostValue, *, use: bool) -> None:
        from desktop.workflows import sync  # noqa: PLC0415 - not before sync runs

        app = self._session.app
        said = translate("Sync", "Took the other value") if use else translate("Sync", "Kept the current value")
        self._session.run_change(
            lambda: sync.use_lost_value(app.store, lost) if use else sync.keep_winning_value(app.store, lost),
            lambda _applied: self._session.notices.show_success(said, self._session.undo),
        )


def _short(value: object) -> str:
    if value is None:
        return translate("Sync", "nothing")
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
