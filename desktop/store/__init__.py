"""The stored timetable of a profile."""

from desktop.store.store import Applied, Store, UndoTitles

__all__ = ["Applied", "Store", "UndoTitles"]
