"""How a layout describes its document: how to recognise it, and how to parse one row of its table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.domain.drafts.draft import DocumentType, PageRegion, Problem, Row
from desktop.domain.drafts.fields import Unclear
from desktop.pdf.table import TableRow


@dataclass(slots=True)
class LayoutResult:
    """The rows and problems read so far, in order."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add_problem(self, place: PageRegion, unclear: Unclear) -> None:
        self.problems.append(Problem(place, unclear.expected, unclear.found or place.text))


@dataclass(frozen=True, slots=True)
class Layout:
    """A document recognised by its `titles` (the usual one first) and `columns`. The `key` columns are blank where a
    row continues from the page before. `edges` are the rules between the portal's columns, in points from the left."""

    kind: DocumentType
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    edges: tuple[float, ...]
    key: tuple[int, ...]
    read_row: Callable[[TableRow, LayoutResult], None]

    @property
    def title(self) -> str:
        return self.titles[0]
