"""A Windows job object: limits the number, memory and processor time of its processes, and ends them with this one.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import ctypes
import sys

_EXTENDED_LIMIT_INFORMATION = 9
_LIMIT_PROCESS_TIME, _LIMIT_ACTIVE_PROCESS = 0x2, 0x8
_LIMIT_PROCESS_MEMORY, _LIMIT_KILL_ON_JOB_CLOSE = 0x100, 0x2000
_TICKS = 10_000_000  # of 100 ns in a second


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


if sys.platform == "win32":
    from ctypes import wintypes

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    # Without these a handle of 64 bits would be cut to 32.
    _kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
    _kernel.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    _kernel.SetInformationJobObject.restype = wintypes.BOOL
    _kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel.AssignProcessToJobObject.restype = wintypes.BOOL
    _kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    _kernel.TerminateJobObject.restype = wintypes.BOOL
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    _kernel.CloseHandle.restype = wintypes.BOOL

    class JobObject:
        """A job that holds one process and its descendants. Raises OSError if Windows refuses any part of it."""

        def __init__(self, process: int, memory: int, cpu_seconds: int) -> None:
            """Assigns the process with the handle `process` to a new job; `memory` in bytes. Both limits apply to each
            process."""
            self._job: int | None = _kernel.CreateJobObjectW(None, None)
            if not self._job:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _ExtendedLimits()
            limits.BasicLimitInformation.LimitFlags = (
                _LIMIT_PROCESS_TIME | _LIMIT_ACTIVE_PROCESS | _LIMIT_PROCESS_MEMORY | _LIMIT_KILL_ON_JOB_CLOSE
            )
            # The python.exe of a virtual environment is a launcher that starts the interpreter.
            limits.BasicLimitInformation.ActiveProcessLimit = 1 if getattr(sys, "frozen", False) else 2
            limits.BasicLimitInformation.PerProcessUserTimeLimit = cpu_seconds * _TICKS
            limits.ProcessMemoryLimit = memory
            size = ctypes.sizeof(limits)
            if not (
                _kernel.SetInformationJobObject(self._job, _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), size)
                and _kernel.AssignProcessToJobObject(self._job, process)
            ):
                refused = ctypes.WinError(ctypes.get_last_error())
                self.close()
                raise refused

        def end(self) -> None:
            """Terminates every process in the job. Raises OSError."""
            if self._job and not _kernel.TerminateJobObject(self._job, 1):
                raise ctypes.WinError(ctypes.get_last_error())

        def close(self) -> None:
            """Closes the job, which ends every process still in it. Raises OSError."""
            job, self._job = self._job, None
            if job and not _kernel.CloseHandle(job):
                raise ctypes.WinError(ctypes.get_last_error())

else:

    class JobObject:
        """A stand-in for other systems, which have no job objects."""

        def __init__(self, process: int, memory: int, cpu_seconds: int) -> None:
            raise OSError(f"no job for {process}, {memory}, {cpu_seconds}: only Windows has jobs")

        def end(self) -> None: ...

        def close(self) -> None: ...
