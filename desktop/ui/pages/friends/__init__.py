"""Friends' calendars beside the student's own."""
