"""The fixed vectors of docs/crypto.md, computed twice: by the program, and from what the page says."""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nacl import bindings, pwhash
from nacl.signing import SigningKey

from desktop.domain.records.records import NEVER, Record, canonical_json, record_from_json
from desktop.sync import backup_seal, cipher, envelope, wire
from desktop.sync.cipher import DataKeys, DecryptionFailed, RecordCipher
from desktop.sync.folder.directory import Directory
from desktop.sync.folder.linking import _LinkMessages
from desktop.sync.key_format import format_key, parse_key
from desktop.sync.linking import FirstDevice, NewDevice
from desktop.sync.state_digest import digest_from_record

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "crypto_vectors.json").read_text(encoding="utf-8"))
ROOT = Path(__file__).parents[2]


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def derive(key: bytes, label: str, size: int = 32) -> bytes:
    """By hand: section 1."""
    return hashlib.blake2b(label.encode(), digest_size=size, key=key, person=b"up-schedule-sync").digest()


def unseal(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """By hand: section 1."""
    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[24:], associated, sealed[:24], key)


ACCOUNT = bytes_of(VECTORS["account"])
ACCOUNT_KEY = bytes_of(VECTORS["account_key"])
KEYRING = wire.keyring_from_json(VECTORS["keyring"])
RECORD = VECTORS["record"]
ROW = wire.ServerRecord(
    RECORD["id"], RECORD["etag"], RECORD["deleted"], RECORD["data_key"], RECORD["schema"], bytes_of(RECORD["blob"])
)
KEYS = cipher.open_keyring(KEYRING, VECTORS["account"], ACCOUNT_KEY)
CIPHER = RecordCipher(VECTORS["account"], ACCOUNT_KEY, KEYS)


def test_the_password_by_hand_and_by_the_program() -> None:
    known = VECTORS["password"]
    secret = unicodedata.normalize("NFKC", known["password"]).encode()
    stretched = pwhash.argon2id.kdf(32, secret, bytes_of(known["salt"]), opslimit=3, memlimit=64 * 1024 * 1024)
    assert derive(stretched, "password kek") == bytes_of(known["kek"])
    assert derive(stretched, "password login") == bytes_of(known["login_seed"])
    assert bytes(SigningKey(bytes_of(known["login_seed"])).verify_key) == bytes_of(known["login_key"])
    unlocked = cipher.stretch(known["password"], KEYRING.kdf)
    assert (unlocked.kek, unlocked.login_seed) == (bytes_of(known["kek"]), bytes_of(known["login_seed"]))
    assert cipher.login_key(unlocked.login_seed) == KEYRING.login_key


@pytest.mark.parametrize(("memory", "passes"), [(65_535, 3), (65_536, 2), (8, 1)])
def test_weaker_parameters_are_refused(memory: int, passes: int) -> None:
    with pytest.raises(cipher.WeakParameters):
        cipher.stretch("three words together", wire.Kdf(bytes(16), memory, passes))


def test_parameters_that_would_stop_the_machine_are_refused() -> None:
    with pytest.raises(wire.InvalidResponse):
        cipher.stretch("three words together", wire.Kdf(bytes(16), 2**24, 3))


def test_the_recovery_key() -> None:
    known = VECTORS["recovery"]
    key = bytes_of(known["key"])
    assert derive(key, "recovery kek") == bytes_of(known["kek"])
    assert derive(key, "recovery login") == bytes_of(known["login_seed"])
    assert cipher.from_recovery_key(key).kek == bytes_of(known["kek"])
    assert format_key(key) == known["spelled"]
    assert parse_key(known["spelled"].lower().replace("-", " ").replace("0", "o"), 32) == key
    assert format_key(bytes_of(VECTORS["link"]["code"])) == VECTORS["link"]["spelled"]


def test_the_account_key_is_wrapped_twice() -> None:
    for by, kek in (("password", "password"), ("recovery", "recovery")):
        wrapped = bytes_of(VECTORS["wrapped"][f"by_{by}"])
        bound = b"up-schedule/wrap/1\0" + ACCOUNT + by.encode()
        assert unseal(bytes_of(VECTORS[kek]["kek"]), wrapped, bound) == ACCOUNT_KEY
        assert cipher.unwrap(bytes_of(VECTORS[kek]["kek"]), wrapped, VECTORS["account"], by) == ACCOUNT_KEY
    with pytest.raises(DecryptionFailed):
        cipher.unwrap(
            bytes_of(VECTORS["password"]["kek"]),
            bytes_of(VECTORS["wrapped"]["by_password"]),
            VECTORS["account"],
            "recovery",
        )


