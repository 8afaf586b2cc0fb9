"""Detects modules with Qt classes that are imported on another thread than the main one.

Both Qt's own modules and the window's, which derive classes from Qt's: PySide looks types up without the interpreter's
lock, and the program may crash there and then.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


class QtImports(MetaPathFinder):
    """An import finder that finds nothing; `strayed` are the modules that were imported on a wrong thread."""

    def __init__(self) -> None:
        self.strayed: list[str] = []

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if threading.current_thread() is not threading.main_thread() and self._is_of_qt(name):
            self.strayed.append(name)

    def _is_of_qt(self, name: str) -> bool:
        if name.startswith("desktop.ui."):
            file = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            return file.exists() and "from PySide6" in file.read_text(encoding="utf-8")
        return name.partition(".")[0] in {"PySide6", "shiboken6"}

    def watch(self) -> None:
        sys.meta_path.insert(0, self)
