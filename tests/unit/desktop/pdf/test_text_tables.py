"""The portal's table pasted as text or HTML, or saved as CSV, gives the same rows as the PDF."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from desktop.domain.drafts.draft import Row
from desktop.domain.errors import DocumentRefused
from desktop.pdf.child import read_documents
from desktop.pdf.layouts import LAYOUTS
from desktop.pdf.reader import Reader
from tests.drawing.damage import rows_of_each_kind
from tests.drawing.reading import read_one

LECTURES, TESTS, EXAMS = rows_of_each_kind()
KINDS = [LECTURES, TESTS, EXAMS]


def header(kind: str) -> list[str]:
    return list(next(layout.columns for layout in LAYOUTS if layout.kind.name == kind))


def records(rows: Sequence[Row]) -> list[list[str]]:
    """The cells of each row as a web page shows them; the rooms of a test one below the other."""
    found = []
    for row in rows:
        entry = row.entry()
        time = f"{entry['start']} - {entry['end']}" if "end" in entry else entry["start"]
        match row.document:
            case "lectures":
                language = f"{entry['lang']} {entry['kind']}"
                names = ["module", "offered", "group", "", "activity", "day", "", "venue", "campus", ""]
                cells = [entry.get(name, "") for name in names]
                cells[3], cells[6], cells[9] = language, time, " ".join(entry["study_prog"])
            case "tests":
                day = f"{row.date:%d %b %Y}"  # type: ignore[union-attr]
                cells = [entry["module"], entry["test"], entry["day"], day, time, entry["campus"]]
                cells.append("\n".join(entry["venues"]))
            case _:
                day = f"{row.date:%d %b %Y}".upper()  # type: ignore[union-attr]
                cells = [entry["status"], entry["module"], entry["paper"], entry["activity"], day, time]
                cells += [entry[name] for name in ("module_campus", "exam_campus", "venue", "comments")]
        found.append([str(cell) for cell in cells])
    return found


def separated(table: Sequence[Sequence[str]], sign: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(table)
    return out.getvalue().encode()


def web_page(table: Sequence[Sequence[str]], around: str = "{}") -> bytes:
    def cells(record: Sequence[str], tag: str) -> str:
        parts = (html.escape(cell).replace("\n", "<br>") for cell in record)
        return "<tr>" + "".join(f"<{tag} class=x>{part}</{tag}>" for part in parts) + "</tr>"

    body = cells(table[0], "th") + "\n".join(cells(record, "td") for record in table[1:])
    return around.format(f"<table>{body}</table>").encode()


PAGE = (
    "<!DOCTYPE html><html><head><title>Timetable Module Lookup</title><script>if (a<b) </script></head><body>{}</body>"
)
WRITTEN: dict[str, Callable[[list[list[str]]], bytes]] = {
    "commas": separated,
    "semicolons": lambda table: separated(table, ";"),
    "tabs": lambda table: separated(table, "\t"),
    "tabs in UTF-16, as Excel saves": lambda table: separated(table, "\t").decode().encode("utf-16"),
    "UTF-8 with a mark": lambda table: b"\xef\xbb\xbf" + separated(table),
    "a fragment of HTML": web_page,
    "a whole web page": lambda table: web_page(table, PAGE),
    "a table in a table": lambda table: web_page(table, "<table><tr><td>Menu</td><td>{}</td></tr></table>"),
    "other columns between": lambda table: separated([["#", *reversed(each), "edit"] for each in table]),
}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("rows", KINDS, ids=lambda rows: str(rows[0].document))
def test_is_read_like_the_pdf(way: str, rows: list[Row]) -> None:
    draft = read_one(WRITTEN[way]([header(rows[0].document), *records(rows)]))
    assert draft.problems == ()
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]
    assert (draft.kind.name, draft.pages, draft.remarks) == (rows[0].document, 0, ())


@pytest.mark.parametrize("rows", KINDS, ids=lambda rows: str(rows[0].document))
def test_without_a_header_the_columns_tell_and_it_is_said(rows: list[Row]) -> None:
    draft = read_one(separated(records(rows), "\t"))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in rows]
    assert draft.remarks[0].startswith("The table has no header. By its columns it is “")


def test_cells_over_several_rows_and_lines_in_parallel() -> None:
    body = (
        "<table><tr><th>Module<th>Offered<th>Group<th>Lang<th>Activity<th>Day<th>Time<th>Venue"
        "<th>Campus<th>Study Prog</tr>"
        "<tr><td rowspan=2>ABC 214<td rowspan=2>S1<td rowspan=2>G01<td rowspan=2>E<td>L1<td>Monday<td>08:30 - 09:20"
        "<td>IT 4-4<td rowspan=2>HATFIELD<td rowspan=2></tr>"
        "<tr><td>L2<td>Friday<td>10:30 - 11:20<td>IT 4-5</tr>"
        "<tr><td>DEF 110<td>S2<td>P02<td>A<td>P1<br>P1<td>Tuesday<br>Tuesday<td>14:30 - 17:20<br>14:30 - 17:20"
        "<td>Lab 1<br>Lab 2<td>HATFIELD<td></tr></table>"
    )
    rows = read_one(body.encode()).rows
    assert [(row.module, row.activity, row.venue, row.campus) for row in rows] == [  # type: ignore[union-attr]
        ("ABC 214", "L1", "IT 4-4", "HATFIELD"),
        ("ABC 214", "L2", "IT 4-5", "HATFIELD"),
        ("DEF 110", "P1", "Lab 1", "HATFIELD"),
        ("DEF 110", "P1", "Lab 2", "HATFIELD"),
    ]


def test_a_row_that_cannot_be_understood_is_a_problem_with_its_line() -> None:
    table = [header("lectures"), *records(LECTURES[:3])]
    table[2][6] = "half past eight"
    draft = read_one(separated(table))
    assert [row.entry() for row in draft.rows] == [row.entry() for row in (LECTURES[0], LECTURES[2])]
    (problem,) = draft.problems
    assert "half past eight" in problem.place.text
    assert (problem.place.page, round(problem.place.top)) == (0, 3)


def test_start_and_end_in_columns_of_their_own() -> None:
    table = [header("lectures"), *records(LECTURES[:3])]
    split = [
        [*each[:6], *(["Start", "End"] if not k else each[6].split(" - ")), *each[7:]] for k, each in enumerate(table)
    ]
    assert [row.entry() for row in read_one(separated(split)).rows] == [row.entry() for row in LECTURES[:3]]


def test_several_tables_of_one_page_are_several_documents() -> None:
    pages = [web_page([header(rows[0].document), *records(rows)]) for rows in KINDS]
    drafts = read_documents(b"<html><body>" + b"<h1>next</h1>".join(pages) + b"</body></html>")
    assert [draft.kind.name for draft in drafts] == [rows[0].document for rows in KINDS]
    assert [draft.number for draft in drafts] == [1, 2, 3]


def test_the_child_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "lectures.csv"
    path.write_bytes(separated([header("lectures"), *records(LECTURES)]))
    (draft,) = Reader().read(path)
    assert [row.entry() for row in draft.rows] == [row.entry() for row in LECTURES]


LOGIN = (
    b"<!DOCTYPE html>\n<html><head><title>UP Portal</title></head><form><input type='password' name=p></form></html>"
)
OTHER_FILES = {
    "a login page": (LOGIN, "asks you to sign in", "Sign in"),
    "another web page": (b"<html><body><p>404 Not Found</p></body></html>", "web page without a timetable", "Download"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Excel", "CSV"),
    "a workbook": (b"PK\x03\x04\x14\x00" + bytes(20) + b"xl/workbook.xml", "Excel workbook", "CSV"),
    "a Word file": (b"PK\x03\x04\x14\x00" + bytes(20) + b"word/document.xml", "Word document", "Download"),
    "an archive": (b"PK\x03\x04\x14\x00" + bytes(20) + b"lectures.pdf", "ZIP archive", "Unpack"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(90), "picture (PNG)", "Download"),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(90), "picture (JPEG)", "Download"),
    "a photo of a phone": (b"\x00\x00\x00\x18ftypheic" + bytes(90), "picture (HEIC)", "Download"),
    "a WebP": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture (WebP)", "Download"),
    "a calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "calendar file", "Download"),
    "another table": (b"name,mark\nA,1\nB,2\n", "not a PDF", "portal"),
    "plain words": (b"Dear student, find attached", "not a PDF", "portal"),
}


@pytest.mark.parametrize("name", OTHER_FILES)
def test_what_it_is_and_what_to_do(name: str) -> None:
    data, what, do = OTHER_FILES[name]
    with pytest.raises(DocumentRefused) as refused:
        read_documents(data)
    assert what in refused.value.title
    assert do in refused.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"<table>" * 3000 + b"<tr><td>x",
        b"<table><tr>" + b"<td colspan=99 rowspan=999999>x" * 400,
        b"Module\t" * 4000 + b"\n",
        b"a;b\n" * 60_000,
        b'"' + b"x;" * 200_000,
    ],
    ids=["tables in tables", "wide cells", "many columns", "many rows", "one endless field"],
)
def test_a_table_made_to_do_harm_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentRefused):
        read_documents(data)