def test_the_data_keys() -> None:
    members = {name: value for name, value in VECTORS["keyring"].items() if name != "keys"}
    bound = b"up-schedule/keys/1\0" + ACCOUNT + canonical_json(members).encode()
    plain = json.loads(unseal(derive(ACCOUNT_KEY, "data keys"), KEYRING.keys, bound))
    assert plain == VECTORS["data_keys"]
    assert {name: bytes_of(key) for name, key in plain["keys"].items()} == KEYS.by_id
    assert "AAAA" not in repr(KEYS)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 4},
        {"etag": wire.new_id()},
        {"kdf": wire.Kdf(bytes(16))},
        {"login_key": bytes(32)},
        {"recovery_login_key": bytes(32)},
        {"wrapped_by_password": b"x"},
        {"wrapped_by_recovery": b"x"},
    ],
)
def test_no_member_of_a_keyring_can_be_swapped(change: dict[str, Any]) -> None:
    with pytest.raises(DecryptionFailed):
        cipher.open_keyring(replace(KEYRING, **change), VECTORS["account"], ACCOUNT_KEY)


def test_the_record() -> None:
    name = canonical_json(["record", RECORD["kind"], RECORD["key"]]).encode()
    naming = derive(ACCOUNT_KEY, "record ids")
    by_hand = hashlib.blake2b(name, digest_size=16, key=naming, person=b"up-schedule-sync").digest()
    assert by_hand == bytes_of(RECORD["id"]) == bytes_of(CIPHER.record_id(RECORD["kind"], RECORD["key"]))
    bound = b"".join(
        [
            b"up-schedule/record/1\0",
            ACCOUNT,
            bytes_of(RECORD["id"]),
            bytes_of(RECORD["data_key"]),
            b"\0\1",
            bytes_of(RECORD["etag"]),
            b"\0",
        ]
    )
    plain = unseal(bytes_of(VECTORS["data_keys"]["keys"][RECORD["data_key"]]), ROW.blob, bound)
    assert plain == bytes_of(RECORD["plain"]) == CIPHER.open(ROW)
    assert len(plain) == 256
    size = int.from_bytes(plain[1:5], "big")
    assert plain[0] == 0
    assert plain[5 : 5 + size].decode() == RECORD["body"]
    assert envelope.unpack(plain, lambda _: None) == record_from_json(json.loads(RECORD["body"]))
    assert VECTORS["part"]["id"] == CIPHER.part_id(RECORD["id"], bytes_of(VECTORS["part"]["piece"]))


def test_a_change_of_any_byte_is_refused() -> None:
    for at in range(len(ROW.blob)):
        changed = bytearray(ROW.blob)
        changed[at] ^= 1
        with pytest.raises(DecryptionFailed):
            CIPHER.open(replace(ROW, blob=bytes(changed)))
    for size in range(len(ROW.blob)):
        with pytest.raises(DecryptionFailed):
            CIPHER.open(replace(ROW, blob=ROW.blob[:size]))


@pytest.mark.parametrize(
    "change",
    [{"id": wire.new_id()}, {"etag": wire.new_id()}, {"deleted": True}, {"schema": 2}, {"key": wire.new_id()}],
)
def test_nothing_beside_a_blob_can_be_swapped(change: dict[str, Any]) -> None:
    with pytest.raises(DecryptionFailed):
        CIPHER.open(replace(ROW, **change))


def test_another_accounts_record_is_refused() -> None:
    other = RecordCipher(wire.new_id(), ACCOUNT_KEY, KEYS)
    with pytest.raises(DecryptionFailed):
        other.open(ROW)


def test_a_swapped_key_with_a_name_we_know_is_refused() -> None:
    swapped = DataKeys(KEYS.current, {**KEYS.by_id, "x": cipher.random_key()})
    with pytest.raises(DecryptionFailed):
        RecordCipher(VECTORS["account"], ACCOUNT_KEY, swapped).open(replace(ROW, key="x" * 21 + "A"))


