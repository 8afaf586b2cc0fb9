"""The planner: a model of the timetable's weeks, an exact search for the best groups, and explanations of plans."""
