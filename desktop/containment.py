"""Takes from a child that reads hostile bytes what it has no use for: the network, other processes, files.

Memory and processor time are bounded on every system that can. Linux also refuses by Landlock (files) and seccomp
(system calls); on Windows the job that the child is in admits no further process.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def limit_resources(memory: int, cpu_seconds: int) -> None:
    """Bounds this process where the system can: `memory` bytes of address space, processor time, no core file, no
    file written."""
    if sys.platform != "win32":  # there the job object that the child is started in does this
        import resource  # noqa: PLC0415 - Windows has none

        for which, soft, hard in (
            (resource.RLIMIT_AS, memory, memory),
            (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 2),  # the soft one ends us by a signal that says why
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_FSIZE, 0, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # macOS refuses a bound on memory; it is watched outside
                resource.setrlimit(which, (soft, hard))


def contain() -> list[str]:
    """For the rest of this process: no network, no new process, no signal to another, and of files only reading the
    program itself and the system's libraries. Gives what of it this system lacks, by name.

    To be called while there is one thread. What is imported later is still found.
    """
    if sys.platform == "linux":
        from desktop.containment_linux import give_up_privileges, restrict_calls, restrict_files  # noqa: PLC0415

        if give_up_privileges():
            lacking = [] if restrict_files(_needed()) else ["Landlock"]
            return lacking if restrict_calls() else [*lacking, "seccomp"]
    return ["Landlock", "seccomp"]


def _needed() -> list[Path]:
    """What the interpreter may still want to read: modules, the libraries they load, time zones, fonts."""
    # A frozen program reads its modules out of its own file.
    ours = [Path(each) for each in (sys.prefix, sys.base_prefix, sys.executable, *sys.path) if each]
    system = [Path(each) for each in ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")]
    devices = [Path("/dev/null"), Path("/dev/urandom"), Path("/proc/self"), Path("/proc/meminfo")]
    return [*ours, *system, *devices, Path(__file__).parent]
