"""The timetable itself, free of files, networks and windows: nothing here imports more than the standard library."""
