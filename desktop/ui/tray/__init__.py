"""Everything that works without the window: the tray icon, reminders and desktop notifications."""
