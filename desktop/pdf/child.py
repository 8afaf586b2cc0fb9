"""The child process that reads one PDF: it returns drafts, or the picture of one page.

    --read-pdf                      PDF on standard input; lines of JSON on standard output: {"page": 1, "pages": 2} as
                                    progress, then {"drafts": [...]} or {"refused": {"title": ..., "hint": ...}}, whose
                                    values are texts, or messages as JSON
    --read-pdf --page N --scale S   one line {"width": ..., "height": ..., "scale": ...}, then rows of RGBA bytes

A PDF is untrusted: the process sandboxes itself before it reads the first byte.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

from desktop.containment import limit_resources, sandbox_process
from desktop.domain.drafts.draft import Draft, PageRegion, Problem
from desktop.domain.errors import DocumentRefused
from desktop.domain.messages import listed, msg, msg_plural, named, text_to_json
from desktop.pdf import engines as gate
from desktop.pdf.file_types import is_pdf, refusal_of
from desktop.pdf.integrity import signs_of_damage
from desktop.pdf.layouts import LAYOUTS, LayoutResult
from desktop.pdf.page import PdfPage
from desktop.pdf.sections import Section, Sections, fills_page, find_sections
from desktop.pdf.table import Table, TextLine, find_title, read_table

MEMORY_BYTES = 512 * 1024 * 1024  # bytes of address space
CPU_SECONDS = 20
MAX_BYTES = 10 * 1024 * 1024

Progress = Callable[[int, int], None]


def sandbox_self() -> None:
    """Sandbox this process and lower its priority: the window has to stay responsive while ten such processes run."""
    if sys.platform != "win32":  # there it is started with a lower priority
        import os  # noqa: PLC0415 - for these systems alone

        os.nice(10)
    limit_resources(MEMORY_BYTES, CPU_SECONDS)
    sandbox_process()


def read_documents(data: bytes, progress: Progress | None = None) -> tuple[Draft, ...]:
    """The documents of the file in `data`, a PDF or a table as text. Raises DocumentRefused, which explains why, for a
    file without any of UP's three documents."""
    _check_size(data)
    if not is_pdf(data):
        from desktop.pdf.text_table import read_text  # noqa: PLC0415 - importing its parsers takes longer than reading a PDF

        drafts = read_text(data)
        if not drafts:
            raise refusal_of(data)
        return drafts
    with gate.Pdfium(data) as document:
        unlocked = document.decrypted_copy() if b"/Encrypt" in data else None
        damage = signs_of_damage(data, unlocked)
        count = document.count
        pages = list(_report_progress(document.pages(), count, progress))
    found = _find_documents(pages)
    if not any(table.rows for _, table in found.documents):
        other = _find_documents(
            _searched_pages(gate.pdfplumber_pages(data))
        )  # the other engine may see a table drawn differently
        found = other if other.documents else found
    if not found.documents:
        raise _refusal(next((page for page in pages if page.words), EMPTY_PAGE))
    return _drafts(data, count, found, damage)


EMPTY_PAGE = PdfPage(1, 0, 0, (), (), ())
SEARCHED_PAGES = 3  # pages that the slower engine reads in search of a table


class _FoundDocuments(NamedTuple):
    """What one engine found in a file: how its pages are divided into documents, and the table of each document."""

    sections: Sections
    documents: tuple[tuple[Section, Table], ...]


def _find_documents(pages: Sequence[PdfPage]) -> _FoundDocuments:
    sections = find_sections(pages)
    tables = ((each, read_table(each.pages, each.header, each.layout.key)) for each in sections.found)
    return _FoundDocuments(sections, tuple(tables))


def _searched_pages(pages: Iterator[PdfPage]) -> list[PdfPage]:
    """All pages; only the first few if no document begins on them."""
    looked = list(islice(pages, SEARCHED_PAGES))
    return [*looked, *pages] if find_sections(looked).found else looked


def _report_progress(pages: Iterator[PdfPage], count: int, progress: Progress | None) -> Iterator[PdfPage]:
    for page in pages:
        if progress:
            progress(page.number, count)
        yield page


