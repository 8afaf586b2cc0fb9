"""Expected errors, with texts that a student can act on.

The boundaries of the program translate other exceptions into these. An exception that is not an `AppError` is a bug and
is shown with a report. An unreadable line of a document is not an error but data (`draft.Problem`).

Titles and hints are literals, or messages where they contain values, so that the window can translate them.
"""

from desktop.domain.messages import Message, msg, named


class AppError(Exception):
    """An expected error. `title` says what happened, `hint` what to do about it; both are whole sentences."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return " ".join((self.title, self.hint)).strip()

    def __reduce__(self) -> tuple[type["AppError"], tuple[str, str]]:
        return type(self), (self.title, self.hint)


def is_open_elsewhere(error: BaseException) -> bool:
    """True if a file is locked by another program, which happens only on Windows.

    Windows reports both ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION as EACCES, like missing rights.
    """
    return getattr(error, "winerror", None) in {32, 33}


def cause(error: Exception) -> Message:
    """The system's text for a file error, as a value for a message. A language may have a translation of it."""
    if is_open_elsewhere(error):
        return msg("it is open in another program")
    return named((isinstance(error, OSError) and error.strerror) or str(error))


class InvalidInput(AppError):
    """A field, an argument or a setting has an invalid value."""


class FileError(AppError):
    """A file or folder cannot be read or written (absent, no rights, disk full, in use)."""


class DocumentRefused(AppError):
    """A document is refused: not a timetable, damaged, locked, or over a limit."""


class ReaderCrashed(AppError):
    """The child process that read a document ended without a result. A retry may succeed."""


class Cancelled(AppError):
    """The operation was cancelled by the user. Nothing is left half done."""

    def __init__(self, title: str = "Cancelled.", hint: str = "") -> None:
        super().__init__(title, hint)


class ProfileInUse(AppError):
    """Another instance of the program has this profile open."""


class StorageError(AppError):
    """The stored timetable cannot be opened, read or written."""


class DamagedData(StorageError):
    """The database file is damaged, or not a database of this program. It may be set aside, but never overwritten."""


class MissingData(DamagedData):
    """The database file is missing or empty, although the student's other files are still next to it."""


class NewerData(StorageError):
    """The data was written by a newer version of the program than this one."""


class NotReachable(AppError):
    """A server cannot be reached: no network, wrong address, time-out, TLS error. A later retry may succeed."""

    def __init__(self, title: str, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(title, hint)
        self.retry_after = retry_after  # seconds, if the server requested a pause


class NotAllowed(AppError):
    """A server refused a request: wrong password, revoked access, read-only, over quota."""


class UpdateRefused(AppError):
    """The published update information, or an update itself, failed verification. Nothing was changed."""


class NeedsDecision(AppError):
    """Continuing might lose data, so the user has to decide first."""
