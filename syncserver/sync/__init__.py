"""Records: numbered batches, pages of changes, epochs, and notification of changes."""
