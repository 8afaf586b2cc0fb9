"""Collects from the sources every text that the program shows in the user's language.

Such a text is the template of a `msg` or `counted`, or a literal where one is expected: the title and the hint of an
AppError, the title of an Act, what a Problem expected and found. If a name stands instead of a literal, everything that
is assigned to it in its function or its module is collected. What cannot be followed to a literal or a message is
`unresolved`.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeGuard, TypeVar

ROOT = Path(__file__).parents[4]
PACKAGE = ROOT / "desktop"

# Functions and classes that take shown texts, with the arguments' positions; errors are found by their own signature.
_TEXT_POSITIONS = {
    "Act": (0,),
    "Problem": (1, 2),
    "Unclear": (0,),
    "Solution": (0,),
    "Scope": (1,),
    "YearProposal": (1,),
}
_TEXT_POSITIONS |= {"Missing": (2, 3), "msg": (0,), "msg_plural": (1, 2)}
_KEYWORDS = {"PushOutcome": {"refused"}, "Question": {"words"}, "MatchOption": {"words"}}
# Functions that return a message, whose own template is collected where it is written.
_MESSAGE_FUNCTIONS = {
    "msg",
    "msg_plural",
    "named",
    "cause",
    "kind_name",
    "Message",
    "message_from_json",
    "text_from_json",
}
_PASSED_ATTRIBUTES = {
    "title",
    "hint",
    "words",
    "reason",
    "expected",
    "found",
}  # attributes whose texts are collected elsewhere
_DOCUMENT_ATTRIBUTES = {"text"}  # a document's own text, in the university's words

Signature = dict[str, tuple[str, ...]]
Calls = Mapping[str, list[ast.Call]]


@dataclass(slots=True)
class FoundTexts:
    """The result: `texts` by their places, and what is `unresolved`, with its place."""

    texts: dict[str, str] = field(default_factory=dict)
    unresolved: list[str] = field(default_factory=list)


@cache
def collect_texts(package: Path = PACKAGE) -> FoundTexts:
    """Collect from the whole package, except texts that only the command line prints."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(package.rglob("*.py"))}
    said = {path: tree for path, tree in trees.items() if "cli" not in path.relative_to(package).parts}
    kinds, found, calls = _error_signatures(trees.values()), FoundTexts(), defaultdict[str, list[ast.Call]](list)
    for tree in said.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                calls[_name(node.func)].append(node)
    for path, tree in said.items():
        where = path.relative_to(package.parent).as_posix()
        _Reader(where, tree, calls, kinds, found).read()
    return found


