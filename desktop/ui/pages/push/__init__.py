"""Writing the timetable into online calendars, with a preview of the changes."""
