"""Lectures: one table row holds one group's activities of one kind; each of its lines is one meeting in one room."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from desktop.document_types import LECTURES
from desktop.document_types.rows import LectureRow
from desktop.domain.drafts import fields
from desktop.domain.drafts.draft import PageRegion
from desktop.domain.drafts.fields import Unclear
from desktop.pdf.layouts.layout import Layout, LayoutResult
from desktop.pdf.table import SAME_LINE, TableRow, TextLine

MODULE, OFFERED, GROUP, LANG, ACTIVITY, DAY, TIME, VENUE, CAMPUS, STUDY_PROG = range(10)
PARALLEL_COLUMNS = (ACTIVITY, DAY, TIME, VENUE)  # lines of these cells at the same height belong to one meeting


class _AlignedLines(NamedTuple):
    """The lines of the parallel columns at one height, by column."""

    page: int
    top: float
    bottom: float
    texts: dict[int, str]

    def place(self) -> PageRegion:
        return PageRegion(self.page, self.top, self.bottom, " ".join(self.texts.values()))


def _align_lines(row: TableRow) -> list[_AlignedLines]:
    order = row.page_order()
    lines = sorted(
        ((line, column) for column in PARALLEL_COLUMNS for line in row.cells[column]),
        key=lambda pair: (order[pair[0].page], pair[0].y, pair[1]),
    )
    groups: list[list[tuple[TextLine, int]]] = []
    for line, column in lines:
        before = groups[-1][0][0] if groups else None
        if before is not None and line.page == before.page and line.y - before.y < SAME_LINE * line.size:
            groups[-1].append((line, column))
        else:
            groups.append([(line, column)])
    return [
        _AlignedLines(
            group[0][0].page,
            min(line.y - line.size for line, _ in group),
            max(line.y + 0.3 * line.size for line, _ in group),
            {column: line.text for line, column in sorted(group, key=lambda pair: pair[1])},
        )
        for group in groups
    ]


def _read_row(row: TableRow, read: LayoutResult) -> None:
    try:
        module = fields.module(row.text(MODULE))
        offered = fields.code(row.text(OFFERED), "when it is offered, such as S1")
        group = fields.code(row.text(GROUP), "a group such as G01")
        lang, kind = _lang_and_kind(row.text(LANG))
        campus = fields.words("".join(line.text for line in row.cells[CAMPUS]), "a campus", required=False)
        study_prog = tuple(fields.words(row.text(STUDY_PROG), "study programmes", required=False).split())
    except Unclear as unclear:
        read.add_problem(row.place(), unclear)
        return
    meetings: list[LectureRow] = []
    lines = _align_lines(row)
    understood = False  # whether the line before was read, to which a wrapped venue belongs
    for line in lines:
        texts = line.texts
        try:
            if set(texts) == {VENUE} and line is not lines[0]:
                meetings[-1] = _with_venue(meetings[-1] if understood else None, line)
                continue
            understood = False
            activity, letters = fields.activity(texts.get(ACTIVITY, ""))
            start, end = fields.span(texts.get(TIME, ""))
            meetings.append(
                LectureRow(
                    module=module,
                    offered=offered,
                    group=group,
                    lang=lang,
                    kind=kind or letters,
                    activity=activity,
                    weekday=fields.weekday(texts.get(DAY, "")),
                    start=start,
                    end=end,
                    venue=fields.words(texts.get(VENUE, ""), "a venue", required=False),
                    campus=campus,
                    study_prog=study_prog,
                    place=line.place(),
                )
            )
            understood = True
        except Unclear as unclear:
            read.add_problem(line.place(), unclear)
    if not lines:
        read.add_problem(row.place(), Unclear("at least one activity with a day and a time", row.place().text))
    read.rows += meetings


def _with_venue(row: LectureRow | None, aligned: _AlignedLines) -> LectureRow:
    """The meeting with the rest of its wrapped venue. Raises Unclear for None: the line above could not be read."""
    if row is None:
        raise Unclear("a venue that goes on from a line that could be understood", aligned.texts[VENUE])
    venue = fields.words(f"{row.venue} {aligned.texts[VENUE]}", "a venue")
    place = row.place
    text = f"{place.text} {aligned.texts[VENUE]}"
    if aligned.page == place.page:
        place = PageRegion(place.page, place.top, aligned.bottom, text, place.more)
    else:
        band = (aligned.page, aligned.top, aligned.bottom)
        place = PageRegion(place.page, place.top, place.bottom, text, (*place.more, band))
    return replace(row, venue=venue, place=place)


def _lang_and_kind(text: str) -> tuple[str, str]:
    """Parse `E L`: the language, and the kind of activity printed in white beside it (absent in some re-prints).

    The kind may differ from the activity's letters: there are practicals `PT1` of the kind `P`.
    """
    parts = text.split()
    if not 1 <= len(parts) <= 2:
        raise Unclear("a language such as E", text)
    lang = fields.code(parts[0], "a language such as E")
    return lang, fields.code(parts[1], "a kind such as L") if len(parts) == 2 else ""


LAYOUT = Layout(
    kind=LECTURES,
    titles=("Lectures", "Practicals"),
    columns=("Module", "Offered", "Group", "Lang", "Activity", "Day", "Time", "Venue", "Campus", "Study Prog"),
    edges=(36, 92.7, 135.2, 177.7, 213.1, 262.8, 326.6, 397.5, 553.3, 638.5, 744.7),
    key=(MODULE, OFFERED, GROUP, LANG, CAMPUS),
    read_row=_read_row,
)
