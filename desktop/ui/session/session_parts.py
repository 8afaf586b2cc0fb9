"""The interface of the session that its parts use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.ui.session.jobs import Jobs
from desktop.ui.session.notices import Notices
from desktop.ui.session.state import ViewState

if TYPE_CHECKING:
    from desktop.app import App


class SessionParts(Protocol):
    """The common interface; a part that needs more defines a protocol that extends it."""

    jobs: Jobs
    state: ViewState
    notices: Notices

    @property
    def is_open(self) -> bool: ...

    @property
    def app(self) -> App: ...
