"""Downloads metadata and installers by the program's HTTP client, within limits of size and time."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient.fetcher import FetcherInterface

from desktop import __version__
from desktop.http_client import HttpClient

MAX_INSTALLER_BYTES = 400_000_000  # of an installer; tuf also checks every file against its signed length
MAX_INSTALLER_SECONDS = 3600.0  # a whole installer on a slow line
METADATA_SECONDS = 30.0


class HttpFetcher(FetcherInterface):
    """The fetcher that tuf uses."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def _fetch(self, url: str) -> Iterator[bytes]:
        seconds = METADATA_SECONDS if url.endswith(".json") else MAX_INSTALLER_SECONDS
        try:
            with self._client.stream("GET", url, max_bytes=MAX_INSTALLER_BYTES, max_seconds=seconds) as (
                status,
                pieces,
            ):
                if status != 200:
                    raise DownloadHTTPError(f"answered {status}", status)
                yield from pieces
        except httpx.HTTPError as wrong:
            raise DownloadError(str(wrong)) from wrong


def open_client() -> HttpClient:
    """A client for one check or download; its requests reveal nothing of this machine but the program's version."""
    return HttpClient(
        max_bytes=MAX_INSTALLER_BYTES,
        max_seconds=METADATA_SECONDS,
        timeout=20,
        headers={"User-Agent": f"up-schedule-generator/{__version__}"},
        max_connections=1,
    )
