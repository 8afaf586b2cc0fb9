"""Small parts of sync: spelled keys, envelopes, addresses, answers, pauses."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.domain.errors import InvalidInput, NotAllowed, NotReachable
from desktop.domain.records.records import Field, Record, Stamp
from desktop.sync import cipher, envelope, problem_errors, wire
from desktop.sync.client import Client, server_address
from desktop.sync.device_labels import open_label, seal_label
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.passwords import Strength, check_password, strength
from desktop.sync.service import MAX_RETRY_DELAY_SECONDS, retry_delay


@given(st.binary(min_size=32, max_size=32))
def test_a_spelled_key_reads_back(key: bytes) -> None:
    assert parse_key(format_key(key), 32) == key
    assert parse_key(format_key(key).lower().replace("-", "  "), 32) == key


@given(st.binary(min_size=16, max_size=16), st.integers(0, 29), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_noticed(key: bytes, at: int, letter: str) -> None:
    letters = format_key(key).replace("-", "")
    changed = letters[:at] + letter + letters[at + 1 :]
    if changed != letters:
        with pytest.raises(InvalidInput):
            parse_key(changed, 16)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80).map(str.strip))
@example("a" + "\N{ELEPHANT}" * 59)
def test_a_label_is_read_back_whole_or_cut_between_two_letters(label: str) -> None:
    key = bytes(32)
    back = open_label(key, "device", seal_label(key, "device", label))
    assert label.startswith(back)
    assert len(back) >= min(len(label), 180 // 4), "so many letters of four bytes fit"


def test_a_slip_is_explained() -> None:
    spelled = format_key(bytes(32))
    with pytest.raises(InvalidInput, match="55 letters"):
        parse_key(spelled[:-1], 32)
    with pytest.raises(InvalidInput, match=r"U \?|\? U"):
        parse_key(spelled[:-2] + "U?", 32)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=50).filter(lambda t: t.isprintable()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["name", "note"]), values))
def test_a_record_comes_out_as_it_went_in(given_: dict[str, object]) -> None:
    record = Record("event", "2026/a", {name: Field(value, Stamp(1, "a")) for name, value in given_.items()})
    packed = envelope.pack(record, lambda piece: wire.new_id())
    assert envelope.unpack(packed.plain, packed.pieces.get) == record
    assert len(packed.plain) in {256, 512, 1024, 2048, 4096} or len(packed.plain) % 4096 == 0


def test_what_no_record_can_hold_is_said() -> None:
    lone = Record("event", "2026/a", {"note": Field("\ud800", Stamp(1, "a"))})
    with pytest.raises(InvalidInput):
        envelope.pack(lone, lambda piece: "")


def plain(encoding: int, content: bytes) -> bytes:
    return bytes([encoding]) + len(content).to_bytes(4, "big") + content


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\0\0\0\0\xff{}",
        plain(9, b"{}"),
        plain(0, b"{}"),
        plain(0, b"[" * 100_000),
        plain(0, b'{"kind":"event","key":"x","fields":{"a":[1.5,[1,"a"]]}}'),
        plain(0, b'{"kind":"event","key":"x","fields":{"a":["\\ud800",[1,"a"]]}}'),
        plain(0, b'{"kind":"event","key":"x","fields":{},"large":{"a":{"stamp":[1,"a"],"parts":["x"]}}}'),
        plain(1, b"not deflated"),
        plain(1, zlib.compress(b" " * (envelope.MAX_VALUE_BYTES + 1))),
        plain(1, zlib.compress(b"{}")[:-3]),
    ],
)
def test_what_cannot_be_read_is_unreadable_and_no_fault(wrong: bytes) -> None:
    with pytest.raises(envelope.Unreadable):
        envelope.unpack(wrong, lambda _: None)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("sync.example.org", "https://sync.example.org"),
        (" https://Sync.Example.org/ ", "https://sync.example.org"),
        ("https://sync.example.org:443", "https://sync.example.org"),
        ("https://sync.example.org:8443", "https://sync.example.org:8443"),
        ("localhost:8765", "http://localhost:8765"),
        ("http://127.0.0.1:8765", "http://127.0.0.1:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_an_address_is_made_whole(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "http://sync.example.org",
        "ftp://x.org",
        "https://",
        "https://a.org/path",
        "https://a@b.org",
        "https://b.org:x",
        "http://127.0.0.1.evil.org",
        "[abc",
    ],
)
def test_an_address_that_is_none_or_not_encrypted_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        server_address(typed)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "etag", "records", "cursor", "epoch", "more", "kdf", "keyring", "conflicts", "current"]
                ),
                x,
            )
        ),
    )
)
def test_whatever_a_server_sends_is_understood_or_refused(answer: object) -> None:
    for read in (
        wire.page_from_json,
        wire.manifest_from_json,
        wire.keyring_from_json,
        wire.session_from_json,
        wire.receipt_from_json,
        wire.challenge_from_json,
        wire.devices_from_json,
        wire.info_from_json,
    ):
        with pytest.raises(wire.InvalidResponse):
            read(answer)


@given(
    st.integers(400, 599),
    st.dictionaries(
        st.sampled_from(["type", "title", "errors", "limit", "used", "id"]),
        st.integers() | st.text() | st.lists(st.dictionaries(st.just("pointer"), st.text())),
    ),
)
def test_every_no_is_a_known_trouble(status: int, problem: dict[str, object]) -> None:
    assert isinstance(problem_errors.error_from_problem(status, "x", problem), NotAllowed | NotReachable)


def test_binary_is_read_in_its_one_form() -> None:
    assert wire.unb64("AAECAw") == b"\0\1\2\3"
    for wrong in ("AAECAx", "AAECAw==", "AA+/", "A", "AAECAw\n", "é"):
        with pytest.raises(wire.InvalidResponse):
            wire.unb64(wrong)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_pauses_grow_to_a_limit_and_heed_the_server(failures: int, chance: float) -> None:
    assert 0.5 <= retry_delay(failures, None, chance) <= MAX_RETRY_DELAY_SECONDS * 1.5
    assert retry_delay(failures, 77.0, chance) >= 77.0


@pytest.mark.parametrize(
    "password", ["three words", "kortpad na graad", "correct horse", "9Vx!kk2-Qz", "ñandú y llama"]
)
def test_passwords_that_are_taken(password: str) -> None:
    check_password(password, "thandi")


@pytest.mark.parametrize("password", ["short", "123456789", "ＡＢＣ"])
def test_a_password_has_to_be_long_enough(password: str) -> None:
    with pytest.raises(InvalidInput, match="too short"):
        check_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "Password123",
        "pass-word-1234",
        "1234567890",
        "0987654321",
        "aaaaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop",
        "Orlando Pirates",
        "abcdefghijklm",
        "Thandi.M12",
        "thandi.mthandi.m",
    ],
)
def test_passwords_that_anybody_would_try_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput, match="first that anybody would try"):
        check_password(password, "thandi.m")


def test_how_hard_a_password_is_to_guess() -> None:
    assert strength("") is strength("Password123") is strength("umbrellasx") is Strength.WEAK
    assert strength("purple 42 kite") is Strength.FAIR
    assert strength("a heron in the shallows") is strength("9Vx!ky2-Qz7w+D") is Strength.STRONG


def test_no_request_leaves_without_a_session() -> None:
    client = Client("https://sync.example.org")
    with pytest.raises(problem_errors.SessionEnded):
        client.head(None)
    assert client.requests == 0
    client.close()


def test_secrets_do_not_show_in_what_is_printed() -> None:
    unlocked = cipher.from_recovery_key(b"r" * 32)
    for secret in (unlocked.kek, unlocked.login_seed):
        assert str(secret) not in repr(unlocked)
    session = json.dumps(repr(wire.ServerSession("t" * 43, "a", "n", "d", "e", None)))  # type: ignore[arg-type]
    assert "tttt" not in session
