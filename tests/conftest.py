"""Fixtures shared by all tests: real services, and a window that needs no screen unless a test starts one."""

import gc
import os
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.qt_imports import QtImports

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("PYTHONUNBUFFERED", None)  # a developer's convenience, under which programs print earlier than elsewhere

pytest_plugins = ["tests.services.fixtures"]

# What is right does not depend on how busy the machine is.
settings.register_profile("at any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("at any pace")


qt_imports = QtImports()
qt_imports.watch()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, not in every worker
        runpy.run_path(str(Path(__file__).parents[1] / "packaging" / "translations.py"))["compile_all"]()


@pytest.fixture(autouse=True)
def _garbage_is_collected() -> Iterator[None]:
    """Enables garbage collection again: a window collects in its event loop, which later tests do not have."""
    yield
    if not gc.isenabled():
        from PySide6.QtCore import QAbstractEventDispatcher

        from desktop.ui.session.memory import _collect_due_generation

        QAbstractEventDispatcher.instance().aboutToBlock.disconnect(_collect_due_generation)
        gc.enable()


@pytest.fixture(autouse=True)
def _qt_is_loaded_on_the_main_thread() -> Iterator[None]:
    yield
    strayed, qt_imports.strayed = qt_imports.strayed, []
    assert not strayed, f"loaded by another thread than the main one: {strayed}"
