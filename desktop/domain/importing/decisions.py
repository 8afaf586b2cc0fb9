"""A student's decisions about a compared document, and the act that accepts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.domain.drafts.document_items import DocumentItem
from desktop.domain.drafts.draft import Draft
from desktop.domain.errors import InvalidInput, NeedsDecision
from desktop.domain.importing.changes import ChangeKind, Comparison, RowChange, import_key, row_change
from desktop.domain.importing.item_matching import Question
from desktop.domain.messages import msg
from desktop.domain.records.projection import Acceptance
from desktop.domain.records.records import DELETED, Act, Change, Records


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions: keys of rows left out, the index of the answer by question, keys of confirmed scopes."""

    left: frozenset[str] = frozenset()
    answers: Mapping[str, int] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset()

    def leave_out(self, key: str) -> Decisions:
        return replace(self, left=self.left | {key})

    def include(self, key: str) -> Decisions:
        return replace(self, left=self.left - {key})

    def answer(self, question: str, option: int) -> Decisions:
        return replace(self, answers={**self.answers, question: option})

    def confirm(self, scope: str) -> Decisions:
        return replace(self, scopes=self.scopes | {scope})

    def unconfirm(self, scope: str) -> Decisions:
        return replace(self, scopes=self.scopes - {scope})


def default_decisions(comparison: Comparison) -> Decisions:
    """The decisions without input: include all rows except those left out before; remove nothing, answer nothing."""
    return Decisions(left=frozenset(row.key for row in comparison.rows if row.was_left_out))


def resolve_rows(comparison: Comparison, decisions: Decisions) -> tuple[RowChange, ...]:
    """The rows of a comparison, with the answers given so far applied."""
    ids = _ids_from_answers(comparison, decisions)
    rows = []
    for row in comparison.rows:
        name = ids.get(row.key)
        if row.kind is ChangeKind.UNCLEAR and name is not None and row.after is not None:
            change = row_change(
                DocumentItem(row.after, row.rows), name, comparison.known, comparison.touched, row.was_left_out
            )
            rows.append(replace(change, question=row.question, candidates=row.candidates))
        else:
            rows.append(row)
    return tuple(rows)


def open_questions(comparison: Comparison, decisions: Decisions) -> tuple[Question, ...]:
    """The questions without an answer, except those about rows that are all left out."""
    return tuple(
        question
        for question in comparison.questions
        if question.key not in decisions.answers and not decisions.left.issuperset(question.about)
    )


def accept_draft(draft: Draft, comparison: Comparison, decisions: Decisions, year: int, name: str) -> Act:
    """The act that accepts a draft with these decisions. `name` is the file's, stored to distinguish imports.

    Raises NeedsDecision if a question is open, InvalidInput if the draft is not the one that was compared.
    """
    if comparison.key != import_key(draft, year):
        raise InvalidInput("The document was changed after it was compared.", "Compare it again.")
    waiting = open_questions(comparison, decisions)
    if waiting:
        raise NeedsDecision(waiting[0].words, "Choose what it is, or leave these rows out.")
    answered = _ids_from_answers(comparison, decisions)
    ids: dict[str, str] = {}
    for row in comparison.rows:
        if row.kind is ChangeKind.GONE:
            continue
        known_as = answered.get(row.key, row.id)
        if known_as and known_as != row.key:
            ids[row.key] = known_as
    in_file = {answered.get(row.key, row.id) for row in comparison.rows if row.kind is not ChangeKind.GONE}
    confirmed = {item for scope in comparison.scopes if scope.key in decisions.scopes for item in scope.ids}
    gone = {row.id: row.key for row in comparison.rows if row.kind is ChangeKind.GONE}
    kept = {name for name, key in gone.items() if key in decisions.left}
    left = decisions.left & {row.key for row in comparison.rows} - set(gone.values())
    removed = sorted(confirmed - kept - in_file)
    value = Acceptance(ids, left, tuple(removed), tuple(sorted(kept))).to_json()
    values = {"document": draft.to_json(), "name": name, "pdf": draft.sha256, "acceptance": value}
    values["order"] = comparison.order
    return Act(
        msg("Accepted the {documents} of {year} from {name}", documents=draft.kind.noun, year=year, name=name)
        if name
        else msg("Accepted {documents}", documents=draft.kind.noun),
        (Change("import", comparison.key, values),),
    )


def withdraw_import(records: Records, import_key: str) -> Act:
    """The act that undoes an accepted import. Choices and edits stay, in case it is accepted again."""
    record = records.get("import", import_key)
    if record.get("acceptance") is None or record.is_deleted:
        raise InvalidInput("There is no such import to undo.", "It may have been undone already.")
    name = record.get("name") or import_key
    return Act(
        msg("Undid the import of {name}", name=name), (Change("import", import_key, {DELETED: record.deletion()}),)
    )


def _ids_from_answers(comparison: Comparison, decisions: Decisions) -> dict[str, str]:
    ids: dict[str, str] = {}
    for question in comparison.questions:
        choice = decisions.answers.get(question.key)
        if choice is None:
            continue
        if not 0 <= choice < len(question.options):
            raise InvalidInput(msg("There is no answer {n} to “{question}”", n=choice + 1, question=question.words))
        ids |= question.options[choice].ids
    return ids
