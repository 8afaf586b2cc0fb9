"""Mutations of a program: small faults inserted one at a time into its syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

_COMPARISON_SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATOR_SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SKIPPED_NODES = (ast.Assert, ast.Raise, ast.Pass, ast.Import, ast.ImportFrom)


class Mutant(NamedTuple):
    """The mutation at the `number`th possible place of a file."""

    path: Path
    number: int
    line: int
    what: str

    def source(self) -> str:
        """Returns the whole file with the fault in it."""
        tree = ast.parse(self.path.read_text("utf-8"))
        _, change = list(_changes(tree))[self.number]
        change()
        return ast.unparse(ast.fix_missing_locations(tree))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def mutants_of(path: Path) -> list[Mutant]:
    """Returns all mutations of a file, in order."""
    found = []
    for number, ((line, what), _) in enumerate(_changes(ast.parse(path.read_text("utf-8")))):
        found.append(Mutant(path, number, line, what))
    return found


_Change = tuple[tuple[int, str], Callable[[], None]]


def _changes(tree: ast.Module) -> Iterator[_Change]:
    """Yields each place with its line, what it becomes, and what makes it so."""
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]:
        for node in [each for statement in function.body for each in ast.walk(statement)]:
            for what, change in _changes_of(node):
                yield (getattr(node, "lineno", function.lineno), what), change


def _changes_of(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    before = before.splitlines()[0][:80] if before else ""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _COMPARISON_SWAPS:
            other = _COMPARISON_SWAPS[type(op)]
            yield f"{before} by {other.__name__}", lambda: setattr(node, "ops", [other()])
        case ast.BoolOp(op=op):
            joined = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{before} by {type(joined).__name__}", lambda: setattr(node, "op", joined)
        case ast.BinOp(op=op) if type(op) in _OPERATOR_SWAPS:
            counted = _OPERATOR_SWAPS[type(op)]
            yield f"{before} by {counted.__name__}", lambda: setattr(node, "op", counted())
        case ast.Constant(value=bool(value)):
            yield f"{value} for {not value}", lambda: setattr(node, "value", not value)
        case ast.Constant(value=int(value)):
            yield f"{value} one more", lambda: setattr(node, "value", value + 1)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            denied = ast.UnaryOp(ast.Not(), copy.deepcopy(test))
            yield f"{before} denied", lambda: setattr(node, "test", denied)
        case ast.comprehension(ifs=[_, *_]):
            yield "all that a comprehension leaves out", lambda: setattr(node, "ifs", [])
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield f"{before} for None", lambda: setattr(node, "value", ast.Constant(None))
    for name in ("body", "orelse"):
        statements = getattr(node, name, None)
        if isinstance(statements, list):
            for place, statement in enumerate(statements):
                if isinstance(statement, ast.Expr | ast.Assign | ast.AugAssign | ast.Continue):
                    shown = ast.unparse(statement).splitlines()[0][:80]
                    yield f"no {shown}", _remove_statement(statements, place)


def _remove_statement(statements: list[ast.stmt], place: int) -> Callable[[], None]:
    def change() -> None:
        statements[place] = ast.Pass()

    return change
