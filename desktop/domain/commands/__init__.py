"""What a student can do, each of it undoable."""
