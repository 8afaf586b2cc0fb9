"""Keeps Python's own housekeeping out of the window's way, and gives memory back once the window is idle.

Four habits of the interpreter stand in the way. A collection of garbage looks at every object there is and holds all
threads for as long: with ten documents read that is 200 ms, so what is there to stay is taken out of its sight. It
begins on whichever thread happens to make the next object, and destroys widgets there. A thread that computes lets
others in every 5 ms only, and a painting main thread asks many times a frame. And glibc keeps memory that is free
until it is asked for it.
"""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, SignalInstance

AFTER = 1500  # milliseconds without anything under way
_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)
_DONT_NEED = 4  # MADV_DONTNEED of madvise(2)
SWITCH = 0.0005  # seconds a computing thread may keep the others waiting


def defer_garbage_collection(owner: QObject, opened: SignalInstance, idled: SignalInstance) -> None:
    """Sets this up once, after the first frame: `opened` tells that what is shown is loaded, `idled` that nothing is
    under way; it lasts as long as `owner`."""
    sys.setswitchinterval(SWITCH)
    collect_on_main_thread()
    opened.connect(release_memory)
    if sys.platform.startswith("linux"):
        _ask_libc("mallopt", _ARENA_MAX, 2)  # else each worker keeps a heap of its own
        timer = QTimer(owner)
        timer.setSingleShot(True)
        timer.setInterval(AFTER)
        timer.timeout.connect(_trim)
        idled.connect(timer.start)


def collect_on_main_thread() -> None:
    """From now on garbage is collected on this thread alone, when its event loop comes to rest. Qt's objects that are
    part of a circle may be destroyed by their own thread only, and that may be in the middle of painting them."""
    if gc.isenabled():
        gc.disable()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(_collect_due)


def _collect_due() -> None:
    """What the interpreter would do by itself: as many generations as are due, the oldest first."""
    for generation, (count, most) in reversed([*enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))]):
        if 0 < most < count:
            gc.collect(generation)
            return


def release_memory() -> None:
    """What there is now is here to stay: it is not looked at again by the collector (and still freed when unused)."""
    gc.freeze()


def give_back_start() -> None:
    """Gives back what only the start of a program without a window needed: of code that was loaded from files, what is
    called once a minute is there again at once, and the rest may as well stay on the disk."""
    release_memory()
    if sys.platform.startswith("linux"):
        _trim()
        _drop_code()


def _drop_code() -> None:
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:  # noqa: PTH123 - no file
        lines = maps.read().splitlines()
    for line in lines:
        span, rights, _offset, device, *_ = line.split()
        if rights == "r-xp" and device != "00:00":  # never written to, so the file has it all
            first, last = (int(each, 16) for each in span.split("-"))
            _ask_libc("madvise", ctypes.c_void_p(first), ctypes.c_size_t(last - first), _DONT_NEED)


def _trim() -> None:
    _ask_libc("malloc_trim", 0)


def _ask_libc(name: str, *arguments: object) -> None:
    """Calls what only glibc has; elsewhere nothing happens."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
