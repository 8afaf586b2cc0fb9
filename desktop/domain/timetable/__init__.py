"""The timetable and its dates: modules, meetings, assessments, terms, occurrences, clashes, travel, colours."""
