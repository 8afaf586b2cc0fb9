"""Parts shared by the document types: form fields, checks, and the search for missing assessments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from desktop.domain.drafts.draft import Column, DocumentGap, FormField
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import listed, msg
from desktop.domain.timetable.terms import OFFERED_CODES
from desktop.domain.timetable.timetable import Timetable

PLAIN_TEXT_HINT = msg("Write it in plain letters and digits.")
MODULE = FormField("module", msg("Module"), msg("Write a module like COS 214."))
TIME = FormField("time", msg("Time"), msg("Write a start and a later end, like 08:30 – 09:20."))
DATE = FormField("date", msg("Date"), msg("Write it like 2026-03-23 or 23 March 2026."))
VENUE = FormField("venue", msg("Where"), PLAIN_TEXT_HINT)
CAMPUS = FormField("campus", msg("Campus"), PLAIN_TEXT_HINT)
CAMPUS_COLUMN = Column(msg("Campus"), "campus")


def check_span(module: str, start: time, end: time) -> None:
    """Raise InvalidInput if the end is not after the start."""
    if start >= end:
        raise InvalidInput(
            msg("{what} would end at {end}, not after its start at {start}.", what=module, end=end, start=start),
            "Give it an end that is later than its start.",
        )


@dataclass(frozen=True, slots=True)
class MissingTexts:
    """Texts for missing assessments of one kind: their `noun`, and how to `export` them if none were imported."""

    noun: str
    export: str


def missing_assessments(
    texts: MissingTexts, sat: set[str], taught: Mapping[str, set[str]], *, imported: bool
) -> Iterable[DocumentGap]:
    """The modules whose tests or exams seem to be missing; see `DocumentType.missing`. `sat` are those with some."""
    known = [code for code, offered in taught.items() if offered]
    if not imported:
        if known:
            yield DocumentGap(tuple(known), msg("No {word} were imported.", word=texts.noun), texts.export)
        return
    # A module may have no tests. If no module of a semester has any, the file was an export of the other semester.
    told: set[str] = set()
    for code in ("Y", *(each for each in OFFERED_CODES if each != "Y")):
        modules = [module for module in known if code in taught[module] and module not in told]
        without = [module for module in modules if module not in sat]
        if without and (code == "Y" or len(without) == len(modules)):
            told.update(without)
            if code == "Y":
                hint = msg(
                    "Export the {word} with “All”: an export of one semester leaves out the {word} of year modules.",
                    word=texts.noun,
                )
            else:
                hint = msg(
                    "Export the {word} with “All”: the export at hand seems to be of the other semester.",
                    word=texts.noun,
                )
            yield DocumentGap(
                tuple(without), msg("No {word} for {modules}.", word=texts.noun, modules=listed(without)), hint
            )


def modules_with_assessments(timetable: Timetable, kind: str) -> set[str]:
    """The modules that have an assessment of this kind."""
    return {each.module for each in timetable.assessments if each.kind == kind}
