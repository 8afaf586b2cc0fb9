"""Friends' calendars beside one's own."""
