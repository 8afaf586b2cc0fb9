"""The PDFs of accepted imports, stored under the hash of their bytes, on this machine only.

A PDF is kept so that a row can be shown at its place in the document; nothing depends on the PDF being there.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from desktop.private_files import create_private_file, make_private_folder

_HASH = re.compile(r"[0-9a-f]{64}")
DOCUMENTS_FOLDER = "documents"  # the folder in a profile
_SPARE = 50 * 1024 * 1024  # bytes of the disk to leave free: the timetable needs them more than a PDF does


class Documents:
    """The stored PDFs in `folder`, which is created with the first one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, source: Path, sha256: str) -> Path | None:
        """Stores the file `source` if it still has that hash; returns its path, or None if it cannot be stored."""
        try:
            return self.find(sha256) or self.put(sha256, source.read_bytes())
        except OSError:
            return None

    def put(self, sha256: str, body: bytes) -> Path | None:
        """Stores these bytes if they have that hash; returns the path, or None if they cannot be stored."""
        target = self._path(sha256)
        if target is None or hashlib.sha256(body).hexdigest() != sha256:
            return None
        new = target.with_suffix(".new")
        try:
            make_private_folder(self.folder)
            if shutil.disk_usage(self.folder).free < _SPARE + len(body):
                return None
            with create_private_file(new) as stream:
                stream.write(body)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(target)
        except OSError:
            new.unlink(missing_ok=True)
            return None
        return target

    def find(self, sha256: str) -> Path | None:
        """The path of the stored PDF with that hash, or None."""
        path = self._path(sha256)
        return path if path is not None and path.is_file() else None

    def remove_unused(self, wanted: Collection[str]) -> int:
        """Removes all files except the PDFs with the `wanted` hashes; returns how many were removed."""
        removed = 0
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.suffix == ".new" or (path.suffix == ".pdf" and path.stem not in wanted):
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, sha256: str) -> Path | None:
        return self.folder / f"{sha256}.pdf" if _HASH.fullmatch(sha256) else None
