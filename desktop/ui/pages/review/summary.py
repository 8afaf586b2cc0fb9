"""One-line summaries of documents under review: counts of their contents and changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from desktop.domain.drafts.draft import DocumentType
from desktop.domain.drafts.manual_entry import open_problems
from desktop.domain.importing.changes import ChangeKind
from desktop.domain.importing.decisions import resolve_rows
from desktop.ui.texts.counts import join_with_and, problem_count_text
from desktop.ui.texts.language import translate, translate_message

if TYPE_CHECKING:
    from desktop.workflows.imports import Proposal


def summary(proposal: Proposal) -> str:
    """Summarises the contents and changes of a document: `46 meetings of 9 modules · 2 problems`."""
    changes = resolve_rows(proposal.comparison, proposal.decisions)
    here = [each for each in changes if each.kind is not ChangeKind.GONE]
    modules = {each.item.module for each in here}
    parts = [
        translate("Review", "{what} of {n} modules").format(
            what=translate_message(proposal.draft.kind.count_text(len(here))), n=len(modules)
        )
        if len(modules) != 1
        else translate("Review", "{what} of {module}").format(
            what=translate_message(proposal.draft.kind.count_text(len(here))), module=next(iter(modules))
        )
    ]
    waiting = open_problems(proposal.draft)
    if waiting:
        parts.append(problem_count_text(len(waiting)))
    if proposal.comparison.is_accepted:
        parts.append(translate("Review", "already in your timetable"))
    elif not proposal.comparison.is_first:
        new = sum(each.kind is ChangeKind.ADDED for each in here)
        other = sum(each.kind not in (ChangeKind.ADDED, ChangeKind.UNCHANGED) for each in here)
        gone = len(changes) - len(here)
        for number, words in (
            (new, translate("Review", "{n} new")),
            (other, translate("Review", "{n} changed")),
            (gone, translate("Review", "{n} not in this file")),
        ):
            if number:
                parts.append(words.format(n=number))
    return " · ".join(parts)


def effective_proposals(proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """Returns the proposals to accept: among several, those that change nothing are left out.

    An accepted one would count as the latest import.
    """
    return tuple(each for each in proposals if not each.changes_nothing) or proposals


def accepted_words(proposals: tuple[Proposal, ...]) -> str:
    """Counts what accepting takes over: `46 meetings, 12 tests and 9 exams`."""
    totals: Counter[DocumentType] = Counter()
    for each in proposals:
        totals[each.draft.kind] += sum(
            row.kind is not ChangeKind.GONE and row.key not in each.decisions.left for row in each.comparison.rows
        )
    return join_with_and(
        translate_message(kind.count_text(totals[kind])) for kind in sorted(totals) if totals[kind]
    ) or join_with_and(translate_message(each.draft.kind.title) for each in proposals)
