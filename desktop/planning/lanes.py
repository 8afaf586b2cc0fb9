"""Packs the costs of all candidates into one integer, so that a bound takes a dozen operations instead of a loop.

This is SIMD within a register (Lamport, CACM 18, 1975); the register is a Python integer. Every candidate has a lane
with as many bits as the largest sum needs, and a guard bit, which is 0 in a cost. The first candidates of all variables
are adjacent in a row, then the second ones, and so on:

    row 1: | variable 2, candidate 2 | variable 1, candidate 2 | variable 0, candidate 2 |
    row 0: | variable 2, candidate 1 | variable 1, candidate 1 | variable 0, candidate 1 |

Adding two such integers adds lane by lane, since no lane overflows. To compare lane by lane, set the guards of one
integer and subtract the other: a guard is still set where there was no borrow, so where the first is at least the
second. The cheapest candidate of every variable is the minimum over the rows. With `copies`, several such integers are
stacked and processed at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Lanes:
    """The layout of lanes. `sizes` are the numbers of candidates per variable; no total may exceed `most`."""

    def __init__(self, sizes: Sequence[int], most: int) -> None:
        width = (2 * most + 1).bit_length() + 1
        self.most = most
        self._height = max(sizes)
        self._row_bits = width * len(sizes)
        self._guard = width - 1
        self._modulus = (1 << width) - 1
        self.bits = self._row_bits * self._height
        self._whole = (1 << self.bits) - 1
        self._shifts = [
            place * width + index * self._row_bits for place, size in enumerate(sizes) for index in range(size)
        ]
        self.guards = [1 << shift + self._guard for shift in self._shifts]
        self._number = {guard.bit_length(): number for number, guard in enumerate(self.guards)}
        self.columns = [
            sum(1 << place * width + index * self._row_bits + self._guard for index in range(size))
            for place, size in enumerate(sizes)
        ]
        self._ones = sum(1 << place * width for place in range(len(sizes)))
        self._every = self.stack(self._ones << self._guard, self._height, self._row_bits)
        self.rows = [(1 << self._guard) - 1 << place * width for place in range(len(sizes))]
        tall = max(sizes)
        self._row = [self.stack((1 << self._row_bits) - 1, copies, self.bits) for copies in range(tall + 1)]
        self._row_guards = [self.stack(self._ones << self._guard, copies, self.bits) for copies in range(tall + 1)]

    @staticmethod
    def stack(one: int, copies: int, apart: int) -> int:
        """Copies of an integer, `apart` bits apart."""
        found = 0
        for copy in range(copies):
            found |= one << copy * apart
        return found

    def costs(self, by_number: Mapping[int, int]) -> int:
        """Lanes with the costs of these candidates, 0 elsewhere."""
        return sum(cost << self._shifts[number] for number, cost in by_number.items())

    def cost(self, costs: int, number: int) -> int:
        """The value in the lane of a candidate."""
        return costs >> self._shifts[number] & self._modulus

    def closed_mask(self, open_guards: int) -> int:
        """A mask with more than any cost in each lane whose guard is not given, to be combined with costs by `|`."""
        shut = self._every & ~open_guards
        return shut - (shut >> self._guard)

    def cheapest(self, costs: int, copies: int = 1) -> int:
        """The lowest cost of every variable, in the first row (of each of the `copies`)."""
        row, guards, guard = self._row[copies], self._row_guards[copies], self._guard
        best = costs & row
        for _ in range(self._height - 1):
            costs >>= self._row_bits
            other = costs & row
            better = (best | guards) - other & guards
            best ^= (best ^ other) & better - (better >> guard)
        return best

    def total(self, row: int) -> int:
        """The sum of a row's lanes: 2**width is 1 modulo 2**width - 1, so every lane counts once."""
        return row % self._modulus

    def repeat(self, costs: int, copies: int) -> int:
        """Stacked copies of costs."""
        found = costs
        for _ in range(copies - 1):
            found = found << self.bits | costs
        return found

    def extract_copy(self, stack: int, place: int) -> int:
        """One copy out of a stack."""
        return stack >> place * self.bits & self._whole

    def expensive(self, costs: int, cheapest: int, room: int) -> int:
        """The guards of candidates that cost at least `room` more than the cheapest one of their variable."""
        limits = cheapest + min(room, self.most + 1) * self._ones
        spread = limits
        for _ in range(self._height - 1):
            spread = spread << self._row_bits | limits
        return (costs | self._every) - spread & self._every

    def number(self, guard: int) -> int:
        """The number of the candidate with this guard."""
        return self._number[guard.bit_length()]

    def numbers(self, guards: int) -> int:
        """The candidates with these guards, as a bit set of numbers."""
        found = 0
        while guards:
            low = guards & -guards
            found |= 1 << self._number[low.bit_length()]
            guards ^= low
        return found
