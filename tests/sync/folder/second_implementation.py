"""An independent implementation of the folder's format, written from docs/folder-sync.md and docs/crypto.md alone.

It joins, reads and writes. It shares no code with the program; primitives are libsodium's and the standard library's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import unicodedata
import zlib
from pathlib import Path
from typing import Any

from nacl import bindings, pwhash


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def keyed_hash(key: bytes, data: bytes) -> bytes:
    return bindings.crypto_generichash_blake2b_salt_personal(data, digest_size=32, key=key, person=b"up-schedule-sync")


def derive(key: bytes, label: str) -> bytes:
    return keyed_hash(key, label.encode())


def seal_small(key: bytes, purpose: str, bound: bytes, text: bytes) -> bytes:
    nonce = secrets.token_bytes(24)
    associated = b"up-schedule/small/1\0" + purpose.encode() + b"\0" + bound
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(text, associated, nonce, derive(key, purpose))
    return nonce + sealed


def open_small(key: bytes, purpose: str, bound: bytes, sealed: bytes) -> bytes:
    associated = b"up-schedule/small/1\0" + purpose.encode() + b"\0" + bound
    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
        sealed[24:], associated, sealed[:24], derive(key, purpose)
    )


def secret_in(code: str) -> bytes:
    """Decodes 16 bytes from their spelled form: crypto.md, section 2."""
    letters = code.replace("-", "").replace(" ", "").upper().translate(str.maketrans("OIL", "011"))
    number = 0
    for letter in letters:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    key = (number >> 22).to_bytes(16, "big")
    digest = hashlib.sha256(b"up-schedule/spelled/1\0" + key).digest()
    assert int.from_bytes(digest[:3], "big") >> 4 == number % 2**20, "a slip in the code"
    return key


class OtherDevice:
    """A device implemented from the documents."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self.folder = folder
        self.file = secrets.token_hex(16)
        self.device = secrets.token_hex(8)
        self.private = secrets.token_bytes(32)
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.seen: dict[str, int] = {}
        self.tokens: dict[str, list[list[Any]]] = {}
        self.forked: set[str] = set()
        self.counter = 0
        self.digits = ""
        if password:
            self._enter(password)

    # a code from a device that is in: crypto.md, section 6, and folder-sync.md, section 5

    def request_entry(self, code: str) -> None:
        """Asks to be let in, under a spelled code."""
        self.secret = secret_in(code)
        self.commitment = self._letters(0)[0]
        public = b64(bindings.crypto_scalarmult_base(self.private))
        text = json.dumps([public, "the other implementation"]).encode()
        self.request = seal_small(self.secret, "link request", self.commitment, text)
        self._letter(1, self.request)

    def receive_key(self) -> None:
        """Receives the first device's key, from which both derive the digits."""
        first = open_small(self.secret, "link key", self.request, self._letters(2)[0])
        assert keyed_hash(derive(self.secret, "link commitment"), first) == self.commitment
        own = bindings.crypto_scalarmult_base(self.private)
        self.link_key = keyed_hash(bindings.crypto_scalarmult(self.private, first), self.secret + first + own)
        number = int.from_bytes(derive(self.link_key, "link digits")[:8], "big") % 10**6
        self.digits = f"{number:06d}"

    def open_answer(self) -> None:
        """Opens the answer, and the keyring with the account key in it."""
        letter = open_small(self.link_key, "link answer", b"", self._letters(3)[0])
        self.account, key_id, account_key = json.loads(letter)
        rings = [json.loads(path.read_bytes()) for path in sorted(self.folder.glob("*.upk"))]
        self._open_ring(next(ring for ring in rings if ring["key"] == key_id), unb64(account_key))
        for path in self.folder.glob("*.upl"):
            if path.read_bytes().startswith(self._letter_head()):
                path.unlink()

    def _letter_head(self) -> bytes:
        return b"up-schedule/link/1\0" + derive(self.secret, "link address")

    def _letter(self, number: int, message: bytes) -> None:
        (self.folder / f"l-{secrets.token_hex(8)}.upl").write_bytes(self._letter_head() + bytes([number]) + message)

    def _letters(self, number: int) -> list[bytes]:
        head = self._letter_head() + bytes([number])
        found = [path.read_bytes() for path in sorted(self.folder.glob("*.upl"))]
        return [each[len(head) :] for each in found if each.startswith(head)]

    # the password

    def _enter(self, password: str) -> None:
        rings = [json.loads(path.read_bytes()) for path in sorted(self.folder.glob("*.upk"))]
        rotation = max(ring["rotation"] for ring in rings)
        slot = max(
            (ring["password"] for ring in rings if ring["rotation"] == rotation), key=lambda s: (s["count"], s["id"])
        )
        ring = next(ring for ring in rings if ring["rotation"] == rotation and ring["password"] == slot)
        kdf = slot["kdf"]
        secret = unicodedata.normalize("NFKC", password).encode()
        stretched = pwhash.argon2id.kdf(
            32, secret, unb64(kdf["salt"]), opslimit=kdf["passes"], memlimit=kdf["memory_kib"] * 1024
        )
        kek = derive(stretched, "password kek")
        self.account = ring["account"]
        bound = unb64(self.account) + unb64(slot["key"]) + b"password"
        known = open_small(derive(kek, "folder wrap"), "folder slot", bound, unb64(slot["wrapped"]))
        key = known
        if ring["key"] != slot["key"]:
            key = self._unboxed(derive(kek, "folder private key"), ring, "password")
        self._open_ring(ring, key)
        assert self.account_keys[slot["key"]] == b64(known), "a stranger's keyring"

    def _unboxed(self, private: bytes, ring: dict[str, Any], who: str) -> bytes:
        box = unb64(ring["boxes"][who])
        public = bindings.crypto_scalarmult_base(private)
        key = keyed_hash(bindings.crypto_scalarmult(private, box[:32]), box[:32] + public)
        return open_small(key, "folder box", unb64(ring["account"]) + unb64(ring["key"]) + who.encode(), box[32:])

    def _open_ring(self, ring: dict[str, Any], key: bytes) -> None:
        clear = {name: value for name, value in ring.items() if name != "sealed"}
        plain = json.loads(open_small(key, "folder keys", canonical(clear), unb64(ring["sealed"])))
        self.ring, self.key, self.plain = clear, key, plain
        self.account_keys, self.data_keys = plain["account_keys"], plain["data_keys"]

    def publish_keyring(self) -> None:
        devices = self.ring["devices"] | {self.file: b64(bindings.crypto_scalarmult_base(self.private))}
        to = devices | {who: self.ring[who]["public"] for who in ("password", "recovery")}
        boxes = {who: b64(self._box(unb64(public), who)) for who, public in to.items()}
        clear = self.ring | {"file": self.file, "devices": devices, "boxes": boxes}
        sealed = seal_small(self.key, "folder keys", canonical(clear), canonical(self.plain))
        (self.folder / f"k-{self.file}.upk").write_bytes(canonical(clear | {"sealed": b64(sealed)}))

    def _box(self, public: bytes, who: str) -> bytes:
        private = secrets.token_bytes(32)
        own = bindings.crypto_scalarmult_base(private)
        key = keyed_hash(bindings.crypto_scalarmult(private, public), own + public)
        bound = unb64(self.account) + unb64(self.ring["key"]) + who.encode()
        return own + seal_small(key, "folder box", bound, self.key)

    def read(self) -> None:
        """Reads snapshots and parts in order, and merges their records."""
        merged: set[str] = set()
        left = {path: path.read_bytes() for path in self.folder.glob("*.ups")}
        while True:
            ready = []
            for path, content in left.items():
                head, lines = self._open(content)
                if head["prev"] is None or head["prev"] in merged:
                    ready.append(path)
                    merged.add(b64(hashlib.sha256(content).digest()))
                    self.forked.update(head["forked"])
                    for name, tokens in head.get("tokens", {}).items():
                        self._compare(name, tokens)
                    for name, counter in head["seen"].items():
                        self.seen[name] = max(counter, self.seen.get(name, 0))
                    for name in self.forked:
                        self.seen.pop(name, None)
                        self.tokens.pop(name, None)
                    for line in lines:
                        self._join(json.loads(line))
            if not ready:
                return
            for path in ready:
                del left[path]

    def _compare(self, name: str, tokens: list[list[Any]]) -> None:
        """Detects two profiles with one stamp name: their tokens differ between the same counters."""
        known = self.tokens.get(name, tokens)
        low, high = max(known[0], tokens[0])[0], min(known[-1], tokens[-1])[0]
        if [each for each in known if low <= each[0] <= high] != [each for each in tokens if low <= each[0] <= high]:
            self.forked.add(name)
        self.tokens[name] = max(known, tokens, key=lambda each: each[-1])

    def _open(self, content: bytes) -> tuple[dict[str, Any], list[str]]:
        magic = b"up-schedule/folder/1\0"
        size = len(magic) + 34
        header = content[:size]
        assert header.startswith(magic + unb64(self.account))
        key = unb64(self.data_keys[b64(header[len(magic) + 16 : -2])])
        plain = open_small(key, "folder file", header, content[size:])
        length = int.from_bytes(plain[:4], "big")
        lines = zlib.decompress(plain[4 : 4 + length]).decode().split("\n")
        return json.loads(lines[0]), lines[1:]

    def _join(self, record: dict[str, Any]) -> None:
        fields = self.records.setdefault((record["kind"], record["key"]), {})
        for name, (value, stamp) in record["fields"].items():
            self.counter = max(self.counter, stamp[0])
            if name not in fields or fields[name][1] < stamp:
                fields[name] = [value, stamp]

    def set(self, kind: str, key: str, **values: Any) -> None:
        self.counter += 1
        fields = self.records.setdefault((kind, key), {})
        for name, value in values.items():
            fields[name] = [value, [self.counter, self.device]]

    def write(self, *, says_tokens: bool = True) -> None:
        """Writes a snapshot of everything."""
        self.seen[self.device] = self.counter
        own = self.tokens.setdefault(self.device, [[0, secrets.token_hex(4)]])
        if own[-1][0] < self.counter:
            own.append([self.counter, secrets.token_hex(4)])
        head = {
            "file": self.file,
            "device": self.device,
            "generation": 0,
            "part": 0,
            "prev": None,
            "seen": self.seen,
            "forked": sorted(self.forked),
            "live": len(self.records),
            "deleted": 0,
            "label": "the other implementation",
            "keyring": [self.ring["rotation"], self.ring["password"]["count"], self.ring["recovery"]["count"]],
        }
        if says_tokens:
            head["tokens"] = {name: each[-64 if name == self.device else -16 :] for name, each in self.tokens.items()}
        lines = [canonical(head)]
        for (kind, key), fields in self.records.items():
            lines.append(canonical({"kind": kind, "key": key, "fields": fields}))
        packed = zlib.compress(b"\n".join(lines))
        header = b"up-schedule/folder/1\0" + unb64(self.account) + unb64(self.plain["current"]) + (1).to_bytes(2, "big")
        key = unb64(self.data_keys[self.plain["current"]])
        plain = len(packed).to_bytes(4, "big") + packed
        (self.folder / f"d-{self.file}-0-0.ups").write_bytes(header + seal_small(key, "folder file", header, plain))
