"""The stored timetable of a profile."""

from desktop.store.store import Applied, Reach, Store

__all__ = ["Applied", "Reach", "Store"]
