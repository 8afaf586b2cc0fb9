"""Reads PDFs into drafts: recognises the document and extracts its rows, in a child process."""
