"""Network errors of calendar servers: their translation into AppErrors, and the pauses between retries."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from desktop.domain.errors import AppError, NotReachable
from desktop.domain.messages import msg

MAX_ATTEMPTS = 6  # with pauses of about 1, 2, 4, 8 and 16 seconds between them, or as long as the server requests
MAX_PAUSE_SECONDS = 60  # seconds to wait at a server's request; if it requests more, the retries end


def retry_delay(attempt: int, requested: float | None) -> float | None:
    """Seconds to wait after attempt number `attempt` (from 0), at least the server's `requested` ones; None to give
    up."""
    if requested is not None and requested > MAX_PAUSE_SECONDS:
        return None
    return max(float(2**attempt) * (0.5 + secrets.randbelow(1000) / 1000), requested or 0)


def parse_retry_after(retry_after: str) -> float | None:
    """The seconds of a Retry-After header, which may also be a date; None if it is neither."""
    retry_after = retry_after.strip()
    if retry_after.isdecimal() and retry_after.isascii():
        return float(retry_after[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


# Names of httpx's exception classes, so that httpx need not be imported here.
_TIMED_OUT = {"TimeoutException"}
_NOT_UNDERSTOOD = {"TooManyRedirects", "UnsupportedProtocol", "LocalProtocolError", "DecodingError"}
_CUT_OFF = {"TransportError", "RequestError"}


class translate_errors:  # noqa: N801 - reads like a function: with translated(host)
    """Context manager that turns exceptions of the HTTP client into NotReachable."""

    def __init__(self, host: str) -> None:
        self._host = host

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        if wrong is None or isinstance(wrong, AppError) or not isinstance(wrong, Exception):
            return
        names = {kind.__name__ for each in _exception_chain(wrong) for kind in type(each).__mro__}
        if any(isinstance(each, ssl.SSLError) for each in _exception_chain(wrong)):
            raise NotReachable(
                msg("The secure connection to {host} cannot be trusted.", host=self._host),
                "Its certificate is out of date, made for another name, or signed by no one this machine knows. Check"
                " the address and this machine’s clock; on a network with a sign-in page, sign in first.",
            ) from None
        if names & _TIMED_OUT:
            raise NotReachable(msg("{host} does not answer.", host=self._host), "Try again later.") from None
        if "TooLarge" in names:
            raise NotReachable(
                msg("{host} answered with far more than was asked for.", host=self._host),
                "Nothing was changed by that answer. Check the address, and tell whoever runs the server.",
            ) from None
        if names & _NOT_UNDERSTOOD:
            raise NotReachable(
                msg("{host} answered something that is no calendar server’s answer.", host=self._host),
                "Check the address: it should be that of the calendar service (CalDAV), not of its web page.",
            ) from None
        if names & _CUT_OFF:
            raise NotReachable(
                msg("{host} cannot be reached.", host=self._host),
                "Check the connection to the internet and the address, then try again. What was written so far stays.",
            ) from None


def _exception_chain(wrong: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = wrong
    while seen is not None:
        yield seen
        yield from (each for each in seen.args if isinstance(each, BaseException))
        seen = seen.__cause__ or seen.__context__
