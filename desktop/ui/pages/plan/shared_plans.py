"""Plans that somebody shared, shown as candidates beside those found."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop.domain.records.shared_choices import SharedChoices
from desktop.planning.planner import Plan, apply_plan
from desktop.ui import routes
from desktop.ui.pages.plan.shown_plans import ShownSharedPlan
from desktop.ui.pages.plan.small_week import SmallWeek
from desktop.ui.session.session import Session
from desktop.ui.texts.language import plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, column, icon_label, label, row


class SharedPlanCard(QFrame):
    """The card of one shared plan: its week, what of it is missing here, and the buttons to use or remove it."""

    def __init__(self, session: Session, shown: ShownSharedPlan) -> None:
        super().__init__()
        self.session = session
        self.setProperty("role", "card")
        title = translate("Share", "Shared plan")
        changes = (
            translate("Plan", "what you have now")
            if shown.plan.changes == 0
            else plural(shown.plan.changes, translate("Plan", "{n} change"), translate("Plan", "{n} changes"))
        )
        picture = SmallWeek(self.session.state, shown.week, frozenset(shown.plan.groups))
        picture.setAccessibleName(title)
        words = column(gap=2)
        for texts, role in ((shown.plan.reasons, ""), (shown.plan.tradeoffs, "quiet")):
            line = " · ".join(translate_message(text) for text in texts)
            if line:
                words.addWidget(label(line[:1].upper() + line[1:], role, wrap=True))
        for missing in shown.missing:
            said = row(icon_label("warning", "warning"), label(translate_message(missing), wrap=True), gap=GRID)
            said.setStretch(1, 1)
            words.addLayout(said)
        use = button(translate("Plan", "Use this plan"), partial(self._use, shown.plan))
        use.setEnabled(shown.plan.changes > 0)
        use.setAccessibleDescription(title)
        away = button(translate("Share", "Remove"), partial(self._drop, shown.shared), role="quiet")
        away.setAccessibleName(translate("Share", "Remove: {what}").format(what=title))
        head = row(label(title, "heading"), label(changes, "quiet"), 0, gap=GRID)
        body = column(head, picture, words, 0, row(use, away, 0, gap=GRID), margin=GRID * 2, gap=GRID)
        self.setLayout(body)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _use(self, plan: Plan) -> None:
        view = self.session.state.view
        if view is not None:
            self.session.perform(apply_plan(view.timetable, plan))

    def _drop(self, shared: SharedChoices) -> None:
        from desktop.workflows import shared_choices  # noqa: PLC0415 - not before it is wanted

        store = self.session.app.store
        self.session.run_change(
            lambda: shared_choices.delete_choices(store, shared),
            lambda applied: self.session.notices.show_success(applied.title, self.session.undo),
        )


def share_button(session: Session, plan: Plan) -> QWidget:
    """Makes a button that opens the Share page for a plan."""
    made = button(
        translate("Share", "Share"),
        lambda: session.open_page(routes.ShareRoute(plan.groups)),
        role="quiet",
        icon="share",
    )
    made.setAccessibleName(translate("Share", "Share this plan"))
    return made
