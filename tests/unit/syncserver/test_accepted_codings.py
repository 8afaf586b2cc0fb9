"""Whether a client accepts gzip, after RFC 9110: a quality of zero means no."""

from __future__ import annotations

import pytest

from syncserver.http.common_reads import accepts_gzip


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("br, GZIP", True),
        ("*", True),
        ("gzip;q=0.5", True),
        ("gzip; q=1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("br;q=1, gzip;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_a_client_takes_gzip_where_it_says_so(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken
