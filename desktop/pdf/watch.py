"""How a child process is bounded from outside, by system: what it holds in memory, and a bound the system keeps.

On Linux the child bounds its own address space and its resident memory is read from /proc. Windows keeps a bound for
a process in a job object. macOS keeps none for memory, so there it is looked at often. Only the Linux way has been
tried; the others follow the systems' documentation (JOBOBJECT_EXTENDED_LIMIT_INFORMATION, task info by psutil).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol


class Bound(Protocol):
    """A bound that the system keeps for one child until it is closed."""

    def close(self) -> None: ...


class _NoBound:
    def close(self) -> None:
        """Nothing is held."""


def start_bound(command: Sequence[str], memory: int) -> tuple[subprocess.Popen[bytes], Bound]:
    """Starts `command` with pipes for its input and output, bound to `memory` bytes where the system can do that.

    Raises OSError where it cannot be started.
    """
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "LD_PRELOAD"))}
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=flags,
        bufsize=0,
    )
    return child, (_job_object(child, memory) if sys.platform == "win32" else _NoBound())


class Watch:
    """Looks at a process's resident memory. `interval` is how often, in seconds, its system wants that done."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._statm = Path(f"/proc/{pid}/statm")  # Linux only
        self.interval = 0.01 if sys.platform == "darwin" else 0.05
        self._process: Any = None

    def resident(self) -> int:
        """Resident bytes; 0 once the process has ended."""
        if sys.platform == "linux" and self._statm.exists():
            try:
                fields = self._statm.read_text("ascii").split()
            except OSError:
                return 0
            return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if len(fields) > 1 else 0
        import psutil  # noqa: PLC0415 - only where /proc is not

        try:
            self._process = self._process or psutil.Process(self._pid)
            return int(self._process.memory_info().rss)
        except psutil.Error:
            return 0


def _job_object(child: subprocess.Popen[bytes], memory: int) -> Bound:
    """Puts a Windows process into a job that bounds its memory and ends it with us. Untried."""
    import ctypes  # noqa: PLC0415
    from ctypes import wintypes  # noqa: PLC0415

    class Basic(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        ]

    class Extended(ctypes.Structure):
        _fields_ = [
            ("BasicLimitInformation", Basic),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    kernel: Any = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009 - absent elsewhere
    job = kernel.CreateJobObjectW(None, None)
    limits = Extended()
    process_time, process_memory, kill_on_close = 0x2, 0x100, 0x2000
    limits.BasicLimitInformation.LimitFlags = process_time | process_memory | kill_on_close
    limits.BasicLimitInformation.PerProcessUserTimeLimit = 20 * 10_000_000  # 100 ns
    limits.ProcessMemoryLimit = memory
    kernel.SetInformationJobObject(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, int(getattr(child, "_handle")))  # noqa: B009

    class Job:
        def close(self) -> None:
            kernel.CloseHandle(job)

    return Job()
