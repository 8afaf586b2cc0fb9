"""Qt list models that change by difference, with their views and delegates."""
