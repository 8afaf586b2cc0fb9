"""Child processes for untrusted bytes: started with a reduced environment, and ended together with their descendants.

On Linux the child limits its own address space, and its resident memory is read from /proc. Windows limits a process
by a job object. macOS has no limit for memory, so there it is polled more often; that way is untested.
"""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desktop.job_object import JobObject

_log = logging.getLogger(__name__)
_POLL_SECONDS = 0.05  # seconds between two checks that a child without output is still running
# What Python and its libraries need to start and to choose a language; on Windows the system's own libraries too.
_INHERITED_VARIABLES = frozenset(
    {
        *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONTZPATH"),
        *("LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
        *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROCESSOR_ARCHITECTURE", "NUMBER_OF_PROCESSORS"),
    }
)


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a child inherits, chosen by name since any other may hold a secret."""
    return {
        name: value for name, value in environment.items() if name in _INHERITED_VARIABLES or name.startswith("LC_")
    }


class ChildProcess:
    """A child process that gets `data` on its standard input. Leaving its context kills it and its descendants."""

    def __init__(self, command: Sequence[str], data: bytes, memory: int, cpu_seconds: int) -> None:
        """Starts `command`. Windows limits it to `memory` bytes and `cpu_seconds`; elsewhere the child limits itself.

        Raises OSError if it cannot be started, or not be limited.
        """
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(os.environ),
            creationflags=flags,
            bufsize=0,
            start_new_session=True,
        )
        self._job: JobObject | None = None
        if sys.platform == "win32":
            # Limited before it gets a byte to read.
            try:
                self._job = JobObject(int(getattr(self._process, "_handle")), memory, cpu_seconds)  # noqa: B009 - private
            except OSError:
                self.__exit__(None, None, None)
                raise
        threading.Thread(target=self._write_input, args=(data,), name="feed", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def read_output(self) -> Iterator[bytes]:
        """Chunks of its standard output until it ends, even if a process that it started still holds the pipe open."""
        stream = self._process.stdout
        if stream is None:
            return
        if sys.platform == "win32":  # no selectors for pipes there; the job ends any other process that holds this one
            while chunk := os.read(stream.fileno(), 65536):
                yield chunk
        else:
            with selectors.DefaultSelector() as selector:
                selector.register(stream, selectors.EVENT_READ)
                while True:
                    had_ended = self.has_ended  # read before select: what it wrote before its end is in the pipe by now
                    if selector.select(_POLL_SECONDS):
                        chunk = os.read(stream.fileno(), 65536)
                        if not chunk:
                            return
                        yield chunk
                    elif had_ended:
                        return

    def kill(self) -> None:
        """Kills it and its descendants."""
        if sys.platform == "win32":
            try:
                if self._job is not None:
                    self._job.end()
            except OSError:
                _log.exception("The job was not ended")  # closing it ends its processes all the same
            self._process.kill()
        else:
            # The id stays in use while any process is left in the group, so no other process can be hit.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Waits for its end and returns its exit status; negative if a signal ended it."""
        return self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._job is not None:
            try:
                self._job.close()
            except OSError:
                _log.exception("The job was not closed")

    def _write_input(self, data: bytes) -> None:
        # A child that ended early has reported why; a broken pipe adds nothing.
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin:
                self._process.stdin.write(data)
                self._process.stdin.close()


class MemoryMonitor:
    """Reads a process's resident memory. `interval` is how many seconds to wait between two reads on this system."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._statm = Path(f"/proc/{pid}/statm")  # Linux only
        self.interval = 0.01 if sys.platform == "darwin" else 0.05
        self._process: Any = None

    def resident_bytes(self) -> int:
        """Resident bytes; 0 once the process has ended."""
        if sys.platform == "linux" and self._statm.exists():
            try:
                fields = self._statm.read_text("ascii").split()
            except OSError:
                return 0
            return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if len(fields) > 1 else 0
        import psutil  # noqa: PLC0415 - only on systems without /proc

        try:
            self._process = self._process or psutil.Process(self._pid)
            return int(self._process.memory_info().rss)
        except psutil.Error:
            return 0
