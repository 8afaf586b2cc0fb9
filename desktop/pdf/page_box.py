"""Transforms PDF coordinates into those of the page as it is read: cropped to its box, with upright text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from desktop.pdf.page import Piece

TextStyle = tuple[int, bool]  # the colour as 0xRRGGBB, and whether the letters are hidden


class PageBox(NamedTuple):
    """The page's box in PDF coordinates. `turn` is the number of clockwise quarter turns that make its text upright."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        """The width in points, as it is read."""
        return self.right - self.left if self.turn % 2 == 0 else self.top - self.bottom

    @property
    def height(self) -> float:
        """The height in points, as it is read."""
        return self.top - self.bottom if self.turn % 2 == 0 else self.right - self.left

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Transform a point to its distances from the left and from the top, as the page is read."""
        match self.turn:
            case 0:
                return x - self.left, self.top - y
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case _:
                return self.top - y, self.right - x

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """Transform the box between two corners to left, top, right, bottom, as the page is read."""
        (ax, ay), (bx, by) = self.point(x0, y0), self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def piece(
        self,
        text: str,
        box: tuple[float, float, float, float],
        origin: Sequence[float],
        spaced: bool,
        style: TextStyle,
        turned: bool,
    ) -> Piece:
        """A piece from letters in the box (left, bottom, right, top) whose baseline goes through `origin`."""
        if self.turn == 0:  # nearly always
            left, low, right, high = box
            x0, x1, y, size = left - self.left, right - self.left, self.top - origin[1], high - low
        else:
            x0, top, x1, bottom = self.box(*box)
            y, size = self.point(*origin)[1], bottom - top
        colour, hidden = style
        return Piece(text, x0, x1, y, size, spaced, colour, hidden, turned)
