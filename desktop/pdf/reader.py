"""Reads a PDF in a child process, so that a malicious file can harm nothing but that process.

Free of Qt and safe to call from several threads at once; each call supervises one child.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.child_process import ChildProcess, MemoryMonitor
from desktop.document_types import DOCUMENT_TYPES
from desktop.domain.drafts.draft import DocumentTypes, Draft, draft_from_json
from desktop.domain.errors import (
    AppError,
    Cancelled,
    DocumentRefused,
    FileError,
    InvalidInput,
    ReaderCrashed,
    cause,
    is_open_elsewhere,
)
from desktop.domain.messages import msg, text_from_json

Progress = Callable[[int, int], None]
AGAIN = "Export the timetable from the student portal again and use that file."


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for reading one file. Sizes in bytes, times in seconds."""

    file: int = 10 * 1024 * 1024
    memory: int = 512 * 1024 * 1024  # resident; the child limits its own address space
    cpu: int = 20  # seconds; applied on Windows, elsewhere the child limits itself
    wall: float = 60.0
    output: int = 64 * 1024 * 1024
    max_attempts: int = 3
    retry_pause: float = 0.2  # before the second try; doubled before each further one


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """The picture of a page: rows of RGBA bytes; `scale` is in pixels per point."""

    width: int
    height: int
    pixels: bytes
    scale: float


def never_cancelled() -> bool:
    """The `cancelled` callback of work that cannot be cancelled."""
    return False