def _check_size(data: bytes) -> None:
    if not data:
        raise DocumentRefused("The file is empty.", "Download it from the student portal again.")
    if len(data) > MAX_BYTES:
        raise DocumentRefused(
            msg(
                "The file has {n} MB; a timetable has at most {most}.",
                n=round(len(data) / 1e6),
                most=MAX_BYTES // 1024 // 1024,
            ),
            "Choose a timetable that the student portal exported as PDF.",
        )


def _refusal(first: PdfPage) -> DocumentRefused:
    title = find_title(first)
    expected = listed((f"“{layout.title}”" for layout in LAYOUTS), "or")
    layout = next((each for each in LAYOUTS if title in each.titles), None)
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
        "In the portal’s Timetable Module Lookup, choose All and press Download above the table.",
    )


def _drafts(data: bytes, count: int, found: _FoundDocuments, damage: Sequence[str]) -> tuple[Draft, ...]:
    digest = hashlib.sha256(data).hexdigest()
    remarks, problems = _file_remarks(found)
    for sign in damage:
        what = msg("{sign}, so rows may be missing or wrong: download the PDF again", sign=named(sign))
        problems.append(Problem(NO_PLACE, "an undamaged file", what))
    drafts: list[Draft] = []
    for section, table in found.documents:
        taken = LayoutResult()
        own = _read_rows(section, table, taken)
        taken.problems += problems
        taken.problems.sort(key=lambda problem: (problem.place.page, problem.place.top))
        draft = Draft(
            section.layout.kind, count, tuple(taken.rows), tuple(taken.problems), digest, own, len(drafts) + 1
        )
        same = any(draft.rows and draft.digest() == other.digest() for other in drafts)
        if same:
            remarks.append(msg("“{title}” is in this file twice and was read once.", title=named(section.layout.title)))
        else:
            drafts.append(draft)
    drafts[0] = replace(drafts[0], remarks=(*remarks, *drafts[0].remarks))
    return tuple(drafts)


NO_PLACE = PageRegion(1, 0, 0, "")
MAX_QUOTED_TEXTS = 6  # texts that one remark quotes
MAX_QUOTED_LENGTH = 60
# A module code or a time span: rows of a timetable have one; letterheads, footers and web addresses do not.
_ROW_PATTERN = re.compile(r"\b[A-Z]{3} ?\d{3}\b|\d\d:\d\d ?[-–] ?\d\d:\d\d")


def _file_remarks(found: _FoundDocuments) -> tuple[list[str], list[Problem]]:
    """Remarks on the file's pages, and problems for text on them that may be rows outside any table."""
    remarks: list[str] = []
    problems: list[Problem] = []
    if len(found.documents) > 1:
        kinds = listed([named(section.layout.title) for section, _ in found.documents])
        remarks.append(msg("This file holds several documents: {kinds}.", kinds=kinds))
    filled = {page for _, table in found.documents for row in table.rows for page, _, _ in row.bands}
    begun = {section.header.page for section, _ in found.documents}
    without = [page for section, _ in found.documents for page in section.pages if page.number not in filled | begun]
    full = {
        page.number
        for section, _ in found.documents
        for page in section.pages
        if page.words and fills_page(section, page)
    }
    empty = []
    for page in sorted({*(each for each in found.sections.rest), *without}, key=lambda each: each.number):
        text = " ".join(word.text for word in page.words)
        is_drawn, goes_on = bool(page.horizontal_rules and page.vertical_rules), page.number - 1 in full
        if not page.words and (is_drawn or goes_on):  # its text is lost, or may be
            problems.append(Problem(PageRegion(page.number, 0, 0, ""), "rows of the table", "a page without any"))
        elif _ROW_PATTERN.search(text):
            problems.append(
                Problem(
                    PageRegion(page.number, 0, page.height, text[:2000]), "a page of the timetable", named(text[:80])
                )
            )
        else:
            empty.append(page.number)
    if empty:
        remarks.append(
            msg_plural(
                len(empty),
                "Page {pages} has no rows of a timetable and was left out.",
                "Pages {pages} have no rows of a timetable and were left out.",
                pages=listed(empty),
            )
        )
    for number, before in found.sections.duplicates:
        remarks.append(msg("Page {page} is the same as page {before} and was read once.", page=number, before=before))
    return remarks, problems


