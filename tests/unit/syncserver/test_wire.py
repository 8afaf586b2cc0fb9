"""The protocol's base64url, and JSON pointers."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncserver import wire
from syncserver.errors import Problem


@given(st.binary(max_size=200))
def test_bytes_come_back_as_the_standard_library_writes_them(data: bytes) -> None:
    written = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    assert wire.encode_base64url(data) == written
    assert wire.decode_base64url(written) == data
    assert wire.base64url_length(len(data)) == len(written)


@given(st.text(alphabet="AQgwz09-_+/=\n é!", max_size=12))
def test_only_the_canonical_way_of_writing_is_read(value: str) -> None:
    padded = value + "=" * (-len(value) % 4)
    try:
        canonical = base64.urlsafe_b64encode(base64.b64decode(padded, b"-_", validate=True)).decode() == padded
    except ValueError:
        canonical = False
    if canonical and "=" not in value:
        assert wire.encode_base64url(wire.decode_base64url(value)) == value
    else:
        with pytest.raises(Problem, match="invalid"):
            wire.decode_base64url(value)


def test_identifiers_are_canonical() -> None:
    assert wire.is_identifier(wire.encode_base64url(b"\xff" * 16))
    assert not wire.is_identifier(wire.encode_base64url(b"\xff" * 16)[:-1] + "x")
    assert not wire.is_identifier("A" * 22 + "\n")
    assert wire.is_token(wire.encode_base64url(b"\xff" * 32))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"epoch": 1}, "/epoch"),
        ({"records": [{}]}, "/records/0"),
        ({"records": [{"id": "x"}]}, "/records/0/id"),
        ({"records": []}, "/records"),
    ],
)
def test_what_is_wrong_is_pointed_at(change: dict[str, object], pointer: str) -> None:
    body = {"epoch": wire.encode_base64url(bytes(16)), "records": []} | change
    with pytest.raises(Problem) as raised:
        wire.decode(json.dumps(body).encode(), wire.Batch)
    assert raised.value.members["errors"][0]["pointer"] == pointer
