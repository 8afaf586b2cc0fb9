"""Documents on disk: finds them in folders and reads several at once, each giving its drafts or an error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import AppError, FileError, cause
from desktop.domain.messages import msg

MAX_FILES = 500
Progress = Callable[[int, int], None]  # called with the page and the number of pages


class Pixels(Protocol):
    """A page as rows of RGBA bytes, at `scale` pixels per point."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def pixels(self) -> bytes: ...
    @property
    def scale(self) -> float: ...


class DocumentReader(Protocol):
    """The interface of a reader of documents; the program uses `pdf.reader.Reader`."""

    def read(
        self, path: Path, cancelled: Callable[[], bool] = ..., progress: Progress | None = ...
    ) -> tuple[Draft, ...]:
        """The documents of a file; `progress` is called for each page. Raises the AppErrors of `read_document`."""

    def read_bytes(
        self, data: bytes, cancelled: Callable[[], bool] = ..., progress: Progress | None = ...
    ) -> tuple[Draft, ...]:
        """The documents in pasted bytes; otherwise as `read`."""

    def render(self, path: Path, page: int, scale: float, cancelled: Callable[[], bool] = ...) -> Pixels:
        """Page `page`, from 1, as a picture. Raises the AppErrors of `read_document`."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A rendered page: `rows` rows of `width` RGBA pixels; `height` is the page's height in points."""

    pixels: bytes
    width: int
    rows: int
    height: float


def find_documents(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files in `paths`, and the PDFs in and below the folders in `paths`, in order and each once.

    A name with wildcards (`*.pdf`), which a Windows shell does not expand, stands for the files that match it. A named
    file is kept whatever its type, so that the reader can report why it is no document. Raises FileError if a folder
    cannot be listed, or there are more than 500 files.
    """
    found: dict[Path, None] = {}
    for path in chain.from_iterable(map(_expand_wildcards, paths)):
        if path.is_dir():
            for each in _pdfs_below(path):
                found[each] = None
        else:
            found[path] = None
    if len(found) > MAX_FILES:
        raise FileError(
            msg("These are {n} files; at most {most} can be read in one go.", n=len(found), most=MAX_FILES),
            "Choose fewer files, or a folder that holds fewer.",
        )
    return tuple(found)


def _expand_wildcards(path: Path) -> Sequence[Path]:
    """Expand wildcards; a path that exists as it is, or that nothing matches, stands for itself."""
    if not any(sign in path.name for sign in "*?[") or path.exists():
        return [path]
    return sorted(path.parent.glob(path.name)) or [path]


def _pdfs_below(folder: Path) -> list[Path]:
    def fail(wrong: OSError) -> None:
        raise FileError(
            msg("The folder {folder} cannot be listed: {why}.", folder=str(wrong.filename or folder), why=cause(wrong)),
            "Check its rights.",
        ) from wrong

    found = []
    for top, below, names in os.walk(folder, onerror=fail):  # does not follow links to folders, so it ends
        below[:] = sorted(name for name in below if not name.startswith("."))
        found += [Path(top, name) for name in sorted(names) if name.lower().endswith(".pdf") and name[:1] != "."]
    return found


def never_cancelled() -> bool:
    """The `cancelled` callback of work that cannot be cancelled."""
    return False


def read_document(
    reader: DocumentReader,
    path: Path,
    cancelled: Callable[[], bool] = never_cancelled,
    progress: Progress | None = None,
) -> tuple[Draft, ...]:
    """Read a file: one draft for each document in it. Reports progress for each page. Raises DocumentRefused,
    ReaderCrashed, FileError, Cancelled."""
    return reader.read(path, cancelled, progress)


def render_page(
    reader: DocumentReader, path: Path, page: int, cancelled: Callable[[], bool] = never_cancelled, scale: float = 2.0
) -> PagePicture:
    """Render page `page`, from 1, at `scale` pixels per point. Raises the AppErrors of `read_document`."""
    drawn = reader.render(path, page, scale, cancelled)
    return PagePicture(drawn.pixels, drawn.width, drawn.height, drawn.height / drawn.scale)


def read_documents(
    reader: DocumentReader, paths: Sequence[Path], cancelled: Callable[[], bool] = never_cancelled
) -> Iterator[tuple[Path, tuple[Draft, ...] | AppError]]:
    """Read many files in parallel, one child process per core. Yields in the order of `paths`; an error is yielded and
    not raised."""
    with ThreadPoolExecutor(max(1, os.cpu_count() or 1), "read") as pool:
        asked: list[tuple[Path, Future[tuple[Draft, ...]]]] = [
            (path, pool.submit(reader.read, path, cancelled)) for path in paths
        ]
        try:
            for path, answer in asked:
                try:
                    yield path, answer.result()
                except AppError as trouble:
                    yield path, trouble
        finally:
            for _, answer in asked:
                answer.cancel()


def printable_name(path: Path) -> str:
    """A file's name as text to store and show: bytes that are not UTF-8 become U+FFFD, so it cannot open the file."""
    return os.fsencode(path.name).decode("utf-8", "replace")
