"""The ways into online calendars, and what would be written there."""
