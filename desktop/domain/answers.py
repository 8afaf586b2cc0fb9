"""What a search for the best ways to fill a puzzle gives back, and what ends it early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.errors import Cancelled

_ASK_EVERY = 64  # states between two questions whether to go on


@dataclass(frozen=True, slots=True)
class Answer:
    """An option for every part, what it costs in clash minutes and in points."""

    chosen: tuple[int, ...]
    clash: int
    points: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The best answers, best first. `proven` is False where the search was stopped before it could be sure."""

    best: tuple[Answer, ...]
    proven: bool
    states: int


class OutOfTime(Exception):
    """The time given is over; what was found stands, but is not proven."""


class Watch:
    """Asks from time to time whether the search should go on."""

    def __init__(self, cancelled: Callable[[], bool], out_of_time: Callable[[], bool]) -> None:
        self._cancelled = cancelled
        self._out_of_time = out_of_time
        self.states = 0

    def step(self) -> None:
        self.states += 1
        if self.states % _ASK_EVERY == 0:
            if self._cancelled():
                raise Cancelled
            if self._out_of_time():
                raise OutOfTime
