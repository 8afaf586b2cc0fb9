"""The stored timetable of a profile. Hides SQLite: the rest sees records, acts and their history."""

from desktop.store.store import Applied, Reach, Store

__all__ = ["Applied", "Reach", "Store"]
