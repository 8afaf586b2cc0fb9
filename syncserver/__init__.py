"""The sync server: opaque records, published calendars, and nothing it could read."""
