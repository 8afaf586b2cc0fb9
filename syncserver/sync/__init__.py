"""Records: numbered batches, pages of changes, epochs, and the announcement of changes."""
