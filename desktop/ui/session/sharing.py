"""Opens shared files and links: a shared plan becomes a candidate, a friend's groups a preference of the planner."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.records.shared_choices import FILE_SUFFIX, SharedChoices, SharedKind, is_shared_link
from desktop.ui import routes
from desktop.ui.session.jobs import CancelFlag, Progress
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.ui.session.session import Session


def is_shared(what: Path | str) -> bool:
    """True if a file name or a link has the form of something shared. The contents are not checked."""
    return what.suffix.lower() == FILE_SUFFIX if isinstance(what, Path) else is_shared_link(what)


def open_shared(session: Session, what: Path | str) -> None:
    """Reads a shared file or link, stores its contents and shows them; reports an error if it cannot be read."""
    from desktop.workflows import shared_choices  # noqa: PLC0415 - only needed for shared files

    def work(_flag: CancelFlag, _progress: Progress) -> SharedChoices:
        return shared_choices.read_file(what) if isinstance(what, Path) else shared_choices.read_link(what)

    session.jobs.run_in_pool(work, partial(keep_shared, session), session.notices.show_error)


def keep_shared(session: Session, shared: SharedChoices) -> None:
    """Stores what was read, and opens the plan page, which shows it."""
    from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

    store = session.app.store

    def done(_applied: object) -> None:
        session.open_page(routes.PlanRoute())
        if shared.kind is SharedKind.PLAN:
            said = translate("Share", "Added a shared plan")
        else:
            said = translate("Share", "Added a friend’s groups: choose “Same groups as a friend”")
        session.notices.show_success(said, session.undo)

    session.run_change(lambda: shared_choices.store_choices(store, shared), done, year=shared.year)
