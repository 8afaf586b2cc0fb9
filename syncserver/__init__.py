"""The sync server: stores encrypted records that it cannot read, and publishes calendars."""
