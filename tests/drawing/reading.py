"""Reads a drawn document in the test's own process."""

from __future__ import annotations

from desktop.domain.drafts.draft import Draft
from desktop.pdf.child import read_documents


def read_one(data: bytes) -> Draft:
    """Returns the draft of a file that holds one document."""
    (draft,) = read_documents(data)
    return draft