def test_the_proof() -> None:
    known = VECTORS["proof"]
    challenge = wire.Challenge(known["name"], known["action"], known["nonce"], known["time"], KEYRING.kdf)
    signed = cipher.sign_proof(bytes_of(known["seed"]), challenge, known["host"], known["body"].encode())
    assert signed == known["signature"]
    assert known["signature"] in (ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8")


def keyed(key: bytes, data: bytes) -> bytes:
    """By hand: section 6."""
    return hashlib.blake2b(data, digest_size=32, key=key, person=b"up-schedule-sync").digest()


def test_the_link_by_hand() -> None:
    known = {name: bytes_of(value) for name, value in VECTORS["link"].items() if name not in {"spelled", "digits"}}
    code, first, new = known["code"], known["first_private"], known["new_private"]
    first_public, new_public = bindings.crypto_scalarmult_base(first), bindings.crypto_scalarmult_base(new)
    assert known["address"] == derive(code, "link address")
    assert known["commitment"] == keyed(derive(code, "link commitment"), first_public)
    small = b"up-schedule/small/1\0"
    request = unseal(derive(code, "link request"), known["request"], small + b"link request\0" + known["commitment"])
    assert json.loads(request) == [wire.b64(new_public), "Pocket"]
    assert unseal(derive(code, "link key"), known["key"], small + b"link key\0" + known["request"]) == first_public
    shared = bindings.crypto_scalarmult(new, first_public)
    link_key = keyed(shared, code + first_public + new_public)
    digits = int.from_bytes(derive(link_key, "link digits")[:8], "big") % 10**6
    assert f"{digits:06d}" == VECTORS["link"]["digits"]
    answer = unseal(derive(link_key, "link answer"), known["answer"], small + b"link answer\0")
    assert json.loads(answer)[:2] == ["thandi", VECTORS["account"]]


def test_the_link_by_the_program() -> None:
    known = VECTORS["link"]
    first = FirstDevice(bytes_of(known["code"]), bytes_of(known["first_private"]))
    new = NewDevice(known["spelled"].lower(), bytes_of(known["new_private"]))
    assert first.address == new.address == known["address"]
    assert first.commitment == bytes_of(known["commitment"])
    first.receive_request(bytes_of(known["request"]))
    assert first.label == "Pocket"
    new._commitment, new._request = bytes_of(known["commitment"]), bytes_of(known["request"])  # as `ask` leaves them
    new.receive_key(bytes_of(known["key"]))
    assert first.digits == new.digits == known["digits"]
    assert json.loads(new.open_answer(bytes_of(known["answer"])))[1] == VECTORS["account"]


def test_the_link_through_a_folder_by_hand_and_by_the_program(tmp_path: Path) -> None:
    link, known = VECTORS["link"], VECTORS["folder_link"]
    files = [bytes_of(each) for each in known["files"]]
    head = b"up-schedule/link/1\0" + bytes_of(link["address"])
    commitment, request, key, answer = (file.removeprefix(head + bytes([number])) for number, file in enumerate(files))
    assert [commitment, request, key] == [bytes_of(link[name]) for name in ("commitment", "request", "key")]
    first, new = bytes_of(link["first_private"]), bytes_of(link["new_private"])
    first_public, new_public = bindings.crypto_scalarmult_base(first), bindings.crypto_scalarmult_base(new)
    link_key = keyed(bindings.crypto_scalarmult(new, first_public), bytes_of(link["code"]) + first_public + new_public)
    letter = unseal(derive(link_key, "link answer"), answer, b"up-schedule/small/1\0link answer\0")
    assert json.loads(letter) == [VECTORS["account"], known["account_key_id"], VECTORS["account_key"]]
    for number, file in enumerate(files):
        (tmp_path / f"l-{number}.upl").write_bytes(file)
    found = [_LinkMessages(Directory(tmp_path), link["address"]).find(number) for number in range(4)]
    assert found == [[commitment], [request], [key], [answer]]


def test_the_state_digest_by_hand_and_by_the_program() -> None:
    state = VECTORS["state_digest"]["state"]
    columns = zlib.decompress(bytes_of(state["weights"]))
    number = state["records"]
    by_hand = {
        wire.b64(columns[4 * at : 4 * at + 4]): int.from_bytes(columns[4 * number + 8 * at :][:8], "big")
        for at in range(number)
    }
    assert by_hand == VECTORS["state_digest"]["weights"]
    assert bytes_of(RECORD["id"])[:4] in map(bytes_of, by_hand)
    read = digest_from_record(Record("state_digest", "0").with_values({"state": state}, NEVER))
    assert read is not None
    assert {wire.b64(short): weight for short, weight in read.weights.items()} == by_hand
    assert (read.sequence, read.keyring, read.seen) == (3, 2, {"0a1b2c3d": 2})


def test_the_seal_of_a_backup_by_hand_and_by_the_program() -> None:
    known = VECTORS["backup"]
    (way,) = known["seal"]["ways"]
    stretched = pwhash.argon2id.kdf(
        32, known["passphrase"].encode(), bytes_of(way["kdf"]["salt"]), opslimit=3, memlimit=64 * 1024 * 1024
    )
    own = derive(derive(stretched, "password kek"), "backup key")
    key = unseal(own, bytes_of(way["sealed"]), b"up-schedule/small/1\0backup key\0")
    plain = {name: value for name, value in known["seal"].items() if name != "mac"}
    message = canonical_json(plain).encode() + b"\0" + known["manifest"].encode()
    assert keyed(derive(key, "backup file"), message) == bytes_of(known["seal"]["mac"])
    backup_seal.verify(known["seal"], known["manifest"].encode(), known["passphrase"])
    with pytest.raises(backup_seal.Tampered):
        backup_seal.verify(known["seal"], known["manifest"].encode() + b" ", known["passphrase"])


def test_the_page_names_every_label_that_is_used() -> None:
    page = (ROOT / "docs" / "crypto.md").read_text(encoding="utf-8")
    labels = ["password kek", "password login", "recovery kek", "recovery login", "data keys", "record ids"]
    labels += ["backup key", "backup file"]
    labels += [f"link {each}" for each in ("address", "commitment", "request", "key", "digits", "answer")]
    for label in labels:
        assert f"`{label}`" in page
    for context in ("record", "wrap", "keys", "small"):
        assert f"up-schedule/{context}/1" in page
    assert VECTORS["recovery"]["spelled"] in page
    assert RECORD["id"] in page
