"""What the window says: its language, names of codes, and counts."""
