"""The document types of the student portal: all that differs between them, except how their tables are read."""

from desktop.document_types.exams import EXAMS
from desktop.document_types.lectures import LECTURES
from desktop.document_types.tests import TESTS
from desktop.domain.drafts.draft import DocumentTypes

DOCUMENT_TYPES: DocumentTypes = {each.name: each for each in (LECTURES, TESTS, EXAMS)}

__all__ = ["DOCUMENT_TYPES", "EXAMS", "LECTURES", "TESTS"]
