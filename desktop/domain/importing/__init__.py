"""A document against what is there: changes, matching, decisions."""
