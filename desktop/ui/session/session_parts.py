"""What a part of a session needs of the session that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.ui.session.jobs import Jobs
from desktop.ui.session.notices import Notices
from desktop.ui.session.state import State

if TYPE_CHECKING:
    from desktop.app import App


class SessionParts(Protocol):
    """Most parts need this alone; what one needs besides, it names for itself."""

    jobs: Jobs
    state: State
    notices: Notices

    @property
    def is_open(self) -> bool: ...

    @property
    def app(self) -> App: ...
