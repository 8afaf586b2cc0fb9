"""Imports: compares a document with the timetable, matches items, and applies the student's decisions."""
