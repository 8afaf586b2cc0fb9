"""What runs in the child process: the bytes of one PDF -> a draft, or the picture of one page, and nothing else.

    --read-pdf                      PDF on standard input; lines of JSON on standard output: {"page": 1, "pages": 2} as
                                    it goes, then {"draft": ...} or {"refused": {"title": ..., "hint": ...}},
                                    each a text or a message as JSON
    --read-pdf --page N --scale S   one line {"width": ..., "height": ..., "scale": ...}, then rows of RGBA bytes

A PDF is hostile: the limits are set before its first byte is looked at. They limit damage; they do not contain code
that would break out of a PDF engine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from desktop.domain.drafts.draft import Draft, PageRegion, Problem
from desktop.domain.errors import DocumentRefused
from desktop.domain.messages import listed, msg, named, text_to_json
from desktop.pdf import pages as gate
from desktop.pdf.integrity import signs_of_damage
from desktop.pdf.layouts import LAYOUTS, Layout, Read
from desktop.pdf.page import PdfPage
from desktop.pdf.table import Table, find_header, find_title, read_table

MEMORY = 512 * 1024 * 1024  # bytes of address space
CPU_SECONDS = 20
MOST_BYTES = 10 * 1024 * 1024

Progress = Callable[[int, int], None]


def limit_resources() -> None:
    """Bounds this process where the system can: address space, processor time, no core file, no file written.

    It also steps back behind the window, which has to answer while ten of these are at work.
    """
    if sys.platform != "win32":  # there the supervisor's job object does this
        import os  # noqa: PLC0415 - with the next, what only these systems need
        import resource  # noqa: PLC0415 - Windows has none

        os.nice(10)
        for which, soft, hard in (
            (resource.RLIMIT_AS, MEMORY, MEMORY),
            (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 2),  # the soft one ends us by a signal that says why
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_FSIZE, 0, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # macOS refuses a bound on memory; it is watched outside
                resource.setrlimit(which, (soft, hard))


def read(data: bytes, progress: Progress | None = None) -> Draft:
    """The draft of the PDF in `data`. Raises DocumentRefused, in words, for anything that is not one of UP's three."""
    refuse_early(data)
    with gate.Pdfium(data) as document:
        unlocked = document.unlocked_copy() if b"/Encrypt" in data else None
        damage = signs_of_damage(data, unlocked)
        seen = _see(_told(document.pages(), document.count, progress))
        if seen.table is None or not seen.table.rows:
            other = _see(gate.plumbed(data))  # drawn in another way, maybe: the other engine's view
            seen = other if other.table is not None else seen
        count = document.count
    if seen.layout is None or seen.table is None:
        raise _refusal(seen.first or EMPTY)
    return _draft(data, count, seen.layout, seen.table, damage)


EMPTY = PdfPage(1, 0, 0, (), (), ())


class _Seen(NamedTuple):
    """What an engine's view of a document comes to: its first page and, where that is one of ours, its table."""

    first: PdfPage | None
    layout: Layout | None = None
    table: Table | None = None


def _see(pages: Iterator[PdfPage]) -> _Seen:
    """Looks at the first page alone unless it is that of a timetable."""
    first = next(pages, None)
    title = find_title(first) if first else ""
    for layout in LAYOUTS:
        if first and (not title or title == layout.title):
            header = find_header(first, layout.columns)
            if header is not None:
                return _Seen(first, layout, read_table(chain([first], pages), header, layout.key))
    return _Seen(first)


def _told(pages: Iterator[PdfPage], count: int, progress: Progress | None) -> Iterator[PdfPage]:
    for page in pages:
        if progress:
            progress(page.number, count)
        yield page


