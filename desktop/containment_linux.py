"""Landlock and seccomp by their system calls, with which a process restricts itself irrevocably.

https://docs.kernel.org/userspace-api/landlock.html
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path

assert sys.platform == "linux"  # noqa: S101 - so that the type checker skips this module for other systems

_libc = ctypes.CDLL(None, use_errno=True)
_NO_NEW_PRIVILEGES = 38  # prctl's PR_SET_NO_NEW_PRIVS


def set_no_new_privileges() -> bool:
    """Set no_new_privs, which the kernel requires before Landlock and seccomp. False if it refuses."""
    return bool(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0)


# Landlock: its system calls have the same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = (13, 14, 15, 15, 16)  # how many file rights each ABI version has, from version 1 on


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def restrict_files(readable: Iterable[Path]) -> bool:
    """Forbid all access to files but reading at or beneath `readable`. False if the kernel has no Landlock."""
    version = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = _FILE_RIGHTS[min(version, len(_FILE_RIGHTS)) - 1]
    asked = _Ruleset((1 << rights) - 1)
    rules = _libc.syscall(_CREATE_RULESET, ctypes.byref(asked), ctypes.c_size_t(ctypes.sizeof(asked)), 0)
    if rules < 0:
        return False
    try:
        for path in dict.fromkeys(readable):
            try:
                folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue  # not on this system
            allowed = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
            beneath = _PathBeneath(allowed, folder)
            refused = _libc.syscall(_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.byref(beneath), 0)
            os.close(folder)
            if refused:
                return False
        return bool(_libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


# seccomp: each system call with its number on x86-64 and on 64-bit ARM, which lacks some of them.
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_X32 = 0x40000000  # the x32 ABI of x86-64 numbers its calls from here
_REFUSED = """
# the network
socket 41 198, socketpair 53 199, io_uring_setup 425 425,
# other processes
execve 59 221, execveat 322 281, fork 57 -, vfork 58 -, ptrace 101 117, process_vm_readv 310 270,
process_vm_writev 311 271, tkill 200 130, rt_sigqueueinfo 129 138, rt_tgsigqueueinfo 297 240,
pidfd_open 434 434, pidfd_send_signal 424 424, pidfd_getfd 438 438, process_madvise 440 440,
shmget 29 194, shmat 30 196, msgget 68 186, semget 64 190, mq_open 240 180,
# changes to files
creat 85 -, truncate 76 45, mkdir 83 -, mkdirat 258 34, rmdir 84 -, mknod 133 -, mknodat 259 33,
unlink 87 -, unlinkat 263 35, link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36, rename 82 -,
renameat 264 38, renameat2 316 276, chmod 90 -, fchmod 91 52, fchmodat 268 53, fchmodat2 452 452,
chown 92 -, lchown 94 -, fchown 93 55, fchownat 260 54, utime 132 -, utimes 235 -, futimesat 261 -,
utimensat 280 88, setxattr 188 5, lsetxattr 189 6, fsetxattr 190 7, setxattrat 463 463,
removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16, removexattrat 466 466,
# the system
mount 165 40, umount2 166 39, move_mount 429 429, open_tree 428 428, fsopen 430 430, chroot 161 51,
pivot_root 155 41, unshare 272 97, setns 308 268, bpf 321 280, perf_event_open 298 241,
userfaultfd 323 282, open_by_handle_at 304 265, keyctl 250 219, add_key 248 217,
request_key 249 218
"""
_REFUSED_AS_UNKNOWN = {
    "clone3": (435, 435),
    "openat2": (437, 437),
}  # arguments behind a pointer: ENOSYS, as on old kernels
_ALLOWED_FOR_THREADS = {"clone": (56, 220)}  # allowed where it starts a thread
_ALLOWED_FOR_READING = {
    "open": ((2, None), 1),
    "openat": ((257, 56), 2),
}  # allowed for reading; numbers, index of the flags
_ALLOWED_ON_ITSELF = {"kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261)}

_CLONE_THREAD = 0x10000
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of classic BPF
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_FILTER, _ON_ALL_THREADS = 1, 1
_Instruction = tuple[int, int, int, int]  # code, jump where true, jump where false, value


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def restrict_system_calls() -> bool:
    """Refuse the system calls listed above. False on another architecture, or if the kernel has no seccomp."""
    machine = os.uname().machine
    if machine not in _AUDIT_ARCH or sys.maxsize < 2**32:
        return False
    instructions = _filter(machine, os.getpid())
    code = b"".join(_packed(each) for each in instructions)
    program = _Program(len(instructions), code)
    return bool(_libc.syscall(_SECCOMP[machine], _FILTER, _ON_ALL_THREADS, ctypes.byref(program)) == 0)


def _packed(instruction: _Instruction) -> bytes:
    code, if_true, if_false, value = instruction
    return code.to_bytes(2, sys.byteorder) + bytes((if_true, if_false)) + value.to_bytes(4, sys.byteorder)


def _filter(machine: str, own_pid: int) -> list[_Instruction]:
    column = 0 if machine == "x86_64" else 1
    number, architecture, arguments = 0, 4, 16  # byte offsets in struct seccomp_data
    eperm, enosys = _ERROR | errno.EPERM, _ERROR | errno.ENOSYS
    program: list[_Instruction] = [
        (_LOAD, 0, 0, architecture),
        (_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, number),
        *([(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)] if machine == "x86_64" else []),
    ]

    def when(call: int | None, *then: _Instruction) -> None:
        if call is not None:
            program.extend(((_EQUAL, 0, len(then), call), *then))

    def argument(index: int) -> _Instruction:
        return (_LOAD, 0, 0, arguments + 8 * index)  # its lower 32 bits, as these processors are little-endian

    for line in _REFUSED.splitlines():
        for call in [] if line.startswith("#") else line.split(","):
            if call and (listed := call.split()[1 + column]) != "-":
                when(int(listed), (_RETURN, 0, 0, eperm))
    for numbers in _REFUSED_AS_UNKNOWN.values():
        when(numbers[column], (_RETURN, 0, 0, enosys))
    yes, no = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, eperm)
    for numbers in _ALLOWED_FOR_THREADS.values():
        when(numbers[column], argument(0), (_ANY_BIT, 0, 1, _CLONE_THREAD), yes, no)
    for opening, flags in _ALLOWED_FOR_READING.values():
        when(opening[column], argument(flags), (_ANY_BIT, 1, 0, _WRITE_FLAGS), yes, no)
    for numbers in _ALLOWED_ON_ITSELF.values():
        when(numbers[column], argument(0), (_EQUAL, 1, 0, own_pid), (_EQUAL, 0, 1, 0), yes, no)
    program.append(yes)
    return program
