"""Documents on disk: found in folders, read several at once, each with its answer or its reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import AppError, FileTrouble, cause
from desktop.domain.messages import msg

MOST_FILES = 500
Progress = Callable[[int, int], None]  # a page, of how many


class Pixels(Protocol):
    """A page as rows of RGBA bytes, `scale` pixels a point."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def pixels(self) -> bytes: ...
    @property
    def scale(self) -> float: ...


class DocumentReader(Protocol):
    """What reads documents: `pdf.reader` here, anything with the same promise in a test."""

    def read(
        self, path: Path, cancelled: Callable[[], bool] = ..., progress: Progress | None = ...
    ) -> tuple[Draft, ...]:
        """The documents of a file; `progress` hears of each page. Raises the AppErrors of `read_document`."""

    def read_bytes(
        self, data: bytes, cancelled: Callable[[], bool] = ..., progress: Progress | None = ...
    ) -> tuple[Draft, ...]:
        """The documents in what was pasted; as `read`."""

    def render(self, path: Path, page: int, scale: float, cancelled: Callable[[], bool] = ...) -> Pixels:
        """A page (from 1) as a picture. Raises the AppErrors of `read_document`."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of a document: `rows` lines of `width` RGBA pixels, and how high the page is in points."""

    pixels: bytes
    width: int
    rows: int
    height: float


def find_documents(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named, and the PDFs in the folders named and below them, in order and each once.

    A name with wildcards (`*.pdf`), which a Windows shell hands on as it is typed, means the files that match it.
    A file that was named is kept whatever it is, so that its reader can say why not. Raises FileTrouble where a folder
    cannot be listed, or there are more than 500 files.
    """
    found: dict[Path, None] = {}
    for path in chain.from_iterable(map(_matching, paths)):
        if path.is_dir():
            for each in _listed(path):
                found[each] = None
        else:
            found[path] = None
    if len(found) > MOST_FILES:
        raise FileTrouble(
            msg("These are {n} files; at most {most} can be read in one go.", n=len(found), most=MOST_FILES),
            "Choose fewer files, or a folder that holds fewer.",
        )
    return tuple(found)


def _matching(path: Path) -> Sequence[Path]:
    """The files that a name means: itself if it is there as it stands, or if nothing matches it."""
    if not any(sign in path.name for sign in "*?[") or path.exists():
        return [path]
    return sorted(path.parent.glob(path.name)) or [path]


def _listed(folder: Path) -> list[Path]:
    def fail(wrong: OSError) -> None:
        raise FileTrouble(
            msg("The folder {folder} cannot be listed: {why}.", folder=str(wrong.filename or folder), why=cause(wrong)),
            "Check its rights.",
        ) from wrong

    found = []
    for top, below, names in os.walk(folder, onerror=fail):  # links to folders are not followed: no endless rounds
        below[:] = sorted(name for name in below if not name.startswith("."))
        found += [Path(top, name) for name in sorted(names) if name.lower().endswith(".pdf") and name[:1] != "."]
    return found


def never() -> bool:
    """For work that nobody can cancel."""
    return False


def read_document(
    reader: DocumentReader, path: Path, cancelled: Callable[[], bool] = never, tell: Progress | None = None
) -> tuple[Draft, ...]:
    """What a file says, a draft for each document in it; `tell` hears of each page. Raises DocumentRefused,
    ReaderCrashed, FileTrouble, Cancelled."""
    return reader.read(path, cancelled, tell)


def picture_of(
    reader: DocumentReader, path: Path, page: int, cancelled: Callable[[], bool] = never, scale: float = 2.0
) -> PagePicture:
    """A page (from 1) of a document as a picture, `scale` pixels a point. Raises the AppErrors of `read_document`."""
    drawn = reader.render(path, page, scale, cancelled)
    return PagePicture(drawn.pixels, drawn.width, drawn.height, drawn.height / drawn.scale)


def read_all(
    reader: DocumentReader, paths: Sequence[Path], cancelled: Callable[[], bool] = never
) -> Iterator[tuple[Path, tuple[Draft, ...] | AppError]]:
    """Read many at once, a child process a core; answers come in the order of `paths`, trouble as a value."""
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
    """What a file is called, as text: a byte that is no UTF-8 becomes a question mark in a diamond. To be stored and
    shown, never to open the file."""
    return os.fsencode(path.name).decode("utf-8", "replace")
