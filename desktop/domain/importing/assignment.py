"""Solves the assignment problem of new and known items exactly, and finds all assignments that are nearly as good.

The Hungarian method (Kuhn 1955, Munkres 1957) finds a cheapest assignment, with dual prices for rows and columns. The
same prices are the lower bound of a depth-first search for all assignments within a margin of the cheapest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_INFINITE_COST = 1 << 30
_MAX_STEPS = 20_000  # limit of the search; the options found by then are already too many to choose from


@dataclass(frozen=True, slots=True)
class Assignment:
    """The column of each row (None: unassigned), and the cost relative to leaving all rows unassigned."""

    columns: tuple[int | None, ...]
    cost: int


def connected_components(costs: Sequence[Mapping[int, int]]) -> list[tuple[list[int], list[int]]]:
    """The connected components, as (rows, columns), ordered by first row."""
    rows_of: dict[int, list[int]] = {}
    for row, allowed in enumerate(costs):
        for column in allowed:
            rows_of.setdefault(column, []).append(row)
    seen: set[int] = set()
    found = []
    for first in range(len(costs)):
        if first in seen:
            continue
        seen.add(first)
        rows, columns, waiting = [first], set[int](), [first]
        while waiting:
            for column in costs[waiting.pop()]:
                if column in columns:
                    continue
                columns.add(column)
                for row in rows_of[column]:
                    if row not in seen:
                        seen.add(row)
                        rows.append(row)
                        waiting.append(row)
        found.append((sorted(rows), sorted(columns)))
    return found


def find_assignments(costs: Sequence[Mapping[int, int]], margin: int, limit: int) -> list[Assignment]:
    """The cheapest assignment and those that cost at most `margin` more, cheapest first, at most `limit`.

    `costs[row]` are the costs of the columns allowed for the row, zero or less. An unassigned row costs nothing.
    """
    columns = sorted({column for allowed in costs for column in allowed})
    index = {column: place for place, column in enumerate(columns)}
    rows = len(costs)
    table = [[_INFINITE_COST] * (len(columns) + rows) for _ in range(rows)]
    for row, allowed in enumerate(costs):
        table[row][len(columns) + row] = 0
        for column, cost in allowed.items():
            table[row][index[column]] = cost
    row_price, column_price = _prices(table)
    best = sum(row_price) + sum(column_price)
    found: list[Assignment] = []
    chosen: list[int | None] = []
    steps = 0

    def walk(spent: int, cost: int) -> None:
        """Search all assignments whose reduced costs (never negative) add up to at most the margin."""
        nonlocal steps
        steps += 1
        if steps > _MAX_STEPS or len(found) > 4 * limit:
            return
        row = len(chosen)
        if row == rows:
            if cost <= best + margin:
                found.append(Assignment(tuple(chosen), cost))
            return
        options: Iterable[tuple[int | None, int]] = [*sorted(costs[row].items()), (None, 0)]
        for column, price in options:
            if column is not None and column in chosen:
                continue
            place = index[column] if column is not None else len(columns) + row
            reduced = price - row_price[row] - column_price[place]
            if spent + reduced <= margin:
                chosen.append(column)
                walk(spent + reduced, cost + price)
                chosen.pop()

    walk(0, 0)
    return sorted(found, key=lambda each: (each.cost, tuple(-1 if c is None else c for c in each.columns)))[:limit]


def _prices(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Row and column prices of a cheapest complete assignment (Kuhn 1955, in Jonker's shortest-path variant)."""
    rows, columns = len(table), len(table[0]) if table else 0
    row_price = [0] * (rows + 1)
    column_price = [0] * (columns + 1)
    holder = [0] * (columns + 1)  # the row (from 1) assigned to a column; column 0 is where a search starts
    for row in range(1, rows + 1):
        holder[0] = row
        here = 0
        distance = [_INFINITE_COST * 2] * (columns + 1)
        before = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while holder[here]:
            done[here] = True
            at = holder[here]
            nearest, step = 0, _INFINITE_COST * 2
            for column in range(1, columns + 1):
                if done[column]:
                    continue
                reduced = table[at - 1][column - 1] - row_price[at] - column_price[column]
                if reduced < distance[column]:
                    distance[column], before[column] = reduced, here
                if distance[column] < step:
                    nearest, step = column, distance[column]
            for column in range(columns + 1):
                if done[column]:
                    row_price[holder[column]] += step
                    column_price[column] -= step
                else:
                    distance[column] -= step
            here = nearest
        while here:
            holder[here] = holder[before[here]]
            here = before[here]
    return row_price[1:], column_price[1:]
