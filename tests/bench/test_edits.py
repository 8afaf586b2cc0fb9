"""The cost of storing and showing an edit, with ten years of imports, compared with one bare commit of SQLite.

The bare commit writes a row in a transaction of its own, in WAL with `synchronous=FULL`, on the same disk: the minimum
for any program that promises to have saved.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.domain.commands.choices import choose_group, choose_groups
from desktop.domain.records.records import Act, Change
from desktop.domain.timetable.choices import parse_choice_key
from desktop.store import Store
from desktop.workflows import imports, timetable
from tests.unit.desktop.workflows.sample import assessments_of, exams_of, lecture, lectures

YEARS = range(2017, 2027)
TODAY = date(2026, 3, 2)
MODULES = [f"MOD {number}" for number in range(110, 122)]  # 12 modules
GROUP = "a bare commit and an edit"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Ten years, each with 12 modules x 3 kinds x 5 groups, tests, exams, and a second export of the same."""
    opened = Store.open(tmp_path_factory.mktemp("profile") / "timetable.sqlite3")
    rows = [
        lecture(
            module, f"{kind}{group:02}", kind, f"{kind}{label}", (place + group + label) % 5, 7 + (place + group) % 9
        )
        for place, module in enumerate(MODULES)
        for kind in "LPT"
        for group in range(1, 6)
        for label in range(1, 4 if kind == "L" else 2)
    ]
    for year in YEARS:
        for draft in (lectures(*rows), lectures(*rows[: len(rows) // 2]), assessments_of(year), exams_of(year)):
            imports.accept(opened, imports.propose(opened, draft, f"{year}.pdf", TODAY, year=year))
    for year in YEARS:
        table = timetable.compute_view(opened, year, TODAY).timetable
        settled = {key: choice.groups[0] for key, choice in table.choices.items() if key.module != MODULES[0]}
        opened.apply(choose_groups(table, settled))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("bare") / "bare.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")
        yield connection


@pytest.mark.benchmark(group=GROUP)
def test_bare_commit(benchmark: BenchmarkFixture, bare: sqlite3.Connection) -> None:
    number = count()
    benchmark(lambda: bare.execute("INSERT INTO rows (body) VALUES (?)", (f"row {next(number)}",)))


@pytest.mark.benchmark(group=GROUP)
def test_an_edit_stored(benchmark: BenchmarkFixture, store: Store) -> None:
    number = count()

    def edit() -> None:
        store.apply(Act("Named", (Change("module", "2026/MOD 110", {"name": str(next(number))}),)))

    benchmark(edit)


@pytest.mark.benchmark(group=GROUP)
def test_an_edit_stored_and_shown(benchmark: BenchmarkFixture, store: Store) -> None:
    number = count()
    shown = timetable.compute_view(store, 2026, TODAY)
    key = parse_choice_key("2026/MOD 110/S1/L")
    groups = shown.timetable.choices[key].groups

    def edit() -> timetable.View:
        timetable.apply_act(store, choose_group(shown.timetable, key, groups[next(number) % len(groups)]))
        return timetable.compute_view(store, 2026, TODAY)

    result = benchmark(edit)
    assert len(result.timetable.meetings) > 200


@pytest.mark.benchmark(group=GROUP)
def test_an_undo_shown(benchmark: BenchmarkFixture, store: Store) -> None:
    def undo() -> None:
        timetable.undo(store)
        timetable.redo(store)
        timetable.compute_view(store, 2026, TODAY)

    benchmark(undo)


@pytest.mark.benchmark(group=GROUP)
def test_shown_for_the_first_time(benchmark: BenchmarkFixture, store: Store) -> None:
    """As at a start: nothing is decoded yet."""
    path = store.database.path

    def look() -> None:
        fresh = Store.open(path)
        timetable.compute_view(fresh, 2026, TODAY)
        fresh.close()

    benchmark(look)
