"""What every layout has: how to recognise its document, and how one row of its table becomes rows of a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.domain.drafts.draft import DocumentType, PageRegion, Problem, Row
from desktop.domain.drafts.fields import Unclear
from desktop.pdf.table import TableRow


@dataclass(slots=True)
class Read:
    """What was read so far: rows, and problems in their order."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, place: PageRegion, unclear: Unclear) -> None:
        self.problems.append(Problem(place, unclear.expected, unclear.found or place.text))


@dataclass(frozen=True, slots=True)
class Layout:
    """A document by its `titles` (the usual one first) and `columns`. The `key` columns stay blank where a row goes on
    over a page. `edges` are where the portal rules its columns, in points from the left."""

    kind: DocumentType
    titles: tuple[str, ...]
    columns: tuple[str, ...]
    edges: tuple[float, ...]
    key: tuple[int, ...]
    read_row: Callable[[TableRow, Read], None]

    @property
    def title(self) -> str:
        return self.titles[0]
