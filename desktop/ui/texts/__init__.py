"""Texts of the window: translation, formats of dates and times, names of codes, and counts."""
