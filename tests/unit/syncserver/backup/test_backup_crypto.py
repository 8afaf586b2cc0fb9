"""Sealed files: exactly what was sealed comes out."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncserver.backup import backup_crypto

PUBLIC, PRIVATE = backup_crypto.generate_keys()


def sealed(pieces: list[bytes], manifest: bytes = b"{}") -> bytes:
    target = io.BytesIO()
    sealer = backup_crypto.Sealer(target, PUBLIC)
    for piece in pieces:
        sealer.add(piece)
    sealer.finish(manifest)
    return target.getvalue()


def opened(content: bytes, key: str = PRIVATE) -> list[tuple[bytes, bool]]:
    return list(backup_crypto.unseal(io.BytesIO(content), key))


@given(st.lists(st.binary(max_size=300), max_size=8), st.binary(max_size=100))
def test_what_is_sealed_can_be_opened(pieces: list[bytes], manifest: bytes) -> None:
    assert opened(sealed(pieces, manifest)) == [*((piece, False) for piece in pieces), (manifest, True)]


CONTENT = sealed([b"timetable " * 20, b"second piece", b"third"], b'{"format": 1}')


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_one_changed_byte_anywhere_is_seen(place: int, change: int) -> None:
    spoilt = bytearray(CONTENT)
    spoilt[place] ^= change
    with pytest.raises(backup_crypto.UnsealError):
        opened(bytes(spoilt))


def test_every_cut_is_seen() -> None:
    for end in range(len(CONTENT)):
        with pytest.raises(backup_crypto.UnsealError):
            opened(CONTENT[:end])


def test_pieces_cannot_change_places_or_files() -> None:
    first, second = sealed([b"a" * 50, b"b" * 50]), sealed([b"c" * 50, b"d" * 50])
    head = len(backup_crypto.MAGIC) + 80 + 24
    size = 4 + 50 + 17
    one, two = first[head : head + size], first[head + size : head + 2 * size]
    with pytest.raises(backup_crypto.UnsealError):
        opened(first[:head] + two + one + first[head + 2 * size :])
    with pytest.raises(backup_crypto.UnsealError):
        opened(first[:head] + second[head:])


def test_keys_are_told_apart() -> None:
    assert backup_crypto.key_name(PUBLIC) != backup_crypto.key_name(backup_crypto.generate_keys()[0])
    with pytest.raises(backup_crypto.UnsealError, match="has to begin with backup-public-"):
        backup_crypto.Sealer(io.BytesIO(), PRIVATE)
    for wrong in ("", "backup-private-", "backup-private-AAAA", PUBLIC, "backup-private-" + "?" * 43):
        with pytest.raises(backup_crypto.UnsealError):
            opened(CONTENT, wrong)
    with pytest.raises(backup_crypto.UnsealError):
        opened(CONTENT, backup_crypto.generate_keys()[1])


def test_a_signature_is_of_all_of_the_file_and_of_its_signer() -> None:
    signer, signing = backup_crypto.generate_signing_keys()
    target = io.BytesIO()
    sealer = backup_crypto.Sealer(target, PUBLIC, signing)
    sealer.add(b"timetable " * 20)
    sealer.finish(b"{}")
    content = target.getvalue()

    def read(changed: bytes, signers: list[str] | None) -> int:
        return len(list(backup_crypto.unseal(io.BytesIO(changed), PRIVATE, signers)))

    assert read(content, [signer]) == read(content, None) == 2
    assert backup_crypto.signer_of(signing) == signer
    for signers in ([], [backup_crypto.generate_signing_keys()[0]]):
        with pytest.raises(backup_crypto.UnsealError, match="not among"):
            read(content, signers)
    for place in range(len(content)):
        spoilt = bytearray(content)
        spoilt[place] ^= 1
        with pytest.raises(backup_crypto.UnsealError):
            read(bytes(spoilt), [signer])
    for end in range(len(content)):
        with pytest.raises(backup_crypto.UnsealError):
            read(content[:end], [signer])
    with pytest.raises(backup_crypto.UnsealError):
        read(content + b"x", [signer])
