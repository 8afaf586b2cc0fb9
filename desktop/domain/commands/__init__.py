"""Commands: functions that return undoable acts."""