def child_command() -> list[str]:
    """The command that starts the child: the program itself in a frozen build, else its package in this interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--read-pdf"]
    # -P: a folder named `desktop` in the working directory must not be imported. -S would lose our packages.
    return [sys.executable, "-P", "-m", "desktop", "--read-pdf"]


class Reader:
    """Reads and renders PDFs, each in a child process. Holds no state between calls."""

    def __init__(
        self,
        command: Sequence[str] | None = None,
        limits: Limits | None = None,
        types: DocumentTypes = DOCUMENT_TYPES,
    ) -> None:
        self._command = list(command or child_command())
        self._limits = limits or Limits()
        self._types = types

    def read(
        self, path: Path, cancelled: Callable[[], bool] = never_cancelled, progress: Progress | None = None
    ) -> tuple[Draft, ...]:
        """The documents in the file at `path`, at least one; `progress` is called with (page, pages) on this thread.

        A crashed child is started again. Raises DocumentRefused, ReaderCrashed, FileError or Cancelled.
        """
        return self.read_bytes(self._read_file(path), cancelled, progress)

    def read_bytes(
        self, data: bytes, cancelled: Callable[[], bool] = never_cancelled, progress: Progress | None = None
    ) -> tuple[Draft, ...]:
        """The documents in the bytes of a file or of a pasted table; otherwise as `read`."""

        def hear(line: dict[str, Any]) -> None:
            if progress and "page" in line:
                progress(int(line["page"]), int(line["pages"]))

        answer, _ = self._run_child(data, [], cancelled, hear)
        try:
            drafts = tuple(draft_from_json(plain, self._types) for plain in answer["drafts"])
        except (KeyError, TypeError, InvalidInput) as wrong:
            raise ReaderCrashed("The reader’s answer on this file makes no sense.", AGAIN) from wrong
        if not drafts:
            raise ReaderCrashed("The reader’s answer on this file makes no sense.", AGAIN)
        return drafts

    def render(
        self, path: Path, page: int, scale: float, cancelled: Callable[[], bool] = never_cancelled
    ) -> RenderedPage:
        """Render page `page`, from 1, at `scale` pixels per point. Raises the errors of `read`."""
        answer, pixels = self._run_child(
            self._read_file(path), ["--page", str(page), "--scale", f"{scale:.4f}"], cancelled, _ignore_progress
        )
        width, height = int(answer["width"]), int(answer["height"])
        if len(pixels) != width * height * 4:
            raise ReaderCrashed("The picture of this page came out incomplete.", AGAIN)
        return RenderedPage(width, height, pixels, float(answer["scale"]))

    def _read_file(self, path: Path) -> bytes:
        try:
            with path.open("rb") as stream:
                data = stream.read(self._limits.file + 1)
        except IsADirectoryError as wrong:
            raise FileError(msg("{file} is a folder.", file=path.name), "Choose the PDF files in it.") from wrong
        except FileNotFoundError as wrong:
            raise FileError(
                msg("{file} is no longer there.", file=path.name), "It was moved, renamed or deleted: choose it again."
            ) from wrong
        except OSError as wrong:
            if is_open_elsewhere(wrong):
                raise FileError(
                    msg("{file} is open in another program.", file=path.name), "Close it there, then try again."
                ) from wrong
            raise FileError(
                msg("{file} cannot be read: {why}.", file=path.name, why=cause(wrong)),
                "Check that it is yours to read.",
            ) from wrong
        if len(data) > self._limits.file:
            size = path.stat().st_size / 1e6
            raise DocumentRefused(
                msg(
                    "The file has {n} MB; a timetable has at most {most}.",
                    n=round(size),
                    most=self._limits.file // 1024 // 1024,
                ),
                "Choose a timetable that the student portal exported as PDF.",
            )
        return data

    def _run_child(
        self,
        data: bytes,
        arguments: Sequence[str],
        cancelled: Callable[[], bool],
        hear: Callable[[dict[str, Any]], None],
    ) -> tuple[dict[str, Any], bytes]:
        pause = self._limits.retry_pause
        for attempt in range(1, self._limits.max_attempts + 1):
            try:
                return _ChildSession(self._command, arguments, self._limits).run(data, cancelled, hear)
            except ReaderCrashed:
                if attempt == self._limits.max_attempts:
                    raise
            until = time.monotonic() + pause
            while time.monotonic() < until:
                if cancelled():
                    raise Cancelled
                time.sleep(0.02)
            pause *= 2
        raise AssertionError("a reader is given at least one try")


def _ignore_progress(_: dict[str, Any]) -> None:
    """Ignore progress: rendering reports none."""


class _ChildSession:
    """One child process, from its start to its end."""

    def __init__(self, command: Sequence[str], arguments: Sequence[str], limits: Limits) -> None:
        self._command = [*command, *arguments]
        self._limits = limits
        self._rest = bytearray()  # output after the last complete line
        self._size = 0

    def run(
        self, data: bytes, cancelled: Callable[[], bool], hear: Callable[[dict[str, Any]], None]
    ) -> tuple[dict[str, Any], bytes]:
        """Start the child on `data` and read its output until it ends. Returns its last line, parsed, and the bytes
        after it."""
        if cancelled():
            raise Cancelled
        try:
            child = ChildProcess(self._command, data, self._limits.memory, self._limits.cpu)
        except OSError as wrong:
            raise ReaderCrashed(
                msg("The reader cannot be started: {why}.", why=cause(wrong)), "Close other programs and try again."
            ) from wrong
        with child:
            return self._read_output(child, cancelled, hear)

    def _read_output(
        self,
        child: ChildProcess,
        cancelled: Callable[[], bool],
        hear: Callable[[dict[str, Any]], None],
    ) -> tuple[dict[str, Any], bytes]:
        ended = threading.Event()
        reasons: list[Exception] = []
        watching = threading.Thread(
            target=self._supervise, args=(child, cancelled, ended, reasons), name="watch", daemon=True
        )
        watching.start()
        last: dict[str, Any] = {}
        try:
            for chunk in child.read_output():
                self._size += len(chunk)
                if self._size > self._limits.output:
                    raise DocumentRefused("This PDF gives far more text than a timetable does.", AGAIN)
                self._rest += chunk
                while not (last.keys() & {"drafts", "refused", "width"}) and b"\n" in self._rest:
                    line, _, rest = bytes(self._rest).partition(b"\n")
                    self._rest = bytearray(rest)
                    last = _parsed(line)
                    hear(last)
        finally:
            ended.set()
            watching.join()
        status = child.wait()
        if reasons:
            raise reasons[0]
        if "refused" in last:
            raise _refusal(last["refused"])
        if status != 0 or not last.keys() & {"drafts", "width"}:
            raise _exit_error(status)
        return last, bytes(self._rest)

    def _supervise(
        self,
        child: ChildProcess,
        cancelled: Callable[[], bool],
        ended: threading.Event,
        reasons: list[Exception],
    ) -> None:
        """Kill the child if it is cancelled, takes too long or uses too much memory, and append why to `reasons`."""
        watch = MemoryMonitor(child.pid)
        until = time.monotonic() + self._limits.wall
        while not ended.wait(watch.interval) and not child.has_ended:
            if cancelled():
                reasons.append(Cancelled())
            elif time.monotonic() > until:
                reasons.append(
                    DocumentRefused(
                        msg("Reading this PDF took longer than {n} seconds.", n=round(self._limits.wall)), AGAIN
                    )
                )
            elif watch.resident_bytes() > self._limits.memory:
                reasons.append(DocumentRefused("Reading this PDF needs more memory than a timetable does.", AGAIN))
            else:
                continue
            child.kill()
            return


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise ReaderCrashed("The reader’s answer on this file makes no sense.", AGAIN)
    return answer


def _refusal(plain: Any) -> AppError:
    """The child's refusal as an error. Its output may be anything, since a malicious PDF may have taken it over."""
    try:
        return DocumentRefused(text_from_json(plain["title"]), text_from_json(plain["hint"]))
    except (KeyError, TypeError, ValueError, RecursionError):
        return ReaderCrashed("The reader’s answer on this file makes no sense.", AGAIN)


def _exit_error(status: int) -> Exception:
    """The error for a child that ended without an answer."""
    # An engine that gets no more memory aborts; another attempt would end the same way.
    too_large = DocumentRefused("Reading this PDF needs more memory than a timetable does.", AGAIN)
    if sys.platform == "win32":
        # abort(), a fast fail, and the code that Chromium's allocator raises (base/process/memory.h). Untested.
        if status & 0xFFFFFFFF in (3, 0xC0000409, 0xE0000008):
            return too_large
        if status == 1816:  # ERROR_NOT_ENOUGH_QUOTA, with which a job ends a process that used up its processor time
            return DocumentRefused("Reading this PDF takes far longer than a timetable does.", AGAIN)
    else:
        import signal  # noqa: PLC0415

        if status == -signal.SIGXCPU:
            return DocumentRefused("Reading this PDF takes far longer than a timetable does.", AGAIN)
        if status in (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL):
            return too_large
        if status == -signal.SIGKILL:
            return ReaderCrashed("The system ended the reader, most likely for lack of memory.", AGAIN)
    return ReaderCrashed("The reader broke down on this PDF, which is most likely damaged.", AGAIN)
