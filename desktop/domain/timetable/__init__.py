"""The timetable and its dates: modules, meetings, assessments, events, terms, occurrences, travel and colours."""
