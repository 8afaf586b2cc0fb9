"""The row model updates by differences: unchanged rows keep their identity, and nothing is ever reset."""

from __future__ import annotations

import random
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from desktop.ui.models.row_model import ROW, RowModel


class Letter(NamedTuple):
    key: str
    accessible_text: str
    is_focusable: bool = True


@pytest.mark.parametrize("seed", range(20))
def test_rows_become_any_other_rows(seed: int) -> None:
    chance = random.Random(seed)
    model: RowModel[Letter] = RowModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for _ in range(20):
        held = {key: QPersistentModelIndex(model.index_of(key)) for key in "abcdefgh" if model.index_of(key).isValid()}
        wanted = [Letter(key, f"{key}{chance.randrange(3)}") for key in chance.sample("abcdefgh", chance.randrange(9))]
        model.show_rows(wanted)
        assert [model.row_at(model.index(place)) for place in range(model.rowCount())] == wanted
        for row in wanted:
            if row.key in held:
                assert held[row.key].data(ROW) == row
    assert resets == []
    tester.deleteLater()


def test_only_what_differs_is_announced() -> None:
    model: RowModel[Letter] = RowModel()
    model.show_rows([Letter("a", "one"), Letter("b", "two"), Letter("c", "three")])
    heard: list[tuple[str, int]] = []
    model.dataChanged.connect(lambda first, *_: heard.append(("changed", first.row())))
    model.rowsInserted.connect(lambda _parent, first, _last: heard.append(("inserted", first)))
    model.rowsRemoved.connect(lambda _parent, first, _last: heard.append(("removed", first)))
    model.rowsMoved.connect(lambda *_: heard.append(("moved", 0)))
    model.show_rows([Letter("a", "one"), Letter("b", "two"), Letter("c", "three")])
    assert heard == []
    model.show_rows([Letter("a", "one"), Letter("d", "four"), Letter("c", "another")])
    assert heard == [("removed", 1), ("inserted", 1), ("changed", 2)]
