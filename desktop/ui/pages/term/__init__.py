"""Overview of a term."""
