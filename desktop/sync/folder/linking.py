"""Links a new device through the folder: each message of `sync.linking` is a file that is deleted afterwards.

The code is valid while its page is open. Cloud storage is slow, so its five minutes start when the request arrives.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from desktop.domain.errors import NotAllowed, NotReachable
from desktop.sync import cipher
from desktop.sync.cipher import DecryptionFailed
from desktop.sync.folder.account import FolderAccount, join_with_account_key
from desktop.sync.folder.cloud_folders import cloud_of
from desktop.sync.folder.ports import FolderFiles
from desktop.sync.linking import CODE_VALID_SECONDS, FirstDevice, NewDevice
from desktop.sync.repository import SyncRepository
from desktop.sync.secrets import Vault
from desktop.sync.wire import unb64

SUFFIX = ".upl"
_MAGIC = b"up-schedule/link/1\0"
_OFFER, _REQUEST, _KEY, _ANSWER = range(4)


class CodeExpired(NotAllowed):
    """The code was not confirmed in time."""

    def __init__(self) -> None:
        super().__init__("The code has expired.", "Make a new one on the device that is in.")


class _LinkMessages:
    """The messages of one link, found by address and number in the files, whatever the cloud program names them."""

    def __init__(self, files: FolderFiles, address: str) -> None:
        self._files = files
        self._address = unb64(address)
        self._own: list[str] = []

    def put(self, number: int, message: bytes) -> None:
        name = f"l-{cipher.random_key()[:8].hex()}{SUFFIX}"
        self._own.append(name)
        self._files.write(name, self._head(number) + message)

    def find(self, number: int) -> list[bytes]:
        head = self._head(number)
        found = []
        for name in sorted(self._files.list()):
            if name.endswith(SUFFIX):
                content = self._files.read(name) or b""
                if content.startswith(head):
                    found.append(content[len(head) :])
        return found

    def remove_own(self) -> None:
        for name in self._own:
            self._files.remove(name)

    def remove_all(self) -> None:
        head = _MAGIC + self._address
        for name in sorted(self._files.list()):
            if name.endswith(SUFFIX) and (self._files.read(name) or b"").startswith(head):
                self._files.remove(name)

    def _head(self, number: int) -> bytes:
        return _MAGIC + self._address + bytes([number])


class FolderInvitation:
    """The side of the signed-in device. It accepts one request, once."""

    def __init__(
        self, account: FolderAccount, files: FolderFiles, path: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._account = account
        self._clock = clock
        self._device = FirstDevice()
        self._letters = _LinkMessages(files, self._device.address)
        self._letters.put(_OFFER, self._device.commitment)
        self._asked_at: float | None = None
        self._is_closed = False
        self.is_answered = False
        self.qr = f"upschedule:link?folder={cloud_of(path)}&account={account.account}&code={quote(self.code)}"

    @property
    def code(self) -> str:
        return self._device.code

    @property
    def label(self) -> str:
        """The label that the new device gave itself."""
        return self._device.label

    @property
    def digits(self) -> str:
        """Six digits to compare, once a device has sent its request; empty before."""
        return self._device.digits

    def poll(self) -> None:
        """Checks for a request, and replies to it. Raises CodeExpired."""
        self._check()
        if self._asked_at is not None:
            return
        for request in self._letters.find(_REQUEST):
            with suppress(DecryptionFailed):  # a request made without the code
                self._letters.put(_KEY, self._device.receive_request(request))
                self._asked_at = self._clock()
                return

    def confirm(self) -> None:
        """Sends the account to the device, after a person has compared the digits. Raises CodeExpired."""
        self._check()
        if not self.is_answered:
            self._letters.put(_ANSWER, self._device.seal_answer(self._account.account_for_new_device()))
            self.is_answered = True

    def close(self) -> None:
        """Ends the link. An answer stays in the folder for the new device, which deletes it."""
        if not self._is_closed:
            self._is_closed = True
            if not self.is_answered:
                self._letters.remove_own()

    def _check(self) -> None:
        is_late = self._asked_at is not None and self._clock() - self._asked_at > CODE_VALID_SECONDS
        if self._is_closed or (is_late and not self.is_answered):
            self.close()
            raise CodeExpired


class FolderCodeJoin:
    """The side of the new device. Raises InvalidInput for a mistyped code."""

    def __init__(self, repository: SyncRepository, vault: Vault, files: FolderFiles, code: str, label: str) -> None:
        self._repository = repository
        self._vault = vault
        self._files = files
        self._label = label
        self._device = NewDevice(read_code(code))
        self._letters = _LinkMessages(files, self._device.address)
        self._has_asked = False

    @property
    def digits(self) -> str:
        """Six digits to compare, once the other device has sent its key; empty before."""
        return self._device.digits

    def poll(self) -> FolderAccount | None:
        """Checks for the next message; returns the account once the other device has sent it, None before.

        Raises NotAllowed if another device used the code first.
        """
        if not self._has_asked:
            for offer in self._letters.find(_OFFER)[:1]:
                self._letters.put(_REQUEST, self._device.make_request(offer, self._label))
                self._has_asked = True
            return None
        if not self._device.digits:
            self._hear_key()
            return None
        for answer in self._letters.find(_ANSWER):
            with suppress(DecryptionFailed):
                letter = self._device.open_answer(answer)
                account = join_with_account_key(self._repository, self._vault, self._files, letter, self._label)
                self._letters.remove_all()
                return account
        return None

    def cancel(self) -> None:
        self._letters.remove_own()

    def _hear_key(self) -> None:
        keys = self._letters.find(_KEY)
        for key in keys:
            with suppress(DecryptionFailed):
                self._device.receive_key(key)
                return
        if keys:
            raise NotAllowed("Another device used this code first.", "Make a new one on the device that is in.")


def read_code(text: str) -> str:
    """The code in text that was typed, or in the text of a QR code."""
    if not text.strip().casefold().startswith("upschedule:"):
        return text
    try:
        found = parse_qs(urlsplit(text.strip()).query).get("code", [""])
    except ValueError as wrong:
        raise NotReachable("This is no code.") from wrong
    return found[0]
