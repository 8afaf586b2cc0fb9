"""Converts frozen values to JSON values and back, by their type annotations.

A dataclass becomes an object of its fields, a tuple a list, a set a sorted list, a time `HH:MM`, a date or datetime its
ISO 8601 form. Documents, records and messages have formats of their own, in their modules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """The value as JSON values. Raises TypeError for a type that has no such form."""
    match value:
        case Enum():
            return value.value
        case None | str() | int() | float():
            return value
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case Mapping():
            return {to_plain(key): to_plain(inner) for key, inner in sorted(value.items())}
        case frozenset():
            return sorted(map(to_plain, value))
        case tuple() | list():
            return [to_plain(inner) for inner in value]
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[T], plain: Any) -> T:
    """The inverse of `to_plain`. Unknown members are ignored, absent ones have their defaults.

    Raises InvalidInput for any other shape.
    """
    reader: Callable[[Any], T] = _reader(cast("Any", kind))
    try:
        return reader(plain)
    except (ValueError, TypeError) as wrong:
        raise InvalidInput(msg("This is not what was stored ({wrong}).", wrong=str(wrong))) from wrong


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (only,) = (_reader(each) for each in inner if each is not NoneType)
        return lambda plain: None if plain is None else only(plain)
    if origin is tuple and inner[1:] != (...,):
        members = tuple(_reader(each) for each in inner)
        return lambda plain: tuple(
            read(each) for read, each in zip(members, _require_type(list, plain, len(members)), strict=True)
        )
    if origin in (tuple, frozenset):
        member = _reader(inner[0])
        return lambda plain: origin(map(member, _require_type(list, plain)))
    if origin is Mapping:
        key, value = map(_reader, inner)
        return lambda plain: {key(name): value(each) for name, each in _require_type(dict, plain).items()}
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    return _plain_reader(kind)


def _plain_reader(kind: Any) -> Callable[[Any], Any]:
    if kind in (str, int, bool):
        return lambda plain: _require_type(kind, plain)
    if kind in (time, date, datetime):
        return lambda plain: kind.fromisoformat(_require_type(str, plain))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    raise TypeError(f"{kind} has no plain form")


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name]) for each in fields(kind)}
    needed = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}

    def read(plain: Any) -> Any:
        members = {name: readers[name](value) for name, value in _require_type(dict, plain).items() if name in readers}
        absent = needed - members.keys()
        if absent:
            raise ValueError(f"no {min(absent)}")
        return kind(**members)

    return read


def _require_type(kind: Any, plain: Any, length: int | None = None) -> Any:
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise TypeError(f"{plain!r:.40} is no {kind.__name__}")
    if length is not None and len(plain) != length:
        raise ValueError(f"{len(plain)} parts instead of {length}")
    return plain