def _read_rows(section: Section, table: Table, taken: LayoutResult) -> tuple[str, ...]:
    """Read the rows and problems of a document into `taken`; returns remarks on it."""
    layout, header = section.layout, section.header
    remarks: list[str] = []
    for row in table.rows:
        layout.read_row(row, taken)
        page, top, bottom = row.bands[0]
        for line in row.notes:
            taken.problems.append(
                Problem(PageRegion(page, top, bottom, line.text), "nothing typed over the row", "a note")
            )
    aside = [text for page in section.pages for text in page.aside if text]
    for line in table.stray:
        if _ROW_PATTERN.search(line.text) or _is_close_below(line, table):
            place = PageRegion(line.page, line.y - line.size, line.y + 0.3 * line.size, line.text)
            taken.problems.append(Problem(place, "nothing outside the table", line.text))
        else:
            aside.append(line.text)
    if aside:
        quoted = [f"“{text[:MAX_QUOTED_LENGTH]}”" for text in dict.fromkeys(aside)]
        more = len(quoted) - MAX_QUOTED_TEXTS
        rest = [msg("{n} more", n=more)] if more > 0 else []
        texts = listed([*(named(text) for text in quoted[:MAX_QUOTED_TEXTS]), *rest])
        remarks.append(msg("Left aside, as it is no part of the table: {texts}.", texts=texts))
    if not table.rows:
        taken.problems.append(Problem(NO_PLACE, "at least one row below the header", "an empty table"))
    if any(word.hidden for page in section.pages for word in page.words):
        remarks.append(msg("The text was recognised from a picture, so letters may be wrong: look through every row."))
    if section.is_reversed:
        remarks.append(msg("The pages are in reverse order and were read from the last to the first."))
    if not header.page:
        remarks.append(
            msg(
                "No page has a title or a header. By the columns this is “{title}”; pages before it are missing.",
                title=named(layout.title),
            )
        )
    if fills_page(section, section.pages[-1]):
        remarks.append(
            msg(
                "The table reaches the foot of the last page. If it goes on, a page is missing: download the PDF again."
            )
        )
    return tuple(remarks)


def _is_close_below(line: TextLine, table: Table) -> bool:
    """True if a stray line may be the end of a row whose rules are lost."""
    bottoms = [bottom for row in table.rows for page, _, bottom in row.bands if page == line.page]
    return bool(bottoms) and 0 <= line.y - max(bottoms) < 1.5 * line.size


def _write_answer(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _write_refusal(refused: DocumentRefused) -> None:
    _write_answer({"refused": {"title": text_to_json(refused.title), "hint": text_to_json(refused.hint)}})


def main(arguments: Sequence[str]) -> int:
    """Run the child process; `arguments` are those after `--read-pdf`. Returns the exit status, 0 if it answered."""
    sandbox_self()
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        match list(arguments):
            case []:
                drafts = read_documents(data, lambda page, pages: _write_answer({"page": page, "pages": pages}))
                _write_answer({"drafts": [draft.to_json() for draft in drafts]})
            case ["--page", number, "--scale", scale]:
                _check_size(data)
                if not is_pdf(data):
                    raise refusal_of(data)
                with gate.Pdfium(data) as document:
                    picture = document.render(int(number), float(scale))
                _write_answer({"width": picture.width, "height": picture.height, "scale": str(picture.scale)})
                sys.stdout.buffer.write(picture.pixels)
                sys.stdout.buffer.flush()
            case other:
                _write_refusal(DocumentRefused(msg("The reader does not know {arguments}.", arguments=" ".join(other))))
    except DocumentRefused as refused:
        _write_refusal(refused)
    except (MemoryError, RecursionError):
        _write_refusal(
            DocumentRefused(
                "Reading this PDF needs more memory than a timetable does.",
                "Export the timetable from the student portal again and use that file.",
            )
        )
    return 0
