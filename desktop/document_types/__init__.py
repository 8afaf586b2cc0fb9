"""The documents of the student portal, an object each: all that differs between them but how their table is read."""

from desktop.document_types.exams import EXAMS
from desktop.document_types.lectures import LECTURES
from desktop.document_types.tests import TESTS
from desktop.domain.drafts.draft import DocumentTypes

DOCUMENT_TYPES: DocumentTypes = {each.name: each for each in (LECTURES, TESTS, EXAMS)}

__all__ = ["DOCUMENT_TYPES", "EXAMS", "LECTURES", "TESTS"]
