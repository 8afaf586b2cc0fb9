"""Which groups to choose: the model of a timetable's weeks, its exact search, and what speaks for each plan."""
