"""Hypothesis strategies for any timetable the portal could export: lists of domain rows of one kind."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from desktop.document_types.rows import ExamRow, LectureRow, TestRow

MODULES = st.builds("{} {}".format, st.text("ABCEGKOSTW", min_size=3, max_size=3), st.integers(100, 999))
OFFERED = st.sampled_from(["S1", "S2", "Y", "Q1", "Q2", "Q3", "Q4"])
GROUPS = st.builds("{}{:02}".format, st.sampled_from("GPTD"), st.integers(1, 60))
LANGUAGES = st.sampled_from(["E", "A", "B"])
KINDS = st.sampled_from(["L", "L", "L", "P", "T", "D", "B", "PT", "LP", "S", "FW"])
CAMPUSES = st.sampled_from(["HATFIELD", "HATFIELD", "GROENKLOOF", "PRINSHOF", "MAMELODI", "ONDERSTEPOORT"])
STUDY_PROGS = st.sampled_from([(), (), (), ("r3",), ("R2",), ("r3", "R2")])
VENUES = st.sampled_from(
    [
        "IT 4-4",
        "Eng III - 1 (400/200)",
        "Aldoel Bld 2-83/84",
        "Informatorium Blue Lab 1",
        "Informatorium Orange Lab",
        "AE du Toit Auditorium",
        "North hall",
        "Roos hall",
        "EMS 4-152",
        "Large Chemistry hall",
        "Thuto 3-1",
        "Müller Hall - Café",
        "I",
        "Te Water hall",
    ]
)
LONG_VENUES = st.sampled_from(
    [
        "Agricultural Annex Lecture Hall - 12 (Large)",
        "Informatorium Undergraduate Laboratory - Section 4 - North",
        "Engineering Building III - Studio 2-83/84 West Wing",
        "Wiskunde en Wetenskaplike Opvoeding Lesingsaal 10",
    ]
)
WEEKDAYS = st.integers(0, 5)
MOMENTS = st.integers(13, 36).map(lambda half: time(half // 2, 30 * (half % 2)))


def _later(start: time, minutes: int) -> time:
    total = min(start.hour * 60 + start.minute + minutes, 23 * 60)
    return time(total // 60, total % 60)


SPANS = st.builds(
    lambda start, minutes: (start, _later(start, minutes)), MOMENTS, st.sampled_from([50, 80, 110, 170, 350])
)


@st.composite
def lecture_groups(draw: st.DrawFn) -> list[LectureRow]:
    """The lines of one table row: a group's activities of one kind."""
    module, offered, group = draw(MODULES), draw(OFFERED), draw(GROUPS)
    lang, kind = draw(LANGUAGES), draw(KINDS)
    campus, study_prog = draw(CAMPUSES), draw(STUDY_PROGS)
    venues = st.one_of(VENUES, VENUES, LONG_VENUES)
    rows: list[LectureRow] = []
    for _ in range(draw(st.integers(1, 5))):
        letters = draw(st.sampled_from([kind, kind, kind, f"{kind}T"[:3]]))  # the white kind need not be the letters
        activity = f"{letters}{draw(st.integers(1, 12))}"
        weekday, (start, end) = draw(WEEKDAYS), draw(SPANS)
        rooms = draw(st.lists(venues, min_size=1, max_size=draw(st.sampled_from([1, 1, 1, 2, 4, 17]))))
        rows += [
            LectureRow(module, offered, group, lang, kind, activity, weekday, start, end, room, campus, study_prog)
            for room in rooms
        ]
    return rows


def lectures(most: int = 12) -> st.SearchStrategy[list[LectureRow]]:
    """A whole Lectures document. The portal prints no row twice."""
    return st.lists(lecture_groups(), min_size=1, max_size=most, unique_by=repr).map(
        lambda groups: [row for each in groups for row in each]
    )


DATES = st.integers(0, 900).map(lambda days: date(2025, 1, 20) + timedelta(days=days))
TEST_NAMES = st.sampled_from(["Test1", "Test2", "PTest 1", "PTest 2", "Test3", "Prac 12", "Sick Test"])


@st.composite
def assessments(draw: st.DrawFn) -> TestRow:
    """One semester test in one to seventeen rooms."""
    start, end = draw(SPANS)
    rooms = draw(st.lists(VENUES, min_size=1, max_size=draw(st.sampled_from([1, 2, 5, 17]))))
    return TestRow(draw(MODULES), draw(TEST_NAMES), draw(DATES), start, end, draw(CAMPUSES), tuple(rooms))


def semester_tests(most: int = 14) -> st.SearchStrategy[list[TestRow]]:
    """A whole Semester Tests document."""
    return st.lists(assessments(), min_size=1, max_size=most, unique_by=repr)


@st.composite
def papers(draw: st.DrawFn) -> ExamRow:
    """One exam paper; a preliminary one has no campus and no venue yet."""
    final = draw(st.booleans())
    return ExamRow(
        status="FINAL" if final else "PRELIM",
        module=draw(MODULES),
        paper=draw(st.sampled_from(["1", "2", "3"])),
        activity=draw(st.sampled_from(["Exam Written", "Exam Oral", "Exam Practical", "Supplementary Exam"])),
        date=draw(DATES),
        start=draw(st.sampled_from([time(7, 30), time(11, 15), time(15)])),
        module_campus=draw(st.sampled_from(["HATF", "GROEN", "MAM"])),
        exam_campus=draw(CAMPUSES.filter(lambda campus: len(campus) < 12)) if final else "",
        venue=draw(
            st.one_of(
                VENUES,
                LONG_VENUES,
                st.sampled_from(["Consult Department", "IT Building CBT Labs 1,2,3", "Unfinalised"]),
            )
        )
        if final
        else "",
        comments=draw(st.sampled_from(["", "", "", "Open book", "Bring a calculator and a ruler to every paper"])),
    )


def exams(most: int = 14) -> st.SearchStrategy[list[ExamRow]]:
    """A whole Exams document."""
    return st.lists(papers(), min_size=1, max_size=most, unique_by=repr)
