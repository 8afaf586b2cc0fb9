"""Preserves the keyboard focus while the controls of a container are replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget


@contextmanager
def preserve_focus(container: QWidget) -> Iterator[None]:
    """While the controls in a container are replaced: afterwards, the successor of the focused one gets the focus.

    That is the control with the same type and name, or else the one nearest to its place.
    """
    before = QApplication.focusWidget()
    if (
        before is None or before is container or not container.isAncestorOf(before)
    ):  # Qt counts a widget as an ancestor of itself
        yield
        return
    kind, name, place = (
        type(before),
        _name(before),
        _controls(container).index(before) if _accepts_focus(before, container) else 0,
    )
    yield
    after = _controls(container)
    if before in after or not after:
        return
    alike = [number for number, each in enumerate(after) if (type(each), _name(each)) == (kind, name)]
    nearest = min(alike or range(len(after)), key=lambda number: abs(number - place))
    after[nearest].setFocus(Qt.FocusReason.OtherFocusReason)


def _name(control: QWidget) -> str:
    return control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")


def _controls(part: QWidget) -> list[QWidget]:
    return [each for each in part.findChildren(QWidget) if _accepts_focus(each, part)]


def _accepts_focus(control: QWidget, part: QWidget) -> bool:
    by_tab = control.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
    return by_tab and control.isEnabled() and _is_not_hidden(control, part)


def _is_not_hidden(control: QWidget, part: QWidget) -> bool:
    """True unless hidden explicitly: a widget just added to a layout is not visible yet, a removed one is hidden."""
    each: QWidget | None = control
    while each is not None and each is not part:
        if each.isHidden() and each.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        each = each.parentWidget()
    return True
