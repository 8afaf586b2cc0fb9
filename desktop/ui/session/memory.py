"""Keeps garbage collection from blocking the window, and returns memory to the system while the program is idle.

Four properties of CPython and glibc cause trouble. A garbage collection visits every object and blocks all threads
meanwhile: 200 ms with ten documents read, so long-lived objects are frozen. It runs on the thread that happens to
allocate next, and may destroy widgets there. A thread that computes yields the interpreter lock every 5 ms only, and
the main thread needs it many times for each frame it paints. And glibc keeps freed memory until it is told to trim.
"""

from __future__ import annotations

import ctypes
import gc
import sys

from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer, SignalInstance

TRIM_DELAY_MS = 1500  # milliseconds without running jobs before memory is trimmed
_ARENA_MAX = -8  # M_ARENA_MAX of mallopt(3)
_DONT_NEED = 4  # MADV_DONTNEED of madvise(2)
SWITCH_INTERVAL_SECONDS = 0.0005  # seconds after which a computing thread yields to the others


def defer_garbage_collection(owner: QObject, opened: SignalInstance, idled: SignalInstance) -> None:
    """Sets up garbage collection and memory trimming; call it once, after the first frame.

    Objects are frozen on the signal `opened`; memory is trimmed some time after `idled`. Lasts as long as `owner`.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    collect_on_main_thread()
    opened.connect(freeze_objects)
    if sys.platform.startswith("linux"):
        _call_libc("mallopt", _ARENA_MAX, 2)  # otherwise each worker thread keeps a heap of its own
        timer = QTimer(owner)
        timer.setSingleShot(True)
        timer.setInterval(TRIM_DELAY_MS)
        timer.timeout.connect(_trim_heap)
        idled.connect(timer.start)


def collect_on_main_thread() -> None:
    """From now on, collects garbage on this thread only, when its event loop is about to wait.

    Qt objects in reference cycles have to be destroyed on their own thread, and not while they are being painted.
    """
    if gc.isenabled():
        gc.disable()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(_collect_due_generation)


def _collect_due_generation() -> None:
    """Collects the oldest generation that is due, as the interpreter would do by itself."""
    for generation, (count, most) in reversed([*enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))]):
        if 0 < most < count:
            gc.collect(generation)
            return


def freeze_objects() -> None:
    """Freezes all current objects: the collector ignores them; reference counting still frees them."""
    gc.freeze()


def release_startup_memory() -> None:
    """Returns memory that was only needed for a start without a window.

    This includes mapped code, which is loaded from its files again when it is called.
    """
    freeze_objects()
    if sys.platform.startswith("linux"):
        _trim_heap()
        _drop_code_pages()


def _drop_code_pages() -> None:
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:  # noqa: PTH123 - not a real file
        lines = maps.read().splitlines()
    for line in lines:
        span, rights, _offset, device, *_ = line.split()
        if rights == "r-xp" and device != "00:00":  # read-only, so the file still has the contents
            first, last = (int(each, 16) for each in span.split("-"))
            _call_libc("madvise", ctypes.c_void_p(first), ctypes.c_size_t(last - first), _DONT_NEED)


def _trim_heap() -> None:
    _call_libc("malloc_trim", 0)


def _call_libc(name: str, *arguments: object) -> None:
    """Calls a function of the C library; does nothing if it does not exist, as outside glibc."""
    function = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
