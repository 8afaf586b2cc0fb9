"""Other calendars beside the timetable."""
