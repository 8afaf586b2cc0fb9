"""What can go wrong that is not a bug, in words a student can act on.

Boundaries translate foreign errors into one of these kinds. Anything that is not an `AppError` is a bug and is shown
with a report; trouble inside a document is no error at all but data (`draft.Problem`).

Titles and hints are literals, or messages where they hold values, so that the window can say them in its language.
"""

from desktop.domain.messages import Message, msg, named


class AppError(Exception):
    """A known trouble. `title` says what happened, `hint` what to do about it; both are whole plain sentences."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return " ".join((self.title, self.hint)).strip()

    def __reduce__(self) -> tuple[type["AppError"], tuple[str, str]]:
        return type(self), (self.title, self.hint)


def is_open_elsewhere(trouble: BaseException) -> bool:
    """Whether a file cannot be used because another program holds it, which happens on Windows alone.

    Windows calls both ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION a lack of rights (EACCES) as well.
    """
    return getattr(trouble, "winerror", None) in {32, 33}


def cause(trouble: Exception) -> Message:
    """What the system says of a trouble with a file, for the hole of a message; a language may know its words."""
    if is_open_elsewhere(trouble):
        return msg("it is open in another program")
    return named((isinstance(trouble, OSError) and trouble.strerror) or str(trouble))


class InvalidInput(AppError):
    """A field, an argument or a setting holds something that cannot be meant."""


class FileTrouble(AppError):
    """A file or folder cannot be read or written (absent, no rights, disk full, in use)."""


class DocumentRefused(AppError):
    """A document was understood well enough to say no: not a timetable, damaged, locked, over a limit."""


class ReaderCrashed(AppError):
    """The child process that read a document ended without an answer; another try may succeed."""


class Cancelled(AppError):
    """The person asked for it to stop, and it stopped; nothing was half done."""

    def __init__(self, title: str = "Cancelled.", hint: str = "") -> None:
        super().__init__(title, hint)


class ProfileInUse(AppError):
    """Another copy of the program holds this profile."""


class StorageTrouble(AppError):
    """The stored timetable cannot be opened, read or written."""


class DamagedData(StorageTrouble):
    """The database file is damaged, or is no database of this program. It can be set aside, never overwritten."""


class MissingData(DamagedData):
    """The database file is gone or empty, while what a student kept is still beside it."""


class NewerData(StorageTrouble):
    """The data was written by a newer version of the program than this one."""


class NotReachable(AppError):
    """A server did not answer: no network, wrong address, time-out, TLS trouble. Trying later may succeed."""

    def __init__(self, title: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(title, hint)
        self.retry_after = retry_after  # seconds, where the server named a time


class NotAllowed(AppError):
    """A server answered no: wrong password, revoked access, read-only, over quota."""


class UpdateRefused(AppError):
    """What is published of new versions, or a new version itself, was not believed; nothing was changed."""


class NeedsDecision(AppError):
    """Going on might lose something; the person has to say what they want first."""
