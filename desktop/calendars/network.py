"""Trouble on the way to a server, in words, whichever library met it.

Hides the exceptions of two HTTP libraries: they are known by their names, so that neither is imported for it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from desktop.domain.errors import AppError, NotReachable
from desktop.domain.wording import said

# Names of exceptions and of their bases, in httpx, and in niquests and urllib3 that the caldav library uses.
_NEVER_CONNECTED = {"NewConnectionError", "NameResolutionError"}  # which count as time-outs by their bases
_TIMED_OUT = {"Timeout", "ConnectTimeout", "ReadTimeout", "TimeoutError", "TimeoutException"}
_NOT_UNDERSTOOD = {
    "XMLSyntaxError",
    "ResponseError",
    "DAVError",
    "TooManyRedirects",
    "InvalidURL",
    "InvalidSchema",
    "DecodingError",
}
_CUT_OFF = {
    "ConnectionError",
    "ProxyError",
    "ChunkedEncodingError",
    "ContentDecodingError",
    "RequestException",
    "TransportError",
    "OSError",
}


class translated:  # noqa: N801 - reads as a word: with translated(host)
    """Network trouble of any library below becomes NotReachable, in words."""

    def __init__(self, host: str) -> None:
        self._host = host

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, wrong: BaseException | None, trace: object) -> None:
        if wrong is None or isinstance(wrong, AppError) or not isinstance(wrong, Exception):
            return
        names = {kind.__name__ for each in _chain(wrong) for kind in type(each).__mro__}
        if any(isinstance(each, ssl.SSLError) for each in _chain(wrong)) or "SSLError" in names:
            raise NotReachable(
                said("The secure connection to {host} cannot be trusted.", host=self._host),
                "Its certificate is out of date, made for another name, or signed by no one this machine knows. Check"
                " the address and this machine’s clock; on a network with a sign-in page, sign in first.",
            ) from None
        if names & _TIMED_OUT and not names & _NEVER_CONNECTED:
            raise NotReachable(said("{host} does not answer.", host=self._host), "Try again later.") from None
        if "TooLarge" in names:
            raise NotReachable(
                said("{host} answered with far more than was asked for.", host=self._host),
                "Nothing was changed by that answer. Check the address, and tell whoever runs the server.",
            ) from None
        if names & _NOT_UNDERSTOOD:
            raise NotReachable(
                said("{host} answered something that is no calendar server’s answer.", host=self._host),
                "Check the address: it should be that of the calendar service (CalDAV), not of its web page.",
            ) from None
        if names & _CUT_OFF:
            raise NotReachable(
                said("{host} cannot be reached.", host=self._host),
                "Check the connection to the internet and the address, then try again. What was written so far stays.",
            ) from None


def _chain(wrong: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = wrong
    while seen is not None:
        yield seen
        yield from (each for each in seen.args if isinstance(each, BaseException))
        seen = seen.__cause__ or seen.__context__