def _error_signatures(trees: Iterable[ast.Module]) -> Signature:
    """The parameters of AppError and of all its subclasses, by name."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    kinds: Signature = {"AppError": ("title", "hint")}
    before = 0
    while len(kinds) != before:
        before = len(kinds)
        for each in classes:
            base = next((kinds[_name(base)] for base in each.bases if _name(base) in kinds), None)
            if base is not None:
                own = next((node for node in each.body if _is_init(node)), None)
                kinds[each.name] = base if own is None else _parameters(own)
    return kinds


def _is_init(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _parameters(function: ast.FunctionDef) -> tuple[str, ...]:
    names = tuple(each.arg for each in function.args.args)
    return names[1:] if names[:1] == ("self",) else names


def _name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


class _Reader:
    """Reads one module, with the others for what is passed from one to another."""

    def __init__(self, where: str, tree: ast.Module, calls: Calls, kinds: Signature, found: FoundTexts) -> None:
        self._where, self._tree, self._calls, self._kinds, self._found = where, tree, calls, kinds, found
        self._parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def read(self) -> None:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call):
                for each in self._texts_of(node):
                    self._follow(each, each)
            if isinstance(node, ast.ClassDef) and node.name in self._kinds:
                for default in (each for inner in node.body if _is_init(inner) for each in _defaults(inner)):
                    self._follow(default, default)
            if isinstance(node, ast.Yield) and self._where.endswith("pdf/integrity.py"):
                self._follow(node.value or node, node)  # signs of damage, which become a part of a problem

    def _texts_of(self, call: ast.Call) -> Iterator[ast.expr]:
        name = _name(call.func)
        if name == "__init__":
            function = self._enclosing(call, ast.ClassDef)
            name = "AppError" if function is not None and function.name in self._kinds else ""
        if name in self._kinds:
            named = dict(zip(self._kinds[name], call.args, strict=False)) | {
                each.arg: each.value for each in call.keywords if each.arg
            }
            yield from (named[each] for each in ("title", "hint") if each in named)
        elif name in _TEXT_POSITIONS or name in _KEYWORDS:
            yield from (call.args[index] for index in _TEXT_POSITIONS.get(name, ()) if index < len(call.args))
            yield from (each.value for each in call.keywords if each.arg in _KEYWORDS.get(name, ()))

    def _enclosing(self, node: ast.AST, kind: type[_Node]) -> _Node | None:
        above = self._parents.get(node)
        while above is not None and not isinstance(above, kind):
            above = self._parents.get(above)
        return above if isinstance(above, kind) else None

    def _follow(self, node: ast.AST, asked: ast.AST, seen: frozenset[str] = frozenset()) -> None:
        match node:
            case ast.Constant(value=str(text)):
                if text:
                    self._found.texts.setdefault(text, f"{self._where}:{getattr(node, 'lineno', 0)}")
            case ast.IfExp(body=one, orelse=other):
                self._follow(one, asked, seen)
                self._follow(other, asked, seen)
            case ast.BoolOp(values=several):
                for each in several:
                    self._follow(each, asked, seen)
            case ast.Call() if self._returns_message(node):
                pass
            case ast.Attribute(attr=name) if name in _PASSED_ATTRIBUTES | _DOCUMENT_ATTRIBUTES:
                pass
            case ast.Name(id=name) if name in seen:
                pass
            case ast.Name(id=name):
                origins = self._origins(name, node)
                if origins is None:
                    self._add_unresolved(asked)
                for each in origins or ():
                    self._follow(each, asked, seen | {name})
            case _:
                self._add_unresolved(asked)

    def _add_unresolved(self, asked: ast.AST) -> None:
        self._found.unresolved.append(f"{self._where}: {ast.unparse(asked)}")

    def _returns_message(self, call: ast.Call) -> bool:
        name = _name(call.func)
        if self._where.startswith("desktop/ui/") and "translate(" in ast.unparse(call.func) + "(":
            return True  # in the language of the window already
        return name in _MESSAGE_FUNCTIONS or any(
            isinstance(node, ast.FunctionDef) and node.name == name and ast.unparse(node.returns or node) == "Message"
            for node in ast.walk(self._tree)
        )

    def _origins(self, name: str, near: ast.AST) -> list[ast.expr] | None:
        """Everything a name can hold: what is assigned to it, or passed as it, anywhere."""
        function = self._enclosing(near, ast.FunctionDef)
        for scope in (function, self._tree):
            found = list(_assigned(name, scope)) if scope is not None else []
            if found:
                return found
            if isinstance(scope, ast.FunctionDef) and name in _parameters(scope):
                return self._passed(scope, _parameters(scope).index(name), name)
        return None

    def _passed(self, function: ast.FunctionDef, index: int, name: str) -> list[ast.expr]:
        found = _defaults(function, name)
        if function.name == "__init__":
            return found  # an error's texts are collected where it is constructed
        for call in self._calls.get(function.name, ()):
            if not any(isinstance(each, ast.Starred) for each in call.args):
                found += call.args[index : index + 1]
                found += [each.value for each in call.keywords if each.arg == name]
        return found


_Node = TypeVar("_Node", bound=ast.AST)


def _defaults(function: ast.FunctionDef, only: str = "") -> list[ast.expr]:
    names = [each.arg for each in function.args.args]
    pairs = zip(reversed(names), reversed(function.args.defaults), strict=False)
    return [value for name, value in pairs if name in ((only,) if only else ("title", "hint"))]


def _assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
