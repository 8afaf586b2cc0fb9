"""Opens what somebody shared: a plan becomes a candidate, a friend's groups a wish of the planner."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.domain.records.shared_choices import ENDING, SharedChoices, SharedKind, is_shared_link
from desktop.ui import routes
from desktop.ui.session.jobs import Flag, Progress
from desktop.ui.texts.language import translate

if TYPE_CHECKING:
    from desktop.ui.session.session import Session


def is_shared(what: Path | str) -> bool:
    """Whether a file or a link means to be something shared, by its name or its beginning."""
    return what.suffix.lower() == ENDING if isinstance(what, Path) else is_shared_link(what)


def open_shared(session: Session, what: Path | str) -> None:
    """Reads a file or a link, keeps what is in it, and goes to where it is seen; or says what is wrong with it."""
    from desktop.workflows import shared_choices  # noqa: PLC0415 - not before something is shared

    def work(_flag: Flag, _progress: Progress) -> SharedChoices:
        return shared_choices.read_file(what) if isinstance(what, Path) else shared_choices.read_link(what)

    session.jobs.read(work, partial(keep_shared, session), session.notices.handle)


def keep_shared(session: Session, shared: SharedChoices) -> None:
    """Keeps what was read, and goes to the plans, where it is seen."""
    from desktop.workflows import shared_choices  # noqa: PLC0415 - as above

    store = session.app.store

    def done(_applied: object) -> None:
        session.open_page(routes.PlanRoute())
        if shared.kind is SharedKind.PLAN:
            said = translate("Share", "Added a shared plan")
        else:
            said = translate("Share", "Added a friend’s groups: choose “Same groups as a friend”")
        session.notices.success(said, session.undo)

    session.change(lambda: shared_choices.keep(store, shared), done, year=shared.year)
