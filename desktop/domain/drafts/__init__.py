"""Drafts: the content of documents, and rows entered or corrected by hand."""