def refuse_early(data: bytes) -> None:
    """Raises DocumentRefused for what needs no PDF engine to see."""
    again = "Choose a timetable that the student portal exported as PDF."
    if not data:
        raise DocumentRefused("The file is empty.", "Download it from the student portal again.")
    if len(data) > MOST_BYTES:
        raise DocumentRefused(
            msg(
                "The file has {n} MB; a timetable has at most {most}.",
                n=round(len(data) / 1e6),
                most=MOST_BYTES // 1024 // 1024,
            ),
            again,
        )
    if b"%PDF-" not in data[:1024]:
        raise DocumentRefused("The file is not a PDF.", again)


def _refusal(first: PdfPage) -> DocumentRefused:
    title = find_title(first)
    expected = listed((f"“{layout.title}”" for layout in LAYOUTS), "or")
    layout = next((each for each in LAYOUTS if each.title == title), None)
    if layout is not None:
        found = msg(
            "It is titled “{title}”, but its columns are not {columns}.",
            title=title,
            columns=listed(layout.columns, ""),
        )
    elif title:
        found = msg("Its title is “{title}”, not {expected}.", title=title[:80], expected=expected)
    elif not first.words:
        found = msg("Its first page has no text; it may be a scan or a photo.")
    else:
        begins = " ".join(word.text for word in first.words[:8])
        found = msg(
            "It begins with “{begins}” and has no table with the columns of {expected}.",
            begins=begins[:80],
            expected=expected,
        )
    return DocumentRefused(
        msg("This PDF is not a UP timetable. {found}", found=found),
        "On the student portal, export Lectures, Semester Tests or Exams as PDF, and choose Both.",
    )


def _draft(data: bytes, count: int, layout: Layout, table: Table, damage: Sequence[str]) -> Draft:
    taken = Read()
    for row in table.rows:
        layout.read_row(row, taken)
    for line in table.stray:
        place = PageRegion(line.page, line.y - line.size, line.y + 0.3 * line.size, line.text)
        taken.problems.append(Problem(place, "nothing outside the table", line.text))
    if not table.rows:
        taken.problems.append(Problem(PageRegion(1, 0, 0, ""), "at least one row below the header", "an empty table"))
    filled = {page for row in table.rows for page, _, _ in row.bands}
    for number in range(2, count + 1):
        if number not in filled:
            taken.problems.append(Problem(PageRegion(number, 0, 0, ""), "rows of the table", "a page without any"))
    for sign in damage:
        place = PageRegion(1, 0, 0, "")
        taken.problems.append(
            Problem(
                place,
                "an undamaged file",
                msg("{sign}, so rows may be missing or wrong: download the PDF again", sign=named(sign)),
            )
        )
    taken.problems.sort(key=lambda problem: (problem.place.page, problem.place.top))
    return Draft(layout.kind, count, tuple(taken.rows), tuple(taken.problems), hashlib.sha256(data).hexdigest())


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _refuse(refused: DocumentRefused) -> None:
    _say({"refused": {"title": text_to_json(refused.title), "hint": text_to_json(refused.hint)}})


def main(arguments: Sequence[str]) -> int:
    """Runs the child; `arguments` are those behind `--read-pdf`. Gives the exit status, 0 where it answered."""
    limit_resources()
    try:
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
        match list(arguments):
            case []:
                draft = read(data, lambda page, pages: _say({"page": page, "pages": pages}))
                _say({"draft": draft.to_json()})
            case ["--page", number, "--scale", scale]:
                refuse_early(data)
                with gate.Pdfium(data) as document:
                    picture = document.picture(int(number), float(scale))
                _say({"width": picture.width, "height": picture.height, "scale": str(picture.scale)})
                sys.stdout.buffer.write(picture.pixels)
                sys.stdout.buffer.flush()
            case other:
                _refuse(DocumentRefused(msg("The reader does not know {arguments}.", arguments=" ".join(other))))
    except DocumentRefused as refused:
        _refuse(refused)
    except (MemoryError, RecursionError):
        _refuse(
            DocumentRefused(
                "Reading this PDF needs more memory than a timetable does.",
                "Export the timetable from the student portal again and use that file.",
            )
        )
    return 0
