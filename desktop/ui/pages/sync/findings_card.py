"""The findings about the server, each with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from desktop.ui.session.session import Session
from desktop.ui.texts.findings import finding_hint, finding_text, finding_time
from desktop.ui.texts.language import translate
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_label, label, row, separator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.workflows.sync import Joint, ServerFinding


class FindingsCard(QFrame):
    """A card with every finding that was not dismissed."""

    def __init__(self, session: Session, found: Sequence[ServerFinding]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session = session
        body = column(margin=GRID * 2, gap=GRID)
        for at, each in enumerate(found):
            if at:
                body.addWidget(separator())
            icon = icon_label("warning", "warning") if each.accuses else icon_label("info", "accent")
            texts = column(
                label(finding_text(each), "strong", wrap=True),
                label(finding_hint(each), wrap=True),
                label(finding_time(each), "quiet"),
                gap=2,
            )
            laid = row(icon, texts, gap=GRID)
            laid.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
            laid.setStretch(1, 1)
            body.addLayout(laid)
        body.addLayout(row(button(translate("Sync", "Dismiss"), self._dismiss), 0))
        self.setLayout(body)

    def _dismiss(self) -> None:
        def work(joint: Joint) -> None:
            joint.service.forget_findings()

        self._session.sync_link.run_on_account(work, lambda _done: None, owner=self)
