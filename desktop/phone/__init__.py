"""The timetable as one HTML file for a phone: the document, its style sheet and its script."""
