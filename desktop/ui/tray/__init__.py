"""What is at hand without the window: the tray icon, reminders, and the system's notifications."""
