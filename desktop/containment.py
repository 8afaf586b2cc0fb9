"""The sandbox of a child process that reads untrusted bytes: no network, no other processes, no files.

Memory and processor time are limited wherever the system can. Linux also restricts files by Landlock and system calls
by seccomp. On Windows the child's job object allows no further process.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def limit_resources(memory: int, cpu_seconds: int) -> None:
    """Limit this process where the system can: `memory` bytes of address space, processor time, no core dump, no file
    written."""
    if sys.platform != "win32":  # there the job object that the child is started in does this
        import resource  # noqa: PLC0415 - Windows has none

        for which, soft, hard in (
            (resource.RLIMIT_AS, memory, memory),
            (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 2),  # the soft limit ends us by SIGXCPU, which says why
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_FSIZE, 0, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # macOS refuses a memory limit; the parent polls it instead
                resource.setrlimit(which, (soft, hard))


def sandbox_process() -> list[str]:
    """Sandbox this process for good: no network, no new process, no signal to another process, and no access to files
    except reading the program itself and the system's libraries. Returns the names of the mechanisms that this system
    lacks.

    Call it while there is only one thread. Modules can still be imported afterwards.
    """
    if sys.platform == "linux":
        from desktop.containment_linux import restrict_files, restrict_system_calls, set_no_new_privileges  # noqa: PLC0415

        if set_no_new_privileges():
            lacking = [] if restrict_files(_readable_paths()) else ["Landlock"]
            return lacking if restrict_system_calls() else [*lacking, "seccomp"]
    return ["Landlock", "seccomp"]


def _readable_paths() -> list[Path]:
    """What the interpreter may still have to read: modules, the libraries they load, time zones, fonts."""
    # A frozen program reads its modules from its own executable.
    ours = [Path(each) for each in (sys.prefix, sys.base_prefix, sys.executable, *sys.path) if each]
    system = [Path(each) for each in ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")]
    devices = [Path("/dev/null"), Path("/dev/urandom"), Path("/proc/self"), Path("/proc/meminfo")]
    return [*ours, *system, *devices, Path(__file__).parent]
