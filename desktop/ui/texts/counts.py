"""Texts that count the contents of a document or a set of rows: `46 meetings of 9 modules`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop.domain.drafts.document_items import document_items
from desktop.domain.drafts.draft import DocumentType, Draft
from desktop.domain.drafts.manual_entry import open_problems
from desktop.ui.texts.language import plural, translate, translate_message


def problem_count_text(number: int) -> str:
    return plural(number, translate("Counting", "{n} problem"), translate("Counting", "{n} problems"))


@dataclass(frozen=True, slots=True)
class ContentCounts:
    """The contents of a document: number of meetings or assessments, of their modules, and of open problems."""

    kind: DocumentType
    number: int
    modules: int
    problems: int


def count_contents(draft: Draft) -> ContentCounts:
    """Counts the contents of a draft; rows of one meeting in several rooms count once. Thread-safe."""
    found = document_items(draft, 2000)
    return ContentCounts(draft.kind, len(found), len({each.item.module for each in found}), len(open_problems(draft)))


def contents_text(contents: ContentCounts) -> str:
    """The contents of a document in words, with its problems."""
    of = plural(contents.modules, translate("Counting", "{n} module"), translate("Counting", "{n} modules"))
    what = translate_message(contents.kind.count_text(contents.number))
    text = translate("Counting", "{what} of {modules}").format(what=what, modules=of)
    return f"{text} · {problem_count_text(contents.problems)}" if contents.problems else text


def join_with_and(parts: Iterable[str]) -> str:
    """Joins parts of a list: `46 meetings, 12 tests and 9 exams`."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    return translate("Counting", "{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
