"""The session that every page gets: the current view, changes to it, and background work."""
