"""The Add to calendar page: choose a calendar, read what would be written, write it, or remove everything again.

Nothing is sent before its plan was shown. All requests run on the lane for servers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from desktop.domain.errors import AppError, Cancelled
from desktop.private_files import make_private
from desktop.ui import routes
from desktop.ui.pages.page import Page
from desktop.ui.pages.portal import PortalEmptyState
from desktop.ui.pages.push.plan_panel import PushPlanPanel
from desktop.ui.pages.push.stored_credentials import StoredCredentials
from desktop.ui.pages.push.target_form import Opener, TargetForm
from desktop.ui.pages.recess_note import RecessNote
from desktop.ui.pages.undecided_groups import UndecidedGroupsPrompt
from desktop.ui.session.first_run import Step, mark_step_done
from desktop.ui.session.jobs import CancelFlag, Job
from desktop.ui.session.session import Session
from desktop.ui.texts.language import clock_text, current_language, date_text, plural, translate, translate_message
from desktop.ui.theme.style import GRID
from desktop.ui.widgets.controls import button, clear_layout, column, label, panel, row

if TYPE_CHECKING:
    from desktop.workflows.push import LastPush, PlannedPush, PushResult

WIDTH = 960


class PushPage(Page[routes.PushRoute]):
    """The choice of target, the push plan, the progress, and what was written before."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.form = TargetForm(session)
        self.credentials = StoredCredentials(session, self.form)
        self.plan: PushPlanPanel | None = None
        self._job: Job[Any] | None = None
        self._about_to_remove = False
        self._stopped = False
        self._is_writing = False
        self._has_written_events = False  # whether the calendar read holds anything written by this profile
        self._outcome: QVBoxLayout = column(gap=GRID)
        self._foot: QVBoxLayout = column(gap=GRID)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._progress_text = label("", "quiet")
        self._stop = button("", self.stop)
        self._progress_panel = panel(row(self._bar, self._progress_text, self._stop, gap=GRID * 2), "plain")
        self._progress_panel.hide()
        self._undecided = UndecidedGroupsPrompt(session)
        recess = RecessNote(session, has_link=True)
        whole = column(
            recess, self._undecided, self.form, self._progress_panel, self._outcome, self._foot, 0, gap=GRID * 2
        )
        self._area = self.set_scrolled_content(whole, WIDTH)
        self._portal = PortalEmptyState(session)
        self.body.addWidget(self._portal, 1)
        self.form.target_changed.connect(self._target_changed)
        self.form.plan_requested.connect(self.read_target)
        self.form.sign_in_requested.connect(self._sign_in)
        self.form.file_requested.connect(self._open_file)
        self.form.sign_out_requested.connect(self._sign_out)
        self.retranslate()

    def title(self) -> str:
        return translate("Push", "Add to calendar")

    def retranslate(self) -> None:
        self._stop.setText(translate("Push", "Stop") if self._is_writing else translate("Push", "Cancel"))
        self._bar.setAccessibleName(translate("Push", "Progress"))
        self.form.retranslate()

    def refresh(self) -> None:
        state = self.session.state
        nothing = state.view is not None and state.is_empty
        self._area.setVisible(not nothing)
        self._portal.show_if(nothing)
        self._enable_form()
        if nothing:
            return
        self.credentials.load()
        self._forget_plan()
        self._load_last_pushes()

    def _enable_form(self) -> None:
        """Enables the form, unless groups that are not chosen must be decided on first; removing stays possible."""
        self.form.setEnabled(not self._undecided.show_if_needed() and self._job is None)

    # the plan

    def read_target(self, overwrite: frozenset[str] = frozenset()) -> None:
        """Reads the target, and shows what would be written."""
        view, store = self.session.state.view, self.session.app.store
        if view is None or self._job is not None:
            return
        opened = self._opener()
        if opened is None:
            return

        def work(_flag: CancelFlag) -> PlannedPush:
            from desktop.workflows import export, push  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            with opened(view) as target:
                options = export.options_of(view.records, current_language())
                return push.plan_push(store, view, target, options, datetime.now(UTC), overwrite)

        to_keep = self.form.credentials_to_store()

        def seen(drawn: PlannedPush) -> None:
            self._show_plan(drawn)
            if to_keep is not None:
                self.credentials.keep(
                    *to_keep
                )  # only after the server accepted it: a wrong password is not worth keeping

        self._start_progress(translate("Push", "Looking at what is there"))
        self._job = self.session.jobs.run_on_servers(work, seen, self._failed, owner=self)

    def _opener(self) -> Opener | None:
        """Returns how to open the chosen calendar; None, with a notice, if the input is invalid."""
        try:
            return self.form.opener()
        except AppError as wrong:
            self.session.notices.show_error(wrong)
            return None

    def _show_plan(self, drawn: PlannedPush) -> None:
        from desktop.workflows import push  # noqa: PLC0415 - as above

        self._end_progress()
        self._has_written_events = push.holds_events(drawn)
        self._load_last_pushes()
        clear_layout(self._outcome)
        self.plan = PushPlanPanel(drawn)
        self.plan.overwrite_changed.connect(self._reread_target)
        self._outcome.addWidget(self.plan)
        QTimer.singleShot(0, self.plan, self._reveal)
        writes = len(drawn.plan.writes)
        if writes:
            words = plural(writes, translate("Push", "Write {n} event"), translate("Push", "Write {n} events"))
            go = button(words, self.write, role="primary", icon="check")
            leave = button(translate("Push", "Cancel"), self._forget_plan)
            self._outcome.addLayout(row(go, leave, 0, gap=GRID))
            go.setFocus()

    def _reveal(self) -> None:
        if self.plan is not None:
            self._area.ensureWidgetVisible(self.plan, 0, GRID * 8)

    def _reread_target(self) -> None:
        if self.plan is not None:
            self.read_target(self.plan.uids_to_overwrite())

    def _forget_plan(self) -> None:
        if self._job is None:
            self.plan, self._about_to_remove, self._stopped = None, False, False
            clear_layout(self._outcome)

    def _target_changed(self) -> None:
        self._has_written_events = False
        self._forget_plan()
        self._load_last_pushes()

    # writing

    def write(self) -> None:
        """Carries out the plan that is shown."""
        view, store, plan = self.session.state.view, self.session.app.store, self.plan
        if view is None or plan is None or self._job is not None:
            return
        opened = self._opener()
        if opened is None:
            return
        drawn, title = plan.drawn, self.form.title
        progress = self._progress_callback()

        def work(flag: CancelFlag) -> PushResult:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            with opened(view) as target:
                done = push.carry_out_push(store, drawn, target, progress, flag)
                push.store_last_push(store, target, title, drawn.year, drawn.event_count, datetime.now(UTC))
                return done

        self._start_progress(translate("Push", "Writing"), len(drawn.plan.writes), writes=True)
        self._job = self.session.jobs.run_on_servers(work, self._written, self._failed, owner=self)

    def _written(self, done: PushResult) -> None:
        self._end_progress()
        self._forget_plan()
        said = plural(done.written, translate("Push", "{n} event written"), translate("Push", "{n} events written"))
        self.session.notices.show_success(said)
        mark_step_done(self.session, Step.PHONE)
        self._outcome.addWidget(label(said, "heading", tone="good"))
        for title, reason in done.refused:
            self._outcome.addWidget(label(f"{title}: {translate_message(reason)}", wrap=True, tone="warning"))
        self._load_last_pushes()

    def stop(self) -> None:
        """Stops after the event that is being written; what was written stays, and the next push goes on from there.

        While only a read is running, its answer is not waited for.
        """
        if self._job is not None and self._is_writing:
            self._job.cancel()
        elif self._job is not None:
            self.session.jobs.abandon(self._job)

    # removing everything

    def _remove_everything(self) -> None:
        if not self._about_to_remove:
            self._forget_plan()
            self._about_to_remove = True
            sure = translate(
                "Push",
                "Everything this program ever wrote there goes away ({calendar}), also what was changed over there. "
                "The timetable here stays.",
            ).format(calendar=self.form.title)
            go = button(translate("Push", "Remove everything there"), self._remove_everything, role="danger")
            leave = button(translate("Push", "Cancel"), self._forget_plan)
            body = column(label(sure, wrap=True), row(go, leave, 0, gap=GRID), margin=GRID * 2, gap=GRID)
            self._outcome.addWidget(panel(body, "card"))
            return
        view, store = self.session.state.view, self.session.app.store
        if view is None or self._job is not None:
            return
        opened = self._opener()
        if opened is None:
            return
        progress = self._progress_callback()

        def work(flag: CancelFlag) -> PushResult:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            with opened(view) as target:
                done = push.remove_pushed_events(store, target, progress, flag)
                push.forget_last_push(store, target)
                return done

        self._start_progress(translate("Push", "Removing"), writes=True)
        self._job = self.session.jobs.run_on_servers(work, self._removed, self._failed, owner=self)

    def _removed(self, done: PushResult) -> None:
        self._end_progress()
        self._has_written_events = False
        self._forget_plan()
        said = plural(done.written, translate("Push", "{n} event removed"), translate("Push", "{n} events removed"))
        self.session.notices.show_success(said)
        self._load_last_pushes()

    # progress

    def _progress_callback(self) -> Callable[[int, int], None]:
        told = self.session.jobs.make_main_thread_callback(self._show_progress, self)
        return lambda done, total: told((done, total))

    def _show_progress(self, progress: tuple[int, int]) -> None:
        if self._job is not None:
            self._bar.setRange(0, max(1, progress[1]))
            self._bar.setValue(progress[0])
            self._progress_text.setText(
                translate("Push", "{done} of {total}").format(done=progress[0], total=progress[1])
            )

    def _start_progress(self, words: str, total: int = 0, *, writes: bool = False) -> None:
        self._stopped, self._is_writing = False, writes
        self._stop.setText(translate("Push", "Stop") if writes else translate("Push", "Cancel"))
        self._bar.setRange(0, total)
        self._bar.setValue(0)
        self._progress_text.setText(words)
        self._progress_panel.show()
        self.form.setEnabled(False)
        if self.plan is not None:
            self.plan.setEnabled(False)

    def _end_progress(self) -> None:
        self._job = None
        self._progress_panel.hide()
        self._enable_form()
        if self.plan is not None:
            self.plan.setEnabled(True)

    def _failed(self, error: Exception) -> None:
        was_writing = self._is_writing and self.plan is not None
        self._end_progress()
        if not isinstance(error, Cancelled):
            self.session.notices.show_error(error)
        if was_writing and not self._stopped:
            self._stopped = True
            clear_layout(self._outcome)
            self.plan = None
            said = translate("Push", "Stopped. What was written stays, and the next time goes on from there.")
            again = button(translate("Push", "Go on"), self.read_target, role="primary")
            self._outcome.addLayout(row(label(said, wrap=True), again, 0, gap=GRID * 2))
            self._load_last_pushes()

    # Google

    def _sign_in(self) -> None:
        try:
            client = self.form.client()
        except AppError as wrong:
            self.session.notices.show_error(wrong)
            return
        app, secret = self.session.app, self.form.typed_secret

        def browse(address: str) -> None:
            QDesktopServices.openUrl(QUrl(address))

        browser = self.session.jobs.make_main_thread_callback(browse, self)

        def work(flag: CancelFlag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            secrets = app.vault()
            push.kept_access(app.store, secrets).save_client_secret(secret)
            push.google_sign_in(app.store, secrets, client).sign_in(browser, cancelled=flag)

        def done(_nothing: None) -> None:
            self._end_progress()
            self.form.set_signed_in(True)
            self.read_target()

        self._start_progress(translate("Push", "Waiting for you to sign in with the browser"))
        self._job = self.session.jobs.run_on_servers(work, done, self._failed, owner=self)

    def _sign_out(self) -> None:
        if self._job is not None:
            return
        client, app = self.form.client(), self.session.app

        def work(_flag: CancelFlag) -> None:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            push.google_sign_in(app.store, app.vault(), client).sign_out()

        def ended(error: Exception | None) -> None:
            self._end_progress()
            self._forget_plan()
            self.credentials.load(force=True)  # the tokens are deleted here even if Google could not be told
            if error is None:
                self.session.notices.show_success(translate("Push", "Signed out of Google; the calendar there stays"))
            elif not isinstance(error, Cancelled):
                self.session.notices.show_error(error)

        self._start_progress(translate("Push", "Signing out"))
        self._job = self.session.jobs.run_on_servers(work, ended, ended, owner=self)

    # a file for the system's calendar

    def _open_file(self) -> None:
        view, store, folder = self.session.state.view, self.session.app.store, self.session.app.paths.profile
        if view is None:
            return
        path = folder / "calendar" / f"UP {view.year}.ics"

        def work() -> None:
            from desktop.workflows import export  # noqa: PLC0415 - nothing of calendars is loaded before it is wanted

            path.parent.mkdir(exist_ok=True)
            shown = export.preview_ics(
                store, view, export.options_of(view.records, current_language()), datetime.now(UTC)
            )
            export.save_ics(store, shown, path)
            make_private([path.parent])  # the file is only opened on this machine, not shared

        def done(_nothing: None) -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self.session.open_page(routes.ExportRoute())
                said = translate("Push", "No program here opens calendar files; save the file and import it by hand.")
                self.session.notices.show_success(said)

        self.session.jobs.run_on_store(work, done, self.session.notices.show_error, owner=self)

    # what was written before

    def _load_last_pushes(self) -> None:
        store = self.session.app.store

        def work() -> tuple[tuple[LastPush, ...], frozenset[str]]:
            from desktop.workflows import push  # noqa: PLC0415 - as above

            return push.last_pushes(store), push.written_kinds(store)

        self.session.jobs.run_on_store(work, self._show_last_pushes, self.session.notices.show_error, owner=self)

    def _show_last_pushes(self, found: tuple[tuple[LastPush, ...], frozenset[str]]) -> None:
        last, kinds = found
        clear_layout(self._foot)
        for each in last:
            at = each.at.astimezone()
            words = translate("Push", "{calendar}: {n} events of {year}, written on {day} at {time}").format(
                calendar=each.title, n=each.events, year=each.year, day=date_text(at.date()), time=clock_text(at)
            )
            self._foot.addWidget(label(words, "quiet", wrap=True))
        if self.form.kind in kinds or self._has_written_events:
            words = translate("Push", "Remove everything that was ever written")
            self._foot.addLayout(row(button(words, self._remove_everything, role="danger"), 0))
